/**
 * A model as training sees it: weights that can change, and a forward pass that can be differentiated. Families that can be
 * trained give one; the user's own files do not.
 */

import type { Denoising } from '../diffusion/noise-level.ts';
import type { Signature } from '../signature.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import type { Runtime } from '../tensor/runtime.ts';
import type { DeviceWeights } from './device-weights.ts';

/** Weights on the device, by official name. */

/**
 * The forward pass of one batch: reads the weights that change, gives the outputs by name. Each output holds the samples one
 * after the other, `[rows, ...rest]`: its named axes are made flat into rows (the batch's atoms, say; one row a sample
 * without a named axis), its fixed and trailing axes follow. Call it inside tf.tidy.
 */
export type Forward = (weights: DeviceWeights) => DeviceWeights;

export interface Trainable {
  readonly title: string;
  readonly signature: Signature;
  /** Of a denoiser: inputs may hold `noise_level` beside the signature's. */
  readonly denoising?: Denoising;
  /** float32: where training runs. */
  readonly runtime: Runtime;
  /** Names of the weights that change, in a fixed order. */
  readonly names: readonly string[];
  /** All that is stored, by official name: the weights at their start, and constants such as a grid. Numbers are float32. */
  readonly weights: Readonly<Record<string, NdArray>>;
  /**
   * Which inputs go through the network together, as indices into the batch: every input once, and no more at a time than
   * memory takes.
   */
  chunks(batch: readonly Values[]): number[][];
  /**
   * The host's part of a forward pass: checks and graphs.
   * @throws Fault `model/…` for an input that the network cannot take
   */
  prepare(batch: readonly Values[]): Forward;
}
