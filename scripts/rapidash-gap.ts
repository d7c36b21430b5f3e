/**
 * Measures Rapidash's rotation gap against the number of its orientations, on real patches of table-top scans, prints the table
 * of docs/models/rapidash.md and draws docs/models/rapidash-gap.svg from it. Run it with Node 24; about a minute on 2 cores.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGroup, largestGap, loadDataset, openFamily, openRuntime } from '../engine/src/index.ts';
import { root } from './root.ts';

const seeds = [0, 1, 2, 3, 4];
const elements = 16;
const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};
const dataset = await loadDataset(
  {
    file: join(root, 'test-fixtures/rapidash/data/tabletop.npz'),
    fields: [
      {
        name: 'positions',
        type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] },
      },
    ],
    samples: 2,
    skip: 0,
    sizes: {},
  },
  { maxBytes: 2 ** 30 },
);
const group = createGroup({ kind: 'SO', dim: 3 });

const curves = [
  { name: 'Fibonacci grid', colour: '#1f6fb2', counts: [4, 6, 8, 12, 16, 20, 32, 64], options: {} },
  { name: 'icosahedral grid', colour: '#c2571a', counts: [12, 20, 30], options: { grid: 'icosahedral' } },
] as const;

interface Point {
  readonly orientations: number;
  readonly gaps: readonly number[];
}

const measured: Point[][] = [];
for (const { name, counts, options } of curves) {
  const points: Point[] = [];
  for (const orientations of counts) {
    const gaps: number[] = [];
    for (const seed of seeds) {
      const model = await openFamily(
        {
          family: 'Rapidash',
          options: { orientations, graph: { call: 'knn', arguments: [12] }, length_scale: 0.03, ...options },
          fields: dataset.fields,
          seed,
        },
        runtimes,
      );
      gaps.push(await largestGap({ model, dataset, group }, elements, seed));
      model.dispose();
    }
    gaps.sort((a, b) => a - b);
    points.push({ orientations, gaps });
    console.log(`| ${name} | ${orientations} | ${gaps.map((gap) => gap.toExponential(1)).join(' | ')} |`);
  }
  measured.push(points);
}
writeFileSync(join(root, 'docs/models/rapidash-gap.svg'), picture());

function picture(): string {
  const [width, height, left, top, plotWidth, plotHeight] = [700, 400, 64, 16, 420, 330];
  const exponents = [-7, 0] as const;
  const x = (count: number) => left + (Math.log2(count / 4) / 4) * plotWidth;
  const y = (gap: number) =>
    top + ((exponents[1] - Math.log10(gap)) / (exponents[1] - exponents[0])) * plotHeight;
  const parts: string[] = [];
  for (let exponent = exponents[0]; exponent <= exponents[1]; exponent++) {
    const at = y(10 ** exponent);
    parts.push(`<line x1="${left}" y1="${at}" x2="${left + plotWidth}" y2="${at}" stroke="#ddd"/>`);
    parts.push(`<text x="${left - 8}" y="${at + 4}" text-anchor="end">1e${exponent}</text>`);
  }
  for (const count of [4, 8, 16, 32, 64]) {
    parts.push(`<text x="${x(count)}" y="${top + plotHeight + 20}" text-anchor="middle">${count}</text>`);
  }
  parts.push(
    `<text x="${left + plotWidth / 2}" y="${top + plotHeight + 42}" text-anchor="middle">orientations</text>`,
  );
  curves.forEach(({ name, colour }, i) => {
    const points = measured[i]!;
    const middle = points.map(({ orientations, gaps }) => {
      return `${x(orientations).toFixed(1)},${y(gaps[Math.floor(gaps.length / 2)]!).toFixed(1)}`;
    });
    parts.push(`<polyline points="${middle.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const { orientations, gaps } of points) {
      for (const gap of gaps) {
        parts.push(
          `<circle cx="${x(orientations).toFixed(1)}" cy="${y(gap).toFixed(1)}" r="2.5" fill="${colour}"/>`,
        );
      }
    }
    const row = top + 16 + 22 * i;
    const from = left + plotWidth + 20;
    parts.push(
      `<line x1="${from}" y1="${row - 4}" x2="${from + 20}" y2="${row - 4}" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${from + 26}" y="${row}">${name}</text>`,
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">
<title>Largest relative rotation gap of untrained Rapidash networks against the number of orientations; a dot for each seed</title>
<rect width="${width}" height="${height}" fill="white"/>
${parts.join('\n')}
</svg>
`;
}
