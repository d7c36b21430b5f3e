/**
 * `node scripts/peng-cde-cost.ts`: what the equivariant fusion costs as graphs grow, forward and with gradients. Prints a table for
 * docs/models/peng-cde.md and draws docs/models/peng-cde-cost.svg from it.
 *
 * One layer's product F M on 16 channels: all 15 maps fused, beside the plain product A M of the additive model, and beside a matrix
 * on pairs of nodes, n^2 x n^2, which is what 15 maps look like unfused. Medians on the backend that loads here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRuntime, randomFromSeed } from '../engine/src/index.ts';
import { fusedProduct, type PathPoint } from '../engine/src/model/peng-cde/fusion.ts';
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

interface Row {
  readonly n: number;
  readonly plain: number;
  readonly fused: number;
  readonly gradients: number;
  readonly pairs: number | undefined;
}

const rows: Row[] = [];
for (const n of sizes) {
  const [value, derivative, messages] = [normal([1, n, n]), normal([1, n, n]), normal([1, n, channels])];
  const coefficients = normal([coefficientCount]);
  const point: PathPoint = {
    value,
    derivative,
    valueStatistics: statisticsOf(runtime, value),
    derivativeStatistics: statisticsOf(runtime, derivative),
  };
  const product = (p: Tensor, m: Tensor): Tensor => fusedProduct(runtime, point, mixingOf(runtime, p), m);
  const square = n <= 50 ? normal([n * n, n * n]) : undefined;
  rows.push({
    n,
    plain: await time(() => tf.matMul(tf.add(value, derivative), messages)),
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
        const entries = tf.reshape(tf.matMul(square, tf.reshape(value, [n * n, 1])), [1, n, n]);
        return tf.matMul(entries, messages);
      })),
  });
  tf.dispose([...Object.values(point), messages, coefficients, ...(square ? [square] : [])]);
}

const text = (ms: number | undefined): string => (ms === undefined ? '' : ms.toPrecision(2));
console.log(`${runtime.backend.description}\n`);
console.log('| nodes | A M | 15 maps | and gradients | n^2 x n^2 matrix |\n| --- | --- | --- | --- | --- |');
for (const row of rows) {
  console.log(`| ${row.n} | ${[row.plain, row.fused, row.gradients, row.pairs].map(text).join(' | ')} |`);
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
    { key: 'pairs', name: 'n² x n² matrix', colour: '#c8553d' },
  ] as const;
  const lines = curves.map(({ key, colour }) => {
    const path = points.flatMap((row) =>
      row[key] === undefined ? [] : [`${x(row.n).toFixed(1)},${y(row[key]).toFixed(1)}`],
    );
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
