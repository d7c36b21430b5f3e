/** What makes a network: plain data. */

/**
 * What the two sides of a split sequence may not see, by the official names: A is before the split, B behind it, and `Bq2Bk` says that
 * queries of B do not see keys of B. With one covariate slot as A, `Bq2Bk` lets each class see the covariates alone.
 */
export const maskModes = ['Bq2Bk', 'none', 'Bq2Ak', 'Aq2Bk', 'ABq2Bk'] as const;
export type MaskMode = (typeof maskModes)[number];

export interface NetConfig {
  /** Channels of a token; a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  /** Blocks, each a component layer and a row layer. */
  readonly blocks: number;
  /** Width of the feed-forward nets, relative to `width`. */
  readonly widening: number;
  /** Of the component layers. */
  readonly mask: MaskMode;
  /** Width of the decoder's perceptron. */
  readonly decoderHidden: number;
  /** Feature columns that the encoder has weights for; 100 in the official model. Fewer may be given. */
  readonly columns: number;
}

/** The official network: 25,340,417 parameters. */
export const officialConfig: NetConfig = {
  width: 512,
  heads: 4,
  blocks: 6,
  widening: 2,
  mask: 'Bq2Bk',
  decoderHidden: 512,
  columns: 100,
};

/** The network of the small checkpoint: 147,265 weights with 100 columns. */
export const smallConfig: NetConfig = {
  width: 64,
  heads: 4,
  blocks: 2,
  widening: 2,
  mask: 'Bq2Bk',
  decoderHidden: 64,
  columns: 100,
};

/** Of a network in the way of TabPFN (Hollmann et al. 2023). */
export interface BaselineConfig {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly widening: number;
  readonly columns: number;
  /** Classes that it has weights for. */
  readonly classes: number;
}

/** About as many weights as the small EquiTabPFN. */
export const smallBaseline: BaselineConfig = {
  width: 64,
  heads: 4,
  layers: 4,
  widening: 2,
  columns: 100,
  classes: 10,
};
