/** Networks that learn from a table in their context: labelled rows and questions in, class scores out. */
import type { Runtime, Tensor } from '../tensor/runtime.ts';
import type { DeviceWeights } from './device-weights.ts';
import type { WeightArrays } from './weights.ts';

/** Tables of one size: N training rows, then M queries; p features; q classes. */
export interface DeviceTables {
  /** [B, N + M, p], 0 where a value is missing. */
  readonly values: Tensor;
  /** Standardised codes of missing values, [B, N + M, p]; absent where none is missing. */
  readonly codes?: Tensor | undefined;
  /** [B, N, q]: 1 in the column of the class; a row of zeros has no label. */
  readonly labels: Tensor;
}

export interface TableNetwork {
  /** For people. */
  readonly title: string;
  /** Most features. */
  readonly columns: number;
  /** Most classes; infinite where classes are told apart by nothing but their rows. */
  readonly classes: number;
  /** At their start, by official name; float32 numbers. */
  readonly weights: WeightArrays;
  /** Scores [B, M, q], differentiable in the weights. Call inside tf.tidy. */
  logits(runtime: Runtime, weights: DeviceWeights, tables: DeviceTables): Tensor;
}
