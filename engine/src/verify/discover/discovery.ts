/** What a discovery found: plain data, rendered by every surface. */
import type { Verdict } from '../verification.ts';

/** `undecided` where a direction is neither clearly a symmetry nor clearly none. */
export const discoveryVerdicts = ['found', 'none', 'undecided'] as const;
export type DiscoveryVerdict = (typeof discoveryVerdicts)[number];

/** How outputs are taken to change with the input: by their declared types, not at all, or linearly by a fitted map. */
export const outputActions = ['declared', 'invariant', 'fitted'] as const;
export type OutputAction = (typeof outputActions)[number];

export interface DiscoverOptions {
  readonly outputs: OutputAction;
  /** Tolerance on relative rates and gaps, or ten floors. */
  readonly within: number | 'auto';
  /** At most so many samples are looked at, half of them held out. */
  readonly samples: number;
  readonly confidence: number;
  readonly seed: number;
}

/** One singular value of the matrix of defects: a root mean square rate, relative to the outputs, per natural unit. */
export interface SingularValue {
  readonly value: number;
  /** Whether the direction of the ambient group that belongs to it is a symmetry, on the samples that it was found on. */
  readonly verdict: Verdict;
  /** The same rate on the held-out samples. */
  readonly heldOut: number;
  /** The direction, in words. */
  readonly direction: string;
}

/** One direction of the ambient group by itself. */
export interface DirectionRate {
  readonly direction: string;
  /** Relative rate over the samples that the algebra was found on, per natural unit. */
  readonly rate: number;
}

/** One element of a basis of the algebra. */
export interface AlgebraDirection {
  /** "rotation about z", "rotation about (0, 0, 1) through (1, 0, 0)". */
  readonly name: string;
  /** What it is made of: ambient directions and their shares. */
  readonly coefficients: Readonly<Record<string, number>>;
  /** Rate on held-out samples. */
  readonly heldOut: number;
  /** Whether finite elements exp(t X) hold as well, and the largest gap of them. */
  readonly verdict: Verdict;
  readonly gap: number;
  /** How each output follows where that was fitted: "invariant", "scales as exp(2 t)". */
  readonly outputs?: Readonly<Record<string, string>>;
}

export interface Algebra {
  /** Of the directions that hold, also far along. */
  readonly dimension: number;
  readonly ambient: number;
  /** "se(3)", "so(2) about z", "so(1,3) + scaling"; "none". */
  readonly name: string;
  readonly basis: readonly AlgebraDirection[];
  /** Largest part of a bracket of two basis elements that lies outside of the algebra, relative. */
  readonly closure: number;
  readonly closed: boolean;
}

/** A finite element, or a set of them that was tried together. */
export interface FiniteElement {
  /** "inversion", "shift by 2 along h", "swaps of point among 0, 1, 3". */
  readonly name: string;
  readonly verdict: Verdict;
  readonly gap: number;
  readonly tolerance: number;
}

/** Elements exp(X) with X drawn at random from the algebra, on held-out samples. */
export interface FiniteDraws {
  readonly draws: number;
  readonly above: number;
  readonly confidence: number;
  /** Clopper-Pearson bound on the share of such pairs above the tolerance. */
  readonly upperBound: number;
}

export interface Discovery {
  readonly verdict: DiscoveryVerdict;
  /** The group that was searched. */
  readonly within: string;
  readonly outputs: OutputAction;
  /** Everything found, in words: "se(3) + inversion". */
  readonly found: string;
  /** Largest groups of the language inside it, as it writes them, each worth a check: `E(3) * S(point)`. */
  readonly checks: readonly string[];
  readonly algebra?: Algebra;
  /** Ascending. */
  readonly singularValues: readonly SingularValue[];
  /** Smallest value of a direction that is no symmetry over the largest of one that is; absent without both. */
  readonly gap?: number;
  readonly directions: readonly DirectionRate[];
  readonly finite: readonly FiniteElement[];
  readonly draws?: FiniteDraws;
  /** Noise of singular values, and what they were held against. */
  readonly floor: number;
  readonly tolerance: number;
  /** Step of the differences, in natural units, and the precision that they were made in. */
  readonly step?: number;
  readonly precision: 'float32' | 'float64';
  readonly samples: number;
  readonly heldOut: number;
  readonly evaluations: number;
  readonly seed: number;
  readonly seconds: number;
}
