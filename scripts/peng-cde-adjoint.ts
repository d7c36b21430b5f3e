/**
 * `node scripts/peng-cde-adjoint.ts`: how far the gradient of the adjoint equation is from that of the steps, on a heat simulation of
 * test-fixtures/peng-cde, in float64. Prints a table for docs/models/peng-cde.md.
 */
import { join } from 'node:path';
import { type Field, loadDataset, openRuntime } from '../engine/src/index.ts';
import { openFamily } from '../engine/src/model/index.ts';
import { specificationOf } from '../engine/src/model/peng-cde/specification.ts';
import { pengCdeTrainable } from '../engine/src/model/peng-cde/trainable.ts';
import { root } from './root.ts';

const scalar = { kind: 'scalar' } as const;
const [time, node] = [{ index: 'time' }, { index: 'node' }];
const fields: Field[] = [
  { name: 'adjacency', type: { representation: scalar, axes: [time, node, node] } },
  { name: 'times', type: { representation: { kind: 'constant' }, axes: [time] } },
  { name: 'initial', type: { representation: scalar, axes: [node] } },
];
const dataset = await loadDataset(
  { file: join(root, 'test-fixtures/peng-cde/data/heat.npz'), fields, samples: 1, skip: 0, sizes: {} },
  { maxBytes: 2 ** 28 },
);
const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};
const { tf } = runtimes.float64;

/** Gradients of the mean square of the predictions by all weights, one after the other. */
async function gradient(kind: string, steps: number): Promise<{ values: number[]; ms: number }> {
  const options = { gradient: kind, steps, solver: 'tsit5', hidden: 8 };
  const model = await openFamily({ family: 'PENGCDE', options, fields, seed: 1 }, runtimes);
  const { names, weights } = await model.trainable!();
  const double = pengCdeTrainable(specificationOf(options, fields), weights, runtimes.float64);
  const forward = double.prepare(dataset.samples.map(({ values }) => values));
  const starts = names.map((name) => runtimes.float64.tensor(weights[name]!));
  const started = performance.now();
  const gradients = tf.grads((...list) =>
    tf.mean(tf.square(forward(Object.fromEntries(names.map((name, i) => [name, list[i]!]))).prediction!)),
  )(starts);
  const values = gradients.flatMap((one) => [...one.dataSync()]);
  return { values, ms: performance.now() - started };
}

const size = (x: readonly number[]): number => Math.sqrt(x.reduce((sum, value) => sum + value ** 2, 0));
console.log(
  '| steps between times | relative difference | discrete, ms | adjoint, ms |\n| --- | --- | --- | --- |',
);
for (const steps of [1, 2, 4, 8]) {
  const [discrete, adjoint] = [await gradient('discrete', steps), await gradient('adjoint', steps)];
  const apart = size(discrete.values.map((value, i) => value - adjoint.values[i]!)) / size(discrete.values);
  console.log(
    `| ${steps} | ${apart.toExponential(1)} | ${discrete.ms.toFixed(0)} | ${adjoint.ms.toFixed(0)} |`,
  );
}
