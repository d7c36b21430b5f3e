import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { messageSumOnWebgpu } from '../message-sum/wgsl.ts';
import { fibreStepReference, spatialStepReference } from './reference.ts';
import { groupConvolutionOnWebgpu } from './wgsl.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

const spatialStep: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherSpatialStep',
  reference: spatialStepReference,
  gradient(tf, dy, [x, basis, weight, senders, receivers]) {
    const [edges, orientations, functions] = basis!.shape as [number, number, number];
    const channels = weight!.shape[0]!;
    const flat = (t: Tensor): Tensor => tf.reshape(t, [-1, orientations * channels]);
    const inputs = [flat(x!), flat(dy), senders!, receivers!];
    const made = runKernel(tf, 'NoetherMessageSumWeightGradient', inputs, { perEdge: false });
    const kernel = tf.reshape(made, [edges * orientations, channels]);
    const rows = () => tf.reshape(basis!, [edges * orientations, functions]);
    return [
      () =>
        runKernel(tf, 'NoetherSpatialStep', [dy, basis!, weight!, receivers!, senders!], {
          count: x!.shape[0]!,
        }),
      () => tf.reshape(tf.matMul(kernel, weight!), basis!.shape),
      () => tf.matMul(kernel, rows(), true, false),
      () => tf.zerosLike(senders!),
      () => tf.zerosLike(receivers!),
    ];
  },
  kernels: [groupConvolutionOnWebgpu, messageSumOnWebgpu],
};

const fibreStep: FusedOperation<Record<string, never>> = {
  name: 'NoetherFibreStep',
  reference: fibreStepReference,
  gradient: (tf, dy, [x, kernel]) => [
    () => runKernel(tf, 'NoetherFibreStep', [dy, kernel!], { turned: true }),
    () => runKernel(tf, 'NoetherFibreKernelGradient', [x!, dy]),
  ],
  kernels: [groupConvolutionOnWebgpu],
};

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
    (runtime, all) => runFused(runtime, spatialStep, all, { count }),
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
  const result = await agreement(gpu, (runtime, all) => runFused(runtime, fibreStep, all, {}), inputs);
  expect(worst(result)).toBeLessThan(3e-6);
  expect(gpu.tf.getKernel('NoetherFibreKernelGradient', 'webgpu')).toBeDefined();
});
