/**
 * `node scripts/lloca-rapidity.ts`: how far LLoCa's equivariance reaches, measured on real jets. Prints a table for
 * docs/models/lloca.md and draws docs/models/lloca-rapidity.svg from it.
 *
 * Each entry is |f(g x) - g f(x)| / |f(x)| over all jets of test-fixtures/lloca in their rest frames, one rotation and boost each,
 * root mean squares; the rapidity is the same for all, directions and rotations are drawn from a seed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGroup } from '../engine/src/group/index.ts';
import { type Field, loadDataset, openRuntime, randomFromSeed, type Values } from '../engine/src/index.ts';
import type { Options } from '../engine/src/model/index.ts';
import { openFamily } from '../engine/src/model/index.ts';
import { act } from '../engine/src/representation/index.ts';
import type { Precision } from '../engine/src/tensor/runtime.ts';
import { root } from './root.ts';

const rapidities = [0, 1, 2, 3, 4, 5, 6, 7, 8];

const curves: readonly { name: string; options: Options; precision: Precision; colour: string }[] = [
  { name: 'polar, float64', options: { frames: 'polar' }, precision: 'float64', colour: '#0b6e4f' },
  { name: 'Minkowski, float64', options: { frames: 'minkowski' }, precision: 'float64', colour: '#7fb069' },
  {
    name: 'polar, float32 with double frames',
    options: { frames: 'polar' },
    precision: 'float32',
    colour: '#1f5fa8',
  },
  {
    name: 'the same in the rest frame of the jet',
    options: { frames: 'polar', rest_frame: true },
    precision: 'float32',
    colour: '#7aa6d8',
  },
  {
    name: 'polar, all in float32',
    options: { frames: 'polar', frames_precision: 'network' },
    precision: 'float32',
    colour: '#c8553d',
  },
  { name: 'no frames', options: { frames: 'identity' }, precision: 'float64', colour: '#555555' },
];

const momenta: Field = {
  name: 'momenta',
  type: { representation: { kind: 'fourvector' }, axes: [{ index: 'particle' }] },
};
const dataset = await loadDataset(
  {
    file: join(root, 'test-fixtures/lloca/data/jets.npz'),
    fields: [{ ...momenta, source: 'momenta_at_rest' }],
    samples: 15,
    skip: 0,
    sizes: { particle: 'n_particles' },
  },
  { maxBytes: 2 ** 24 },
);
const jets = dataset.samples.map(({ values }) => values);
const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};

const gaps: number[][] = [];
for (const { options, precision } of curves) {
  const all = { ...options, frames_gain: 4, momentum_scale: 10 };
  const model = await openFamily({ family: 'LLoCa', options: all, fields: [momenta], seed: 1 }, runtimes);
  const row: number[] = [];
  for (const rapidity of rapidities) row.push(await gapAt(model.evaluate, rapidity, precision));
  gaps.push(row);
  model.dispose();
}

console.log(`| rapidity | ${curves.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- | ${curves.map(() => '---').join(' | ')} |`);
rapidities.forEach((rapidity, i) => {
  console.log(`| ${rapidity} | ${gaps.map((row) => row[i]!.toExponential(0)).join(' | ')} |`);
});
writeFileSync(join(root, 'docs/models/lloca-rapidity.svg'), picture());

async function gapAt(
  evaluate: (batch: readonly Values[], precision: Precision) => Promise<Values[]>,
  rapidity: number,
  precision: Precision,
): Promise<number> {
  const random = randomFromSeed(5);
  const turn = createGroup({ kind: 'Lorentz', rapidity: 0.001 });
  const moved = jets.map((values, jet) => {
    const own = random.stream('jet', jet);
    const rotated = act(turn.sample(own, {}), values.momenta!, momenta.type);
    return { momenta: act({ kind: 'lorentz', matrix: boostAlong(own, rapidity) }, rotated, momenta.type) };
  });
  const [before, after] = [await evaluate(jets, precision), await evaluate(moved, precision)];
  let difference = 0;
  let size = 0;
  before.forEach(({ scalars }, i) => {
    difference += (scalars!.data[0]! - after[i]!.scalars!.data[0]!) ** 2;
    size += scalars!.data[0]! ** 2;
  });
  return Math.sqrt(difference / size);
}

/** A pure boost in a random direction. */
function boostAlong(random: { normal(): number }, rapidity: number): number[] {
  const direction = [random.normal(), random.normal(), random.normal()];
  const length = Math.hypot(...direction);
  const n = direction.map((x) => x / length);
  const [c, s] = [Math.cosh(rapidity), Math.sinh(rapidity)];
  const rows = [[c, ...n.map((x) => s * x)]];
  for (let i = 0; i < 3; i++) {
    rows.push([s * n[i]!, ...n.map((x, j) => (i === j ? 1 : 0) + (c - 1) * n[i]! * x)]);
  }
  return rows.flat();
}

function picture(): string {
  const [width, height, left, top] = [760, 420, 60, 20];
  const [plotWidth, plotHeight] = [420, 340];
  const [low, high] = [-16, 1];
  const x = (rapidity: number) => left + (rapidity / rapidities.at(-1)!) * plotWidth;
  const y = (gap: number) => {
    const exponent = Math.min(high, Math.max(low, Math.log10(Math.max(gap, 1e-300))));
    return top + ((high - exponent) / (high - low)) * plotHeight;
  };
  const parts: string[] = [];
  for (let exponent = low; exponent <= 0; exponent += 4) {
    const at = y(10 ** exponent);
    parts.push(`<line x1="${left}" y1="${at}" x2="${left + plotWidth}" y2="${at}" stroke="#ddd"/>`);
    parts.push(`<text x="${left - 8}" y="${at + 4}" text-anchor="end">1e${exponent}</text>`);
  }
  for (const rapidity of rapidities) {
    parts.push(
      `<text x="${x(rapidity)}" y="${top + plotHeight + 20}" text-anchor="middle">${rapidity}</text>`,
    );
  }
  parts.push(
    `<text x="${left + plotWidth / 2}" y="${top + plotHeight + 42}" text-anchor="middle">rapidity of the boost</text>`,
  );
  curves.forEach(({ name, colour }, i) => {
    const points = gaps[i]!.map((gap, k) => `${x(rapidities[k]!).toFixed(1)},${y(gap).toFixed(1)}`).join(' ');
    parts.push(`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const row = top + 16 + 22 * i;
    parts.push(
      `<line x1="${left + plotWidth + 20}" y1="${row - 4}" x2="${left + plotWidth + 40}" y2="${row - 4}" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${left + plotWidth + 46}" y="${row}">${name}</text>`,
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">
<title>Equivariance gap of LLoCa on real jets against the rapidity of the boost</title>
<rect width="${width}" height="${height}" fill="white"/>
${parts.join('\n')}
</svg>
`;
}
