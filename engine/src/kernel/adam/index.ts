/** One step of Adam over all weights, in one pass over the memory. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { runKernel } from '../fused.ts';
import { type AdamAttributes, adamReference } from './reference.ts';
import { adamOnWasm } from './simd.ts';

/** What Adam carries from step to step, of one shape. */
export interface AdamState {
  readonly weights: Tensor;
  /** Running mean of the gradients. */
  readonly mean: Tensor;
  /** Running mean of their squares. */
  readonly square: Tensor;
}

/**
 * The state after a step of Adam (Kingma & Ba 2015) or, when `decoupled`, of AdamW (Loshchilov & Hutter 2019), with the formulas of PyTorch. The
 * state that comes in is left alone; the caller disposes of both. Not differentiable.
 * @param gradient of the weights' shape
 * @throws RangeError for shapes that differ
 */
export function adamStep(
  runtime: Runtime,
  { weights, mean, square }: AdamState,
  gradient: Tensor,
  attributes: AdamAttributes,
): AdamState {
  const { tf } = runtime;
  const inputs = [weights, gradient, mean, square];
  if (inputs.some(({ shape }) => !tf.util.arraysEqual(shape, weights.shape))) {
    throw new RangeError(
      `adamStep takes arrays of one shape, not ${inputs.map(({ shape }) => `[${shape}]`)}`,
    );
  }
  const results = tf.tidy(() => step(runtime, inputs, attributes) as never) as unknown as Tensor[];
  return { weights: results[0]!, mean: results[1]!, square: results[2]! };
}

function step(runtime: Runtime, inputs: readonly Tensor[], attributes: AdamAttributes): Tensor[] {
  const { tf } = runtime;
  const backend = tf.getBackend();
  if (!tf.getKernel('NoetherAdam', backend)) {
    for (const kernel of adamOnWasm(tf)) if (kernel.backendName === backend) tf.registerKernel(kernel);
  }
  return tf.getKernel('NoetherAdam', backend)
    ? runKernel<Tensor[]>(tf, 'NoetherAdam', inputs, attributes)
    : adamReference(runtime, inputs, attributes);
}

/** 14 operations for each weight; four arrays are read and three written. */
export function adamStepCost(weights: number, precision: Precision): Cost {
  return { flops: 14 * weights, bytes: 7 * weights * bytesOf[precision] };
}
