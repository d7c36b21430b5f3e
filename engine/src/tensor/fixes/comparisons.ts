/**
 * Comparisons have no gradient, but the library asks for one when `where(greater(x, 0), ...)` is differentiated, and
 * for the gradient of a maximum. It has that of greaterEqual; these are the others.
 */
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

const binary = ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr', 'LogicalXor'];

/** Registers a gradient of zero for every comparison and logical operation. */
export function fixComparisonGradients(tf: TensorLibrary): void {
  for (const kernelName of binary) tf.registerGradient(zero(tf, kernelName, ['a', 'b']));
  tf.registerGradient(zero(tf, 'LogicalNot', ['x']));
}

function zero(tf: TensorLibrary, kernelName: string, names: string[]): GradConfig {
  return {
    kernelName,
    inputsToSave: names,
    gradFunc: (_dy, saved) =>
      Object.fromEntries(
        names.map((name, i) => [name, () => tf.cast(tf.zerosLike(saved[i] as Tensor), 'float32')]),
      ),
  };
}
