/** The library's convolutions by our kernels, against their definition in the float64 twin; and the definition's own gradient. */
import { expect, test } from 'vitest';
import { gradientError } from '../../tensor/fixes/differences.ts';
import { openRuntime, type Runtime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { simdBuilds, wasmRuntime } from '../../tensor/simd/testing.ts';
import { agreement, type Call, normals, worst } from '../agreement.ts';
import { convolutionCost, depthwiseConvolutionCost } from './index.ts';
import { type ConvolutionOptions, convolutionReference, depthwiseReference } from './reference.ts';

type Four = readonly [number, number, number, number];

interface Case extends Partial<ConvolutionOptions> {
  readonly x: Four;
  readonly filter: Four;
}

/** Sizes around the width of vectors, of tiles of places, and where a filter hangs over the border. */
const mixed: Record<string, Case> = {
  'a pixel at a time': { x: [2, 5, 4, 7], filter: [1, 1, 7, 9] },
  'a pixel at a time, with strides': { x: [2, 5, 4, 7], filter: [1, 1, 7, 9], strides: [2, 2] },
  '3 x 3': { x: [2, 6, 7, 3], filter: [3, 3, 3, 5] },
  '3 x 3, padded': { x: [1, 6, 7, 8], filter: [3, 3, 8, 17], pad: around(1) },
  'more padding on one side': {
    x: [1, 6, 7, 2],
    filter: [2, 4, 2, 3],
    pad: [
      [0, 1],
      [2, 1],
    ],
  },
  strides: { x: [2, 9, 8, 3], filter: [3, 2, 3, 4], strides: [2, 3], pad: around(1) },
  dilations: { x: [1, 9, 8, 4], filter: [3, 3, 4, 4], dilations: [2, 3], pad: around(2) },
  'one that is larger than the image': { x: [1, 3, 3, 2], filter: [5, 5, 2, 3], pad: around(2) },
  'a sequence': { x: [3, 1, 20, 6], filter: [1, 5, 6, 8], dilations: [1, 2] },
  // 64 places at least, several times.
  'several tiles': { x: [3, 12, 12, 65], filter: [3, 3, 65, 6], pad: around(1) },
};

const apart: Record<string, Case> = {
  'one channel': { x: [2, 6, 7, 1], filter: [3, 3, 1, 1] },
  '13 channels, padded': { x: [2, 6, 9, 13], filter: [3, 3, 13, 1], pad: around(1) },
  '16 channels, a wide filter': { x: [1, 9, 15, 16], filter: [5, 7, 16, 1], pad: around(3) },
  'three results a channel': { x: [2, 5, 6, 4], filter: [2, 3, 4, 3] },
  strides: { x: [2, 9, 10, 8], filter: [3, 3, 8, 1], strides: [2, 2], pad: around(1) },
  'strides, two results a channel': { x: [1, 9, 10, 5], filter: [3, 3, 5, 2], strides: [3, 2] },
  dilations: { x: [1, 11, 12, 9], filter: [3, 3, 9, 1], dilations: [2, 3], pad: around(2) },
  'one that is larger than the image': { x: [1, 3, 3, 10], filter: [5, 5, 10, 1], pad: around(3) },
};

function around(n: number): ConvolutionOptions['pad'] {
  return [
    [n, n],
    [n, n],
  ];
}

const none = { strides: [1, 1], dilations: [1, 1], pad: around(0) } as const;

/** By the definition in float64, by the library's operation in float32. */
function call(isDepthwise: boolean, given: Case): Call {
  const options = { ...none, ...given };
  const { strides, dilations, pad } = options;
  return (runtime, [x, filter]) => {
    const { tf } = runtime;
    if (runtime.precision === 'float64') {
      return (isDepthwise ? depthwiseReference : convolutionReference)(runtime, x!, filter!, options);
    }
    const explicit = [[0, 0], [...pad[0]], [...pad[1]], [0, 0]] as never;
    const [image, taps] = [x as never, filter as never];
    // A number would do too, but the library then takes the filter to be a square.
    return isDepthwise
      ? tf.depthwiseConv2d(image, taps, [...strides], explicit, 'NHWC', [...dilations])
      : tf.conv2d(image, taps, [...strides], explicit, 'NHWC', [...dilations]);
  };
}

const cases = [
  ...Object.entries(mixed).map(([name, given]) => [`mixed channels, ${name}`, false, given] as const),
  ...Object.entries(apart).map(([name, given]) => [`channels apart, ${name}`, true, given] as const),
];
const inputs = ({ x, filter }: Case) => {
  const random = randomFromSeed(11);
  return [normals(random, ...x), normals(random, ...filter)];
};

test.each(simdBuilds)('%s agrees with the definition in value and gradients', async (build) => {
  const runtime = await wasmRuntime(build);
  const failures: string[] = [];
  for (const [name, isDepthwise, given] of cases) {
    const error = worst(await agreement(runtime, call(isDepthwise, given), inputs(given), false));
    if (!(error < 3e-6)) failures.push(`${name}: ${error}`);
    if (!/padding on one|apart, (strides|dilations)/.test(name)) continue;
    // Squared, so that gradients depend on what the operation is linear in.
    const squared: Call = (r, xs) => r.tf.square(call(isDepthwise, given)(r, xs));
    const twice = worst(await agreement(runtime, squared, inputs(given)));
    if (!(twice < 2e-5)) failures.push(`${name}, squared and twice: ${twice}`);
  }
  expect(failures).toEqual([]);
});

test('the wasm backend runs own kernels, not the cpu ones that it was filled with', async () => {
  const { tf } = await wasmRuntime('relaxed SIMD');
  for (const name of [
    'Conv2D',
    'Conv2DBackpropInput',
    'Conv2DBackpropFilter',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ]) {
    expect(tf.getKernel(name, 'wasm'), name).toHaveProperty('simd', true);
  }
});

test.each(cases.filter(([, , { x }]) => x.reduce((a, b) => a * b) < 60))(
  '%s: central differences in the twin',
  async (_name, isDepthwise, given) => {
    const arrays = inputs(given);
    for (const place of [0, 1]) {
      const error = await gradientError((tf, t) => {
        const runtime = { tf, precision: 'float64' } as Runtime;
        const tensors = arrays.map((array, i) =>
          i === place ? t : tf.tensor(array.data as Float64Array, [...array.shape]),
        );
        const y = call(isDepthwise, given)(runtime, tensors);
        return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.add(tf.range(0, y.size), 0.5)), y.shape)));
      }, arrays[place]!);
      expect(error).toBeLessThan(2e-8);
    }
  },
);

test('the library agrees with the definition in float64, so does what it makes of "same" and of sequences', async () => {
  const twin = await openRuntime({ precision: 'float64' });
  const single = await wasmRuntime('relaxed SIMD');
  const operations: Record<string, (runtime: Runtime) => Tensor> = {
    'same with strides': ({ tf, tensor }) =>
      tf.conv2d(tensor(at(2, 7, 6, 3)) as never, tensor(at(3, 3, 3, 5)) as never, 2, 'same'),
    'a sequence': ({ tf, tensor }) =>
      tf.conv1d(tensor(at(2, 17, 3)) as never, tensor(at(4, 3, 5)) as never, 1, 'same', 'NWC', 2),
    ...Object.fromEntries(
      (['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const).map((activation) => [
        `with a bias and ${activation}`,
        ({ tf, tensor }: Runtime) =>
          tf.fused.conv2d({
            x: tensor(at(2, 7, 6, 3)) as never,
            filter: tensor(at(3, 3, 3, 5)) as never,
            strides: 1,
            pad: 'same',
            bias: tensor(at(5)),
            activation,
          }),
      ]),
    ),
    'apart, then mixed': ({ tf, tensor }) =>
      tf.separableConv2d(
        tensor(at(1, 6, 7, 4)) as never,
        tensor(at(3, 3, 4, 2)) as never,
        tensor(at(1, 1, 8, 6)) as never,
        [1, 1],
        'same',
      ),
    'the transposed one': ({ tf, tensor }) =>
      tf.conv2dTranspose(
        tensor(at(1, 4, 5, 3)) as never,
        tensor(at(3, 3, 6, 3)) as never,
        [1, 8, 10, 6],
        2,
        'same',
      ),
  };
  function at(...shape: number[]) {
    return normals(randomFromSeed(shape.length), ...shape);
  }
  for (const [name, operation] of Object.entries(operations)) {
    const [expected, found] = await Promise.all(
      [twin, single].map(async (runtime) => (await runtime.array(operation(runtime))).data),
    );
    expected!.forEach((value, i) => {
      expect(found![i], name).toBeCloseTo(value, 4);
    });
  }
  for (const [, isDepthwise, given] of cases) {
    const tensors = inputs(given).map((array) => twin.tensor(array));
    const expected = await twin.array(call(isDepthwise, given)(twin, tensors));
    const found = await twin.array(
      call(isDepthwise, given)({ ...twin, precision: 'float32' } as Runtime, tensors),
    );
    expect(found.shape).toEqual(expected.shape);
    expected.data.forEach((value, i) => {
      expect(found.data[i]).toBeCloseTo(value, 11);
    });
  }
});

test('costs', () => {
  const sizes = {
    batch: 2,
    height: 4,
    width: 5,
    inputs: 3,
    outHeight: 2,
    outWidth: 3,
    outputs: 6,
    taps: 9,
  };
  const values = 2 * (60 + 36);
  expect(convolutionCost(sizes, 'float32')).toEqual({
    flops: 2 * 12 * 162,
    bytes: (values + 162) * 4,
  });
  expect(depthwiseConvolutionCost(sizes, 'float64')).toEqual({
    flops: 2 * 12 * 54,
    bytes: (values + 54) * 8,
  });
});
