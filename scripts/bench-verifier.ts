/**
 * How often the verifier is wrong, on planted breaks (scripts/fixtures/planted-graphs.ts) with random weights and data:
 * false alarms on exact models, misses on breaks of so many rounding floors, layers named right, and the search for
 * the worst case against a dense one. Prints the table of docs/verifier.md.
 *
 *     node scripts/bench-verifier.ts [--seeds 100] [--floors 10] [--only NAME] [--single]
 *
 * `--single` hides the float64 twin from the verifier.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dataset } from '../engine/src/data/dataset.ts';
import { openOnnx } from '../engine/src/foreign/onnx/index.ts';
import { createGroup } from '../engine/src/group/index.ts';
import type { Model } from '../engine/src/model/model.ts';
import { act } from '../engine/src/representation/index.ts';
import { trailingShape } from '../engine/src/signature.ts';
import { real, sizeOf } from '../engine/src/tensor/array.ts';
import { randomFromSeed } from '../engine/src/tensor/index.ts';
import { evaluatePairs, pairOf, settingOf } from '../engine/src/verify/pairs.ts';
import type { CheckOptions } from '../engine/src/verify/verification.ts';
import { verify } from '../engine/src/verify/verify.ts';
import { type Planted, planted, points } from './fixtures/planted-graphs.ts';

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    only: { type: 'string' },
    single: { type: 'boolean', default: false },
    floors: { type: 'string', default: '10' },
  },
});
const seeds = Number(flags.seeds);
const floors = Number(flags.floors);
const folder = mkdtempSync(join(tmpdir(), 'noether-planted-'));
const options: CheckOptions = { within: 'auto', elements: 32, confidence: 0.95, seed: 0 };
/** Size of the breaks whose layer is looked for, and whose worst case is searched. */
const layerSize = 0.05;
/** The search is compared with so many elements on each sample, on so many seeds. */
const dense = 2000;
const searched = 5;

function dataFor({ input }: Planted, seed: number): Dataset {
  const shape = [
    ...input.axes.map((axis) => ('size' in axis ? axis.size : points)),
    ...trailingShape(input.representation),
  ];
  const samples = Array.from({ length: 4 }, (_, i) => {
    const random = randomFromSeed(seed).stream('data', i);
    return {
      id: `sample ${i}`,
      sizes: { point: points },
      values: {
        x: real(
          shape,
          Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
        ),
      },
    };
  });
  return { fields: [{ name: 'x', type: input }], samples, available: 4 };
}

async function opened<T>(
  family: Planted,
  seed: number,
  size: number,
  use: (model: Model, dataset: Dataset) => Promise<T>,
): Promise<T> {
  const file = join(folder, 'model.onnx');
  writeFileSync(file, family.make(size, randomFromSeed(seed).stream(family.name)));
  const model = await openOnnx({
    file,
    inputs: [{ name: 'x', type: family.input }],
    outputs: [{ name: 'y', type: family.output }],
  });
  try {
    return await use(model, dataFor(family, seed));
  } finally {
    model.dispose();
  }
}

/** The model as the verifier gets it. */
const asSeen = (model: Model): Model => (flags.single ? { ...model, precisions: ['float32'] } : model);

const checked = (family: Planted, seed: number, size: number, more: Partial<CheckOptions> = {}) =>
  opened(family, seed, size, (model, dataset) =>
    verify({
      model: asSeen(model),
      dataset,
      group: createGroup(family.group),
      options: { ...options, seed, ...more },
    }),
  );

/**
 * What is true of a model, found without the verifier's judgement: over other elements than it draws, the largest gap in
 * float64, and the largest difference that float32 makes to a gap.
 */
function truth(family: Planted, seed: number, size: number): Promise<{ gap: number; rounding: number }> {
  return opened(family, seed, size, async (model, dataset) => {
    const group = createGroup(family.group);
    const setting = settingOf(model, dataset, group, randomFromSeed(seed).stream('truth'), {});
    const pairs = dataset.samples.flatMap((_, sample) =>
      Array.from({ length: options.elements }, (__, draw) => pairOf(setting, sample, draw)),
    );
    const plain = dataset.samples.map(({ sizes }, sample) => ({ sample, element: group.identity(sizes) }));
    const run = async (precision: 'float32' | 'float64') => {
      const results = await evaluatePairs(setting, [...plain, ...pairs], precision);
      return pairs.map(({ sample, element }, i) => {
        const moved = act(element, results[sample]!.y!, family.output);
        return results[plain.length + i]!.y!.data.map((value, k) => value - moved.data[k]!);
      });
    };
    const [single, double] = [await run('float32'), await run('float64')];
    const rms = (values: ArrayLike<number>) =>
      Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length);
    return {
      gap: Math.max(...double.map(rms)),
      rounding: Math.max(...single.map((values, i) => rms(values.map((value, k) => value - double[i]![k]!)))),
    };
  });
}

/**
 * The size of a break whose largest gap is so many times the largest rounding, to 5%: not every gap is proportional to the
 * size. `undefined` where these samples do not show the break at all (no two points are close, for one that is about those).
 */
async function sizeAt(family: Planted, seed: number): Promise<number | undefined> {
  let size = 1e-3;
  for (let i = 0; i < 12; i++) {
    const { gap, rounding } = await truth(family, seed, size);
    if (gap < 1e-3 * rounding) return undefined;
    const ratio = gap / (floors * rounding);
    if (Math.abs(ratio - 1) < 0.05) return size;
    size /= ratio;
  }
  return size;
}

console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, seeds 1 to ${seeds}\n`);
console.log(
  `| break | floor by | false alarms | missed at ${floors} floors | undecided | layer right of named | search / dense |`,
);
console.log('|:--|:--|--:|--:|--:|--:|--:|');
const total = { exact: 0, alarms: 0, broken: 0, missed: 0, undecided: 0, named: 0, right: 0 };
for (const family of planted.filter(({ name }) => !flags.only || name === flags.only)) {
  const own = { alarms: 0, missed: 0, undecided: 0, named: 0, right: 0 };
  let method = '';
  let least = Infinity;
  for (let seed = 1; seed <= seeds; seed++) {
    const exact = await checked(family, seed, 0);
    const [{ floorMethod }] = exact.outputs as [(typeof exact.outputs)[number]];
    method = floorMethod;
    if (exact.verdict !== 'holds') own.alarms++;
    const size = await sizeAt(family, seed);
    if (size !== undefined) {
      const { verdict } = await checked(family, seed, size);
      if (verdict === 'holds') {
        own.missed++;
        console.error(`missed: ${family.name}, seed ${seed}, size ${size}`);
      }
      if (verdict === 'inconclusive') own.undecided++;
      total.broken++;
    }
    const { findings } = await checked(family, seed, layerSize);
    const named = findings.find(({ code }) => code === 'verify/first-broken-layer')?.place?.member;
    if (named !== undefined) own.named++;
    if (named !== undefined && family.breaks.includes(named)) own.right++;
    if (seed > searched || createGroup(family.group).order({ point: points }) !== undefined) continue;
    const worst = await checked(family, seed, layerSize, { search: 'worst' });
    const all = await checked(family, seed, layerSize, { elements: dense });
    least = Math.min(least, worst.outputs[0]!.search!.gap / all.outputs[0]!.largestGap);
  }
  total.exact += seeds;
  for (const key of ['alarms', 'missed', 'undecided', 'named', 'right'] as const) total[key] += own[key];
  const share = Number.isFinite(least) ? least.toFixed(3) : '';
  console.log(
    `| ${family.name} | ${method} | ${own.alarms} of ${seeds} | ${own.missed} of ${seeds} | ${own.undecided} | ${own.right} of ${own.named} | ${share} |`,
  );
}
console.log(
  `| all | | ${total.alarms} of ${total.exact} | ${total.missed} of ${total.broken} | ${total.undecided} | ${total.right} of ${total.named} | |`,
);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
