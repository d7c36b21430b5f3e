/** What is measured: each row makes a pass that can be run again and again. The same code runs on the own kernels and without them. */
import {
  gatherRows,
  gelu,
  messageSum,
  nearestNeighbours,
  pairwiseDistances,
  radiusGraph,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  selfAttention,
  sphericalHarmonics,
  tensorProduct,
} from '../../engine/src/kernel/index.ts';
import { layerNorm, linear } from '../../engine/src/layer/linear.ts';
import { randomFromSeed } from '../../engine/src/tensor/random-stream.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/runtime.ts';
import { rapidash } from './rapidash.ts';
import { step, uniform } from './step.ts';

/** One pass; what it returns is disposed of. */
export type Pass = () => Tensor | Tensor[] | undefined;

export interface Row {
  readonly name: string;
  /** Passes in one measurement, for what is too short to be measured alone. */
  readonly repeats: number;
  /** Not run without own kernels: it would take minutes. */
  readonly tooSlowForStock?: boolean;
  /** The goal for own time over PyTorch's. */
  readonly goal: number;
  make(runtime: Runtime): Pass;
}

function matmul(m: number, k: number, n: number) {
  return (runtime: Runtime): Pass => {
    const [a, b] = [uniform(runtime, [m, k]), uniform(runtime, [k, n])];
    return () => runtime.tf.matMul(a, b);
  };
}

function mlp(runtime: Runtime): Pass {
  const x = uniform(runtime, [100_000, 64]);
  const weights = [[64, 64], [64], [64, 64], [64]].map((shape) => uniform(runtime, shape));
  const [w1, b1, w2, b2] = weights as [Tensor, Tensor, Tensor, Tensor];
  return () => linear(runtime, gelu(runtime, linear(runtime, x, w1), b1), w2, b2);
}

const edges = 100_000;
const nodes = 5000;

function ids(runtime: Runtime, seed: number): Tensor {
  const random = randomFromSeed(seed);
  return runtime.tf.tensor1d(
    Int32Array.from({ length: edges }, () => random.integer(nodes)),
    'int32',
  );
}

/** Sums of gathered rows, or the gradient of the sum of their squares. */
function gatherSum(gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [x, from, to] = [uniform(runtime, [nodes, 64]), ids(runtime, 1), ids(runtime, 2)];
    const forward = (t: Tensor): Tensor => segmentSum(runtime, gatherRows(runtime, t, from), to, nodes);
    return gradient ? () => tf.grad((t) => tf.sum(tf.square(forward(t))))(x) : () => forward(x);
  };
}

function messages(gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [x, w] = [uniform(runtime, [nodes, 64]), uniform(runtime, [edges, 64])];
    const [from, to] = [ids(runtime, 1), ids(runtime, 2)];
    const forward = (t: Tensor, u: Tensor): Tensor => messageSum(runtime, t, u, from, to, nodes);
    return gradient
      ? () => tf.grads((t, u) => tf.sum(tf.square(forward(t, u))))([x, w])
      : () => forward(x, w);
  };
}

type BySegment = (runtime: Runtime, x: Tensor, segments: Tensor, count: number) => Tensor;

/** Rows by segment, in any order or in rising order, or the gradient of the sum of their squares. */
function bySegment(call: BySegment, width: number, order: 'any order' | 'sorted', gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const x = uniform(runtime, [edges, width]);
    const drawn = ids(runtime, 2);
    const segments =
      order === 'sorted' ? tf.tensor1d(drawn.dataSync<'int32'>().slice().sort(), 'int32') : drawn;
    const forward = (t: Tensor): Tensor => call(runtime, t, segments, nodes);
    return gradient ? () => tf.grad((t) => tf.sum(tf.square(forward(t))))(x) : () => forward(x);
  };
}

function harmonics(degree: number, gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const x = uniform(runtime, [edges, 3]);
    const attributes = { degree, normalize: true, normalization: 'component' } as const;
    const forward = (t: Tensor): Tensor => sphericalHarmonics(runtime, t, attributes);
    return gradient ? () => tf.grad((t) => tf.sum(tf.square(forward(t))))(x) : () => forward(x);
  };
}

function distances(gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [x, y] = [uniform(runtime, [2000, 3]), uniform(runtime, [2000, 3])];
    const forward = (a: Tensor, b: Tensor): Tensor => pairwiseDistances(runtime, a, b);
    return gradient ? () => tf.grads((a, b) => tf.sum(forward(a, b)))([x, y]) : () => forward(x, y);
  };
}

/** As many coefficients as the product of degrees 0 to 2 with themselves has, kept to degree 2: 83 of 729. */
function products(gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [count, channels, width] = [20_000, 32, 9];
    const random = randomFromSeed(4);
    const cells = Array.from({ length: width ** 3 }, (_, cell) => cell);
    const chosen = Array.from({ length: 83 }, () => cells.splice(random.integer(cells.length), 1)[0]!);
    const coupling = {
      i: chosen.map((cell) => Math.floor(cell / width ** 2)),
      j: chosen.map((cell) => Math.floor(cell / width) % width),
      k: chosen.map((cell) => cell % width),
      value: chosen.map(() => random.normal()),
      size: width,
    };
    const [x, y] = [uniform(runtime, [count, channels, width]), uniform(runtime, [count, width])];
    const forward = (a: Tensor, b: Tensor): Tensor => tensorProduct(runtime, a, b, coupling);
    return gradient
      ? () => tf.grads((a, b) => tf.sum(tf.square(forward(a, b))))([x, y])
      : () => forward(x, y);
  };
}

/** Sizes of images and filters, and whether channels stay apart. Borders are padded. */
const convolutions = {
  'convolution 3x3, 8 x 32 x 32, 32 to 64': [[8, 32, 32, 32], [3, 3, 32, 64], false],
  'convolution 1x1, 8 x 32 x 32, 64 to 64': [[8, 32, 32, 64], [1, 1, 64, 64], false],
  'convolution 5x5, 32 x 28 x 28, 1 to 16': [[32, 28, 28, 1], [5, 5, 1, 16], false],
  'convolution of 5 in sequences, 32 x 256, 64 to 64': [[32, 1, 256, 64], [1, 5, 64, 64], false],
  'depthwise 3x3, 8 x 32 x 32 x 64': [[8, 32, 32, 64], [3, 3, 64, 1], true],
  'depthwise 7x7, 8 x 32 x 32 x 64': [[8, 32, 32, 64], [7, 7, 64, 1], true],
} as const;

/** A convolution, or its gradients by image and filter. */
function convolution(row: keyof typeof convolutions, gradient: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [image, taps, isDepthwise] = convolutions[row];
    const [x, filter] = [uniform(runtime, image), uniform(runtime, taps)];
    const forward = (a: Tensor, b: Tensor): Tensor =>
      isDepthwise
        ? tf.depthwiseConv2d(a as never, b as never, 1, 'same')
        : tf.conv2d(a as never, b as never, 1, 'same');
    return gradient
      ? () => tf.grads((a, b) => tf.sum(tf.square(forward(a, b))))([x, filter])
      : () => forward(x, filter);
  };
}

function transformer(training: boolean) {
  return (runtime: Runtime): Pass => {
    const { tf } = runtime;
    const [batch, tokens, width, heads, layers] = [16, 128, 64, 4, 4] as const;
    const x = uniform(runtime, [batch, tokens, width]);
    const shapes = [
      [width],
      [width],
      [3 * width, width],
      [3 * width],
      [width, width],
      [width],
      [width],
      [width],
      [4 * width, width],
      [4 * width],
      [width, 4 * width],
      [width],
    ];
    const all = Array.from({ length: layers }, () => shapes).flat();
    const forward = (weights: readonly Tensor[]): Tensor => {
      let h = x;
      for (let layer = 0; layer < layers; layer++) {
        const own = weights.slice(layer * shapes.length, (layer + 1) * shapes.length);
        const [w1, b1, qkv, qkvBias, out, outBias, w2, b2, up, upBias, down, downBias] = own as Tensor[];
        const qkvRows = linear(runtime, layerNorm(runtime, h, w1, b1), qkv!, qkvBias);
        const rows = selfAttention(runtime, qkvRows, { heads });
        h = tf.add(h, linear(runtime, rows, out!, outBias));
        const wide = gelu(runtime, linear(runtime, layerNorm(runtime, h, w2, b2), up!), upBias);
        h = tf.add(h, linear(runtime, wide, down!, downBias));
      }
      return h;
    };
    return step(runtime, all, forward, training);
  };
}

function graph(count: number) {
  return (): Pass => {
    const random = randomFromSeed(3);
    const positions = Float64Array.from({ length: 3 * count }, () => random.uniform());
    const radius = (30 / count / 4.19) ** (1 / 3);
    return () => {
      radiusGraph(positions, 3, radius, { loops: true });
      return undefined;
    };
  };
}

function nearest(count: number, box?: readonly number[]) {
  return (): Pass => {
    const random = randomFromSeed(3);
    const positions = Float64Array.from({ length: 3 * count }, () => random.uniform());
    return () => {
      nearestNeighbours(positions, 3, 16, box ? { box } : {});
      return undefined;
    };
  };
}

export const rows: readonly Row[] = [
  { name: 'matmul 512^3', repeats: 1, goal: 2, make: matmul(512, 512, 512) },
  { name: 'matmul 128x64x64', repeats: 200, goal: 2, make: matmul(128, 64, 64) },
  { name: 'MLP 100k x 64', repeats: 1, goal: 2, make: mlp },
  { name: 'gather + segment sum', repeats: 1, goal: 2, tooSlowForStock: true, make: gatherSum(false) },
  {
    name: 'gather + segment sum, with gradient',
    repeats: 1,
    goal: 2,
    tooSlowForStock: true,
    make: gatherSum(true),
  },
  { name: 'message passing', repeats: 1, goal: 0.5, tooSlowForStock: true, make: messages(false) },
  {
    name: 'message passing, with gradient',
    repeats: 1,
    goal: 0.5,
    tooSlowForStock: true,
    make: messages(true),
  },
  ...(['any order', 'sorted'] as const).flatMap((order) =>
    [false, true].flatMap((gradient): Row[] =>
      (
        [
          ['segment mean 100k x 64', segmentMean, 64],
          ['segment max 100k x 64', segmentMax, 64],
          ['segment softmax 100k x 8', segmentSoftmax, 8],
          ['segment softmax 100k x 1', segmentSoftmax, 1],
        ] as const
      ).map(([name, call, width]) => ({
        name: `${name}, ${order}${gradient ? ', with gradient' : ''}`,
        repeats: 1,
        goal: 2,
        tooSlowForStock: true,
        make: bySegment(call, width, order, gradient),
      })),
    ),
  ),
  ...[false, true].flatMap((gradient): Row[] => {
    const ending = gradient ? ', with gradient' : '';
    return [
      ...[3, 6].map((degree) => ({
        name: `spherical harmonics 100k to degree ${degree}${ending}`,
        repeats: 1,
        goal: 2,
        make: harmonics(degree, gradient),
      })),
      { name: `distances 2k x 2k${ending}`, repeats: 1, goal: 2, make: distances(gradient) },
      { name: `tensor product 20k x 32 x 9${ending}`, repeats: 1, goal: 2, make: products(gradient) },
    ];
  }),
  ...(Object.keys(convolutions) as (keyof typeof convolutions)[]).flatMap((name) =>
    [false, true].map((gradient) => ({
      name: `${name}${gradient ? ', with gradient' : ''}`,
      repeats: 1,
      goal: 2,
      make: convolution(name, gradient),
    })),
  ),
  { name: 'transformer forward', repeats: 1, goal: 2, make: transformer(false) },
  { name: 'transformer Adam step', repeats: 1, goal: 1.3, make: transformer(true) },
  { name: 'Rapidash forward', repeats: 1, goal: 2, tooSlowForStock: true, make: rapidash(false) },
  { name: 'Rapidash Adam step', repeats: 1, goal: 1.3, tooSlowForStock: true, make: rapidash(true) },
  { name: 'radius graph 1k', repeats: 1, goal: 2, make: graph(1000) },
  { name: 'radius graph 10k', repeats: 1, goal: 2, make: graph(10_000) },
  { name: 'radius graph 100k', repeats: 1, goal: 2, make: graph(100_000) },
  { name: '16 nearest neighbours 10k', repeats: 1, goal: 2, make: nearest(10_000) },
  { name: '16 nearest neighbours 10k, periodic', repeats: 1, goal: 2, make: nearest(10_000, [1, 1, 1]) },
  { name: '16 nearest neighbours 100k, periodic', repeats: 1, goal: 2, make: nearest(100_000, [1, 1, 1]) },
];
