/** Concat and Pack: the library joins the arrays entry by entry in JavaScript. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { Simd } from './module.ts';
import { registerSimdKernel } from './register.ts';

export function registerConcat(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'Concat', (simd, inputs, attributes) => {
    const all = Object.values(inputs);
    const { shape } = all[0]!;
    const axis = tf.util.parseAxisParam(attributes.axis as number, shape)[0]!;
    if (!all.every(isPlainLike(all[0]!))) return undefined;
    const shapes = all.map((info) => info.shape);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    return joined(simd, all, tf.backend_util.computeOutShape(shapes, axis), axis);
  });
  registerSimdKernel(tf, 'Pack', (simd, inputs, attributes) => {
    const all = Object.values(inputs);
    const { shape } = all[0]!;
    const { axis } = attributes as { axis: number };
    const same = all.every((info) => tf.util.arraysEqual(info.shape, shape));
    if (!same || axis < 0 || !all.every(isPlainLike(all[0]!))) return undefined;
    return joined(simd, all, shape.toSpliced(axis, 0, all.length), axis);
  });
}

/** Any 32 bits are copied in the same way. */
function isPlainLike({ dtype }: TensorInfo): (info: TensorInfo) => boolean {
  return (info) => info.dtype === dtype && (dtype === 'float32' || dtype === 'int32');
}

/** Of each input, what lies behind the axes before `axis` is one run. */
function joined(
  simd: Simd,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
  axis: number,
): TensorInfo {
  const out = simd.output(shape, inputs[0]!.dtype);
  const count = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const step = shape.slice(axis).reduce((a, b) => a * b, 1);
  let to = simd.address(out);
  for (const input of inputs) {
    const size = input.shape.reduce((a, b) => a * b, 1) / Math.max(1, count);
    simd.run.spreadRuns(simd.address(input), to, count, size, step);
    to += 4 * size;
  }
  return out;
}
