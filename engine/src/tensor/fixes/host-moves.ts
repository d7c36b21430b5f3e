/**
 * Operations that only move entries, on the cpu backend, which is also the float64 twin: the library works out the place of every entry from
 * its number.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { type HostData, type HostPlan, registerHostKernel } from './host-kernel.ts';

/** A loop: how often, and how far it advances in the source and in the result. */
interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Registers Slice, Unpack, Tile, Transpose and PadV2 on the cpu backend. */
export function fixHostMoves(tf: TensorLibrary): void {
  registerHostKernel(tf, 'cpu', 'Slice', ({ x }, attributes) => {
    if (!isPlain(x)) return undefined;
    const { begin, size } = attributes as unknown as { begin: number[]; size: number[] };
    const [first, sizes] = tf.slice_util.parseSliceParams(x as never, begin, size);
    return part(x, first!, sizes!);
  });
  registerHostKernel(tf, 'cpu', 'Unpack', ({ value }, { axis }) => {
    if (!isPlain(value)) return undefined;
    const along = tf.util.parseAxisParam(axis as number, value.shape)[0]!;
    const sizes = value.shape.with(along, 1);
    return Array.from({ length: value.shape[along]! }, (_, at) => {
      const plan = part(
        value,
        sizes.map((_, i) => (i === along ? at : 0)),
        sizes,
      );
      return { ...plan, shape: sizes.toSpliced(along, 1) };
    });
  });
  registerHostKernel(tf, 'cpu', 'Tile', ({ x }, attributes) => {
    if (!isPlain(x)) return undefined;
    const { reps } = attributes as unknown as { reps: number[] };
    const shape = x.shape.map((size, i) => size * reps[i]!);
    const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
    const axes = x.shape.flatMap((size, i) => [
      { size: reps[i]!, from: 0, to: size * to[i]! },
      { size, from: from[i]!, to: to[i]! },
    ]);
    return moved(x, shape, axes, 0, 0);
  });
  registerHostKernel(tf, 'cpu', 'Transpose', ({ x }, attributes) => {
    if (!isPlain(x)) return undefined;
    const { perm } = attributes as unknown as { perm: number[] };
    const shape = perm.map((axis) => x.shape[axis]!);
    const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
    const axes = perm.map((axis, i) => ({ size: shape[i]!, from: from[axis]!, to: to[i]! }));
    return moved(x, shape, axes, 0, 0);
  });
  registerHostKernel(tf, 'cpu', 'PadV2', ({ x }, attributes) => {
    if (!isPlain(x)) return undefined;
    const { paddings, constantValue } = attributes as unknown as {
      paddings: [number, number][];
      constantValue: number;
    };
    const shape = x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
    const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
    const axes = x.shape.map((size, i) => ({ size, from: from[i]!, to: to[i]! }));
    const first = paddings.reduce((sum, [before], i) => sum + before * to[i]!, 0);
    const { run, ...plan } = moved(x, shape, axes, 0, first);
    return {
      ...plan,
      run: (out, ...inputs) => {
        out.fill(constantValue);
        run(out, ...inputs);
      },
    };
  });
}

/** Strings and complex numbers are left to the library. */
function isPlain(x: TensorInfo | undefined): x is TensorInfo {
  return x?.dtype === 'float32' || x?.dtype === 'int32' || x?.dtype === 'bool';
}

function part(x: TensorInfo, begin: readonly number[], sizes: readonly number[]): HostPlan {
  const [from, to] = [stridesOf(x.shape), stridesOf(sizes)];
  const axes = sizes.map((size, i) => ({ size, from: from[i]!, to: to[i]! }));
  const first = begin.reduce((sum, at, i) => sum + at * from[i]!, 0);
  return moved(x, sizes, axes, first, 0);
}

function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = Array(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

function moved(
  x: TensorInfo,
  shape: readonly number[],
  axes: readonly Axis[],
  from: number,
  to: number,
): HostPlan {
  const loops = joined(axes);
  const run = (out: HostData, data?: HostData): void => {
    if (loops) copy(loops, 0, data!, from, out, to);
  };
  return { shape, dtype: x.dtype, reads: [x], run };
}

/** The axes in order, neighbours that are walked as one joined; at least one. Undefined where there is no entry. */
function joined(axes: readonly Axis[]): Axis[] | undefined {
  const loops: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 0) return undefined;
    if (axis.size === 1) continue;
    const last = loops.at(-1);
    if (last && last.from === axis.from * axis.size && last.to === axis.to * axis.size) {
      loops[loops.length - 1] = { ...axis, size: last.size * axis.size };
    } else loops.push(axis);
  }
  return loops.length > 0 ? loops : [{ size: 1, from: 1, to: 1 }];
}

function copy(
  loops: readonly Axis[],
  depth: number,
  x: HostData,
  from: number,
  out: HostData,
  to: number,
): void {
  const { size, from: stepFrom, to: stepTo } = loops[depth]!;
  if (depth === loops.length - 1) {
    for (let i = 0, p = from, q = to; i < size; i++, p += stepFrom, q += stepTo) out[q] = x[p]!;
    return;
  }
  for (let i = 0, p = from, q = to; i < size; i++, p += stepFrom, q += stepTo) {
    copy(loops, depth + 1, x, p, out, q);
  }
}
