/** Whole networks: an encoder on each node, the solution of the field, a decoder on each node. */
import { linear } from '../../layer/linear.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { FieldConfig, SolverConfig } from './config.ts';
import type { Control } from './control.ts';
import { type Solution, solve } from './solve.ts';

/** `linear`: one map each, `initial_linear` and `final_linear`; `mlp`: perceptrons `encoder.layers.K` and `decoder.layers.K`. */
export type Coder = 'linear' | 'mlp';

export interface NetConfig {
  readonly field: FieldConfig;
  readonly solver: SolverConfig;
  readonly coder: Coder;
}

export interface Result extends Solution {
  /** The latent state at the first knot, [B, n, h]. */
  readonly latentStart: Tensor;
  /** [times, B, n, outputs] */
  readonly outputs: Tensor;
}

/** y = x W^T + b. */
export function affine(runtime: Runtime, x: Tensor, weights: DeviceWeights, name: string): Tensor {
  return linear(runtime, x, weights[`${name}.weight`]!, weights[`${name}.bias`]);
}

/** Linear maps `${name}.layers.K` with ReLU between. */
export function perceptron(runtime: Runtime, x: Tensor, weights: DeviceWeights, name: string): Tensor {
  let y = affine(runtime, x, weights, `${name}.layers.0`);
  for (let layer = 1; weights[`${name}.layers.${layer}.weight`]; layer++) {
    y = affine(runtime, runtime.tf.relu(y), weights, `${name}.layers.${layer}`);
  }
  return y;
}

/**
 * @param initial [B, n, in]: what is known of the nodes at the first knot
 * @param times where outputs are wanted
 */
export function forward(
  runtime: Runtime,
  { field, solver, coder }: NetConfig,
  weights: DeviceWeights,
  control: Control,
  initial: Tensor,
  times: readonly number[],
): Result {
  const { tf } = runtime;
  const latentStart =
    coder === 'mlp'
      ? perceptron(runtime, initial, weights, 'encoder')
      : affine(runtime, initial, weights, 'initial_linear');
  const solution = solve(runtime, { field, solver }, weights, 'vector_field.', control, latentStart, times);
  const states = tf.stack([...solution.saved]);
  const outputs =
    coder === 'mlp'
      ? perceptron(runtime, states, weights, 'decoder')
      : affine(runtime, states, weights, 'final_linear');
  return { ...solution, latentStart, outputs };
}
