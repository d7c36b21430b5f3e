import { expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { drawWeights } from '../initial-weights.ts';
import type { FieldConfig } from './config.ts';
import type { Control } from './control.ts';
import { solve } from './solve.ts';
import { fieldSpecs } from './weights.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const random = randomFromSeed(2);
const field: FieldConfig = {
  kind: 'equivariant',
  layers: 1,
  hidden: 4,
  outputs: 4,
  basis: 'full15',
  maps: 'intended',
  biases: false,
  interpolation: 'linear',
  warp: 'corrected',
};
const weights = Object.fromEntries(
  Object.entries(drawWeights(fieldSpecs(field, undefined, 'vector_field.'), random)).map(([name, array]) => [
    name,
    runtime.tensor(array),
  ]),
);
const normal = (shape: number[]) =>
  runtime.tensor(
    real(
      shape,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    ),
  );
const clock = [0, 0.2, 0.9, 1];
const matrices = clock.map(() => normal([1, 5, 5]));
const start = normal([1, 5, 4]);

/** The state at the end, when the path is run through by another parameter than the time. */
function end(parameter: readonly number[], warp: FieldConfig['warp'], steps: number) {
  const control: Control = { times: parameter, clock, matrices };
  const solver = { method: 'rk4', stepping: { kind: 'interval', steps }, gradient: 'discrete' } as const;
  return solve(runtime, { field: { ...field, warp }, solver }, weights, 'vector_field.', control, start, [
    parameter.at(-1)!,
  ]).saved[0]!;
}

const apart = (warp: FieldConfig['warp'], steps: number): number =>
  tf.max(tf.abs(tf.sub(end(clock, warp, steps), end([0, 3, 4, 9], warp, steps)))).dataSync()[0]!;

it('the speed at which a path is run through does not matter to the corrected field', () => {
  expect(apart('corrected', 8)).toBeLessThan(1e-12);
});

it('and does to the official one', () => {
  expect(apart('official', 8)).toBeGreaterThan(1e-2);
  expect(apart('official', 32)).toBeGreaterThan(1e-2);
});
