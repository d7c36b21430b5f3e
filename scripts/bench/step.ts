/** What rows share: numbers to compute with, and a step of training. */
import { adamStep } from '../../engine/src/kernel/index.ts';
import { real } from '../../engine/src/tensor/array.ts';
import { randomFromSeed } from '../../engine/src/tensor/random-stream.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/runtime.ts';
import { joined, layoutOf, views } from '../../engine/src/train/flat.ts';
import type { Pass } from './rows.ts';

let seed = 0;

/** Numbers between -factor and factor. */
export function uniform(runtime: Runtime, shape: readonly number[], factor = 1): Tensor {
  const random = randomFromSeed(seed++);
  const size = shape.reduce((a, b) => a * b, 1);
  // In single precision at once: a peak of memory would otherwise be that of the doubles.
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = factor * (2 * random.uniform() - 1);
  return runtime.tf.tensor(values, [...shape]);
}

/** The forward pass, or a step of Adam on the mean of its squares; weights lie in one vector, as in training. */
export function step(
  runtime: Runtime,
  shapes: readonly (readonly number[])[],
  forward: (weights: readonly Tensor[]) => Tensor,
  training: boolean,
): Pass {
  const { tf } = runtime;
  const names = shapes.map((_, i) => `${i}`);
  const weights = shapes.map((shape) => uniform(runtime, shape, 0.2));
  if (!training) return () => forward(weights);
  const layout = layoutOf(
    names,
    Object.fromEntries(
      shapes.map((shape, i) => [names[i]!, real(shape, new Float64Array(weights[i]!.size))]),
    ),
  );
  const flat = joined(runtime, weights);
  let state = { weights: flat, mean: tf.zerosLike(flat), square: tf.zerosLike(flat) };
  const adam = { rate: 1e-3, decay: 0, decoupled: false, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  let done = 0;
  return () => {
    const next = tf.tidy(() => {
      const own = views(runtime, layout, state.weights);
      const loss = (...ws: Tensor[]): Tensor => tf.mean(tf.square(forward(ws)));
      const gradient = joined(runtime, tf.grads(loss)(own));
      return adamStep(runtime, state, gradient, { ...adam, step: ++done }) as never;
    }) as unknown as typeof state;
    tf.dispose(state as never);
    // A pass runs inside a tidy, which must leave the weights alone.
    state = next;
    for (const kept of Object.values(state)) tf.keep(kept);
    return undefined;
  };
}
