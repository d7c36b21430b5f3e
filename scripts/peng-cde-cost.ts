/**
 * `node scripts/peng-cde-cost.ts`: what the equivariant fusion costs as graphs grow, forward and with gradients. Prints a table for
 * docs/models/peng-cde.md and draws docs/models/peng-cde-cost.svg from it.
 *
 * One layer's product F M on 16 channels, with the path between three snapshots: all 15 maps in one kernel, beside the plain product A M of the
 * additive model, beside plain PyTorch on one thread (any `python3` with torch, or the one that PYTHON names), and beside a matrix on pairs of
 * nodes, n^2 x n^2, which is what 15 maps look like when they are taken as one linear map. Medians on the backend that loads here.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRuntime, randomFromSeed } from '../engine/src/index.ts';
import { equivariantProduct, type KnotSum } from '../engine/src/kernel/index.ts';
import { coefficientCount } from '../engine/src/model/peng-cde/maps.ts';
import { mixingOf } from '../engine/src/model/peng-cde/mixing.ts';
import { statisticsOf } from '../engine/src/model/peng-cde/statistics.ts';
import { real } from '../engine/src/tensor/array.ts';
import type { Tensor } from '../engine/src/tensor/runtime.ts';
import { root } from './root.ts';

const sizes = [10, 20, 50, 100, 200, 400, 700, 1000, 2000];
const channels = 16;

const runtime = await openRuntime({ precision: 'float32' });
const { tf } = runtime;
const random = randomFromSeed(0);

function normal(shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return runtime.tensor(
    real(
      shape,
      Float64Array.from({ length: count }, () => random.normal()),
    ),
  );
}

/** Milliseconds, median of at least 5 runs or a second. */
async function time(run: () => Tensor): Promise<number> {
  const measured: number[] = [];
  const begun = performance.now();
  while (measured.length < 5 || (performance.now() - begun < 1000 && measured.length < 200)) {
    const started = performance.now();
    const result = tf.tidy(run);
    await result.data();
    measured.push(performance.now() - started);
    result.dispose();
  }
  return measured.sort((a, b) => a - b)[measured.length >> 1]!;
}

interface Torch {
  readonly n: number;
  readonly forward: number;
  readonly gradients: number;
  readonly version: string;
}

/** Undefined where there is no PyTorch. */
function torchTimes(n: number): Torch | undefined {
  const script = join(root, 'scripts/bench/equivariant.py');
  const { stdout, status } = spawnSync(process.env.PYTHON ?? 'python3', [script, String(n)], {
    encoding: 'utf8',
  });
  return status === 0 ? (JSON.parse(stdout) as Torch) : undefined;
}

interface Row {
  readonly n: number;
  readonly plain: number;
  readonly fused: number;
  readonly gradients: number;
  readonly pairs: number | undefined;
  readonly torch: Torch | undefined;
}

const rows: Row[] = [];
for (const n of sizes) {
  const matrices = [0, 1, 2].map(() => normal([1, n, n]));
  const [messages, coefficients] = [normal([1, n, channels]), normal([coefficientCount])];
  const knots: KnotSum = {
    matrices,
    statistics: matrices.map((matrix) => statisticsOf(runtime, matrix)),
    weights: runtime.tensor(real([3, 1, 2], [0.1, -1, 0.6, 0.4, 0.3, 0.6])),
  };
  const product = (p: Tensor, m: Tensor): Tensor =>
    equivariantProduct(runtime, knots, mixingOf(runtime, p), m);
  const square = n <= 50 ? normal([n * n, n * n]) : undefined;
  rows.push({
    n,
    plain: await time(() => tf.matMul(matrices[0]!, messages)),
    fused: await time(() => product(coefficients, messages)),
    gradients: await time(() => {
      const [byCoefficients, byMessages] = tf.grads((p, m) => tf.sum(product(p, m)))([
        coefficients,
        messages,
      ]);
      return tf.add(tf.sum(byCoefficients!), tf.sum(byMessages!));
    }),
    pairs:
      square &&
      (await time(() => {
        const entries = tf.reshape(tf.matMul(square, tf.reshape(matrices[0]!, [n * n, 1])), [1, n, n]);
        return tf.matMul(entries, messages);
      })),
    torch: torchTimes(n),
  });
  tf.dispose([
    ...matrices,
    ...knots.statistics,
    knots.weights,
    messages,
    coefficients,
    ...(square ? [square] : []),
  ]);
}

const text = (ms: number | undefined): string => (ms === undefined ? '' : String(Number(ms.toPrecision(2))));
console.log(`${runtime.backend.description}\n`);
console.log(
  `PyTorch ${rows[0]!.torch?.version ?? 'is not here'}\n\n| nodes | A M | 15 maps | PyTorch | ratio | and gradients | PyTorch | ratio | n^2 x n^2 matrix |\n${'| --- '.repeat(9)}|`,
);
for (const { n, plain, fused, gradients, torch, pairs } of rows) {
  const beside = (own: number, other: number | undefined): string[] => [
    text(own),
    text(other),
    other === undefined ? '' : `${(own / other).toFixed(2)}x`,
  ];
  const cells = [text(plain), ...beside(fused, torch?.forward), ...beside(gradients, torch?.gradients)];
  console.log(`| ${[n, ...cells, text(pairs)].join(' | ')} |`);
}
const slope = (key: 'plain' | 'fused' | 'gradients'): number => {
  const [from, to] = [rows.find(({ n }) => n === 400)!, rows.at(-1)!];
  return Math.log(to[key] / from[key]) / Math.log(to.n / from.n);
};
console.log(
  `\nexponents from 400 to 2000 nodes: ${(['plain', 'fused', 'gradients'] as const).map((key) => `${key} ${slope(key).toFixed(2)}`).join(', ')}`,
);
writeFileSync(join(root, 'docs/models/peng-cde-cost.svg'), figure(rows));

/** Both axes logarithmic. */
function figure(points: readonly Row[]): string {
  const [width, height, left, bottom] = [560, 340, 60, 40];
  const x = (n: number): number => left + ((Math.log10(n) - 1) / 2.4) * (width - left - 20);
  const y = (ms: number): number => height - bottom - ((Math.log10(ms) + 2) / 6) * (height - bottom - 20);
  const curves = [
    { key: 'plain', name: 'A M', colour: '#555555' },
    { key: 'fused', name: '15 maps', colour: '#0b6e4f' },
    { key: 'gradients', name: 'with gradients', colour: '#1f5fa8' },
    { key: 'torch', name: '15 maps, PyTorch', colour: '#8a5fb5' },
    { key: 'pairs', name: 'n² x n² matrix', colour: '#c8553d' },
  ] as const;
  const lines = curves.map(({ key, colour }) => {
    const path = points.flatMap((row) => {
      const ms = key === 'torch' ? row.torch?.forward : row[key];
      return ms === undefined ? [] : [`${x(row.n).toFixed(1)},${y(ms).toFixed(1)}`];
    });
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path.join(' ')}"/>`;
  });
  const legend = curves.map(
    ({ name, colour }, i) => `<text x="${left + 14}" y="${30 + 18 * i}" fill="${colour}">${name}</text>`,
  );
  const across = [10, 100, 1000].map(
    (n) =>
      `<line x1="${x(n)}" x2="${x(n)}" y1="20" y2="${height - bottom}" stroke="#ddd"/><text x="${x(n)}" y="${height - bottom + 18}" text-anchor="middle">${n}</text>`,
  );
  const up = [0.01, 0.1, 1, 10, 100, 1000].map(
    (ms) =>
      `<line x1="${left}" x2="${width - 20}" y1="${y(ms)}" y2="${y(ms)}" stroke="#ddd"/><text x="${left - 6}" y="${y(ms) + 4}" text-anchor="end">${ms}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><title>Time of the equivariant map against the number of nodes</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...across,
    ...up,
    ...lines,
    ...legend,
    `<text x="${width / 2}" y="${height - 6}" text-anchor="middle">nodes</text>`,
    `<text x="14" y="${height / 2}" transform="rotate(-90 14 ${height / 2})" text-anchor="middle">milliseconds</text>`,
    '</svg>\n',
  ].join('\n');
}
