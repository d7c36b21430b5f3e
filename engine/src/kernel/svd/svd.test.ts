import { expect, test } from 'vitest';
import { gradientError, type Scalar } from '../../tensor/fixes/differences.ts';
import { openRuntime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { normals } from '../agreement.ts';
import { svd, svdCost } from './index.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const largest = async (t: Tensor) => (await runtime.array(tf.max(tf.abs(t)))).data[0]!;

test.each([2, 3, 4])('%d x %d matrices are U diag(s) V^T, U and V orthogonal, s falling', async (n) => {
  const f = runtime.tensor(normals(randomFromSeed(1), 40, n, n));
  const { u, s, v } = svd(runtime, f);
  const back = tf.matMul(tf.mul(u, tf.expandDims(s, 1)), v, false, true);
  expect(await largest(tf.sub(back, f))).toBeLessThan(1e-14);
  for (const q of [u, v]) expect(await largest(tf.sub(tf.matMul(q, q, true), tf.eye(n)))).toBeLessThan(1e-14);
  const values = (await runtime.array(s)).data;
  for (let i = 0; i < values.length; i++) {
    expect(values[i]).toBeGreaterThanOrEqual(i % n === n - 1 ? 0 : values[i + 1]!);
  }
});

test.each([
  ['zero', [0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0]],
  ['of rank one', [2, 4, 4, 1, 2, 2, 2, 4, 4], [9, 0, 0]],
  ['the identity', [1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 1]],
  ['huge and graded', [1e200, 0, 0, 0, 1e100, 0, 0, 0, 1], [1e200, 1e100, 1]],
  ['tiny', [3e-200, 0, 0, 0, -2e-200, 0, 0, 0, 1e-200], [3e-200, 2e-200, 1e-200]],
])('a matrix that is %s has its values, and orthogonal factors', async (_, data, expected) => {
  const { u, s, v } = svd(runtime, tf.tensor3d(data, [1, 3, 3]));
  const values = (await runtime.array(s)).data;
  expected.forEach((value, i) => {
    expect(Math.abs(values[i]! - value)).toBeLessThanOrEqual(1e-14 * expected[0]! + Number.MIN_VALUE);
  });
  for (const q of [u, v]) expect(await largest(tf.sub(tf.matMul(q, q, true), tf.eye(3)))).toBeLessThan(1e-14);
});

test('what is no number stays none', async () => {
  const { u, s } = svd(runtime, tf.tensor3d([1, NaN, 0, 1, 5, 0, 0, 2], [2, 2, 2]));
  expect([...(await runtime.array(s)).data.slice(0, 2)]).toEqual([NaN, NaN]);
  expect((await runtime.array(u)).data[4]).not.toBeNaN();
});

/** Does not depend on the signs that columns of U and V share. */
const free: Scalar = (of, f) => {
  const n = f.shape[1]!;
  const { u, s, v } = svd({ tf: of }, f);
  const w = of.reshape(of.sin(of.range(0, n * n)), [n, n]);
  const both = of.matMul(of.mul(u, of.expandDims(of.sin(s), 1)), v, false, true);
  const left = of.matMul(of.mul(u, of.expandDims(of.square(s), 1)), u, false, true);
  return of.sum(of.add(of.mul(both, w), of.mul(left, of.cos(w))));
};

test.each([2, 3, 4])('the gradient of %d x %d matrices, and its gradient', async (n) => {
  const f = normals(randomFromSeed(5), 3, n, n);
  expect(await gradientError(free, f)).toBeLessThan(1e-7);
  const ofGradient: Scalar = (of, t) => of.sum(of.sin(of.grad((x) => free(of, x))(t)));
  expect(await gradientError(ofGradient, f)).toBeLessThan(1e-5);
});

test('where values coincide, what does not depend on the choice has its gradient', async () => {
  // U V^T times the mean of the values, at twice a rotation.
  const data = [0, -2, 0, 2, 0, 0, 0, 0, 2];
  const sum = (x: Tensor) => tf.sum(svd(runtime, x).s);
  const found = await runtime.array(tf.grad(sum)(tf.tensor3d(data, [1, 3, 3])));
  // The nuclear norm's gradient is U V^T.
  found.data.forEach((value, i) => {
    expect(Math.abs(value - data[i]! / 2)).toBeLessThan(1e-14);
  });
});

test('float32 on wasm is as near as its numbers are', async () => {
  const single = await openRuntime({ precision: 'float32', backend: 'wasm' });
  const f = normals(randomFromSeed(9), 5, 3, 3);
  const [a, b] = [svd(single, single.tensor(f)).s, svd(runtime, runtime.tensor(f)).s];
  const [found, expected] = [(await single.array(a)).data, (await runtime.array(b)).data];
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6);
  });
});

test('other shapes are refused, and the cost is known', () => {
  expect(() => svd(runtime, tf.ones([2, 5, 5]))).toThrow('n from 2 to 4, not [2,5,5]');
  expect(() => svd(runtime, tf.ones([2, 3]))).toThrow(RangeError);
  expect(svdCost(10, 3, 'float64')).toEqual({ flops: 7560, bytes: 10 * 30 * 8 });
});
