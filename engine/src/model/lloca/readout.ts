/** From what the backbone says to the outputs of the signature. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { LLoCaSpecification } from './config.ts';
import { eventMean, layoutOf } from './layout.ts';
import { inFrame, inverse } from './lorentz.ts';
import type { Result } from './net.ts';

/**
 * Scalars are invariant as they stand; vectors are turned from each particle's frame back to the lab.
 * @returns `scalars` [rows] or [rows, S], `vectors` [rows, 4] or [rows, V, 4]; a row is an event or a particle
 */
export function readOut(
  runtime: Runtime,
  { level, scalarOutputs, vectorOutputs }: LLoCaSpecification,
  { particles, events, frames }: Result,
  sizes: readonly number[],
): Record<string, Tensor> {
  const { tf } = runtime;
  const rows = level === 'event' ? events : particles!;
  const outputs: Record<string, Tensor> = {};
  if (scalarOutputs > 0) {
    const scalars = tf.slice(rows, [0, 0], [rows.shape[0]!, scalarOutputs]);
    outputs.scalars = scalarOutputs === 1 ? tf.squeeze(scalars, [1]) : scalars;
  }
  if (vectorOutputs > 0) {
    const count = particles!.shape[0]!;
    const flat = tf.slice(particles!, [0, scalarOutputs], [count, 4 * vectorOutputs]);
    const local = tf.reshape(flat, [count, vectorOutputs, 4]);
    const lab = tf.reshape(inFrame(runtime, inverse(runtime, frames), local), [count, 4 * vectorOutputs]);
    const vectors = level === 'event' ? eventMean(runtime, lab, layoutOf(sizes)) : lab;
    outputs.vectors =
      vectorOutputs === 1 ? vectors : tf.reshape(vectors, [vectors.shape[0]!, vectorOutputs, 4]);
  }
  return outputs;
}
