/** Self-attention on the wasm backend: queries, keys, values and the result are used where they lie. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { addressOr0, onWasm } from '../on-wasm.ts';
import type { SelfAttentionAttributes } from './reference.ts';

/** As the kernels take them; see engine/assembly/attention.ts. */
function sizesOf(
  qkv: TensorInfo,
  mask: TensorInfo | undefined,
  { heads, scale }: SelfAttentionAttributes,
): { d: number; sizes: number[] } {
  const [samples, n, width] = qkv.shape as [number, number, number];
  const batch = samples * heads;
  const d = width / 3 / heads;
  const [groups, rows] = (mask?.shape ?? [batch, 1]) as [number, number];
  const ofMask = [batch / groups, rows === 1 ? 0 : n, rows * n];
  return { d, sizes: [batch, n, n, d, d, scale, ...ofMask, heads, width, width, width, width / 3] };
}

/** Addresses of the first query, key and value. */
function partsOf(simd: Simd, qkv: TensorInfo): number[] {
  const third = (4 * qkv.shape[2]!) / 3;
  return [0, 1, 2].map((part) => simd.address(qkv) + part * third);
}

/**
 * `NoetherSelfAttention` of [qkv, mask?] gives y and logSum; `NoetherSelfAttentionGradient` of [y, dy, logSum, qkv, mask?] gives dqkv.
 */
export const selfAttentionOnWasm = onWasm<SelfAttentionAttributes>({
  NoetherSelfAttention: (simd, [qkv, mask], attributes) => {
    const [samples, n, width] = qkv!.shape as [number, number, number];
    const results = [simd.output([samples, n, width / 3]), simd.output([samples * attributes.heads, n])];
    const { d, sizes } = sizesOf(qkv!, mask, attributes);
    simd.withScratch(simd.run.attentionScratch(n, d, d), (scratch) =>
      simd.run.attention(
        ...partsOf(simd, qkv!),
        addressOr0(simd, mask),
        ...results.map((result) => simd.address(result)),
        ...sizes,
        scratch,
      ),
    );
    return results;
  },
  NoetherSelfAttentionGradient: (simd, [y, dy, logSum, qkv, mask], attributes) => {
    const result = simd.output(qkv!.shape);
    const { d, sizes } = sizesOf(qkv!, mask, attributes);
    simd.withScratch(simd.run.attentionGradientScratch(qkv!.shape[1]!, d, d), (scratch) =>
      simd.run.attentionGradient(
        ...partsOf(simd, qkv!),
        addressOr0(simd, mask),
        ...[y!, logSum!, dy!].map((info) => simd.address(info)),
        ...partsOf(simd, result),
        ...sizes,
        scratch,
      ),
    );
    return result;
  },
});
