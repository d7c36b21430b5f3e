/** Slice, and what is made of slices: the library copies the whole array out of the heap for each. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { Simd } from './module.ts';
import { registerSimdKernel } from './register.ts';

export function registerSlices(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'Slice', (simd, { x }, attributes) => {
    const { begin, size } = attributes as unknown as { begin: number[]; size: number[] };
    if (!isPlain(x)) return undefined;
    const [from, sizes] = tf.slice_util.parseSliceParams(x as never, begin, size);
    return sliced(simd, x, from!, sizes!);
  });
  registerSimdKernel(tf, 'SplitV', (simd, { x }, attributes) => {
    const { numOrSizeSplits, axis } = attributes as unknown as { numOrSizeSplits: number[]; axis: number };
    if (!isPlain(x)) return undefined;
    const along = tf.util.parseAxisParam(axis, x.shape)[0]!;
    const sizes = tf.backend_util.prepareSplitSize(x as never, numOrSizeSplits, along);
    return parts(simd, x, along, sizes);
  });
  registerSimdKernel(tf, 'Unpack', (simd, { value }, { axis }) => {
    if (!isPlain(value)) return undefined;
    const along = tf.util.parseAxisParam(axis as number, value.shape)[0]!;
    const results = parts(simd, value, along, Array(value.shape[along]!).fill(1));
    return results?.map((result) => ({ ...result, shape: result.shape.toSpliced(along, 1) }));
  });
}

/** Any 32 bits are copied in the same way. */
function isPlain(x: TensorInfo | undefined): x is TensorInfo {
  return x?.dtype === 'float32' || x?.dtype === 'int32';
}

/** Neighbouring parts of these sizes along an axis. */
function parts(simd: Simd, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] | undefined {
  const results: TensorInfo[] = [];
  let at = 0;
  for (const size of sizes) {
    const begin = x.shape.map((_, i) => (i === axis ? at : 0));
    const result = sliced(simd, x, begin, x.shape.with(axis, size));
    // The number of axes decides, so it is the first or none.
    if (!result) return undefined;
    results.push(result);
    at += size;
  }
  return results;
}

/** Undefined where more than four loops remain around runs of neighbours. */
function sliced(
  simd: Simd,
  x: TensorInfo,
  begin: readonly number[],
  sizes: readonly number[],
): TensorInfo | undefined {
  // The fastest axis first. An axis joins the one before it where that one is taken as a whole.
  const axes: { size: number; step: number }[] = [];
  let [step, offset] = [1, 0];
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    const size = sizes[axis]!;
    offset += begin[axis]! * step;
    const last = axes.at(-1);
    if (size !== 1 && last && step === last.step * last.size) last.size *= size;
    else if (size !== 1) axes.push({ size, step });
    step *= x.shape[axis]!;
  }
  const run = axes[0]?.step === 1 ? axes.shift()!.size : 1;
  if (axes.length > 4) return undefined;
  while (axes.length < 4) axes.push({ size: 1, step: 0 });
  const loops = axes.reverse();
  const out = simd.output(sizes, x.dtype);
  simd.run.copyRuns(
    simd.address(x) + 4 * offset,
    simd.address(out),
    ...loops.map(({ size }) => size),
    run,
    ...loops.map((loop) => loop.step),
  );
  return out;
}
