import { expect, test } from 'vitest';
import { gradientError } from '../../tensor/fixes/differences.ts';
import { openRuntime, type Runtime, randomFromSeed, real, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { polarFactor, polarFactorCost } from './index.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const at = (data: readonly number[], n = 3) => tf.tensor3d([...data], [data.length / n ** 2, n, n]);
const largest = async (t: Tensor) => (await runtime.array(tf.max(tf.abs(t)))).data[0]!;

/** Orthogonal matrices with determinants of both signs. */
const orthogonal = (n: number, seed: number): Tensor =>
  polarFactor(runtime, runtime.tensor(normals(randomFromSeed(seed), 8, n, n)), { rotation: false });

/** V diag(values) V^T for orthogonal V, so that Q times it has the polar factor Q. */
const symmetric = (v: Tensor, values: readonly number[]): Tensor =>
  tf.matMul(tf.mul(v, tf.tensor1d([...values])), v, false, true);

test.each([2, 3, 4])(
  'the factors of %d x %d matrices multiply to it: Q orthogonal, P symmetric and positive',
  async (n) => {
    const f = runtime.tensor(normals(randomFromSeed(1), 30, n, n));
    const q = polarFactor(runtime, f, { rotation: false });
    const p = tf.matMul(q, f, true);
    expect(await largest(tf.sub(tf.matMul(q, q, true), tf.eye(n)))).toBeLessThan(1e-14);
    expect(await largest(tf.sub(p, tf.transpose(p, [0, 2, 1])))).toBeLessThan(1e-13);
    const values = await runtime.array(tf.reshape(p, [30, n * n]));
    for (let row = 0; row < 30; row++) {
      for (let i = 0; i < n; i++) expect(values.data[(row * n + i) * n + i]).toBeGreaterThan(0);
    }
  },
);

test.each([
  [3, [1, 1e-4, 1e-8]],
  [3, [1, 1, 1e-10]],
  [3, [1, 1, 1]],
  [4, [1, 0.5, 1e-6, 1e-9]],
  [4, [1e150, 1e150, 1e149, 1e148]],
  [3, [1e-160, 2e-160, 3e-160]],
] as const)('of %d columns with singular values %j the factor is found', async (n, values) => {
  const [q, v] = [orthogonal(n, 2), orthogonal(n, 3)];
  const found = polarFactor(runtime, tf.matMul(q, symmetric(v, values)), { rotation: false });
  // An error of one rounding in F moves Q by up to that over the two smallest values together.
  const [least, next] = [...values].sort((a, b) => a - b) as [number, number];
  const bound = (30 * 2 ** -52 * Math.max(...values)) / (least + next);
  expect(await largest(tf.sub(found, q))).toBeLessThan(bound);
});

test('columns of very different lengths keep their digits', async () => {
  const f = at([1, 0, 0, 0, 1e-20, -1e-20, 0, 1e-20, 1e-20]);
  const [c, s] = [Math.SQRT1_2, Math.SQRT1_2];
  const expected = at([1, 0, 0, 0, c, -s, 0, s, c]);
  expect(await largest(tf.sub(polarFactor(runtime, f), expected))).toBeLessThan(1e-15);
});

test('the nearest rotation to a mirror image turns the least axis', async () => {
  const q = polarFactor(runtime, at([3, 0, 0, 0, 2, 0, 0, 0, -1]));
  expect(await largest(tf.sub(q, tf.eye(3)))).toBeLessThan(1e-15);
  const mirrored = polarFactor(runtime, at([3, 0, 0, 0, 2, 0, 0, 0, -1]), { rotation: false });
  expect(await largest(tf.sub(mirrored, at([1, 0, 0, 0, 1, 0, 0, 0, -1])))).toBeLessThan(1e-15);
});

const weigh = (y: Tensor, of: Runtime['tf']): Tensor =>
  of.sum(of.mul(y, of.reshape(of.sin(of.range(0, y.size)), y.shape)));

test.each([
  ['3 x 3', normals(randomFromSeed(7), 3, 3, 3), true],
  ['4 x 4, orthogonal', normals(randomFromSeed(8), 2, 4, 4), false],
  ['4 x 4, rotations', normals(randomFromSeed(9), 2, 4, 4), true],
  ['rotations at rank two', real([1, 3, 3], [1, 2, 3, 2, -1, 1, 3, 1, 4]), true],
  ['a multiple of the identity', real([1, 3, 3], [2, 0, 0, 0, 2, 0, 0, 0, 2]), false],
] as const)(
  '%s: central differences of the factor, and of its gradient',
  async (_name, matrices, rotation) => {
    const value = (of: Runtime['tf'], t: Tensor) => weigh(polarFactor({ tf: of }, t, { rotation }), of);
    expect(await gradientError(value, matrices)).toBeLessThan(1e-7);
    const ofGradient = (of: Runtime['tf'], t: Tensor) => weigh(of.grad((u) => value(of, u))(t), of);
    expect(await gradientError(ofGradient, matrices)).toBeLessThan(1e-6);
  },
);

test('where the factor is not unique it is orthogonal all the same, and its gradient finite', async () => {
  const f = tf.concat([
    tf.zeros([1, 3, 3]),
    at([1, 2, 3, 2, 4, 6, 3, 6, 9]),
    at([0, 0, 0, 0, 5, 0, 0, 0, 0]),
    at([1, 0, 0, 0, 1, 0, 0, 0, -1]),
  ]);
  for (const rotation of [true, false]) {
    const q = polarFactor(runtime, f as Tensor, { rotation });
    expect(await largest(tf.sub(tf.matMul(q, q, true), tf.eye(3)))).toBeLessThan(1e-14);
    const gradient = tf.grad((t) => weigh(polarFactor(runtime, t, { rotation }), tf))(f as Tensor);
    for (const entry of (await runtime.array(gradient)).data) expect(Math.abs(entry)).toBeLessThan(1e3);
  }
});

test('what is no number stays none, and its neighbours are left alone', async () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const f = at([wrong, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4]);
    const { value, grad } = tf.valueAndGrad((t) => weigh(polarFactor(runtime, t), tf))(f);
    const [values, slopes] = [await runtime.array(value), await runtime.array(grad)];
    expect(values.data[0]).toBeNaN();
    expect([...slopes.data].map(Number.isNaN)).toEqual([...Array(9).fill(true), ...Array(9).fill(false)]);
  }
});

test.each(['cpu', 'wasm'] as const)('float32 on %s agrees with the twin', async (backend) => {
  const single = await openRuntime({ precision: 'float32', backend });
  const matrices = [normals(randomFromSeed(4), 20, 4, 4)];
  expect(worst(await agreement(single, (r, [x]) => polarFactor(r, x!), matrices))).toBeLessThan(2e-5);
});

test('another shape is refused, and its cost', () => {
  expect(() => polarFactor(runtime, tf.ones([2, 5, 5]))).toThrow(
    'polarFactor takes matrices [B, n, n] with n from 2 to 4, not [2,5,5]',
  );
  expect(polarFactorCost(10, 3, 'float64')).toEqual({ flops: 10 * (6 * 3 * 42 + 54), bytes: 10 * 18 * 8 });
});
