import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed, real } from '../../tensor/index.ts';
import { agreement, worst } from '../agreement.ts';
import { lorentzFrames } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

/** Massive momenta of moderate energy: three independent ones for each frame. */
function momenta(count: number) {
  const random = randomFromSeed(8);
  const data = Float64Array.from({ length: 12 * count });
  for (let i = 0; i < 3 * count; i++) {
    const p = [random.normal(), random.normal(), random.normal()].map(Math.fround);
    const energy = Math.sqrt(1 + p.reduce((sum, x) => sum + x * x, 0));
    data.set([Math.fround(energy), ...p], 4 * i);
  }
  return real([count, 3, 4], data);
}

test('frames and their gradients agree with the twin', async () => {
  const result = await agreement(gpu, (runtime, [v]) => lorentzFrames(runtime, v!), [momenta(150)]);
  expect(worst(result)).toBeLessThan(2e-4);
  expect(gpu.tf.getKernel('NoetherLorentzFramesGradient', 'webgpu')).toBeDefined();
});

test('a frame is a Lorentz matrix', async () => {
  const { tf } = gpu;
  const frames = lorentzFrames(gpu, gpu.tensor(momenta(100)));
  const metric = tf.diag(tf.tensor1d([1, -1, -1, -1]));
  const product = tf.matMul(
    tf.matMul(frames, tf.tile(tf.expandDims(metric, 0), [100, 1, 1])),
    frames,
    false,
    true,
  );
  const { data } = await gpu.array(tf.max(tf.abs(tf.sub(product, metric))));
  expect(data[0]).toBeLessThan(2e-4);
});
