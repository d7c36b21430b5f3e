import { expect, test } from 'vitest';
import { openRuntime, type Runtime, randomFromSeed, real, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { properSvd } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

/** Matrices whose squared singular values are apart, where the gradient is well conditioned. */
function matrices(count: number) {
  const spread = normals(randomFromSeed(6), count, 3, 3);
  spread.data.forEach((value, i) => {
    spread.data[i] = Math.fround(0.3 * value + [3, 0, 0, 0, -2, 0, 0, 0, 1][i % 9]!);
  });
  return spread;
}

/** The shape of the orbit target's mean rotation, U diag(f(s)) V^T: no sign of a column shows in it. */
function meanLike(runtime: Runtime, f: Tensor): Tensor {
  const { tf } = runtime;
  const { u, s, v } = properSvd(runtime, f);
  const damped = tf.div(s, tf.add(tf.abs(s), 1));
  return tf.concat([tf.matMul(tf.mul(u, tf.expandDims(damped, 1)), v, false, true), tf.expandDims(s, 1)], 1);
}

test('values, rotations and their gradients agree with the twin', async () => {
  const result = await agreement(gpu, (runtime, [f]) => meanLike(runtime, f!), [matrices(120)], false);
  expect(worst(result)).toBeLessThan(5e-5);
  expect(gpu.tf.getKernel('NoetherProperSvdGradient', 'webgpu')).toBeDefined();
});

test('tiny, huge and rank two matrices come back', async () => {
  const f = [
    1e-12, 0, 2e-12, 0, 3e-12, 0, 1e-12, 0, 0, 3e15, 1e15, 0, 0, 2e15, 0, 1e15, 0, 1e15, 1, 2, 3, 2, 4, 6, 1,
    0, 1,
  ];
  const { tf } = gpu;
  const given = gpu.tensor(real([3, 3, 3], f));
  const { u, s, v } = properSvd(gpu, given);
  const scale = tf.max(tf.abs(given), [1, 2], true);
  const back = tf.matMul(tf.mul(u, tf.expandDims(tf.div(s, tf.squeeze(scale, [2])), 1)), v, false, true);
  const { data } = await gpu.array(tf.max(tf.abs(tf.sub(back, tf.div(given, scale)))));
  expect(data[0]).toBeLessThan(2e-6);
});
