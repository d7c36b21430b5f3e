import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { fibreStep, spatialStep } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { points: 20, orientations: 3, channels: 70, functions: 20, edges: 120, count: 15 },
  { points: 10, orientations: 3, channels: 5, functions: 7, edges: 60, count: 12 },
  // More edges at a receiver than are taken at a time.
  { points: 40, orientations: 2, channels: 16, functions: 17, edges: 100, count: 2 },
])('space: $edges edges, $orientations orientations, $channels channels', async (shape) => {
  const { points, orientations, channels, functions, edges, count } = shape;
  const random = randomFromSeed(edges);
  const index = (low: number, high: number) =>
    integer(
      [edges],
      Int32Array.from({ length: edges }, () => low + random.integer(high - low)),
    );
  const inputs = [
    normals(random, points, orientations, channels),
    normals(random, edges, orientations, functions),
    normals(random, channels, functions),
    index(0, points),
    index(-1, count),
  ];
  const result = await agreement(
    gpu,
    (runtime, [x, basis, weight, from, to]) => spatialStep(runtime, x!, basis!, weight!, from!, to!, count),
    inputs,
  );
  expect(worst(result)).toBeLessThan(5e-6);
  expect(gpu.tf.getKernel('NoetherSpatialStep', 'webgpu')).toBeDefined();
});

test.each([
  { points: 30, from: 4, to: 4, channels: 70 },
  { points: 9, from: 12, to: 1, channels: 5 },
  { points: 1, from: 1, to: 20, channels: 128 },
])('orientations: $from to $to, $channels channels', async ({ points, from, to, channels }) => {
  const random = randomFromSeed(from);
  const inputs = [normals(random, points, from, channels), normals(random, to, from, channels)];
  const result = await agreement(gpu, (runtime, [x, kernel]) => fibreStep(runtime, x!, kernel!), inputs);
  expect(worst(result)).toBeLessThan(3e-6);
  expect(gpu.tf.getKernel('NoetherFibreKernelGradient', 'webgpu')).toBeDefined();
});
