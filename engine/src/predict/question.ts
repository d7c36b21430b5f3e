/** What `noether predict` asks of a worker, and what it is told: plain JSON. */
import type { Scores } from './scores.ts';

export interface TableQuestion {
  /** Absolute path of a csv. */
  readonly table: string;
  /** The column of the classes. */
  readonly target: string;
  readonly folds: number;
  readonly seeds: readonly number[];
  /** Most training rows in the context of a prediction. */
  readonly contextRows: number;
  /** Cross-validate the TabPFN-style network, its ensembles, k-NN, ridge and the largest class beside it. */
  readonly compare: boolean;
}

export interface TableAnswer {
  readonly classes: readonly string[];
  readonly features: number;
  /** Rows with a class. */
  readonly labelled: number;
  /** One a classifier; EquiTabPFN is the first. `leftOut` says why there are no scores. */
  readonly validated: readonly {
    readonly title: string;
    readonly scores: readonly Scores[];
    /** False where it names classes and no probabilities. */
    readonly isSure: boolean;
    readonly leftOut?: string;
    /** For all folds of a seed: mean over the seeds. */
    readonly seconds: number;
  }[];
  /** EquiTabPFN's for the rows without a class, from all rows that have one. */
  readonly predictions: readonly {
    /** 0-based row of the table. */
    readonly row: number;
    readonly probabilities: readonly number[];
  }[];
}
