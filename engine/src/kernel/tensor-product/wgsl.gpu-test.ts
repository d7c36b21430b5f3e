import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { tensorProduct } from './index.ts';
import type { Coupling } from './reference.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { rows: 40, channels: 5, left: 9, right: 4, size: 16, entries: 60 },
  { rows: 3, channels: 70, left: 1, right: 1, size: 1, entries: 1 },
  // Some components of the result are reached by nothing.
  { rows: 17, channels: 2, left: 4, right: 9, size: 25, entries: 12 },
])('$rows x $channels products of $left and $right into $size', async (shape) => {
  const { rows, channels, left, right, size, entries } = shape;
  const random = randomFromSeed(entries);
  const draw = (below: number) => Array.from({ length: entries }, () => random.integer(below));
  const value = Array.from({ length: entries }, () => Math.fround(random.normal()));
  const coupling: Coupling = { i: draw(left), j: draw(right), k: draw(size), value, size };
  const result = await agreement(gpu, (runtime, [x, y]) => tensorProduct(runtime, x!, y!, coupling), [
    normals(random, rows, channels, left),
    normals(random, rows, right),
  ]);
  expect(worst(result)).toBeLessThan(2e-6);
  expect(gpu.tf.getKernel('NoetherTensorProductRightGradient', 'webgpu')).toBeDefined();
});
