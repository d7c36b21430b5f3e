/** Claims: comparisons of measured numbers, over seeds where chance has a part. */

export type ClaimVerdict = 'holds' | 'fails' | 'undecided';
export const claimVerdicts = ['holds', 'fails', 'undecided'] as const;

export const comparisons = ['<', '>', '<=', '>='] as const;
export type Comparison = (typeof comparisons)[number];

/** What a claim compares: numbers, measures by index, arithmetic. Plain JSON. */
export type ClaimExpression =
  | { readonly kind: 'number'; readonly value: number }
  /** An entry of the claim's list of measures. */
  | { readonly kind: 'measure'; readonly index: number }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: ClaimExpression;
      readonly right: ClaimExpression;
    };

/** A number that was measured once for each seed: the mean, and an interval that holds it at the claim's confidence. */
export interface Estimate {
  readonly values: readonly number[];
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface ClaimDecision {
  readonly verdict: ClaimVerdict;
  readonly left: Estimate;
  readonly right: Estimate;
  /** Left minus right, seed by seed. */
  readonly difference: Estimate;
  readonly confidence: number;
  /** Why, in one sentence. */
  readonly reason: string;
}
