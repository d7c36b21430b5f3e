/**
 * `node scripts/equitabpfn-nine.ts`: nine labelled points, each of a class of its own, under three orders of the classes (the paper's Figure 2).
 * Prints the share of a grid that is given another class when the classes are reordered, for EquiTabPFN and for the TabPFN-style network that
 * ship, and draws docs/models/equitabpfn-nine.svg. Some seconds.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFamily, openRuntime, randomFromSeed } from '../engine/src/index.ts';
import { anyTable } from '../engine/src/model/equitabpfn/model.ts';
import { real } from '../engine/src/tensor/array.ts';
import { root } from './root.ts';

const side = 40;
const places = [-1, 0, 1];
const points = places.flatMap((y) => places.map((x) => [x, y]));
const classes = points.length;
const at = (i: number): number => -1.5 + (3 * i) / (side - 1);
const grid = Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]);

const random = randomFromSeed(0);
const own = points.map((_, i) => i);
const orders = [own, random.permutation(classes), random.permutation(classes)].map((order) => [...order]);

const runtime = await openRuntime({ precision: 'float32' });
const networks = [
  { name: 'EquiTabPFN', family: 'EquiTabPFN', file: 'equitabpfn-small' },
  { name: 'TabPFN-style', family: 'TabPFN', file: 'baseline-small' },
];

/** The point whose class each place of the grid is given. @param order the class of each point */
async function map({ family, file }: (typeof networks)[number], order: readonly number[]): Promise<number[]> {
  const labels = new Float64Array(classes * classes);
  for (const [point, category] of order.entries()) labels[point * classes + category] = 1;
  const model = await openFamily(
    {
      family,
      options: {},
      fields: anyTable,
      weights: join(root, `engine/weights/${file}.safetensors`),
      seed: 0,
    },
    { float32: runtime, float64: runtime },
  );
  const table = {
    features: real([classes, 2], points.flat()),
    labels: real([classes, classes], labels),
    queries: real([grid.length, 2], grid.flat()),
  };
  const [result] = await model.evaluate([table], 'float32');
  model.dispose();
  const { data } = result!.logits!;
  return grid.map((_, i) => {
    const scores = own.map((category) => data[i * classes + category]!);
    return order.indexOf(scores.indexOf(Math.max(...scores)));
  });
}

const colours = [
  '#1f6fb2',
  '#c2571a',
  '#2a8c4a',
  '#8a5fb5',
  '#c8a415',
  '#5f6b73',
  '#b83a5e',
  '#3aa6a0',
  '#8c5a33',
];
const [cell, gap, left, top] = [4, 24, 110, 40];
const panel = side * cell;
const drawn: string[] = [];
for (const [row, network] of networks.entries()) {
  const maps: number[][] = [];
  for (const order of orders) maps.push(await map(network, order));
  const shares = maps.map((one) => one.filter((point, i) => point !== maps[0]![i]).length / grid.length);
  console.log(
    `${network.name}: ${shares
      .slice(1)
      .map((share) => `${(100 * share).toFixed(1)} %`)
      .join(' and ')} of the grid change`,
  );
  const y = top + row * (panel + gap);
  drawn.push(`<text x="8" y="${y + panel / 2}">${network.name}</text>`);
  for (const [column, one] of maps.entries()) {
    const x = left + column * (panel + gap);
    for (let i = 0, end = 0; i < one.length; i = end) {
      // Neighbours in a row with one class are one rectangle.
      for (end = i + 1; end % side !== 0 && one[end] === one[i]; ) end++;
      // The first row of the grid is the lowest.
      const up = side - 1 - Math.floor(i / side);
      drawn.push(
        `<rect x="${x + (i % side) * cell}" y="${y + up * cell}" width="${(end - i) * cell}" height="${cell}" fill="${colours[one[i]!]}"/>`,
      );
    }
    const place = (value: number): number => ((value + 1.5) / 3) * panel;
    for (const [px, py] of points) {
      drawn.push(
        `<circle cx="${x + place(px!)}" cy="${y + panel - place(py!)}" r="4" fill="white" stroke="black"/>`,
      );
    }
    const said = column === 0 ? '' : `${(100 * shares[column]!).toFixed(1)} % differ`;
    drawn.push(`<text x="${x + panel / 2}" y="${y + panel + 15}" text-anchor="middle">${said}</text>`);
  }
}
const titles = ['classes in order', 'reordered', 'reordered again'].map(
  (title, i) =>
    `<text x="${left + i * (panel + gap) + panel / 2}" y="${top - 12}" text-anchor="middle">${title}</text>`,
);
const [width, height] = [left + orders.length * (panel + gap), top + networks.length * (panel + gap) + 4];
writeFileSync(
  join(root, 'docs/models/equitabpfn-nine.svg'),
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" shape-rendering="crispEdges"><title>Nine labelled points and the class of each place around them, for three orders of the classes</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...titles,
    ...drawn,
    '</svg>\n',
  ].join('\n'),
);
