/**
 * How often a discovery is right: planted graphs (scripts/fixtures/planted-graphs.ts) with random weights and data, exact and
 * broken by three sizes, whose symmetry is known. Prints the table of docs/discover.md.
 *
 *     node scripts/bench-discover.ts [--seeds 30]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openOnnx } from '../engine/src/foreign/onnx/index.ts';
import type { AmbientFactor } from '../engine/src/group/ambient.ts';
import { randomFromSeed } from '../engine/src/tensor/index.ts';
import { discover } from '../engine/src/verify/discover/discover.ts';
import { dataOf } from '../engine/src/verify/testing.ts';
import { planted } from './fixtures/planted-graphs.ts';

const { values: flags } = parseArgs({ options: { seeds: { type: 'string', default: '30' } } });
const seeds = Number(flags.seeds);
const folder = mkdtempSync(join(tmpdir(), 'noether-discover-'));
const sizes = [0, 0.1, 1e-2, 1e-3] as const;

interface Case {
  readonly name: string;
  readonly factors: readonly AmbientFactor[];
  readonly samples: number;
  /** What is found of the exact graph, and of the broken ones. */
  readonly exact: RegExp;
  readonly broken: RegExp;
}

const affine: AmbientFactor = { kind: 'affine', dim: 3, scale: 1 };
const poincare: readonly AmbientFactor[] = [{ kind: 'Poincare', scale: 1 }, { kind: 'scaling' }];
const cases: readonly Case[] = [
  {
    name: 'leaked-coordinate',
    factors: [affine],
    samples: 32,
    exact: /^se\(3\) \+ inversion$/,
    broken: /^so\(2\) about x \+/,
  },
  {
    name: 'stretched-axis',
    factors: [affine],
    samples: 32,
    exact: /^se\(3\) \+ inversion$/,
    broken: /^so\(3\) of the quadratic form diag\(.*\) \+ t\(3\)/,
  },
  {
    name: 'forces',
    factors: [affine],
    samples: 32,
    exact: /^se\(3\) \+ inversion$/,
    broken: /^so\(2\) about x \+ t\(3\)/,
  },
  {
    name: 'metric',
    factors: poincare,
    samples: 32,
    exact: /^so\(1,3\)$/,
    broken: /^so\(1,2\) normal to z \+ turn by 180 degrees about x \+ turn by 180 degrees about y$/,
  },
  {
    name: 'untied-point',
    factors: [{ kind: 'S', index: 'point' }],
    samples: 8,
    exact: /^S\(point\)$/,
    broken: /^permutations of point among 0-1, 3-7$/,
  },
  {
    name: 'padding',
    factors: [{ kind: 'shift', index: 'point' }],
    samples: 8,
    exact: /^shift\(point\)$/,
    broken: /^no symmetry$/,
  },
  {
    name: 'kernel',
    factors: [{ kind: 'D', n: 4 }],
    samples: 8,
    exact: /^D\(4\)$/,
    broken: /^mirror along x$/,
  },
  { name: 'odd-part', factors: [{ kind: 'Z2' }], samples: 8, exact: /^inversion$/, broken: /^no symmetry$/ },
];

console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, seeds 1 to ${seeds}\n`);
console.log(`| graph | within | ${sizes.map((size) => (size === 0 ? 'exact' : String(size))).join(' | ')} |`);
console.log(`|:--|:--|${sizes.map(() => '--:|').join('')}`);
for (const one of cases) {
  const family = planted.find(({ name }) => name === one.name)!;
  const cells: string[] = [];
  let within = '';
  for (const size of sizes) {
    let right = 0;
    let undecided = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const file = join(folder, 'model.onnx');
      writeFileSync(file, family.make(size, randomFromSeed(seed).stream(family.name)));
      const model = await openOnnx({
        file,
        inputs: [{ name: 'x', type: family.input }],
        outputs: [{ name: 'y', type: family.output }],
      });
      const result = await discover({
        model,
        dataset: dataOf({ x: family.input }, { count: one.samples, size: 8, seed }),
        ambient: { factors: one.factors },
        options: { outputs: 'declared', within: 'auto', samples: 64, confidence: 0.95, seed },
      });
      model.dispose();
      within = result.within;
      if (result.verdict === 'undecided') undecided++;
      else if ((size === 0 ? one.exact : one.broken).test(result.found)) right++;
      else console.error(one.name, size, seed, result.found, result.algebra?.name);
    }
    cells.push(undecided > 0 ? `${right} (${undecided} undecided)` : String(right));
  }
  console.log(`| ${one.name} | \`${within}\` | ${cells.join(' | ')} |`);
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
