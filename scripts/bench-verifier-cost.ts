/**
 * What checking costs beside the bare forward passes that it needs, and beside a plain loop in PyTorch over the same network:
 *
 *     PYTHON=/usr/bin/python3 node scripts/bench-verifier-cost.ts
 *
 * Prints the tables of docs/verifier.md. A check is run with sampling only; the time within `evaluate` is that of its bare batched passes.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Field, FieldType, Model } from '../engine/src/index.ts';
import { createGroup, loadDataset, openFamily, openOnnx, openRuntime, verify } from '../engine/src/index.ts';
import { root } from './root.ts';

const rounds = 7;
const elements = 64;
const file = (path: string) => join(root, 'test-fixtures', path);
const of = (representation: FieldType['representation'], ...axes: string[]): FieldType => ({
  representation,
  axes: axes.map((index) => ({ index })),
});
const position = { kind: 'position', dim: 3 } as const;
const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};

interface Row {
  readonly title: string;
  readonly file: string;
  readonly fields: readonly Field[];
  open(fields: readonly Field[]): Promise<Model>;
}

const positions: Field = { name: 'positions', type: of(position, 'point') };
const atoms: Field = { name: 'positions', type: of(position, 'atom') };
const species: Field = { name: 'species', type: of({ kind: 'category', count: 10 }, 'atom') };
const rows: readonly Row[] = [
  {
    title: 'EGNN exported by PyTorch, 16 atoms',
    file: file('torch/clouds.npz'),
    fields: [atoms, species],
    open: () =>
      openOnnx(
        {
          file: file('torch/egnn-16.onnx'),
          name: 'egnn',
          inputs: [atoms, species],
          outputs: [
            { name: 'energy', type: of({ kind: 'scalar' }) },
            { name: 'moved', type: of(position, 'atom') },
          ],
        },
        {},
      ),
  },
  ...(['R3', 'R3xS2'] as const).map(
    (space): Row => ({
      title: `Rapidash ${space}, 128 points`,
      file: file('quickstart/data/objects.npz'),
      fields: [positions],
      open: (fields) =>
        openFamily(
          { family: 'Rapidash', options: { space, graph: { call: 'knn', arguments: [12] } }, fields },
          runtimes,
        ),
    }),
  ),
];

/** Milliseconds of a check and of its evaluations, and how many pairs it drew. */
async function measured({ file: data, fields, open }: Row): Promise<[number, number, number]> {
  const dataset = await loadDataset(
    { file: data, fields, samples: 4, skip: 0, sizes: {} },
    { maxBytes: 2 ** 30 },
  );
  const model = await open(dataset.fields);
  let inside = 0;
  const timed: Model = {
    ...model,
    async evaluate(batch, precision) {
      const start = performance.now();
      const results = await model.evaluate(batch, precision);
      inside += performance.now() - start;
      return results;
    },
  };
  const index = fields[0]!.type.axes[0] as { index: string };
  const group = createGroup({
    kind: 'product',
    factors: [
      { kind: 'SE', dim: 3, scale: 1 },
      { kind: 'S', index: index.index },
    ],
  } as never);
  const start = performance.now();
  await verify({
    model: timed,
    dataset,
    group,
    options: { within: 0.9, elements, confidence: 0.95, seed: 0 },
  });
  const total = performance.now() - start;
  model.dispose();
  return [total, inside, 4 * elements];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

console.log(
  '| model | check, ms | its forward passes, ms | ratio | pairs a second |\n| --- | --- | --- | --- | --- |',
);
for (const row of rows) {
  await measured(row);
  const runs: [number, number, number][] = [];
  for (let round = 0; round < rounds; round++) runs.push(await measured(row));
  const total = median(runs.map(([all]) => all));
  const cells = [
    total.toFixed(0),
    median(runs.map(([, inside]) => inside)).toFixed(0),
    median(runs.map(([all, inside]) => all / inside)).toFixed(3),
    ((1000 * runs[0]![2]) / total).toFixed(0),
  ];
  console.log(`| ${row.title} | ${cells.join(' | ')} |`);
}

const python = process.env.PYTHON ?? 'python3';
const loop = spawnSync(
  python,
  [join(root, 'scripts/bench/plain-loop.py'), String(elements), String(rounds)],
  {
    encoding: 'utf8',
  },
);
console.log(loop.status === 0 ? loop.stdout : `no plain loop: ${loop.stderr.trim().split('\n').at(-1)}`);
