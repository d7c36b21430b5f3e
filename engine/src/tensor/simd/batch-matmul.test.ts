import { expect, test } from 'vitest';
import { openRuntime } from '../index.ts';
import { normals, relativeError, simdBuilds, valuesOf, wasmRuntime } from './testing.ts';

// Every path: full and partial tiles of rows and columns, inner sizes beyond one block, blocks of rows, nothing at all.
const sizes = [
  [1, 1, 1],
  [4, 8, 8],
  [5, 7, 3],
  [6, 9, 13],
  [3, 300, 17],
  [70, 5, 12],
  [131, 517, 9],
  [2, 0, 3],
] as const;

const stacks: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[3], [3]],
  [[3], [1]],
  [[1], [3]],
  [
    [2, 2],
    [2, 2],
  ],
  [[2, 1], []],
];

const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

test.each(simdBuilds)(
  '%s: products agree with the twin in all sizes, stacks and transposes',
  async (build) => {
    const failures: string[] = [];
    const double = await openRuntime({ precision: 'float64' });
    const single = await wasmRuntime(build);
    for (const [m, k, n] of sizes) {
      for (const [outerA, outerB] of stacks) {
        for (const [ta, tb] of transposes) {
          const a = normals([...outerA, ...(ta ? [k, m] : [m, k])], 1);
          const b = normals([...outerB, ...(tb ? [n, k] : [k, n])], 2);
          const of = ({ tf, tensor }: typeof single) =>
            tf.tidy(() => tf.matMul(tensor(a), tensor(b), ta, tb));
          const [found, expected] = [of(single), of(double)];
          expect(found.shape).toEqual(expected.shape);
          const error = relativeError(await valuesOf(single, [found]), await valuesOf(double, [expected]));
          if (!(error < 3e-6)) failures.push(`${[m, k, n]} [${outerA}] [${outerB}] ${ta} ${tb}: ${error}`);
        }
      }
    }
    expect(failures).toEqual([]);
  },
);

test.each(simdBuilds)('%s: gradients agree with the twin, also where one side is repeated', async (build) => {
  const double = await openRuntime({ precision: 'float64' });
  const single = await wasmRuntime(build);
  for (const [ta, tb] of transposes) {
    const a = normals([3, ...(ta ? [6, 5] : [5, 6])], 3);
    const b = normals(tb ? [9, 6] : [6, 9], 4);
    const of = async (runtime: typeof single) => {
      const { tf, tensor } = runtime;
      return valuesOf(
        runtime,
        tf.tidy(() => tf.grads((x, y) => tf.sum(tf.square(tf.matMul(x, y, ta, tb))))([tensor(a), tensor(b)])),
      );
    };
    expect(relativeError(await of(single), await of(double))).toBeLessThan(3e-6);
  }
});

test('NaN and infinities pass through', async () => {
  const { tf } = await wasmRuntime('relaxed SIMD');
  const a = tf.tensor2d([Number.NaN, 1, 2, Number.POSITIVE_INFINITY], [2, 2]);
  const product = await tf.matMul(a, tf.ones([2, 1])).data();
  expect([...product]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
});

test('nothing is left on the heap', async () => {
  const { tf } = await wasmRuntime('relaxed SIMD');
  const before = tf.memory().numTensors;
  tf.dispose(tf.tidy(() => tf.sum(tf.matMul(tf.ones([3, 4, 5]), tf.ones([5, 6])))));
  expect(tf.memory().numTensors).toBe(before);
});
