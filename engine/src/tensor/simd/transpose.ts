/** Transpose, and Identity: the library copies what it could share. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { registerSimdKernel } from './register.ts';

export function registerTranspose(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'Transpose', (simd, { x }, attributes) => {
    const { perm } = attributes as unknown as { perm: number[] };
    // Any 32 bits are moved in the same way.
    if (x?.dtype !== 'float32' && x?.dtype !== 'int32') return undefined;
    const axes = movedAxes(x, perm);
    const inner = axes.at(-1)!;
    const fastest = axes.findIndex(({ from }) => from === 1);
    const isRun = fastest === axes.length - 1;
    const outer = axes.filter((_, i) => i !== axes.length - 1 && (isRun || i !== fastest));
    if (outer.length > (isRun ? 4 : 3)) return undefined;
    const out = simd.output(
      perm.map((axis) => x.shape[axis]!),
      x.dtype,
    );
    const padded = [...Array(4).fill({ size: 1, from: 0, to: 0 }), ...outer] as Axis[];
    const [source, target] = [simd.address(x), simd.address(out)];
    if (isRun) {
      const loops = padded.slice(-4);
      const [sizes, steps] = [loops.map(({ size }) => size), loops.map(({ from }) => from)];
      simd.run.copyRuns(source, target, ...sizes, inner.size, ...steps);
    } else {
      const loops = padded.slice(-3);
      const [sizes, from] = [loops.map(({ size }) => size), loops.map((axis) => axis.from)];
      const to = loops.map((axis) => axis.to);
      const plane = axes[fastest]!;
      simd.run.transpose(
        source,
        target,
        ...sizes,
        plane.size,
        inner.size,
        ...from,
        inner.from,
        ...to,
        plane.to,
      );
    }
    return out;
  });
  registerSimdKernel(tf, 'Identity', (simd, { x }) => {
    if (!x || x.dtype === 'string' || x.dtype === 'complex64') return undefined;
    simd.share(x);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
}

/** An axis of the result: its size, and the steps along it in x and in the result. */
interface Axis {
  size: number;
  from: number;
  to: number;
}

/** Axes of the result, the fastest last; neighbours that stay neighbours are one. At least one. */
function movedAxes({ shape }: TensorInfo, perm: readonly number[]): Axis[] {
  const steps = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const axes: Axis[] = [];
  let to = 1;
  for (const axis of perm.toReversed()) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const last = axes.at(-1);
    if (last && steps[axis] === last.from * last.size) last.size *= size;
    else axes.push({ size, from: steps[axis]!, to });
    to *= size;
  }
  if (axes.length === 0) axes.push({ size: 1, from: 1, to: 1 });
  return axes.reverse();
}
