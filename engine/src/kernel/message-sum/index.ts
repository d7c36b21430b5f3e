/** Message passing: what each node receives along its edges, without storing the messages. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { messageSumReference } from './reference.ts';
import { messageSumOnWasm } from './simd.ts';
import { messageSumOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherMessageSum',
  reference: messageSumReference,
  gradient: (tf, dy, [x, w, senders, receivers]) => [
    () => runKernel(tf, 'NoetherMessageSum', [dy, w!, receivers!, senders!], { count: x!.shape[0]! }),
    () =>
      runKernel(tf, 'NoetherMessageSumWeightGradient', [x!, dy, senders!, receivers!], {
        perEdge: w!.shape[1] === 1 && x!.shape[1] !== 1,
      }),
    () => tf.zerosLike(senders!),
    () => tf.zerosLike(receivers!),
  ],
  kernels: [messageSumOnWasm, messageSumOnWebgpu],
};

/**
 * y[r, c] = sum over edges e with receivers[e] = r of x[senders[e], c] weights[e, c]. Edges with a negative receiver are left out.
 * @param x `[n, C]`
 * @param weights `[E, C]`, or `[E, 1]` for one weight an edge
 * @param senders `[E]` int32, rows of x
 * @param receivers `[E]` int32, below `count`
 * @returns `[count, C]`
 * @throws RangeError for shapes that do not go together
 */
export function messageSum(
  runtime: Runtime,
  x: Tensor,
  weights: Tensor,
  senders: Tensor,
  receivers: Tensor,
  count: number,
): Tensor {
  const [edges, columns] = weights.shape;
  const fits =
    x.rank === 2 && weights.rank === 2 && (columns === 1 || columns === x.shape[1]) && senders.size === edges;
  if (!fits || receivers.size !== edges) {
    throw new RangeError(
      `messageSum takes x [n, C], weights [E, C] or [E, 1], senders [E] and receivers [E], not [${x.shape}], [${weights.shape}], [${senders.shape}] and [${receivers.shape}]`,
    );
  }
  return runFused(runtime, operation, [x, weights, senders, receivers], { count });
}

/** A product and a sum for each edge and column; x by edge and the weights are read, the sums written. */
export function messageSumCost(edges: number, columns: number, count: number, precision: Precision): Cost {
  return {
    flops: 2 * edges * columns,
    bytes: (2 * edges + count) * columns * bytesOf[precision] + 2 * edges * bytesOf.int32,
  };
}
