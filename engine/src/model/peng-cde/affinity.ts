/**
 * The official model of node affinity: each node's features are its row of the matrix, and it predicts its next row. A linear map on the
 * columns tells nodes apart by their number, so this model is not equivariant, and it belongs to one set of nodes.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { Control } from './control.ts';
import { affine, type NetConfig } from './net.ts';
import { solve } from './solve.ts';

/**
 * @param rows the features at the knots, [B, n, n] each
 * @param initial [B, n, n]
 * @param time when to predict
 * @returns [B, n, n]
 */
export function affinity(
  runtime: Runtime,
  config: Pick<NetConfig, 'field' | 'solver'>,
  weights: DeviceWeights,
  control: Omit<Control, 'features'>,
  rows: readonly Tensor[],
  initial: Tensor,
  time: number,
): Tensor {
  const features = rows.map((x) => affine(runtime, x, weights, 'data_encoder'));
  const start = affine(runtime, initial, weights, 'encoder');
  const { saved } = solve(runtime, config, weights, 'vector_field.', { ...control, features }, start, [time]);
  return affine(runtime, saved[0]!, weights, 'decoder');
}
