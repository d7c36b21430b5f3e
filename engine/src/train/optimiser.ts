/** Optimisers on one vector of weights, with the formulas of PyTorch. */
import { adamStep } from '../kernel/index.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import type { TrainOptions } from './training.ts';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;
/** Of sgd; its buffer starts as the first gradient. */
const momentum = 0.9;

/** What an optimiser carries from step to step; all vectors are as long as the weights. */
export interface OptimiserState {
  readonly weights: Tensor;
  /** Adam: running mean of the gradients. sgd: the momentum buffer. */
  readonly first: Tensor;
  /** Adam: running mean of their squares. sgd: zeros. */
  readonly second: Tensor;
}

/**
 * One step. The state that comes in is left alone; the caller disposes of both.
 * - adamw: w <- (1 - rate decay) w, then as adam without decay (Loshchilov & Hutter 2019).
 * - adam: g <- g + decay w; m, v the running means with 0.9 and 0.999; w <- w - rate m' / (sqrt(v') + 1e-8) with the
 *   corrected means m' = m / (1 - 0.9^t), v' = v / (1 - 0.999^t) (Kingma & Ba 2015).
 * - sgd: g <- g + decay w; b <- 0.9 b + g; w <- w - rate b.
 * @param gradient [weights]
 * @param step 1 for the first
 */
export function optimiserStep(
  runtime: Runtime,
  { optimiser, decay }: Pick<TrainOptions, 'optimiser' | 'decay'>,
  state: OptimiserState,
  gradient: Tensor,
  rate: number,
  step: number,
): OptimiserState {
  const { tf } = runtime;
  if (optimiser !== 'sgd') {
    const old = { weights: state.weights, mean: state.first, square: state.second };
    const attributes = { rate, step, decay, decoupled: optimiser === 'adamw', beta1, beta2, epsilon };
    const { weights, mean, square } = adamStep(runtime, old, gradient, attributes);
    return { weights, first: mean, second: square };
  }
  return tf.tidy(() => {
    const g = decay > 0 ? tf.add(gradient, tf.mul(state.weights, decay)) : gradient;
    const first = step === 1 ? tf.clone(g) : tf.add(tf.mul(state.first, momentum), g);
    const weights = tf.sub(state.weights, tf.mul(first, rate));
    return { weights, first, second: tf.clone(state.second) } as never;
  }) as unknown as OptimiserState;
}

/**
 * The gradient shortened to `clip` where it is longer, and its length before. The caller disposes of both.
 * PyTorch's clip_grad_norm_: times clip / (norm + 1e-6).
 * @param clip 0: not shortened
 */
export function clipped({ tf }: Runtime, gradient: Tensor, clip: number): { gradient: Tensor; norm: Tensor } {
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.sum(tf.square(gradient)));
    if (clip === 0) return { gradient: tf.clone(gradient), norm } as never;
    const factor = tf.minimum(tf.div(clip, tf.add(norm, 1e-6)), 1);
    return { gradient: tf.mul(gradient, factor), norm } as never;
  }) as unknown as { gradient: Tensor; norm: Tensor };
}
