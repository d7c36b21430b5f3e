/** The library's operations by our kernels against the float64 twin, at sizes around the width of a vector. */
import { expect, test } from 'vitest';
import { openRuntime, type Tensor, type TensorLibrary } from '../index.ts';
import { broadcastPlan } from './elementwise.ts';
import { broadcastShapes, normals, relativeError, simdBuilds, valuesOf, wasmRuntime } from './testing.ts';

type Operation = (tf: TensorLibrary, x: Tensor, y: Tensor) => Tensor;

const binary: Record<string, Operation> = {
  add: (tf, x, y) => tf.add(x, y),
  sub: (tf, x, y) => tf.sub(x, y),
  mul: (tf, x, y) => tf.mul(x, y),
  div: (tf, x, y) => tf.div(x, tf.add(tf.square(y), 0.5)),
  maximum: (tf, x, y) => tf.maximum(x, y),
  minimum: (tf, x, y) => tf.minimum(x, y),
};

const unary: Record<string, Operation> = {
  exp: (tf, x) => tf.exp(x),
  erf: (tf, x) => tf.erf(tf.mul(x, 2)),
  sigmoid: (tf, x) => tf.sigmoid(tf.mul(x, 4)),
  square: (tf, x) => tf.square(x),
};

const ofAxes: Record<string, readonly [readonly number[], Operation]> = {
  'sum of all': [[3, 5, 7], (tf, x) => tf.sum(x)],
  'sum of one number': [[], (tf, x) => tf.sum(x)],
  'sum over an axis of one': [[3, 1, 4], (tf, x) => tf.sum(x, 1)],
  'sum of nothing': [[0, 4], (tf, x) => tf.sum(x, 0)],
  'sum, first axis': [[19, 6], (tf, x) => tf.sum(x, 0)],
  'sum, last axis': [[5, 37], (tf, x) => tf.sum(x, 1)],
  'sum, long': [[5, 2100], (tf, x) => tf.sum(x, 1)],
  'sum, middle, kept': [[3, 9, 5], (tf, x) => tf.sum(x, 1, true)],
  'sum, outer axes': [[3, 5, 9], (tf, x) => tf.sum(x, [0, 2])],
  'mean, outer axes, kept': [[3, 5, 9], (tf, x) => tf.mean(x, [0, 2], true)],
  'mean, last axis': [[8, 6], (tf, x) => tf.mean(x, -1)],
  'transpose of a matrix': [[5, 9], (tf, x) => tf.transpose(x)],
  'transpose, nothing moves': [[5, 1, 9], (tf, x) => tf.transpose(x, [1, 0, 2])],
  'transpose, heads': [[2, 6, 3, 4, 5], (tf, x) => tf.transpose(x, [2, 0, 3, 1, 4])],
  'transpose, heads back': [[3, 2, 4, 6, 5], (tf, x) => tf.transpose(x, [1, 3, 0, 2, 4])],
  'transpose, last forward': [[3, 4, 5, 6], (tf, x) => tf.transpose(x, [3, 0, 2, 1])],
  'transpose, channels last': [[7, 3, 10], (tf, x) => tf.transpose(x, [1, 2, 0])],
  'transpose, reversed, five axes': [[2, 3, 4, 5, 6], (tf, x) => tf.transpose(x)],
  'transpose, reversed, six axes': [[2, 3, 2, 3, 2, 3], (tf, x) => tf.transpose(x)],
  'slice of a row': [[5, 9], (tf, x) => tf.slice(x, [2, 0], [1, 9])],
  'slice of a column': [[5, 9], (tf, x) => tf.slice(x, [0, 3], [5, 1])],
  'slice of nothing': [[5, 9], (tf, x) => tf.slice(x, [0, 3], [5, 0])],
  'slice of all': [[2, 3, 4], (tf, x) => tf.slice(x, [0, 0, 0])],
  'slice, inner axes whole': [[4, 5, 3, 7], (tf, x) => tf.slice(x, [1, 2, 0, 0], [2, 3, 3, 7])],
  'slice, cut axes apart': [[4, 5, 3, 7], (tf, x) => tf.slice(x, [1, 0, 1, 0], [3, 5, 2, 7])],
  'slice, every axis cut': [[3, 4, 3, 4, 3], (tf, x) => tf.slice(x, [1, 1, 1, 1, 1], [2, 2, 2, 2, 2])],
  'slice, six axes': [[3, 3, 3, 3, 3, 3], (tf, x) => tf.slice(x, [1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2])],
  'concatenation, first axis': [[5, 3], (tf, x) => tf.concat([x, tf.square(x), x], 0)],
  'concatenation, last axis': [[5, 9], (tf, x) => tf.concat([x, tf.slice(x, [0, 2], [5, 6])], -1)],
  'concatenation, middle axis': [[2, 3, 5], (tf, x) => tf.concat([x, tf.slice(x, [0, 0, 0], [2, 1, 5])], 1)],
  'concatenation with nothing': [[2, 3], (tf, x) => tf.concat([x, tf.slice(x, [0, 0], [2, 0])], 1)],
  'stack, first axis': [[3, 5], (tf, x) => tf.stack([x, tf.square(x)])],
  'stack, last axis': [[3, 5], (tf, x) => tf.stack([x, tf.square(x), x], -1)],
  'split, last axis': [[3, 9], (tf, x) => tf.concat(tf.split(x, [2, 3, 4], 1).reverse(), 1)],
  'split of a vector': [[9], (tf, x) => tf.concat(tf.split(x, [2, 3, 4]).reverse())],
  'unstack, first axis': [[3, 4, 5], (tf, x) => tf.stack(tf.unstack(x).reverse())],
  'unstack, middle axis': [[3, 4, 5], (tf, x) => tf.stack(tf.unstack(x, 1).reverse())],
  'clone, then both used': [[4, 5], (tf, x) => tf.mul(tf.clone(x), x)],
};

test.each(simdBuilds)('%s: functions of two arrays in all shapes, with gradients', async (build) => {
  const failures: string[] = [];
  for (const [name, operation] of Object.entries({ ...binary, ...unary })) {
    for (const [shapeX, shapeY] of broadcastShapes) {
      const error = await difference(build, operation, shapeX, shapeY);
      // exp and erf themselves err by 2 and 4 ulp.
      if (!(error < 1e-6)) failures.push(`${name} [${shapeX}] [${shapeY}]: ${error}`);
    }
  }
  expect(failures).toEqual([]);
});

test.each(simdBuilds)('%s: sums, means and moved axes', async (build) => {
  const failures: string[] = [];
  for (const [name, [shape, operation]] of Object.entries(ofAxes)) {
    const error = await difference(build, operation, shape, [1]);
    if (!(error < 1e-6)) failures.push(`${name}: ${error}`);
  }
  expect(failures).toEqual([]);
});

async function difference(
  build: (typeof simdBuilds)[number],
  operation: Operation,
  shapeX: readonly number[],
  shapeY: readonly number[],
): Promise<number> {
  const [x, y] = [normals(shapeX, 5), normals(shapeY, 6)];
  const of = async (runtime: Awaited<ReturnType<typeof wasmRuntime>>) => {
    const { tf, tensor } = runtime;
    const results = tf.tidy(() => {
      const inputs = [tensor(x), tensor(y)] as const;
      const value = operation(tf, ...inputs);
      const loss = (a: Tensor, b: Tensor): Tensor =>
        tf.add(tf.sum(tf.sin(operation(tf, a, b))), tf.mul(tf.sum(b), 0));
      return [value, ...tf.grads(loss)([...inputs])];
    });
    const shape = results[0]!.shape;
    return { shape, values: await valuesOf(runtime, results) };
  };
  const found = await of(await wasmRuntime(build));
  const expected = await of(await openRuntime({ precision: 'float64' }));
  expect(found.shape).toEqual(expected.shape);
  return found.values.length === 0 ? 0 : relativeError(found.values, expected.values);
}

test.each(simdBuilds)('%s: exp, erf and sigmoid at the ends of their ranges', async (build) => {
  const { tf } = await wasmRuntime(build);
  const x = [-1000, -104, -87.5, -87.2, -20, 0, 20, 88.7, 88.8, 1000, Number.NaN, -Infinity, Infinity];
  const values = async (t: Tensor) => [...(await t.data())];
  const exp = await values(tf.exp(tf.tensor1d(x)));
  x.forEach((at, i) => {
    const expected = Math.fround(Math.exp(Math.fround(at)));
    // Denormal numbers become zero.
    if (at < -87.3) expect(exp[i]).toBeLessThanOrEqual(1.3e-38);
    else if (Number.isFinite(expected)) expect(Math.abs(exp[i]! / expected - 1)).toBeLessThan(3e-7);
    else expect(exp[i]).toBe(expected);
  });
  const bounded = [0, 1, 0, 1];
  const at = tf.tensor1d([-Infinity, Infinity, -200, 200]);
  expect(await values(tf.sigmoid(at))).toEqual(bounded);
  expect(await values(tf.erf(at))).toEqual([-1, 1, -1, 1]);
  const nan = tf.tensor1d([Number.NaN]);
  expect([...(await values(tf.sigmoid(nan))), ...(await values(tf.erf(nan)))]).toEqual([NaN, NaN]);
});

test('axes that repeat the same operands are one', () => {
  expect(broadcastPlan([4, 5, 6], { shape: [4, 5, 6] }, { shape: [6] })).toEqual({
    sizes: [1, 1, 20, 6],
    stepsA: [0, 0, 6, 1],
    stepsB: [0, 0, 0, 1],
  });
  expect(broadcastPlan([2, 2, 2, 2, 2], { shape: [2, 1, 2, 1, 2] }, { shape: [1, 2, 1, 2, 1] })).toBe(
    undefined,
  );
});

test('a copy shares its data, and outlives the original', async () => {
  const { tf } = await wasmRuntime('relaxed SIMD');
  const { numBytes, numDataBuffers } = tf.memory();
  const x = tf.tensor1d([1, 2, 3]);
  const copy = tf.clone(x);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 1);
  x.dispose();
  expect([...(await copy.data())]).toEqual([1, 2, 3]);
  copy.dispose();
  expect(tf.memory().numBytes).toBe(numBytes);
});
