/** The result of a check: plain data, rendered by every surface. */
import type { Finding } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import type { GridResult } from './grid/grid-result.ts';
import type { SoftLossName, SoftResult } from './soft-result.ts';

export type Verdict = 'holds' | 'violated' | 'inconclusive';

/** How the rounding floor was measured. */
export type FloorMethod = 'float64 twin' | 'one-ulp perturbation' | 'sub-pixel shifts';

/** The worst (sample, element) pair that was seen: enough to replay it. */
export interface Witness {
  /** Index into the dataset's samples, and its name. */
  readonly sample: number;
  readonly sampleId: string;
  readonly element: GroupElement;
  /** The element in words and numbers. */
  readonly elementText: string;
  /** Which draw it was for this sample; absent when it was not drawn but found by the search. */
  readonly draw?: number;
  readonly gap: number;
}

/** How much was tried and what that bounds. */
export interface Exceedance {
  /** Pairs whose gap is above the tolerance. */
  readonly count: number;
  readonly draws: number;
  /** Stated confidence, e.g. 0.95. */
  readonly confidence: number;
  /** Clopper-Pearson upper bound on the share of (sample, element) pairs above the tolerance; the share itself when exact. */
  readonly upperBound: number;
  /** The group is finite, and every element was tried on every sample. */
  readonly exact?: boolean;
}

/** Mean gap with its interval at the check's confidence. */
export interface MeanGap {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** What was drawn again: the interval is about other samples, or about other elements on the same samples. */
  readonly over: 'samples' | 'elements';
}

/** What the search for the worst case did. */
export interface Search {
  /** The largest gap that it came upon. */
  readonly gap: number;
  readonly evaluations: number;
  /** Gradients that the model was asked for: 0 where the search went without. */
  readonly gradients: number;
  /** The group is finite, and every element was tried on every sample. */
  readonly exhaustive: boolean;
  /** The verdict rests on a pair that the search found. */
  readonly decides: boolean;
}

/** One output of the model. Gaps are relative to `scale`. */
export interface OutputVerdict {
  readonly output: string;
  readonly verdict: Verdict;
  /**
   * |f(g x) - g f(x)| / scale of the pair that decides, |.| the root mean square over entries: the pair that is furthest
   * above its tolerance where one is above it, else the pair with the largest gap.
   */
  readonly gap: number;
  /** The largest gap of all pairs. */
  readonly largestGap: number;
  readonly medianGap: number;
  /** Absent in a replay, and for an output that is zero. */
  readonly meanGap?: MeanGap;
  /** The deciding pair's gap in the float64 twin, when there is one. */
  readonly gap64?: number;
  /** Rounding: how far arithmetic alone moves the numbers that the deciding pair compares, relative to `scale`. */
  readonly floor: number;
  /** gap / floor. */
  readonly ratio: number;
  /** How far apart the same input comes out when it is given a second time, moved by the identity; 0 for most models. */
  readonly repeat: number;
  readonly floorMethod: FloorMethod;
  /** What the gap was held against; 10 x floor for `within: auto`. */
  readonly tolerance: number;
  /** RMS over all samples of the entries of f(x): the unit of the gaps. */
  readonly scale: number;
  readonly exceedance: Exceedance;
  readonly worst?: Witness;
  readonly search?: Search;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** The group's action on this very data, tried before the model was judged by it. */
export interface ActionCheck {
  /** Pairs of elements that were composed and inverted. */
  readonly elements: number;
  /** Largest relative error of identity, inverse, composition, and of what the group has to keep (lengths, masses). */
  readonly error: number;
}

/** What the rate of a direction is per. */
export type DirectionUnit = 'radian' | 'length' | 'rapidity';

/** One direction of the group, and how far one output is from following it. */
export interface DirectionGap {
  /** "rotation about z", "boost along x", "swap of two in atom". */
  readonly direction: string;
  readonly output: string;
  readonly holds: boolean;
  /** Largest relative gap at elements far along this direction. */
  readonly gap: number;
  /** Size of the Lie derivative, relative, per unit; a finite direction has none. */
  readonly rate?: number;
  readonly unit?: DirectionUnit;
}

/** What one layer of the model does on pairs that violate the symmetry. */
export interface LayerGap {
  readonly layer: string;
  /**
   * How its values were compared: by the representation that the model declares for them; unchanged; by the best linear
   * map, fitted on half of the rows and tested on the other half.
   */
  readonly as: 'declared' | 'invariant' | 'linear';
  /** Relative to the layer's own size. */
  readonly gap: number;
  /** How far one ulp of the input moves the values. */
  readonly floor: number;
  readonly holds: boolean;
}

export interface Verification {
  /** The worst of the outputs' verdicts: violated > inconclusive > holds. */
  readonly verdict: Verdict;
  readonly outputs: readonly OutputVerdict[];
  readonly action: ActionCheck;
  /** For the outputs that are violated: which directions of the group hold. */
  readonly directions?: readonly DirectionGap[];
  /** For models that show their layers, where something is violated: every layer in the order of computation. */
  readonly layers?: readonly LayerGap[];
  /** For images under a group that turns them off their grid: on it and between its points. */
  readonly grid?: GridResult;
  /** Where the check asks for it: how much of the symmetry the model has. */
  readonly soft?: SoftResult;
  readonly samples: number;
  /** Elements drawn for each sample. */
  readonly elements: number;
  readonly seed: number;
  /** Seconds of wall time: forwards in the native precision, and everything. */
  readonly seconds: { readonly forward: number; readonly total: number };
}

/** A verification, and what was noticed on the way: about the data, the declarations, the model. */
export interface Verified extends Verification {
  readonly findings: readonly Finding[];
}

/** A pair to replay: by the number of its draw, or by the element itself. */
export type Replay =
  | { readonly sample: number; readonly draw: number }
  | { readonly sample: number; readonly element: GroupElement };

/** What a check asks for. */
export interface CheckOptions {
  /** Tolerance on the relative gap; 'auto' is ten times the measured floor. */
  readonly within: number | 'auto';
  readonly elements: number;
  readonly confidence: number;
  readonly seed: number;
  /**
   * Draws go on until at most this share of pairs can be above the tolerance, at the stated confidence, in the place of a
   * number of elements.
   */
  readonly share?: number;
  /** Pairs after which that is given up. */
  readonly budget?: number;
  /** Beyond the draws, the gap is driven up over the group. */
  readonly search?: 'worst';
  /** Soft equivariance is measured besides. */
  readonly soft?: true;
  /** What soft equivariance is measured in, against a data field that holds labels. */
  readonly loss?: { readonly name: SoftLossName; readonly field: string };
  /** Only this pair: how a witness is replayed. */
  readonly replay?: Replay;
}
