/** Compares two compilations of the own kernels, bit for bit, at sizes around the widths of vectors. */
import type { SimdExports } from './exports.ts';

/** The memory that both work on. */
export interface Heap {
  /** The address of that many bytes. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** Another one after the memory has grown. */
  buffer(): ArrayBuffer;
}

/** Addresses: a to d of floats, e of positive ones, i and j of indices below 5 or -1, k of the same in rising order, t the table of a tensor product; results go to x, y, z; s is scratch. */
type Places = Readonly<Record<(typeof inputs)[number] | (typeof outputs)[number] | 's', number>>;
type Case = readonly [name: string, call: (run: SimdExports, at: Places) => void];

const inputs = ['a', 'b', 'c', 'd', 'e', 'i', 'j', 'k', 't'] as const;
const outputs = ['x', 'y', 'z'] as const;
/** Floats of an input or a result. */
const floats = 4096;
const scratchBytes = 1 << 16;

/** From 5 components and 4 into 5: the first of two targets by two links of one coupling each, the second by one link of two. */
const coupling = [
  2, 3, 1, 2, 4, 1, 0, 1, 3, 1, 2, 2, 2, 0x3f000000, 0, 0x3fc00000, 1, 0x40400000, 3, 0x3f800000,
];

const products: Case[] = [
  [4, 16, 16],
  [6, 9, 31],
  [9, 261, 13],
  [5, 7, 20],
].flatMap(([m, k, n]) =>
  [0, 1, 2, 3].map(
    (turned): Case => [
      `the product of sizes ${m}, ${k} and ${n}`,
      ({ matmul }, { a, b, c, x, s }) =>
        matmul(a, b, turned ? c : 0, x, 1, m!, k!, n!, turned % 2 === 1, turned > 1, 0, 0, s),
    ],
  ),
);

const elementwise: Case[] = [
  ...[0, 1, 2, 3].map(
    (f): Case => [`function ${f} of one array`, ({ unary }, { a, x }) => unary(f, a, x, 45)],
  ),
  ...[0, 1, 2, 3, 4, 5].flatMap((f) =>
    [
      [37, 1, 37, 1],
      [0, 1, 1, 0],
      [1, 0, 37, 1],
    ].map(
      (steps): Case => [
        `function ${f} of two arrays`,
        ({ binary }, { a, b, x }) =>
          binary(f, a, b, x, 1, 1, 3, 37, 0, 0, steps[0]!, steps[1]!, 0, 0, steps[2]!, steps[3]!),
      ],
    ),
  ),
  [
    'Adam',
    ({ adam }, { a, b, c, e, x, y, z }) => adam(a, b, c, e, x, y, z, 45, 0.9, 0.99, 0.1, 2, 1e-8, 0.9, 0.1),
  ],
  ...[false, true].flatMap((silu): Case[] => [
    ['activations', ({ activation }, { a, b, x }) => activation(a, b, x, 3, 45, silu)],
    [
      'gradients of activations',
      ({ activationGradient }, { a, b, c, x, y }) => activationGradient(a, b, c, x, y, 3, 45, silu),
    ],
  ]),
];

const rows: Case[] = [
  ['sums of rows', ({ sumAxis }, { a, x }) => sumAxis(a, x, 3, 61, 1, 0.5)],
  ['sums of columns', ({ sumAxis }, { a, x }) => sumAxis(a, x, 2, 11, 45, 0.5)],
  ['moved axes', ({ transpose }, { a, x }) => transpose(a, x, 1, 1, 2, 13, 9, 0, 0, 117, 13, 0, 0, 117, 9)],
  ['joined rows', ({ spreadRuns }, { a, x }) => spreadRuns(a, x, 5, 13, 20)],
  ['softmax', ({ softmax }, { a, x }) => softmax(a, x, 3, 45)],
  ['gradients of softmax', ({ softmaxGradient }, { a, b, x }) => softmaxGradient(a, b, x, 3, 45)],
  ...[false, true].flatMap((centred): Case[] => [
    ['normalisation', ({ normalise }, { a, b, c, x, y }) => normalise(a, b, c, x, y, 3, 45, 1e-5, centred)],
    [
      'gradients of normalisation',
      ({ normaliseGradient }, { a, b, c, e, x, y, z }) =>
        normaliseGradient(a, b, c, e, x, y, z, 3, 45, centred),
    ],
  ]),
  ['gathered rows', ({ gatherRows }, { a, i, x }) => void gatherRows(a, i, x, 20, 5, 45, true)],
  // Segments in any order and in runs; rows that are vectors and that are not.
  ...(['i', 'k'] as const).flatMap((ids) =>
    [45, 4, 1].flatMap((width): Case[] => [
      ['sums by segment', ({ segmentSum }, at) => void segmentSum(at.a, at[ids], at.x, 20, 5, width)],
      [
        'means by segment',
        ({ segmentMean }, at) => void segmentMean(at.a, at[ids], at.s, at.x, 20, 5, width),
      ],
      [
        'gradients of means by segment',
        ({ segmentMeanGradient }, at) => segmentMeanGradient(at.a, at[ids], at.s, at.x, 20, 5, width),
      ],
      ['maxima by segment', ({ segmentMax }, at) => void segmentMax(at.a, at[ids], at.s, at.x, 20, 5, width)],
      [
        'gradients of maxima by segment',
        ({ segmentMaxGradient }, at) =>
          // Rows that lie where maxima are looked for, so that some of them reach theirs.
          segmentMaxGradient(at.a, at.a, at.b, at[ids], at.s, at.x, 20, 5, width),
      ],
      [
        'softmax by segment',
        ({ segmentSoftmax }, at) => void segmentSoftmax(at.a, at[ids], at.s, at.x, 20, 5, width),
      ],
      [
        'gradients of softmax by segment',
        ({ segmentSoftmaxGradient }, at) =>
          segmentSoftmaxGradient(at.a, at.b, at[ids], at.s, at.x, 20, 5, width),
      ],
    ]),
  ),
  ...[false, true].flatMap((single): Case[] => [
    [
      'message sums',
      ({ messageSum }, { a, b, i, j, x }) => void messageSum(a, b, i, j, x, 20, 5, 5, 45, single, true),
    ],
    [
      'gradients of message sums',
      ({ messageWeightGradient }, { a, b, i, j, x }) => {
        // Rows of senders are read without asking whether they are there.
        messageWeightGradient(a + 4 * 45, b, i, j, x, 20, 45, single);
      },
    ],
  ]),
];

const composed: Case[] = [
  ...[0, 1].map(
    (masked): Case => [
      'attention',
      ({ attention }, { a, b, c, d, x, y, s }) =>
        attention(a, b, c, masked ? d : 0, x, y, 2, 5, 37, 20, 13, 0.3, 1, 37, 5 * 37, 1, 20, 20, 13, 13, s),
    ],
  ),
  [
    'gradients of attention',
    // Two heads a sample, side by side in rows.
    ({ attentionGradient }, { a, b, c, d, e, x, y, z, s }) => {
      const places = [a, b, c, 0, d, e, b, x, y, z];
      attentionGradient(...places, 2, 5, 37, 20, 13, 0.3, 1, 37, 5 * 37, 2, 40, 40, 26, 26, s);
    },
  ],
  ...[false, true].map(
    (turned): Case => [
      'other frames',
      ({ frameTransform }, { a, b, x }) => frameTransform(a, b, x, 7, 3, 5, 3, turned),
    ],
  ),
  [
    'gradients of other frames',
    ({ frameTransformGradient }, { a, b, x }) => frameTransformGradient(a, b, x, 7, 3, 5, 3),
  ],
  [
    'the step over space',
    ({ spatialStep }, { a, b, c, i, j, x, s }) =>
      void spatialStep(a, b, c, i, j, x, 20, 3, 20, 6, 5, 5, true, s),
  ],
  [
    'gradients of the step over space',
    ({ spatialGradient }, { a, b, c, d, i, j, x, y, s }) =>
      spatialGradient(a, d, b, c, i, j, x, y, 20, 3, 20, 6, s),
  ],
  ...[true, false].flatMap((normalize): Case[] => [
    [
      'spherical harmonics',
      ({ sphericalHarmonics }, { a, x, s }) => sphericalHarmonics(a, x, 21, 6, normalize, 1, s),
    ],
    [
      'gradients of spherical harmonics',
      ({ sphericalHarmonicsGradient }, { a, b, x, s }) =>
        sphericalHarmonicsGradient(a, b, x, 21, 6, normalize, 1, s),
    ],
  ]),
  [
    'the tensor product',
    ({ tensorProduct }, { a, b, t, x, s }) => tensorProduct(a, b, t, x, 5, 11, 5, 4, 5, s),
  ],
  [
    'gradients of the tensor product',
    ({ tensorProductRightGradient }, { a, b, t, x, s }) =>
      tensorProductRightGradient(a, b, t, x, 5, 11, 5, 4, 5, s),
  ],
  [
    'distances of all pairs',
    ({ pairwiseDistances }, { a, b, x, s }) => pairwiseDistances(a, b, x, 7, 45, 3, s),
  ],
  [
    'gradients of distances of all pairs',
    ({ pairwiseGradient }, { a, b, c, d, x, y, s }) => pairwiseGradient(a, b, c, d, x, y, 7, 45, 3, s),
  ],
  // A filter of 3 x 2 pixels with strides and dilations, over the border; the image has 7 x 9.
  [
    'convolutions',
    ({ convolution }, { a, b, c, x, s }) =>
      convolution(a, b, c, x, 2, 7, 9, 5, 5, 4, 13, 3, 2, 1, 2, 2, 1, 1, 0, s),
  ],
  [
    'gradients of convolutions',
    ({ convolutionInputGradient, convolutionFilterGradient }, { a, b, c, x, y, s }) => {
      convolutionInputGradient(c, b, x, 2, 7, 9, 5, 5, 4, 13, 3, 2, 1, 2, 2, 1, 1, 0, s);
      convolutionFilterGradient(a, c, y, 2, 7, 9, 5, 5, 4, 13, 3, 2, 1, 2, 2, 1, 1, 0, s);
    },
  ],
  ...[1, 2].flatMap((stride): Case[] => [
    [
      'convolutions of channels apart',
      ({ depthwise }, { a, b, x, s }) =>
        depthwise(a, b, x, 2, 7, 9, 13, 1, 7, 8, 3, 2, stride, 1, 1, stride, 1, 0, s),
    ],
    [
      'gradients of convolutions of channels apart',
      ({ depthwiseInputGradient, depthwiseFilterGradient }, { a, b, c, x, y, s }) => {
        const sizes = [2, 7, 9, 7, 2, 7, 8, 3, 2, stride, 1, 1, 1, 1, 0];
        depthwiseInputGradient(c, b, x, ...sizes, s);
        depthwiseFilterGradient(a, c, y, ...sizes, s);
      },
    ],
  ]),
  ['the step over orientations', ({ fibreStep }, { a, b, x }) => fibreStep(a, b, x, 5, 3, 4, 20, true)],
  [
    'gradients of the step over orientations',
    ({ fibreKernelGradient }, { a, b, x }) => fibreKernelGradient(a, b, x, 5, 3, 4, 20),
  ],
  ...[0, 1].flatMap((turned): Case[] => [
    [
      'the equivariant product',
      ({ equivariantProduct }, { b, c, d, e, x, s }) =>
        equivariantProduct(
          b,
          c,
          d,
          e,
          c,
          d,
          turned ? b : 0,
          e,
          b,
          turned ? c : 0,
          x,
          2,
          21,
          13,
          5,
          turned,
          s,
        ),
    ],
    [
      'gradients of the equivariant product',
      ({ equivariantProductGradient }, { b, c, d, e, x, y, s }) =>
        equivariantProductGradient(
          b,
          c,
          e,
          c,
          d,
          turned ? b : 0,
          e,
          b,
          turned ? d : 0,
          x,
          y,
          2,
          21,
          13,
          5,
          s,
        ),
    ],
  ]),
];

/** The name of the first case in which the results differ; undefined where all are the same. Any NaN equals any other. */
export function firstDifference(run: SimdExports, plain: SimdExports, heap: Heap): string | undefined {
  const size = 4 * floats;
  const base = heap.allocate(size * (inputs.length + outputs.length) + scratchBytes);
  const at = Object.fromEntries(
    [...inputs, ...outputs, 's' as const].map((place, i) => [place, base + i * size]),
  ) as unknown as Places;
  try {
    fill(heap, at);
    const results = new Int32Array(heap.buffer(), at.x, floats * outputs.length);
    const asFloats = new Float32Array(results.buffer, results.byteOffset, results.length);
    for (const [name, call] of [...products, ...elementwise, ...rows, ...composed]) {
      results.fill(0);
      call(plain, at);
      const bits = results.slice();
      const values = asFloats.slice();
      results.fill(0);
      call(run, at);
      if (
        bits.some((bit, i) => bit !== results[i] && !(Number.isNaN(values[i]) && Number.isNaN(asFloats[i])))
      ) {
        return name;
      }
    }
    return undefined;
  } finally {
    heap.free(base);
  }
}

function fill(heap: Heap, at: Places): void {
  // A congruence of Knuth's: any numbers do, if they are many.
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (const place of ['a', 'b', 'c', 'd', 'e'] as const) {
    const values = new Float32Array(heap.buffer(), at[place], floats);
    for (let i = 0; i < floats; i++) values[i] = place === 'e' ? next() + 0.5 : 6 * next() - 3;
  }
  // Beyond where exp and erf are cut off, and what is no number.
  new Float32Array(heap.buffer(), at.a).set([-90, 90, 5, -5, -0, Infinity, -Infinity, NaN, 1e-40]);
  for (const place of ['i', 'j'] as const) {
    const ids = new Int32Array(heap.buffer(), at[place], floats);
    for (let i = 0; i < floats; i++) ids[i] = Math.floor(6 * next()) - 1;
  }
  // The first 20 are what is used.
  new Int32Array(heap.buffer(), at.k, floats).set(new Int32Array(heap.buffer(), at.i, 20).slice().sort());
  new Int32Array(heap.buffer(), at.t).set(coupling);
}
