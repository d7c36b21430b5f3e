/** From what goes in to features at every orientation. */
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * Scalars are the same at all orientations, a vector v becomes v.o; a linear map without bias takes [scalars | vectors]
 * to the channels. Nothing at all stands for the constant 1.
 * @param inputs scalars [points, S] and vectors [points, V, dim]; either may be absent
 * @param grid [O, dim]; absent: scalars only
 * @param weight [C, S + V]
 * @returns [points, O, C], or [points, C] without a grid
 */
export function embed(
  runtime: Runtime,
  inputs: { readonly scalars?: Tensor | undefined; readonly vectors?: Tensor | undefined },
  points: number,
  grid: Tensor | undefined,
  weight: Tensor,
): Tensor {
  const { tf } = runtime;
  const scalars = inputs.scalars ?? (inputs.vectors ? undefined : tf.ones([points, 1]));
  const scalarCount = scalars ? scalars.shape[1]! : 0;
  const [channels, inputCount] = weight.shape as [number, number];
  if (!grid) return linear(runtime, scalars!, weight);

  const orientations = grid.shape[0]!;
  let features = tf.zeros([points, orientations, channels]) as Tensor;
  if (scalars) {
    const part = linear(runtime, scalars, tf.slice(weight, [0, 0], [channels, scalarCount]));
    features = tf.add(features, tf.expandDims(part, 1));
  }
  if (inputs.vectors) {
    const vectorCount = inputCount - scalarCount;
    const rows = tf.reshape(inputs.vectors, [points * vectorCount, -1]);
    const projected = tf.reshape(tf.matMul(rows, tf.transpose(grid)), [points, vectorCount, orientations]);
    const part = tf.slice(weight, [0, scalarCount], [channels, vectorCount]);
    features = tf.add(features, linear(runtime, tf.transpose(projected, [0, 2, 1]), part));
  }
  return features;
}
