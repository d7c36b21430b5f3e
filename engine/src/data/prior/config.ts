/** What the prior makes: plain data. */

export interface PriorConfig {
  /** Rows of a table, training and query rows together; 1152 in the official recipe. */
  readonly rows: number;
  /** Tables that share the number of features, the nominal number of classes, the split and the kind of prior. */
  readonly tables: number;
  /** Used features are round U(1, this). At most `columns`. */
  readonly mostFeatures: number;
  /** Nominal classes are round U(2, this); a table has at most so many. */
  readonly mostClasses: number;
  /** Share of tables that have two classes whatever the nominal number is; the others have round U(2, nominal). */
  readonly binary: number;
  /** The network's columns: values are scaled by columns / used features. Columns beyond the used ones are not made. */
  readonly columns: number;
  /** Training rows are uniform in [first, last). */
  readonly split: readonly [number, number];
  /** Share of batches from Gaussian processes; the others are structural causal models. */
  readonly gaussianProcess: number;
  /** Share of tables that may have categorical columns. */
  readonly categorical: number;
}

/** The official recipe: 1152 rows, up to 100 features and 10 classes. */
export const officialPrior: PriorConfig = {
  rows: 1152,
  tables: 24,
  mostFeatures: 100,
  mostClasses: 10,
  binary: 0.5,
  columns: 100,
  split: [2, 1000],
  gaussianProcess: 0.039,
  categorical: 0.2,
};

/** The label of a row that no loss counts. */
export const ignored = -100;
