/** Sum and Mean: the library moves the summed axes to the end first. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { Simd } from './module.ts';
import { isFloat, registerSimdKernel, type SimdKernel } from './register.ts';

export function registerReductions(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'Sum', sum(tf, false));
  registerSimdKernel(tf, 'Mean', sum(tf, true));
}

function sum(tf: TensorLibrary, mean: boolean): SimdKernel {
  return (simd, { x }, attributes) => {
    if (!isFloat(x)) return undefined;
    const { axis, keepDims } = attributes as unknown as { axis: number | number[]; keepDims: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
    const runs = runsOf(x.shape, axes);
    const summed = axes.reduce((product, i) => product * x.shape[i]!, 1);
    const factor = mean ? 1 / summed : 1;
    return { ...sumRuns(simd, x, runs, factor), shape };
  };
}

interface Run {
  readonly isSummed: boolean;
  size: number;
}

/** The axes in order, neighbours of one kind together. */
function runsOf(shape: readonly number[], axes: readonly number[]): Run[] {
  const runs: Run[] = [];
  shape.forEach((size, i) => {
    if (size === 1) return;
    const isSummed = axes.includes(i);
    const last = runs.at(-1);
    if (last?.isSummed === isSummed) last.size *= size;
    else runs.push({ isSummed, size });
  });
  return runs;
}

/** Sums run after run, the last one first, so that what is left becomes small soon. */
function sumRuns(simd: Simd, x: TensorInfo, runs: readonly Run[], factor: number): TensorInfo {
  let left = runs.map(({ size }) => size);
  const places = runs.flatMap(({ isSummed }, place) => (isSummed ? [place] : []));
  let current = x;
  // Without any axis to sum, a sum over one entry each is a copy.
  for (const [turn, place] of (places.length > 0 ? places.reverse() : [runs.length]).entries()) {
    const outer = left.slice(0, place).reduce((a, b) => a * b, 1);
    const inner = left.slice(place + 1).reduce((a, b) => a * b, 1);
    const out = simd.output([outer * inner]);
    const isLast = turn === Math.max(0, places.length - 1);
    simd.run.sumAxis(
      simd.address(current),
      simd.address(out),
      outer,
      left[place] ?? 1,
      inner,
      isLast ? factor : 1,
    );
    if (current !== x) simd.dispose(current);
    current = out;
    left = left.map((size, i) => (i === place ? 1 : size));
  }
  return current;
}
