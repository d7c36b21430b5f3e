/** The one-time rescaling of the kernels (section 2.5 of the method): it keeps an untrained network's signals in range. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Weights } from './block.ts';

/** What a convolution showed in one pass. */
export interface Seen {
  readonly input: Tensor;
  /** After the spatial step. */
  readonly spatial: Tensor;
  /** After the fibre step, before the bias. */
  readonly fibre?: Tensor | undefined;
}

export interface CalibratedKernels {
  /** Standard deviation of the input, a scalar. */
  readonly deviation: Tensor;
  readonly kernel: Tensor;
  readonly fibreKernel?: Tensor;
}

/** Below it a signal counts as constant, and its kernel stays as it is. */
const leastDeviation = 1e-8;

/**
 * K times std(x)/std(x1) and F times std(x1)/std(x2), with unbiased deviations over all entries.
 * @param prefix of the convolution's weights, ending in a dot or empty
 */
export function calibratedKernels(
  runtime: Runtime,
  weights: Weights,
  prefix: string,
  { input, spatial, fibre }: Seen,
): CalibratedKernels {
  const { tf } = runtime;
  const deviation = deviationOf(runtime, input);
  const spatialDeviation = deviationOf(runtime, spatial);
  const kernel = tf.mul(weights[`${prefix}kernel.weight`]!, ratio(runtime, deviation, spatialDeviation));
  if (!fibre) return { deviation, kernel };
  const factor = ratio(runtime, spatialDeviation, deviationOf(runtime, fibre));
  return { deviation, kernel, fibreKernel: tf.mul(weights[`${prefix}fiber_kernel.weight`]!, factor) };
}

function deviationOf({ tf }: Runtime, x: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x));
  return tf.sqrt(tf.div(tf.sum(tf.square(centred)), Math.max(1, x.size - 1)));
}

/** a / b, or 1 where either is no signal at all. */
function ratio({ tf }: Runtime, a: Tensor, b: Tensor): Tensor {
  const usable = tf.logicalAnd(tf.greater(a, leastDeviation), tf.greater(b, leastDeviation));
  return tf.where(usable, tf.div(a, tf.maximum(b, leastDeviation)), tf.onesLike(a));
}
