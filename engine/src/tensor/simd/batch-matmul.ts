/** BatchMatMul by the own product: the library's treats a transposed operand entry by entry. */
import type { TensorLibrary } from '../runtime.ts';
import { isFloat, registerSimdKernel, type SimdKernel } from './register.ts';

export function registerBatchMatMul(tf: TensorLibrary): void {
  registerSimdKernel(tf, 'BatchMatMul', batchMatMul(tf));
}

/** a `[..., m, k]`, b `[..., k, n]`, or either with its last two axes exchanged; the other axes are broadcast. */
function batchMatMul(tf: TensorLibrary): SimdKernel {
  return (simd, { a, b }, attributes) => {
    const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
    if (!isFloat(a) || !isFloat(b)) return undefined;
    const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const [batchA, batchB] = [tf.util.sizeFromShape(outerA), tf.util.sizeFromShape(outerB)];
    // Stacks that are repeated axis by axis are left to the library.
    if (batchA !== 1 && batchB !== 1 && !tf.util.arraysEqual(outerA, outerB)) return undefined;
    const [rows, columns] = a.shape.slice(-2) as [number, number];
    const [m, k] = transposeA ? [columns, rows] : [rows, columns];
    const [inner, n] = (transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2)) as [number, number];
    if (inner !== k) throw new RangeError(`matMul: [${a.shape}] and [${b.shape}] do not fit`);
    const out = simd.output([...tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB), m, n]);
    // One right side for all left sides is one product.
    const isOne = batchB === 1 && !transposeA;
    const [batch, height] = isOne ? [1, batchA * m] : [Math.max(batchA, batchB), m];
    simd.withScratch(simd.run.matmulScratch(n, k), (scratch) =>
      simd.run.matmul(
        simd.address(a),
        simd.address(b),
        0,
        simd.address(out),
        batch,
        height,
        k,
        n,
        transposeA,
        transposeB,
        batchA === 1 ? 0 : m * k,
        batchB === 1 ? 0 : k * n,
        scratch,
      ),
    );
    return out;
  };
}
