/** What the operations refuse, and small results known by hand. */
import { expect, test } from 'vitest';
import { openRuntime } from '../tensor/index.ts';
import {
  affine,
  affineCost,
  attention,
  attentionCost,
  equivariantProduct,
  equivariantProductCost,
  fibreStep,
  fibreStepCost,
  frameTransform,
  frameTransformCost,
  messageSum,
  messageSumCost,
  pairwiseDistances,
  pairwiseDistancesCost,
  selfAttention,
  spatialStep,
  spatialStepCost,
  sphericalHarmonics,
  sphericalHarmonicsCost,
  tensorProduct,
  tensorProductCost,
} from './index.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

test('a message sum by hand, with an edge left out', async () => {
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const weights = tf.tensor2d([10, 100, 1000], [3, 1]);
  const y = messageSum(runtime, x, weights, ids(0, 1, 1), ids(1, 1, -1), 2);
  expect(await y.array()).toEqual([
    [0, 0],
    [310, 420],
  ]);
});

test('attention looks only where the mask lets it', async () => {
  const [q, k] = [tf.zeros([2, 1, 3]), tf.zeros([2, 2, 3])];
  const v = tf.tensor3d([1, 3, 5, 9], [2, 2, 1]);
  const mask = tf.tensor3d([0, Number.NEGATIVE_INFINITY], [1, 1, 2]);
  expect(await tf.reshape(attention(runtime, q, k, v), [2]).array()).toEqual([2, 7]);
  expect(await tf.reshape(attention(runtime, q, k, v, { mask }), [2]).array()).toEqual([1, 5]);
});

test('harmonics of degree one are the vector', async () => {
  const attributes = { degree: 1, normalize: false, normalization: 'norm' } as const;
  const y = await sphericalHarmonics(runtime, tf.tensor2d([[2, 3, 5]]), attributes).array();
  expect(y).toEqual([[1, 2, 3, 5]]);
});

test('the coefficients of a cross product give it', async () => {
  const coupling = {
    i: [1, 2, 2, 0, 0, 1],
    j: [2, 1, 0, 2, 1, 0],
    k: [0, 0, 1, 1, 2, 2],
    value: [1, -1, 1, -1, 1, -1],
    size: 3,
  };
  const z = tensorProduct(runtime, tf.tensor3d([1, 0, 0], [1, 1, 3]), tf.tensor2d([[0, 1, 0]]), coupling);
  expect(await z.array()).toEqual([[[0, 0, 1]]]);
});

test('the steps of a group convolution by hand', async () => {
  const x = tf.tensor3d([1, 2, 3, 4], [2, 2, 1]);
  const y = spatialStep(runtime, x, tf.tensor3d([1, 10], [1, 2, 1]), tf.tensor2d([[2]]), ids(1), ids(0), 1);
  expect(await y.array()).toEqual([[[6], [80]]]);
  const z = fibreStep(runtime, x, tf.tensor3d([1, 10], [1, 2, 1]));
  expect(await z.array()).toEqual([[[21]], [[43]]]);
});

test.each<[string, () => unknown, string]>([
  [
    'weights of other columns',
    () => messageSum(runtime, tf.ones([2, 3]), tf.ones([4, 2]), ids(0, 0, 0, 0), ids(0, 0, 0, 0), 1),
    'not [2,3], [4,2], [4] and [4]',
  ],
  [
    'keys of another width',
    () => attention(runtime, tf.ones([1, 2, 3]), tf.ones([1, 2, 4]), tf.ones([1, 2, 3])),
    'not [1,2,3], [1,2,4] and [1,2,3]',
  ],
  [
    'a mask that no batch divides',
    () =>
      attention(runtime, tf.ones([3, 2, 3]), tf.ones([3, 2, 3]), tf.ones([3, 2, 3]), {
        mask: tf.zeros([2, 1, 2]),
      }),
    'attention takes a mask [b, 2 or 1, 2] with b a divisor of 3, not [2,1,2]',
  ],
  [
    'heads that do not divide a row',
    () => selfAttention(runtime, tf.ones([2, 3, 18]), { heads: 4 }),
    'selfAttention of 4 heads takes qkv [B, N, 3 4 d], not [2,3,18]',
  ],
  [
    'a mask over other keys',
    () => selfAttention(runtime, tf.ones([2, 3, 18]), { heads: 2, mask: tf.zeros([1, 1, 2]) }),
    'selfAttention takes a mask [b, 3 or 1, 3] with b a divisor of 4, not [1,1,2]',
  ],
  [
    'a bias of another width',
    () => affine(runtime, tf.ones([2, 3]), tf.ones([4, 3]), tf.ones([3])),
    'affine takes x [rows, in], weight [out, in] and bias [out], not [2,3], [4,3] and [3]',
  ],
  [
    'statistics of another knot',
    () =>
      equivariantProduct(
        runtime,
        { matrices: [tf.ones([1, 3, 3])], statistics: [], weights: tf.ones([1, 1, 2]) },
        { entries: tf.ones([4]), vectors: tf.ones([1, 3]) },
        tf.ones([1, 3, 2]),
      ),
    'not [1,3,2], [[1,3,3]], [], [1,1,2], [4] and [1,3]',
  ],
  [
    'frames of other rows',
    () => frameTransform(runtime, tf.ones([2, 3, 9]), tf.ones([3, 4, 4]), { scalars: 1, vectors: 2 }),
    'frameTransform of 1 scalars and 2 vectors takes x [M, C, 9] and frames [M, 4, 4], not [2,3,9] and [3,4,4]',
  ],
  [
    'harmonics of degree 7',
    () => sphericalHarmonics(runtime, tf.ones([1, 3]), { degree: 7, normalize: true, normalization: 'norm' }),
    'sphericalHarmonics takes a degree from 0 to 6, not 7',
  ],
  [
    'operands of other rows',
    () =>
      tensorProduct(runtime, tf.ones([2, 1, 1]), tf.ones([3, 1]), {
        i: [],
        j: [],
        k: [],
        value: [],
        size: 1,
      }),
    'not [2,1,1] and [3,1]',
  ],
  [
    'points of other dimensions',
    () => pairwiseDistances(runtime, tf.ones([2, 3]), tf.ones([2, 2])),
    'pairwiseDistances takes x [n, d] and y [m, d], not [2,3] and [2,2]',
  ],
  ...(
    [
      ['x', { i: [0, 2], j: [0, 0], k: [0, 0] }, 'coefficient 1 couples components 2 and 0 into 0'],
      ['y', { i: [0, 0], j: [-1, 0], k: [0, 0] }, 'coefficient 0 couples components 0 and -1 into 0'],
      [
        'z',
        { i: [0, 1], j: [0, 2], k: [0, 4] },
        'coefficient 1 couples components 1 and 2 into 4, but there are 2, 3 and 4',
      ],
      [
        'no whole number',
        { i: [0.5, 0], j: [0, 0], k: [0, 0] },
        'coefficient 0 couples components 0.5 and 0',
      ],
      ['too few', { i: [0], j: [0, 0], k: [0, 0] }, 'not 1, 2, 2, 2 and 4'],
    ] as const
  ).map(([what, indices, message]): [string, () => unknown, string] => [
    `coefficients of components that do not exist (${what})`,
    () => tensorProduct(runtime, tf.ones([1, 1, 2]), tf.ones([1, 3]), { ...indices, value: [1, 1], size: 4 }),
    message,
  ]),
  [
    'a basis of other orientations',
    () => spatialStep(runtime, tf.ones([1, 2, 3]), tf.ones([1, 4, 5]), tf.ones([3, 5]), ids(0), ids(0), 1),
    'not [1,2,3], [1,4,5], [3,5], [1] and [1]',
  ],
  [
    'a kernel of other channels',
    () => fibreStep(runtime, tf.ones([1, 2, 3]), tf.ones([2, 2, 4])),
    'not [1,2,3] and [2,2,4]',
  ],
])('%s are refused', (_case, call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

test('costs', () => {
  const equivariant = { batch: 2, nodes: 10, channels: 4, knots: 3, statistics: 5 };
  expect(equivariantProductCost(equivariant, 'float32')).toEqual({
    flops: 2 * (2 * 100 * 10 + 10 * (90 + 28)),
    bytes: 2 * (600 + 10 * 23) * 4,
  });
  expect(messageSumCost(10, 4, 3, 'float32')).toEqual({ flops: 80, bytes: (80 + 12) * 4 + 80 });
  expect(attentionCost({ batch: 2, queries: 3, keys: 5, d: 4, e: 6 }, 'float64')).toEqual({
    flops: 2 * 2 * 15 * 10,
    bytes: 2 * 80 * 8,
  });
  const features = { rows: 2, copies: 3, scalars: 5, vectors: 4 };
  expect(frameTransformCost(features, 'float32')).toEqual({ flops: 672, bytes: (252 + 32) * 4 });
  expect(affineCost(10, 3, 4, 'float32')).toEqual({ flops: 280, bytes: (70 + 16) * 4 });
  expect(pairwiseDistancesCost(10, 20, 3, 'float32')).toEqual({ flops: 2000, bytes: (90 + 200) * 4 });
  expect(sphericalHarmonicsCost(10, 2, 'float32').bytes).toBe(10 * 12 * 4);
  const coupling = { i: [0], j: [0], k: [0], value: [1], size: 2 };
  expect(tensorProductCost({ rows: 5, channels: 3, left: 4, right: 6 }, coupling, 'float32')).toEqual({
    flops: 45,
    bytes: 5 * (18 + 6) * 4,
  });
  const spatial = { edges: 10, count: 2, orientations: 3, channels: 4, functions: 5 };
  expect(spatialStepCost(spatial, 'float32')).toEqual({ flops: 1440, bytes: (270 + 24 + 20) * 4 + 80 });
  expect(fibreStepCost({ points: 2, from: 3, to: 4, channels: 5 }, 'float32').flops).toBe(240);
});
