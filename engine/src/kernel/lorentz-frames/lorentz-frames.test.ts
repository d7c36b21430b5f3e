import { expect, test } from 'vitest';
import { openRuntime } from '../../tensor/index.ts';
import { lorentzFrames, lorentzFramesCost } from './index.ts';

test('the unit vectors give the identity, and their order and lengths do not matter', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf } = runtime;
  const vectors = tf.tensor3d([
    [
      [3, 0, 0, 0],
      [1, 2, 0, 0],
      [5, 7, 0.5, 0],
    ],
  ]);
  const { data } = await runtime.array(tf.sub(lorentzFrames(runtime, vectors), tf.eye(4)));
  for (const entry of data) expect(Math.abs(entry)).toBeLessThan(1e-13);
});

test('another shape is refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  expect(() => lorentzFrames(runtime, runtime.tf.ones([2, 4, 3]))).toThrow(
    'lorentzFrames takes vectors [M, 3, 4], not [2,4,3]',
  );
});

test('its cost', () => {
  expect(lorentzFramesCost(10, 'float32').bytes).toBe(10 * (12 + 16) * 4);
});
