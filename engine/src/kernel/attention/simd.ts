/** Attention on the wasm backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { addressOr0, onWasm } from '../on-wasm.ts';
import type { AttentionAttributes } from './reference.ts';

/** Sizes in the order in which the kernels take them: batch, n, m, d, e, factor, share, maskStep, maskSize; heads and rows. */
function sizesOf(
  q: TensorInfo,
  k: TensorInfo,
  v: TensorInfo,
  mask: TensorInfo | undefined,
  scale: number,
): number[] {
  const [batch, n, d] = q.shape as [number, number, number];
  const [m, e] = [k.shape[1]!, v.shape[2]!];
  const [groups, rows] = (mask?.shape ?? [batch, 1]) as [number, number];
  return [batch, n, m, d, e, scale, batch / groups, rows === 1 ? 0 : m, rows * m, 1, d, d, e, e];
}

const addresses = (simd: Simd, infos: readonly TensorInfo[]): number[] =>
  infos.map((info) => simd.address(info));

/**
 * `NoetherAttention` of [q, k, v, mask?] gives y and logSum; `NoetherAttentionGradient` of [y, dy, logSum, q, k, v, mask?] gives dq, dk and dv.
 */
export const attentionOnWasm = onWasm<AttentionAttributes>({
  NoetherAttention: (simd, [q, k, v, mask], { scale }) => {
    const [batch, n] = q!.shape as [number, number];
    const [m, d, e] = [k!.shape[1]!, k!.shape[2]!, v!.shape[2]!];
    const results = [simd.output([batch, n, e]), simd.output([batch, n])];
    simd.withScratch(simd.run.attentionScratch(m, d, e), (scratch) =>
      simd.run.attention(
        ...addresses(simd, [q!, k!, v!]),
        addressOr0(simd, mask),
        ...addresses(simd, results),
        ...sizesOf(q!, k!, v!, mask, scale),
        scratch,
      ),
    );
    return results;
  },
  NoetherAttentionGradient: (simd, [y, dy, logSum, q, k, v, mask], { scale }) => {
    const [m, d, e] = [k!.shape[1]!, k!.shape[2]!, v!.shape[2]!];
    const results = [q!, k!, v!].map(({ shape }) => simd.output(shape));
    simd.withScratch(simd.run.attentionGradientScratch(m, d, e), (scratch) =>
      simd.run.attentionGradient(
        ...addresses(simd, [q!, k!, v!]),
        addressOr0(simd, mask),
        ...addresses(simd, [y!, logSum!, dy!, ...results]),
        ...sizesOf(q!, k!, v!, mask, scale),
        scratch,
      ),
    );
    return results;
  },
});
