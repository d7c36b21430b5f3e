/**
 * Every operation with a gradient: by central differences in the float64 twin, then the wasm kernels of both builds against
 * the twin, gradients of gradients too. Sizes are chosen around vectors of four, tiles and blocks.
 */
import { expect, test } from 'vitest';
import { gradientError } from '../tensor/fixes/differences.ts';
import { integer, isReal, type NdArray, type Runtime, randomFromSeed, type Tensor } from '../tensor/index.ts';
import { simdBuilds, wasmRuntime } from '../tensor/simd/testing.ts';
import { agreement, type Call, normals, worst } from './agreement.ts';
import {
  affine,
  attention,
  equivariantProduct,
  fibreStep,
  frameTransform,
  gatherRows,
  gelu,
  layerNorm,
  messageSum,
  pairwiseDistances,
  rmsNorm,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  selfAttention,
  silu,
  softmax,
  spatialStep,
  sphericalHarmonics,
  tensorProduct,
} from './index.ts';
import type { Coupling } from './tensor-product/reference.ts';

interface Case {
  readonly call: Call;
  readonly inputs: readonly NdArray[];
}

const random = randomFromSeed(21);
const ids = (count: number, below: number, from = 0): NdArray =>
  integer(
    [count],
    Int32Array.from({ length: count }, () => random.integer(below - from) + from),
  );
const of = (...shape: number[]): NdArray => normals(random, ...shape);

const sorted = ({ shape, data }: NdArray): NdArray => integer(shape, Int32Array.from(data).sort());
/** In order but for the rows that are left out between, and segments without rows. */
const gaps = integer(
  [900],
  Int32Array.from({ length: 900 }, (_, i) => (i % 7 === 3 ? -1 : 3 * Math.floor(i / 70))),
);

/** Coefficients between components drawn from a fixed seed, some of them of the same three. */
const coupling = (left: number, right: number, size: number, entries: number): Coupling => {
  const drawn = randomFromSeed(entries);
  const at = (below: number): number[] => Array.from({ length: entries }, () => drawn.integer(below));
  return { i: at(left), j: at(right), k: at(size), value: at(7).map((n) => n / 4 - 1), size };
};

/** A causal mask, [1, n, m]. */
const causal = ({ tf }: Runtime, n: number, m: number): Tensor =>
  tf.tensor3d(
    Array.from({ length: n * m }, (_, i) => (i % m <= Math.floor(i / m) ? 0 : Number.NEGATIVE_INFINITY)),
    [1, n, m],
  );

/** Knots of a path with 5 numbers a node: messages, entries, vectors, weights, statistics, matrices. */
const equivariant = (batch: number, nodes: number, channels: number, knots: number): Case => ({
  call: (r, [messages, entries, vectors, weights, ...rest]) =>
    equivariantProduct(
      r,
      { statistics: rest.slice(0, knots), matrices: rest.slice(knots), weights: weights! },
      { entries: entries!, vectors: vectors! },
      messages!,
    ),
  inputs: [
    of(batch, nodes, channels),
    of(4),
    of(11, 3),
    of(knots, batch, 2),
    ...Array.from({ length: knots }, () => of(batch, nodes, 5)),
    ...Array.from({ length: knots }, () => of(batch, nodes, nodes)),
  ],
});

const small: Record<string, Case> = {
  softmax: { call: (r, [x]) => softmax(r, x!), inputs: [of(3, 7)] },
  'layer norm': {
    call: (r, [x, weight, bias]) => layerNorm(r, x!, { weight, bias }),
    inputs: [of(2, 3, 6), of(6), of(6)],
  },
  'layer norm without weights': { call: (r, [x]) => layerNorm(r, x!), inputs: [of(3, 9)] },
  'layer norm with a bias only': {
    call: (r, [x, bias]) => layerNorm(r, x!, { bias }),
    inputs: [of(3, 5), of(5)],
  },
  'rms norm': { call: (r, [x, weight]) => rmsNorm(r, x!, { weight }), inputs: [of(3, 6), of(6)] },
  'rms norm without weight': { call: (r, [x]) => rmsNorm(r, x!), inputs: [of(2, 4)] },
  gelu: { call: (r, [x]) => gelu(r, x!), inputs: [of(3, 5)] },
  'gelu with a bias': { call: (r, [x, bias]) => gelu(r, x!, bias), inputs: [of(4, 6), of(6)] },
  silu: { call: (r, [x]) => silu(r, x!), inputs: [of(3, 5)] },
  'silu with a bias': { call: (r, [x, bias]) => silu(r, x!, bias), inputs: [of(2, 3, 7), of(7)] },
  'gather rows': { call: (r, [x, at]) => gatherRows(r, x!, at!), inputs: [of(4, 5), ids(9, 4)] },
  'segment sum': { call: (r, [x, at]) => segmentSum(r, x!, at!, 4), inputs: [of(9, 5), ids(9, 4, -1)] },
  'segment mean': { call: (r, [x, at]) => segmentMean(r, x!, at!, 4), inputs: [of(9, 6), ids(9, 4, -1)] },
  'segment max': { call: (r, [x, at]) => segmentMax(r, x!, at!, 4), inputs: [of(9, 2, 3), ids(9, 4, -1)] },
  'segment max, sorted': {
    call: (r, [x, at]) => segmentMax(r, x!, at!, 4),
    inputs: [of(11, 5), sorted(ids(11, 4, -1))],
  },
  'segment softmax': {
    call: (r, [x, at]) => segmentSoftmax(r, x!, at!, 4),
    inputs: [of(9, 6), ids(9, 4, -1)],
  },
  'segment softmax of one column': {
    call: (r, [x, at]) => segmentSoftmax(r, x!, at!, 4),
    inputs: [of(12), sorted(ids(12, 4, -1))],
  },
  'message sum': {
    call: (r, [x, w, from, to]) => messageSum(r, x!, w!, from!, to!, 3),
    inputs: [of(4, 6), of(9, 6), ids(9, 4), ids(9, 3, -1)],
  },
  'message sum, one weight an edge': {
    call: (r, [x, w, from, to]) => messageSum(r, x!, w!, from!, to!, 3),
    inputs: [of(4, 7), of(9, 1), ids(9, 4), ids(9, 3, -1)],
  },
  affine: { call: (r, [x, w, b]) => affine(r, x!, w!, b!), inputs: [of(5, 3), of(7, 3), of(7)] },
  attention: {
    call: (r, [q, k, v]) => attention(r, q!, k!, v!),
    inputs: [of(2, 3, 4), of(2, 5, 4), of(2, 5, 6)],
  },
  'attention, causal': {
    call: (r, [q, k, v]) => attention(r, q!, k!, v!, { mask: causal(r, 4, 4), scale: 0.7 }),
    inputs: [of(2, 4, 3), of(2, 4, 3), of(2, 4, 5)],
  },
  'self-attention': { call: (r, [x]) => selfAttention(r, x!, { heads: 2 }), inputs: [of(2, 5, 18)] },
  'self-attention, causal': {
    call: (r, [x]) => selfAttention(r, x!, { heads: 3, mask: causal(r, 4, 4), scale: 0.7 }),
    inputs: [of(2, 4, 18)],
  },
  'spatial step': {
    call: (r, [x, b, k, from, to]) => spatialStep(r, x!, b!, k!, from!, to!, 3),
    inputs: [of(4, 2, 4), of(6, 2, 3), of(4, 3), ids(6, 4), ids(6, 3, -1)],
  },
  'distances of all pairs': {
    call: (r, [x, y]) => pairwiseDistances(r, x!, y!),
    inputs: [of(3, 3), of(5, 3)],
  },
  'spherical harmonics of vectors of any length': {
    call: (r, [v]) => sphericalHarmonics(r, v!, { degree: 3, normalize: false, normalization: 'integral' }),
    inputs: [of(5, 3)],
  },
  'spherical harmonics of directions': {
    call: (r, [v]) => sphericalHarmonics(r, v!, { degree: 6, normalize: true, normalization: 'component' }),
    inputs: [of(11, 3)],
  },
  'tensor product': {
    call: (r, [x, y]) => tensorProduct(r, x!, y!, coupling(3, 5, 6, 20)),
    inputs: [of(3, 5, 3), of(3, 5)],
  },
  'tensor product into more than is reached': {
    call: (r, [x, y]) => tensorProduct(r, x!, y!, coupling(4, 3, 9, 4)),
    inputs: [of(2, 9, 4), of(2, 3)],
  },
  'equivariant product, one knot': equivariant(1, 5, 3, 1),
  'equivariant product, three knots': equivariant(2, 6, 4, 3),
  'frame transform': {
    call: (r, [x, frames]) => frameTransform(r, x!, frames!, { scalars: 5, vectors: 2 }),
    inputs: [of(3, 2, 13), of(3, 4, 4)],
  },
  'frame transform of vectors alone': {
    call: (r, [x, frames]) => frameTransform(r, x!, frames!, { scalars: 0, vectors: 3 }),
    inputs: [of(2, 1, 12), of(2, 4, 4)],
  },
  'fibre step': { call: (r, [x, k]) => fibreStep(r, x!, k!), inputs: [of(3, 2, 4), of(3, 2, 4)] },
};

/** Beyond one block, tile or chunk, where only the kernels have something to get wrong. */
const large: Record<string, Case> = {
  'equivariant product, several blocks': equivariant(1, 300, 7, 2),
  'equivariant product, channels beyond a panel': equivariant(2, 67, 35, 3),
  'softmax, long rows': { call: (r, [x]) => softmax(r, x!), inputs: [of(3, 1030)] },
  ...Object.fromEntries(
    [1, 7, 40].flatMap((width) =>
      [ids(900, 40, -1), sorted(ids(900, 40, -1)), gaps].flatMap((at, i): [string, Case][] =>
        Object.entries({ segmentSum, segmentMean, segmentMax, segmentSoftmax }).map(([name, call]) => [
          `${name} of ${width} columns, segments ${['in any order', 'in order', 'in order with rows left out'][i]}`,
          { call: (r, [x, segments]) => call(r, x!, segments!, 40), inputs: [of(900, width), at] },
        ]),
      ),
    ),
  ),
  'affine map, several blocks': {
    call: (r, [x, w, b]) => affine(r, x!, w!, b!),
    inputs: [of(70, 300), of(29, 300), of(29)],
  },
  'message sum, many edges': {
    call: (r, [x, w, from, to]) => messageSum(r, x!, w!, from!, to!, 30),
    inputs: [of(40, 12), of(500, 12), ids(500, 40), ids(500, 30, -1)],
  },
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6].flatMap((degree) =>
      (['norm', 'component', 'integral'] as const).map((normalization): [string, Case] => {
        const attributes = { degree, normalize: degree % 2 === 0, normalization };
        return [
          `spherical harmonics to degree ${degree}, ${normalization}`,
          { call: (r, [v]) => sphericalHarmonics(r, v!, attributes), inputs: [of(53, 3)] },
        ];
      }),
    ),
  ),
  'distances of many pairs': {
    call: (r, [x, y]) => pairwiseDistances(r, x!, y!),
    inputs: [of(41, 3), of(87, 3)],
  },
  'distances in ten dimensions': {
    call: (r, [x, y]) => pairwiseDistances(r, x!, y!),
    inputs: [of(9, 10), of(16, 10)],
  },
  'tensor product of many channels': {
    call: (r, [x, y]) => tensorProduct(r, x!, y!, coupling(16, 9, 25, 300)),
    inputs: [of(7, 37, 16), of(7, 9)],
  },
  'tensor product of nothing': {
    call: (r, [x, y]) => tensorProduct(r, x!, y!, coupling(2, 2, 3, 0)),
    inputs: [of(3, 2, 2), of(3, 2)],
  },
  'attention, several tiles': {
    call: (r, [q, k, v]) => attention(r, q!, k!, v!),
    inputs: [of(2, 70, 9), of(2, 530, 9), of(2, 530, 11)],
  },
  'attention, several tiles, causal': {
    call: (r, [q, k, v]) => attention(r, q!, k!, v!, { mask: causal(r, 300, 300) }),
    inputs: [of(2, 300, 8), of(2, 300, 8), of(2, 300, 8)],
  },
  'self-attention, several tiles': {
    call: (r, [x]) => selfAttention(r, x!, { heads: 2, mask: causal(r, 300, 300) }),
    inputs: [of(2, 300, 54)],
  },
  'attention, a negative scale': {
    call: (r, [q, k, v]) => attention(r, q!, k!, v!, { scale: -0.4 }),
    inputs: [of(2, 9, 5), of(2, 21, 5), of(2, 21, 7)],
  },
  'spatial step, several chunks': {
    call: (r, [x, b, k, from, to]) => spatialStep(r, x!, b!, k!, from!, to!, 9),
    inputs: [of(10, 3, 12), of(101, 3, 10), of(12, 10), ids(101, 10), ids(101, 9, -1)],
  },
  'spatial step, channels that are no vectors': {
    call: (r, [x, b, k, from, to]) => spatialStep(r, x!, b!, k!, from!, to!, 9),
    inputs: [of(10, 3, 5), of(31, 3, 4), of(5, 4), ids(31, 10), ids(31, 9, -1)],
  },
};

test.each(Object.entries(small))('%s: central differences in the twin', async (_name, { call, inputs }) => {
  for (const [place, input] of inputs.entries()) {
    if (!isReal(input)) continue;
    const error = await gradientError((tf, x) => {
      const runtime = { tf } as Runtime;
      const tensors = inputs.map((array, i) =>
        i === place
          ? x
          : tf.tensor(array.data as Float64Array, [...array.shape], isReal(array) ? 'float32' : 'int32'),
      );
      const y = call(runtime, tensors);
      return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.add(tf.range(0, y.size), 0.5)), y.shape)));
    }, input);
    expect(error, `input ${place}`).toBeLessThan(2e-8);
  }
});

test.each(simdBuilds)('%s agrees with the twin in value, gradient and its gradient', async (build) => {
  const runtime = await wasmRuntime(build);
  const failures: string[] = [];
  for (const [name, { call, inputs }] of Object.entries({ ...small, ...large })) {
    const error = worst(await agreement(runtime, call, inputs, false));
    if (!(error < 5e-6)) failures.push(`${name}: ${error}`);
    if (name in large) continue;
    // Squared, so that a gradient depends on inputs that the operation is linear in.
    const squared: Call = (r, xs) => r.tf.square(call(r, xs));
    const twice = worst(await agreement(runtime, squared, inputs));
    if (!(twice < 2e-5)) failures.push(`${name}, squared and twice: ${twice}`);
  }
  expect(failures).toEqual([]);
});

test('the wasm backend really has these kernels', async () => {
  const { tf } = await wasmRuntime('relaxed SIMD');
  const own = tf.getKernelsForBackend('wasm').filter(({ kernelName }) => kernelName.startsWith('Noether'));
  expect(own.map(({ kernelName }) => kernelName).toSorted()).toEqual([
    'NoetherAttention',
    'NoetherAttentionGradient',
    'NoetherEquivariantProduct',
    'NoetherEquivariantProductGradient',
    'NoetherFibreKernelGradient',
    'NoetherFibreStep',
    'NoetherFrameTransform',
    'NoetherFrameTransformBack',
    'NoetherFrameTransformGradient',
    'NoetherGelu',
    'NoetherGeluGradient',
    'NoetherLayerNorm',
    'NoetherLinear',
    'NoetherMessageSum',
    'NoetherMessageSumWeightGradient',
    'NoetherNormaliseGradient',
    'NoetherPairwiseDistances',
    'NoetherPairwiseDistancesGradient',
    'NoetherRmsNorm',
    'NoetherSegmentMax',
    'NoetherSegmentMaxGradient',
    'NoetherSegmentMean',
    'NoetherSegmentMeanGradient',
    'NoetherSegmentSoftmax',
    'NoetherSegmentSoftmaxGradient',
    'NoetherSelfAttention',
    'NoetherSelfAttentionGradient',
    'NoetherSilu',
    'NoetherSiluGradient',
    'NoetherSoftmax',
    'NoetherSoftmaxGradient',
    'NoetherSpatialGradient',
    'NoetherSpatialStep',
    'NoetherSphericalHarmonics',
    'NoetherSphericalHarmonicsGradient',
    'NoetherTensorProduct',
    'NoetherTensorProductLeftGradient',
    'NoetherTensorProductRightGradient',
  ]);
});

test('an edge of a row that does not exist is refused', async () => {
  const runtime = await wasmRuntime('relaxed SIMD');
  const { tf } = runtime;
  const before = tf.memory().numTensors;
  const at = (...rows: number[]) => tf.tensor1d(rows, 'int32');
  tf.tidy(() => {
    const sum = (from: Tensor, to: Tensor) =>
      messageSum(runtime, tf.ones([2, 3]), tf.ones([2, 1]), from, to, 2);
    expect(() => sum(at(0, 2), at(0, 1))).toThrow('edge 1 goes from row 2 to row 1');
    expect(() => sum(at(0, 1), at(5, 1))).toThrow('edge 0 goes from row 0 to row 5');
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('gradients leave nothing on the heap', async () => {
  const runtime = await wasmRuntime('relaxed SIMD');
  const { tf } = runtime;
  const before = tf.memory();
  for (const { call, inputs } of Object.values(small)) {
    tf.tidy(() => {
      const tensors = inputs.map((input) => runtime.tensor(input));
      const reals = inputs.flatMap((input, i) => (isReal(input) ? [i] : []));
      tf.grads((...xs: Tensor[]) => {
        const all = [...tensors];
        reals.forEach((place, i) => {
          all[place] = xs[i]!;
        });
        return tf.sum(call(runtime, all));
      })(reals.map((i) => tensors[i]!));
    });
  }
  expect(tf.memory()).toEqual(before);
});
