/**
 * Convolutions of images by own kernels, with the gradients of input and filter, of which the library's wasm backend has one. Also those of
 * sequences, which the library makes images of height one. Images are [batch, height, width, channels]; other orders are left to the library.
 */
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { Simd } from './module.ts';
import { isFloat, registerSimdKernel } from './register.ts';

/** Attributes of the library's six kernels; of the dilations only our own gradients know, where a mixing convolution has them. */
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  /** Networks of layers give null. */
  readonly dilations?: number | [number, number] | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: string;
  readonly inputShape?: number[];
  readonly filterShape?: number[];
}

/** Kernels by the library's names of activations that take no numbers of their own; '' for none. */
const activations: Readonly<Record<string, string>> = {
  linear: '',
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
};

type Shape4 = [number, number, number, number];
type Info = ReturnType<TensorLibrary['backend_util']['computeConv2DInfo']>;

export function registerConvolutions(tf: TensorLibrary): void {
  const infoOf = (
    x: readonly number[],
    filter: readonly number[],
    attributes: NamedAttrMap,
    deep: boolean,
  ) => {
    const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes as unknown as Attributes;
    if (dataFormat && dataFormat !== 'NHWC') return undefined;
    const [image, taps] = [[...x] as Shape4, [...filter] as Shape4];
    return tf.backend_util.computeConv2DInfo(
      image,
      taps,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      deep,
    );
  };
  const register = (
    name: string,
    [first, second]: readonly [string, string],
    isDepthwise: boolean,
    shapes: (a: TensorInfo, b: TensorInfo, at: Attributes) => readonly [readonly number[], readonly number[]],
    kernel: (simd: Simd, info: Info, a: TensorInfo, b: TensorInfo) => TensorInfo,
  ) =>
    registerSimdKernel(tf, name, (simd, inputs, attributes) => {
      const [a, b] = [inputs[first], inputs[second]];
      if (!isFloat(a) || !isFloat(b)) return undefined;
      const info = infoOf(...shapes(a, b, attributes as unknown as Attributes), attributes, isDepthwise);
      return info && kernel(simd, info, a, b);
    });

  const outcome = ({ batchSize, outHeight, outWidth, outChannels }: Info) => [
    batchSize,
    outHeight,
    outWidth,
    outChannels,
  ];
  const forward = ['x', 'filter'] as const;
  const byInput = ['dy', 'filter'] as const;
  const byFilter = ['x', 'dy'] as const;

  register('Conv2D', forward, false, ofBoth, (simd, info, x, filter) => {
    return mixed(simd, info, outcome(info), (y, sizes, scratch) =>
      simd.run.convolution(simd.address(x), simd.address(filter), 0, y, ...sizes, scratch),
    );
  });
  // What layers of networks call where nothing is differentiated.
  registerSimdKernel(tf, 'FusedConv2D', (simd, { x, filter, bias }, attributes) => {
    const kernelName = activations[attributes.activation as string];
    if (!isFloat(x) || !isFloat(filter) || kernelName === undefined) return undefined;
    const info = infoOf(x.shape, filter.shape, attributes, false);
    const isRow = !bias || (isFloat(bias) && bias.shape.length === 1 && bias.shape[0] === info?.outChannels);
    if (!info || !isRow) return undefined;
    const at = bias ? simd.address(bias) : 0;
    const sum = mixed(simd, info, outcome(info), (y, sizes, scratch) =>
      simd.run.convolution(simd.address(x), simd.address(filter), at, y, ...sizes, scratch),
    );
    if (!kernelName) return sum;
    const { kernelFunc } = tf.getKernel(kernelName, 'wasm')!;
    const result = kernelFunc({ inputs: { x: sum }, attrs: {}, backend: tf.backend() }) as TensorInfo;
    simd.dispose(sum);
    return result;
  });
  register('Conv2DBackpropInput', byInput, false, ofFilter, (simd, info, g, filter) => {
    return mixed(simd, info, info.inShape, (out, sizes, scratch) =>
      simd.run.convolutionInputGradient(simd.address(g), simd.address(filter), out, ...sizes, scratch),
    );
  });
  register('Conv2DBackpropFilter', byFilter, false, ofInput, (simd, info, x, g) => {
    return mixed(simd, info, info.filterShape, (out, sizes, scratch) =>
      simd.run.convolutionFilterGradient(simd.address(x), simd.address(g), out, ...sizes, scratch),
    );
  });
  register('DepthwiseConv2dNative', forward, true, ofBoth, (simd, info, x, filter) => {
    return apart(simd, info, outcome(info), (y, sizes, scratch) =>
      simd.run.depthwise(simd.address(x), simd.address(filter), y, ...sizes, scratch),
    );
  });
  register('DepthwiseConv2dNativeBackpropInput', byInput, true, ofFilter, (simd, info, g, filter) => {
    return apart(simd, info, info.inShape, (out, sizes, scratch) =>
      simd.run.depthwiseInputGradient(simd.address(g), simd.address(filter), out, ...sizes, scratch),
    );
  });
  register('DepthwiseConv2dNativeBackpropFilter', byFilter, true, ofInput, (simd, info, x, g) => {
    return apart(simd, info, info.filterShape, (out, sizes, scratch) =>
      simd.run.depthwiseFilterGradient(simd.address(x), simd.address(g), out, ...sizes, scratch),
    );
  });
}

const ofBoth = (x: TensorInfo, filter: TensorInfo) => [x.shape, filter.shape] as const;
const ofFilter = (_dy: TensorInfo, filter: TensorInfo, { inputShape }: Attributes) =>
  [inputShape!, filter.shape] as const;
const ofInput = (x: TensorInfo, _dy: TensorInfo, { filterShape }: Attributes) =>
  [x.shape, filterShape!] as const;

type Work = (out: number, sizes: number[], scratch: number) => void;

/** All channels mixed. */
function mixed(simd: Simd, info: Info, shape: readonly number[], work: Work): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const inner = info.filterHeight * info.filterWidth * inChannels;
  const bytes = simd.run.convolutionScratch(inner, outChannels, batchSize * outHeight * outWidth);
  const sizes = [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels];
  return run(simd, shape, bytes, [...sizes, ...places(info)], work);
}

/** Each channel for itself. */
function apart(simd: Simd, info: Info, shape: readonly number[], work: Work): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const times = info.outChannels / inChannels;
  const bytes = simd.run.depthwiseScratch(inHeight, inWidth, inChannels, times, filterHeight, filterWidth);
  const sizes = [batchSize, inHeight, inWidth, inChannels, times, outHeight, outWidth];
  return run(simd, shape, bytes, [...sizes, ...places(info)], work);
}

function run(simd: Simd, shape: readonly number[], bytes: number, sizes: number[], work: Work): TensorInfo {
  const out = simd.output(shape);
  simd.withScratch(bytes, (scratch) => work(simd.address(out), sizes, scratch));
  return out;
}

/** What the kernels are told about the filter. */
function places(info: Info): number[] {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } =
    info;
  const steps = [filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth];
  return [...steps, padInfo.top, padInfo.left];
}
