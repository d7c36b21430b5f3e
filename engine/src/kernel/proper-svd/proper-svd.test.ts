import { expect, test } from 'vitest';
import { type NdArray, openRuntime, randomFromSeed, real } from '../../tensor/index.ts';
import { normals } from '../agreement.ts';
import { properSvd, properSvdCost } from './index.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;

const largest = async (difference: ReturnType<typeof tf.sub>) =>
  (await runtime.array(tf.max(tf.abs(difference)))).data[0]!;

const special: Record<string, NdArray> = {
  'random ones': normals(randomFromSeed(1), 50, 3, 3),
  'rank two': real([1, 3, 3], [1, 2, 3, 2, 4, 6, 1, 0, 1]),
  'a rotation': real([1, 3, 3], [0, -1, 0, 1, 0, 0, 0, 0, 1]),
  'a reflection': real([1, 3, 3], [-1, 0, 0, 0, 1, 0, 0, 0, 1]),
  'orthogonal columns, the smallest first': real([1, 3, 3], [1, 0, 0, 0, 0, 3, 0, 2, 0]),
};

test.each(Object.entries(special))('%s come back, and the factors are rotations', async (_name, matrices) => {
  const f = runtime.tensor(matrices);
  const { u, s, v } = properSvd(runtime, f);
  const back = tf.matMul(tf.mul(u, tf.expandDims(s, 1)), v, false, true);
  expect(await largest(tf.sub(back, f))).toBeLessThan(1e-13);
  for (const factor of [u, v]) {
    expect(await largest(tf.sub(tf.matMul(factor, factor, true), tf.eye(3)))).toBeLessThan(1e-13);
    const [a, b, c] = tf.unstack(factor, 2) as [typeof u, typeof u, typeof u];
    const [ax, ay, az] = tf.unstack(a, 1) as [typeof u, typeof u, typeof u];
    const [bx, by, bz] = tf.unstack(b, 1) as [typeof u, typeof u, typeof u];
    const normal = tf.stack(
      [
        tf.sub(tf.mul(ay, bz), tf.mul(az, by)),
        tf.sub(tf.mul(az, bx), tf.mul(ax, bz)),
        tf.sub(tf.mul(ax, by), tf.mul(ay, bx)),
      ],
      1,
    );
    expect(await largest(tf.sub(normal, c))).toBeLessThan(1e-13);
  }
  const values = (await runtime.array(s)).data;
  for (let i = 0; i < values.length; i += 3) {
    expect(values[i]! + 1e-13).toBeGreaterThanOrEqual(values[i + 1]!);
    expect(values[i + 1]! + 1e-13).toBeGreaterThanOrEqual(Math.abs(values[i + 2]!));
  }
});

test('a determinant below zero shows in the last value', async () => {
  const { s } = properSvd(
    runtime,
    tf.tensor3d([
      [
        [3, 0, 0],
        [0, -2, 0],
        [0, 0, 1],
      ],
    ]),
  );
  const { data } = await runtime.array(s);
  [3, 2, -1].forEach((value, i) => {
    expect(data[i]).toBeCloseTo(value, 13);
  });
});

test('another shape is refused', () => {
  expect(() => properSvd(runtime, tf.ones([2, 4, 4]))).toThrow(
    'properSvd takes matrices [B, 3, 3], not [2,4,4]',
  );
});

test('its cost', () => {
  expect(properSvdCost(3, 'float32').bytes).toBe(3 * 30 * 4);
});
