/** Soft equivariance: how much of a symmetry a model has, as numbers with intervals. Plain data. */
import type { MeanGap } from './verification.ts';

/** One output over the orbit h_g = g^-1 f(g x) of each sample. Relative to the output's scale, means over samples. */
export interface SoftOutput {
  readonly output: string;
  /** Standard deviation of h_g over g, root mean square over entries. */
  readonly spread: MeanGap;
  /** |f(x) - mean of h_g|: how far the model is from its own symmetrised version. */
  readonly fromAverage: MeanGap;
}

/** What the lost symmetry costs: losses against labels, means over samples. */
export interface SoftLoss {
  /** `mse(normals)`. */
  readonly loss: string;
  /** Of f(x), of h_g on average, and of the mean of h_g. */
  readonly asIs: number;
  readonly overOrbit: number;
  readonly symmetrised: number;
  /** overOrbit - symmetrised: not negative where the loss is convex, and 0 where the model is equivariant. */
  readonly gap: MeanGap;
}

export interface SoftResult {
  /** Elements that were averaged over, at most for one sample. */
  readonly elements: number;
  /** All elements of a finite group: the averages are exact. */
  readonly exact: boolean;
  readonly outputs: readonly SoftOutput[];
  readonly loss?: SoftLoss;
}

/** What a loss is taken against: the target of a training, without its machinery. */
export interface SoftTarget {
  readonly loss: SoftLossName;
  /** Data field that holds the labels, and output that predicts them. */
  readonly field: string;
  readonly output: string;
  /** Logits of a row for classes, entries of a row for numbers. */
  readonly width: number;
}

export const softLossNames = ['cross_entropy', 'l1', 'mse', 'huber'] as const;
export type SoftLossName = (typeof softLossNames)[number];
