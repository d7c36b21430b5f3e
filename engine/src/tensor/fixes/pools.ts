/** The gradients of AvgPool and AvgPool3D: the library's forget that a window over the border has fewer entries. */
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

interface Attributes {
  readonly filterSize: number | number[];
  readonly strides: number | number[];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Registers both: the library's, of dy times (size of the window / entries of the image in it). */
export function fixPoolGradients(tf: TensorLibrary): void {
  for (const kernelName of ['AvgPool', 'AvgPool3D']) {
    const present = tf.getGradient(kernelName) as GradConfig & { upstream?: GradConfig };
    const upstream = present.upstream ?? present;
    const gradient: GradConfig & { upstream: GradConfig } = {
      ...upstream,
      upstream,
      gradFunc: (dy, saved, attrs) => {
        const shares = windowShares(tf, saved[0]!.shape, attrs);
        if (!shares) return upstream.gradFunc(dy, saved, attrs);
        return {
          x: () => upstream.gradFunc(tf.mul(dy as Tensor, shares()), saved, attrs).x!(),
        };
      },
    };
    tf.registerGradient(gradient);
  }
}

/** For each window its size over the number of its entries within the image, [1, ..., 1]; undefined where all are whole. */
function windowShares(
  tf: TensorLibrary,
  shape: readonly number[],
  attrs: NamedAttrMap,
): (() => Tensor) | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
  const flat = shape.length === 4;
  const util = tf.backend_util;
  const ones = flat ? 1 : ([1, 1, 1] as [number, number, number]);
  const info = flat
    ? util.computePool2DInfo(shape as never, filterSize as never, strides as never, 1, pad, dimRoundingMode)
    : util.computePool3DInfo(
        shape as never,
        filterSize as never,
        strides as never,
        ones as never,
        pad,
        dimRoundingMode,
      );
  const sizes = info as unknown as Record<string, number> & { padInfo: Record<string, number> };
  const axes = (flat ? ['Height', 'Width'] : ['Depth', 'Height', 'Width']).map((axis) => {
    const before = sizes.padInfo[{ Depth: 'front', Height: 'top', Width: 'left' }[axis]!]!;
    const [size, step] = [sizes[`filter${axis}`]!, sizes[`stride${axis}`]!];
    return Float64Array.from({ length: sizes[`out${axis}`]! }, (_, i) => {
      const from = i * step - before;
      return size / (Math.min(from + size, sizes[`in${axis}`]!) - Math.max(from, 0));
    });
  });
  if (axes.every((values) => values.every((value) => value === 1))) return undefined;
  return () =>
    axes
      .map((values, axis) => {
        const place = axes.map((own, other) => (other === axis ? own.length : 1));
        return tf.tensor(values, [1, ...place, 1], 'float32');
      })
      .reduce((a, b) => tf.mul(a, b));
}
