/**
 * Convolution and average pooling in float64, which ONNX runtimes have only in float32: the padded input is sliced once
 * for each position of the kernel, and the slices are summed, or contracted with the weights by one MatMul.
 */
import { integerAttribute, integersTensor, tensorAttribute } from './make-node.ts';
import type { NodeProto, TensorProto } from './proto.ts';
import { doubleTensor, floatEntries } from './tensor-data.ts';
import { type Expression, integerOf, integersOf, textOf } from './twin-expression.ts';
import type { WeightLookup } from './twin-weights.ts';

/** How a kernel moves over the space axes. `pads` holds the starts, then the ends. */
interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

/**
 * Conv: [batch, in, …space] with weights [out, in / group, …kernel] -> [batch, out, …space'].
 * `undefined` for weights that are computed, or padding that depends on the input's size.
 */
export function convolution(node: NodeProto, e: Expression, weights: WeightLookup): string | undefined {
  const [x, weightName, bias] = node.input as [string, string, string?];
  const weight = weights(weightName);
  const window = weight && windowOf(node, weight.dims.slice(2).map(Number));
  if (!weight || !window) return undefined;
  const groups = integerOf(node, 'group', 1);
  const [out, inside] = weight.dims.slice(0, 2).map(Number) as [number, number];

  const taps = slices(x, window, e);
  // Each slice as [batch, group, in / group, places]; all of them behind one another along the third axis.
  const grouped = shapeConstant([0, groups, inside, -1], e);
  const columns = e.apply(
    'Concat',
    taps.map((tap) => e.apply('Reshape', [tap, grouped])),
    [integerAttribute('axis', 2)],
  );
  const matrix = e.apply('Constant', [], [tensorAttribute('value', tapMajor(weight, groups))]);
  const products = e.apply('MatMul', [matrix, columns]);
  const spread = e.apply('Reshape', [products, outputShape(taps[0]!, out, window.kernel.length, e)]);
  if (!bias) return spread;
  const perChannel = shapeConstant([out, ...window.kernel.map(() => 1)], e);
  return e.add(spread, e.apply('Reshape', [bias, perChannel]));
}

/** AveragePool over each channel. `undefined` for ceil_mode, or padding that depends on the input's size. */
export function averagePool(node: NodeProto, e: Expression): string | undefined {
  const window = windowOf(node, integersOf(node, 'kernel_shape') ?? []);
  if (!window || integerOf(node, 'ceil_mode', 0) !== 0) return undefined;
  const x = node.input[0]!;
  const total = e.apply('Sum', slices(x, window, e));
  const padded = window.pads.some((pad) => pad > 0);
  if (!padded || integerOf(node, 'count_include_pad', 0) === 1) {
    return e.divide(
      total,
      window.kernel.reduce((product, n) => product * n, 1),
    );
  }
  // Only real entries count: pool an array of ones, padded with zeros, in the same way.
  const ones = e.apply('Expand', [e.number(1), e.apply('Shape', [x])]);
  return e.divide(total, e.apply('Sum', slices(ones, window, e)));
}

function windowOf(node: NodeProto, kernel: readonly number[]): Window | undefined {
  const space = kernel.length;
  const strides = integersOf(node, 'strides') ?? new Array<number>(space).fill(1);
  const dilations = integersOf(node, 'dilations') ?? new Array<number>(space).fill(1);
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  let pads = integersOf(node, 'pads') ?? new Array<number>(2 * space).fill(0);
  if (auto === 'VALID') pads = new Array<number>(2 * space).fill(0);
  if (auto.startsWith('SAME')) {
    if (strides.some((stride) => stride !== 1)) return undefined;
    const totals = kernel.map((size, axis) => (size - 1) * dilations[axis]!);
    const less = totals.map((total) => Math.floor(total / 2));
    const more = totals.map((total) => Math.ceil(total / 2));
    pads = auto === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less];
  }
  return space === 0 ? undefined : { kernel, strides, dilations, pads };
}

/** What each position of the kernel sees: arrays [batch, channel, …space'], the last kernel axis fastest. */
function slices(x: string, window: Window, e: Expression): string[] {
  const padded = pad(x, window.pads, e);
  const axes = shapeConstant(
    window.kernel.map((_, axis) => axis + 2),
    e,
  );
  const steps = shapeConstant(window.strides, e);
  return positionsOf(window.kernel).map((position) => {
    const starts = position.map((at, axis) => at * window.dilations[axis]!);
    // Counted from the end, so that the input's size need not be known.
    const ends = position.map((at, axis) => {
      const behind = (window.kernel[axis]! - 1 - at) * window.dilations[axis]!;
      return behind === 0 ? Number.MAX_SAFE_INTEGER : -behind;
    });
    return e.apply('Slice', [padded, shapeConstant(starts, e), shapeConstant(ends, e), axes, steps]);
  });
}

function pad(x: string, pads: readonly number[], e: Expression): string {
  if (pads.every((size) => size === 0)) return x;
  const space = pads.length / 2;
  const all = [0, 0, ...pads.slice(0, space), 0, 0, ...pads.slice(space)];
  return e.apply('Pad', [x, shapeConstant(all, e)]);
}

function positionsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (positions, size) =>
      positions.flatMap((position) => Array.from({ length: size }, (_, at) => [...position, at])),
    [[]],
  );
}

/** Weights [out, in / group, …kernel] as [group, out / group, taps x in / group], the order of the columns. */
function tapMajor(weight: TensorProto, groups: number): TensorProto {
  const entries = floatEntries(weight);
  const [out, inside, ...kernel] = weight.dims.map(Number) as [number, number, ...number[]];
  const taps = kernel.reduce((product, n) => product * n, 1);
  const result = new Float64Array(entries.length);
  for (let row = 0; row < out; row++) {
    for (let channel = 0; channel < inside; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        result[(row * taps + tap) * inside + channel] = entries[(row * inside + channel) * taps + tap]!;
      }
    }
  }
  return doubleTensor('', [groups, out / groups, taps * inside], result);
}

/** [batch, out, …space'] with batch and space' taken from a slice. */
function outputShape(slice: string, out: number, space: number, e: Expression): string {
  const shape = e.apply('Shape', [slice]);
  const batch = e.apply('Gather', [shape, shapeConstant([0], e)]);
  const places = e.apply('Gather', [
    shape,
    shapeConstant(
      Array.from({ length: space }, (_, i) => i + 2),
      e,
    ),
  ]);
  return e.apply('Concat', [batch, shapeConstant([out], e), places], [integerAttribute('axis', 0)]);
}

function shapeConstant(values: readonly number[], e: Expression): string {
  return e.apply('Constant', [], [tensorAttribute('value', integersTensor([values.length], values))]);
}
