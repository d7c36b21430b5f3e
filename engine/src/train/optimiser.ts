/** Optimisers on one vector of weights, with the formulas of PyTorch. */
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
  { tf }: Runtime,
  { optimiser, decay }: Pick<TrainOptions, 'optimiser' | 'decay'>,
  state: OptimiserState,
  gradient: Tensor,
  rate: number,
  step: number,
): OptimiserState {
  return tf.tidy(() => {
    const decoupled = optimiser === 'adamw';
    const before = decoupled && decay > 0 ? tf.mul(state.weights, 1 - rate * decay) : state.weights;
    const g = !decoupled && decay > 0 ? tf.add(gradient, tf.mul(state.weights, decay)) : gradient;
    if (optimiser === 'sgd') {
      const first = step === 1 ? tf.clone(g) : tf.add(tf.mul(state.first, momentum), g);
      return { weights: tf.sub(before, tf.mul(first, rate)), first, second: tf.clone(state.second) } as never;
    }
    const first = tf.add(tf.mul(state.first, beta1), tf.mul(g, 1 - beta1));
    const second = tf.add(tf.mul(state.second, beta2), tf.mul(tf.square(g), 1 - beta2));
    const root = tf.div(tf.sqrt(second), Math.sqrt(1 - beta2 ** step));
    const change = tf.div(first, tf.add(root, epsilon));
    const weights = tf.sub(before, tf.mul(change, rate / (1 - beta1 ** step)));
    return { weights, first, second } as never;
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
