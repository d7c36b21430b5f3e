/** The equivariant product on the wasm backend: the matrix is made block by block while it is multiplied. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { addressOr0, onWasm } from '../on-wasm.ts';
import type { EquivariantProductAttributes } from './reference.ts';

/** Knots that the kernels take: those of a cubic piece. */
export const mostKnots = 3;

/** Statistics and matrices, each padded to three addresses. */
function addresses(simd: Simd, knots: readonly TensorInfo[]): number[] {
  const count = knots.length / 2;
  const three = (from: number) =>
    Array.from({ length: mostKnots }, (_, k) => addressOr0(simd, k < count ? knots[from + k] : undefined));
  return [...three(0), ...three(count)];
}

/**
 * `NoetherEquivariantProduct` of [m, entries, vectors, weights, ...statistics, ...matrices]; `NoetherEquivariantProductGradient` of [m, dy, vectors,
 * weights, ...statistics, ...matrices] gives those of entries and vectors.
 */
export const equivariantProductOnWasm = onWasm<EquivariantProductAttributes>({
  NoetherEquivariantProduct: (simd, [m, entries, vectors, weights, ...knots], { turned }) => {
    const [batch, n, d] = m!.shape as [number, number, number];
    const count = knots[0]!.shape[2]!;
    const out = simd.output(m!.shape);
    simd.withScratch(simd.run.equivariantScratch(n, d, count), (scratch) =>
      simd.run.equivariantProduct(
        ...[m!, entries!, vectors!, weights!].map((info) => simd.address(info)),
        ...addresses(simd, knots),
        simd.address(out),
        batch,
        n,
        d,
        count,
        turned ? 1 : 0,
        scratch,
      ),
    );
    return out;
  },
  NoetherEquivariantProductGradient: (simd, [m, dy, vectors, weights, ...knots]) => {
    const [batch, n, d] = m!.shape as [number, number, number];
    const count = knots[0]!.shape[2]!;
    const results = [simd.output([4]), simd.output(vectors!.shape)];
    simd.withScratch(simd.run.equivariantScratch(n, d, count), (scratch) =>
      simd.run.equivariantProductGradient(
        ...[m!, dy!, weights!].map((info) => simd.address(info)),
        ...addresses(simd, knots),
        ...results.map((info) => simd.address(info)),
        batch,
        n,
        d,
        count,
        scratch,
      ),
    );
    return results;
  },
});
