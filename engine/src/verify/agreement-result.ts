/** What a comparison of runs finds: plain data. */
import type { Precision } from '../tensor/runtime.ts';
import type { FloorMethod } from './verification.ts';

/** `undecided`: the arithmetic cannot tell, or fewer than two runs could be made. */
export const agreementVerdicts = ['agree', 'differ', 'undecided'] as const;
export type AgreementVerdict = (typeof agreementVerdicts)[number];

/** One row and column of the matrix. */
export interface AgreementRun {
  /** Name in the specification. */
  readonly model: string;
  /** As it was asked for: `wasm`, `onnxruntime-web`; `float64` for the twin. */
  readonly backend: string;
  readonly precision: Precision;
  /** Where it really ran; absent where it could not run. */
  readonly description?: string;
  /** Why it could not run. */
  readonly reason?: string;
}

/** One pair of runs, by the sample and output that decide: the worst. Numbers are relative to the output's scale. */
export interface AgreementEntry {
  /** Numbers of the two runs, a < b. */
  readonly a: number;
  readonly b: number;
  readonly verdict: AgreementVerdict;
  readonly output: string;
  readonly sample: string;
  readonly difference: number;
  readonly floor: number;
  /** difference / floor. */
  readonly ratio: number;
  readonly tolerance: number;
}

export interface Agreement {
  readonly verdict: AgreementVerdict;
  readonly runs: readonly AgreementRun[];
  readonly entries: readonly AgreementEntry[];
  /** How the rounding of each model was measured. */
  readonly floors: readonly { readonly model: string; readonly method: FloorMethod }[];
  readonly samples: number;
  readonly seconds: number;
}
