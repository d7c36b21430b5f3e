/** The result of a check: plain data, rendered by every surface. */
import type { GroupElement } from '../group/group.ts';

export type Verdict = 'holds' | 'violated' | 'inconclusive';

/** How the rounding floor was measured. */
export type FloorMethod = 'float64 twin' | 'one-ulp perturbation';

/** The worst (sample, element) pair that was seen: enough to replay it. */
export interface Witness {
  /** Index into the dataset's samples, and its name. */
  readonly sample: number;
  readonly sampleId: string;
  readonly element: GroupElement;
  /** The element in words and numbers. */
  readonly elementText: string;
  /** Which draw it was for this sample. */
  readonly draw: number;
  readonly gap: number;
}

/** How much was tried and what that bounds. */
export interface Exceedance {
  /** Pairs whose gap is above the tolerance. */
  readonly count: number;
  readonly draws: number;
  /** Stated confidence, e.g. 0.95. */
  readonly confidence: number;
  /** Clopper-Pearson upper bound on the share of (sample, element) pairs above the tolerance. */
  readonly upperBound: number;
}

/** One output of the model. Gaps are relative to `scale`. */
export interface OutputVerdict {
  readonly output: string;
  readonly verdict: Verdict;
  /** max over pairs of |f(g x) - g f(x)| / scale, |.| the root mean square over entries. */
  readonly gap: number;
  readonly medianGap: number;
  /** The same maximum in the float64 twin, when there is one. */
  readonly gap64?: number;
  /** Rounding: how far arithmetic alone moves the compared numbers, relative to `scale`. */
  readonly floor: number;
  readonly floorMethod: FloorMethod;
  /** What the gap was held against; 10 x floor for `within: auto`. */
  readonly tolerance: number;
  /** RMS over all samples of the entries of f(x): the unit of the gaps. */
  readonly scale: number;
  readonly exceedance: Exceedance;
  readonly worst?: Witness;
  /** Why, in one sentence. */
  readonly reason: string;
}

export interface Verification {
  /** The worst of the outputs' verdicts: violated > inconclusive > holds. */
  readonly verdict: Verdict;
  readonly outputs: readonly OutputVerdict[];
  readonly samples: number;
  /** Elements drawn for each sample. */
  readonly elements: number;
  readonly seed: number;
  /** Seconds of wall time: forwards in the native precision, and everything. */
  readonly seconds: { readonly forward: number; readonly total: number };
}

/** What a check asks for. */
export interface CheckOptions {
  /** Tolerance on the relative gap; 'auto' is ten times the measured floor. */
  readonly within: number | 'auto';
  readonly elements: number;
  readonly confidence: number;
  readonly seed: number;
  /** Only this pair, drawn again from the seed: how a witness is replayed. */
  readonly replay?: { readonly sample: number; readonly draw: number };
}
