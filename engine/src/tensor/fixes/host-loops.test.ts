/** Our loops on the cpu backend against the library's own kernels, which they replace: the same numbers to the last bit. */
import { expect, test } from 'vitest';
import { openRuntime, type Tensor, type TensorLibrary } from '../index.ts';
import { randomFromSeed } from '../random-stream.ts';
import { broadcastShapes } from '../simd/testing.ts';

const runtimes = [
  await openRuntime({ precision: 'float32', backend: 'cpu' }),
  await openRuntime({ precision: 'float64' }),
];

interface Replaced {
  upstream?: { kernelFunc(call: object): object };
}

/** Values of what a kernel gives, and of what the one gives that it replaced. */
function both(tf: TensorLibrary, name: string, inputs: Record<string, Tensor>, attrs: object) {
  const kernel = tf.getKernel(name, 'cpu') as unknown as Replaced & Required<Replaced>['upstream'];
  const backend = tf.backend() as unknown as { readSync(id: object): ArrayLike<number> };
  return [kernel, kernel.upstream!].map(({ kernelFunc }) => {
    const result = kernelFunc({ inputs, attrs, backend }) as {
      dataId: object;
      shape: number[];
      dtype: string;
    };
    return [result].flat().map(({ dataId, shape, dtype }) => ({
      shape,
      dtype,
      values: Array.from(backend.readSync(dataId)),
    }));
  });
}

const random = randomFromSeed(11);
const normals = (tf: TensorLibrary, shape: readonly number[]): Tensor => {
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  values.splice(0, Math.min(4, values.length), ...[Number.NaN, -0, 0, Infinity].slice(0, values.length));
  return tf.tensor(values, [...shape]);
};

// The library's gradients refuse the last: it is of values only.
const pairs = [
  ...broadcastShapes,
  [
    [0, 3],
    [1, 3],
  ] as const,
];

test.each(['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum'])('%s in all shapes', (name) => {
  for (const { tf } of runtimes) {
    for (const [left, right] of [...pairs, ...pairs.map(([l, r]) => [r, l] as const)]) {
      const [found, expected] = both(tf, name, { a: normals(tf, left), b: normals(tf, right) }, {});
      expect(found, `[${left}] and [${right}]`).toEqual(expected);
    }
  }
});

const moves: [name: string, shape: number[], attrs: object][] = [
  ['Slice', [5, 9], { begin: [0, 3], size: [5, 1] }],
  ['Slice', [4, 5, 3, 7], { begin: [1, 0, 1, 0], size: [3, 5, -1, 7] }],
  ['Slice', [3, 3, 3, 3, 3, 3], { begin: [1, 1, 1, 1, 1, 1], size: [2, 2, 2, 2, 2, 2] }],
  ['Slice', [5, 9], { begin: [0, 3], size: [5, 0] }],
  ['Unpack', [4, 3, 5], { axis: 0 }],
  ['Unpack', [4, 3, 5], { axis: 1 }],
  ['Unpack', [4, 3, 5], { axis: -1 }],
  ['Tile', [3, 1], { reps: [1, 4] }],
  ['Tile', [2, 3, 4], { reps: [2, 1, 3] }],
  ['Tile', [2, 3], { reps: [0, 2] }],
  ['Transpose', [4, 6], { perm: [1, 0] }],
  ['Transpose', [2, 3, 4, 5], { perm: [2, 0, 3, 1] }],
  ['Transpose', [2, 1, 4], { perm: [1, 0, 2] }],
  ['Transpose', [], { perm: [] }],
  [
    'PadV2',
    [3, 4],
    {
      paddings: [
        [1, 0],
        [2, 3],
      ],
      constantValue: -2,
    },
  ],
  ['PadV2', [3], { paddings: [[0, 0]], constantValue: 0 }],
];

test.each(moves)('%s of [%s]', (name, shape, attrs) => {
  for (const { tf } of runtimes) {
    const real = normals(tf, shape);
    for (const x of [real, tf.cast(tf.greater(real, 0), 'int32'), tf.greater(real, 0)]) {
      const [found, expected] = both(tf, name, name === 'Unpack' ? { value: x } : { x }, attrs);
      expect(found).toEqual(expected);
    }
  }
});
