/**
 * What can be verified. Built-in families and the user's own models look the same from here: a signature, and a way
 * to evaluate many inputs at once at a stated precision.
 */
import type { Denoising } from '../diffusion/noise-level.ts';
import type { Finding } from '../fault.ts';
import type { FieldType, Signature } from '../signature.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { Ambiguity } from './ambiguity.ts';
import type { Trainable } from './trainable.ts';

/** One place inside a model. */
export interface Layer {
  /** "block_1_output", or the name of a node's output. */
  readonly name: string;
  /** How the values transform, where that is known. */
  readonly type?: FieldType;
  /** The layers that this one is computed from; the one before it where nothing is said. */
  readonly from?: readonly string[];
  /** One for each element of the batch; features are the last axis. */
  readonly values: readonly NdArray[];
}

export interface Model {
  /** "Rapidash R3xS2, 16 orientations" or "potential.onnx". */
  readonly title: string;
  readonly signature: Signature;
  /** Of a denoiser: a batch may hold `noise_level` beside the signature's inputs. */
  readonly denoising?: Denoising;
  /** Number of trainable numbers; `undefined` when the format does not tell. */
  readonly parameterCount: number | undefined;
  /** Where it runs, for the report: "wasm" or "onnxruntime-web 1.30.0 (1 thread)". */
  readonly backend: string;
  /** The precisions it can run in, native one first. A float64 twin shows as ['float32', 'float64']. */
  readonly precisions: readonly Precision[];
  /**
   * Why there is no float64, as a phrase ("the graph uses Conv, which the runtime has only in float32"), when there
   * is none.
   */
  readonly noTwin?: string;
  /**
   * Evaluates every element of `batch`; result i belongs to batch[i]. Inputs may differ in index sizes. The model
   * decides how many go through it at once.
   * @throws Fault `model/…` when an input has a shape the model cannot take.
   */
  evaluate(batch: readonly Values[], precision: Precision): Promise<Values[]>;
  /**
   * What the layers compute on every element of `batch`, in the order of computation, in the native precision: for finding
   * the layer that breaks a symmetry.
   */
  layers?(batch: readonly Values[]): Promise<readonly Layer[]>;
  /**
   * The product of cotangents of the outputs with the Jacobian by the inputs: result i holds, for each real input of
   * batch[i], the gradient of the sum over outputs of cotangent times output, in the input's shape. Integer inputs have none,
   * and cotangents of integer outputs count for nothing. Only models that know their gradients have it; callers do without
   * otherwise.
   * @throws Fault `model/…` when it fails on these inputs; evaluating them may work all the same.
   */
  gradient?(batch: readonly Values[], cotangents: readonly Values[], precision: Precision): Promise<Values[]>;
  /** The model as training sees it, with its present weights; only families have it. Disposing of the model leaves it usable. */
  trainable?(): Promise<Trainable>;
  /**
   * What each input leaves open, to a model that makes a frame or an order of it: light-like momenta, points on a line, ties.
   * Costs no more than one evaluation.
   */
  ambiguities?(batch: readonly Values[]): Promise<readonly (readonly Ambiguity[])[]>;
  /** What was noticed about how inputs were evaluated so far: that a mean is over some elements only. */
  noticed?(): readonly Finding[];
  /** Frees tensors and sessions. */
  dispose(): void;
}
