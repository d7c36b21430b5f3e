/** Self-attention of several heads that reads queries, keys and values from the one product that makes them. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { attention } from '../attention/index.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { joinHeads, type SelfAttentionAttributes, selfAttentionReference, splitHeads } from './reference.ts';
import { selfAttentionOnWasm } from './simd.ts';

const operation: FusedOperation<SelfAttentionAttributes> = {
  name: 'NoetherSelfAttention',
  reference: selfAttentionReference,
  // The result, and the log-sum-exp of each query's logits.
  keeps: [true, true],
  gradient(tf, dy, inputs, [y, logSum], attributes) {
    const given = [y!, dy, logSum!, ...inputs];
    return [
      () => runKernel(tf, 'NoetherSelfAttentionGradient', given, attributes),
      () => tf.zerosLike(inputs[1]!),
    ].slice(0, inputs.length);
  },
  kernels: [selfAttentionOnWasm],
};

/**
 * softmax(scale q k^T + mask) v of each head (Vaswani et al. 2017), heads side by side in the result's rows. Its cost is that of
 * attention over B H.
 * @param qkv `[B, N, 3 H d]`: queries of all heads, keys, values
 * @param options `heads` H; `mask` `[b, n, N]` is added to the logits and has no gradient: b divides B H (the mask of B H / b consecutive
 *   heads), n is N or 1, and it leaves each query a key. `scale` is 1/sqrt(d) by default
 * @returns `[B, N, H d]`
 * @throws RangeError for shapes that do not go together
 */
export function selfAttention(
  runtime: Runtime,
  qkv: Tensor,
  { heads, mask, scale }: { readonly heads: number; readonly mask?: Tensor; readonly scale?: number },
): Tensor {
  const [batch, tokens, width] = qkv.shape as [number, number, number];
  if (qkv.rank !== 3 || !(heads >= 1) || width % (3 * heads) !== 0) {
    throw new RangeError(
      `selfAttention of ${heads} heads takes qkv [B, N, 3 ${heads} d], not [${qkv.shape}]`,
    );
  }
  const [groups, rows, columns] = (mask?.shape ?? [1, 1, tokens]) as [number, number, number];
  if ((batch * heads) % groups !== 0 || (rows !== 1 && rows !== tokens) || columns !== tokens) {
    throw new RangeError(
      `selfAttention takes a mask [b, ${tokens} or 1, ${tokens}] with b a divisor of ${batch * heads}, not [${mask!.shape}]`,
    );
  }
  const factor = scale ?? 1 / Math.sqrt(width / 3 / heads);
  const { tf } = runtime;
  if (tf.getBackend() !== 'wasm') {
    // There attention has a kernel that streams, or is plain.
    return tf.tidy(() => {
      const [q, k, v] = splitHeads(runtime, qkv, heads);
      return joinHeads(runtime, attention(runtime, q, k, v, { mask, scale: factor }), heads);
    });
  }
  const inputs = mask ? [qkv, mask] : [qkv];
  return runFused(runtime, operation, inputs, { heads, hasMask: mask !== undefined, scale: factor });
}
