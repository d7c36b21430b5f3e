import { expect, test } from 'vitest';
import { gradientError, type Scalar } from '../../tensor/fixes/differences.ts';
import { openRuntime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { normals } from '../agreement.ts';
import { gramSchmidt, gramSchmidtCost } from './index.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const largest = async (t: Tensor) => (await runtime.array(tf.max(tf.abs(t)))).data[0]!;

test.each([
  [1, 3],
  [2, 3],
  [3, 3],
  [4, 4],
])('%d rows of %d are orthonormal, and A = L Q with L lower and positive', async (k, n) => {
  const a = runtime.tensor(normals(randomFromSeed(2), 30, k, n));
  const q = gramSchmidt(runtime, a);
  expect(await largest(tf.sub(tf.matMul(q, q, false, true), tf.eye(k)))).toBeLessThan(1e-15 * 8);
  const l = (await runtime.array(tf.matMul(a, q, false, true))).data;
  l.forEach((value, at) => {
    const [i, j] = [Math.floor((at % (k * k)) / k), at % k];
    if (i === j) expect(value).toBeGreaterThan(0);
    if (j > i) expect(Math.abs(value)).toBeLessThan(1e-14);
  });
});

test('rows that are nearly parallel are orthogonal all the same', async () => {
  const a = tf.tensor3d([1, 1, 1, 1, 1, 1 + 1e-9, 1, 1 + 1e-9, 1], [1, 3, 3]);
  const q = gramSchmidt(runtime, a);
  expect(await largest(tf.sub(tf.matMul(q, q, false, true), tf.eye(3)))).toBeLessThan(1e-15 * 8);
});

test('a row that depends on those before it is zero, and passes no gradient on', async () => {
  const a = tf.tensor3d([1, 2, 2, -2, -4, -4, 0, 1, 0], [1, 3, 3]);
  const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.mul(gramSchmidt(runtime, x), tf.range(1, 4))))(a);
  const [q, slopes] = [await runtime.array(gramSchmidt(runtime, a)), await runtime.array(grad)];
  expect([...q.data.slice(3, 6)]).toEqual([0, 0, 0]);
  expect([...slopes.data.slice(3, 6)].map(Math.abs)).toEqual([0, 0, 0]);
  for (const slope of slopes.data) expect(Number.isFinite(slope)).toBe(true);
  expect(Number.isFinite((await runtime.array(value)).data[0])).toBe(true);
  expect([...(await runtime.array(gramSchmidt(runtime, tf.zeros([1, 2, 3])))).data]).toEqual([
    0, 0, 0, 0, 0, 0,
  ]);
});

const weighed: Scalar = (of, a) => {
  const q = gramSchmidt({ tf: of }, a);
  return of.sum(of.mul(of.square(of.add(q, 0.3)), of.reshape(of.sin(of.range(0, q.size)), q.shape)));
};

test.each([
  [2, 3],
  [3, 3],
  [4, 4],
])('the gradient of %d rows of %d, and its gradient', async (k, n) => {
  const a = normals(randomFromSeed(3), 3, k, n);
  expect(await gradientError(weighed, a)).toBeLessThan(1e-7);
  const ofGradient: Scalar = (of, t) => of.sum(of.sin(of.grad((x) => weighed(of, x))(t)));
  expect(await gradientError(ofGradient, a)).toBeLessThan(1e-5);
});

test('other shapes are refused, and the cost is known', () => {
  expect(() => gramSchmidt(runtime, tf.ones([2, 3, 2]))).toThrow('k <= n <= 4, not [2,3,2]');
  expect(gramSchmidtCost(10, 3, 3, 'float64')).toEqual({ flops: 990, bytes: 10 * 27 * 8 });
});
