/**
 * Draws docs/models/rapidash-generation.svg: molecules of the data, and what a denoiser made of the same atoms.
 * `node scripts/generation-picture.ts MADE.extxyz`, of `noether generate test-fixtures/rapidash/generation.equi --output MADE.extxyz`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '../engine/src/index.ts';
import { root } from './root.ts';

/** Covalent radii in Angstrom (Cordero et al. 2008) and colours of H, C, N, O, S. */
const radii = [0.31, 0.76, 0.71, 0.66, 1.05];
const colours = ['#b8bdc4', '#3d4147', '#2563c9', '#c8322b', '#c99a16'];
/** Two atoms nearer than so many times the sum of their radii are drawn with a bond. */
const bondReach = 1.25;
const [columns, cell] = [6, 120];

const made = process.argv[2];
if (!made) throw new Error('which file of made molecules? (see the head of this script)');
const position = { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'atom' }] } as const;
const element = { representation: { kind: 'category', count: 5 }, axes: [{ index: 'atom' }] } as const;
const fields = [
  { name: 'positions', type: position },
  { name: 'element', type: element },
];
const load = (file: string, sizes: Record<string, string>) =>
  loadDataset({ file, fields, samples: columns, skip: 0, sizes }, { maxBytes: 2 ** 30 });
const rows = [
  {
    title: 'QM7',
    data: await load(join(root, 'test-fixtures/rapidash/data/molecules.npz'), { atom: 'n_atoms' }),
  },
  { title: 'made', data: await load(made, {}) },
];

const parts: string[] = [];
rows.forEach(({ title, data }, row) => {
  parts.push(`<text x="6" y="${row * cell + 16}" font-size="12" fill="#6b7280">${title}</text>`);
  data.samples.forEach(({ values }, column) => {
    const kinds = values.element!.data;
    const flat = projected(values.positions!.data as Float64Array);
    const at = (i: number) => [
      (column + 0.5) * cell + 11 * flat[i]![0]!,
      (row + 0.5) * cell + 6 + 11 * flat[i]![1]!,
    ];
    const x = values.positions!.data;
    for (let i = 0; i < kinds.length; i++) {
      for (let j = 0; j < i; j++) {
        const distance = Math.hypot(...[0, 1, 2].map((k) => x[3 * i + k]! - x[3 * j + k]!));
        if (distance > bondReach * (radii[kinds[i]!]! + radii[kinds[j]!]!)) continue;
        const [[x1, y1], [x2, y2]] = [at(i), at(j)];
        parts.push(
          `<path d="M${x1!.toFixed(1)} ${y1!.toFixed(1)}L${x2!.toFixed(1)} ${y2!.toFixed(1)}" stroke="#8a919b" stroke-width="2"/>`,
        );
      }
    }
    for (const [i] of flat.map((point, n) => [n, point[2]!] as const).toSorted((a, b) => a[1] - b[1])) {
      const [cx, cy] = at(i);
      const size = 3 + 4 * radii[kinds[i]!]!;
      parts.push(
        `<circle cx="${cx!.toFixed(1)}" cy="${cy!.toFixed(1)}" r="${size.toFixed(1)}" fill="${colours[kinds[i]!]}"/>`,
      );
    }
  });
});
const file = join(root, 'docs/models/rapidash-generation.svg');
writeFileSync(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * cell} ${rows.length * cell}" font-family="system-ui, sans-serif" role="img" aria-label="Molecules of QM7 above, made ones of the same atoms below"><title>Molecules of QM7 above, made ones of the same atoms below</title><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`,
);
console.log(file);

/** Coordinates along the principal axes, the longest first, by power iteration: the view with the least overlap. */
function projected(x: Float64Array): number[][] {
  const count = x.length / 3;
  const mean = [0, 1, 2].map((k) => x.reduce((sum, v, i) => (i % 3 === k ? sum + v / count : sum), 0));
  const points = Array.from({ length: count }, (_, i) => mean.map((m, k) => x[3 * i + k]! - m));
  const axes: number[][] = [];
  for (const start of [
    [1, 0.3, 0.2],
    [0.2, 1, 0.4],
  ]) {
    let axis = start;
    for (let step = 0; step < 200; step++) {
      const next = [0, 0, 0];
      for (const point of points) {
        const along = dot(point, axis);
        for (let k = 0; k < 3; k++) next[k]! += along * point[k]!;
      }
      for (const other of axes) {
        const along = dot(next, other);
        for (let k = 0; k < 3; k++) next[k]! -= along * other[k]!;
      }
      const norm = Math.hypot(...next);
      axis = next.map((v) => v / norm);
    }
    axes.push(axis);
  }
  const [a, b] = axes as [number[], number[]];
  const depth = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
  return points.map((point) => [dot(point, a), dot(point, b), dot(point, depth)]);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, k) => sum + v * b[k]!, 0);
}
