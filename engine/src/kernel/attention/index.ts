/** Scaled dot-product attention in memory that grows with the sequence, not with its square, where there is a kernel. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type AttentionAttributes, attentionReference } from './reference.ts';
import { attentionOnWasm } from './simd.ts';
import { attentionOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<AttentionAttributes> = {
  name: 'NoetherAttention',
  reference: attentionReference,
  // The result, and the log-sum-exp of each query's logits.
  keeps: [true, true],
  gradient(tf, dy, inputs, [y, logSum], attributes) {
    const mask = () => tf.zerosLike(inputs[3]!);
    if (tf.getKernel('NoetherAttentionGradient', tf.getBackend())) {
      const given = [y!, dy, logSum!, ...inputs];
      const all = runKernel<Tensor[]>(tf, 'NoetherAttentionGradient', given, attributes);
      return [...all.map((gradient) => () => gradient), mask].slice(0, inputs.length);
    }
    const statistics = runKernel(tf, 'NoetherAttentionStatistics', [y!, dy, logSum!], attributes);
    const given = [dy, statistics, ...inputs];
    const [dk, dv] = runKernel<Tensor[]>(tf, 'NoetherAttentionKeyGradient', given, attributes);
    return [
      () => runKernel(tf, 'NoetherAttentionQueryGradient', given, attributes),
      () => dk!,
      () => dv!,
      mask,
    ].slice(0, inputs.length);
  },
  kernels: [attentionOnWasm, attentionOnWebgpu],
};

/**
 * softmax(scale q k^T + mask) v (Vaswani et al. 2017).
 * @param q `[B, N, d]`, B over samples and heads
 * @param k `[B, M, d]`
 * @param v `[B, M, e]`
 * @param options `mask` `[b, n, M]` is added to the logits and has no gradient: b divides B (the mask of B/b consecutive ones),
 *   n is N or 1, and it leaves each query a key. `scale` is 1/sqrt(d) by default
 * @returns `[B, N, e]`
 * @throws RangeError for shapes that do not go together
 */
export function attention(
  runtime: Runtime,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { mask, scale = 1 / Math.sqrt(q.shape[2]!) }: { readonly mask?: Tensor; readonly scale?: number } = {},
): Tensor {
  const [batch, queries, d] = q.shape as [number, number, number];
  const keys = k.shape[1]!;
  const fits = q.rank === 3 && v.rank === 3 && k.shape.join() === [batch, keys, d].join();
  if (!fits || v.shape[0] !== batch || v.shape[1] !== keys) {
    throw new RangeError(
      `attention takes q [B, N, d], k [B, M, d] and v [B, M, e], not [${q.shape}], [${k.shape}] and [${v.shape}]`,
    );
  }
  if (mask) {
    const [groups, rows, columns] = mask.shape as [number, number, number];
    if (batch % groups !== 0 || (rows !== 1 && rows !== queries) || columns !== keys) {
      throw new RangeError(
        `attention takes a mask [b, ${queries} or 1, ${keys}] with b a divisor of ${batch}, not [${mask.shape}]`,
      );
    }
  }
  return runFused(runtime, operation, mask ? [q, k, v, mask] : [q, k, v], {
    hasMask: mask !== undefined,
    scale,
  });
}

/** Two matrix products; q, k and v are read and the result written. */
export function attentionCost(
  { batch, queries, keys, d, e }: Readonly<Record<'batch' | 'queries' | 'keys' | 'd' | 'e', number>>,
  precision: Precision,
): Cost {
  return {
    flops: 2 * batch * queries * keys * (d + e),
    bytes: batch * (queries * (d + e) + keys * (d + e)) * bytesOf[precision],
  };
}
