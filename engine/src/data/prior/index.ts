export { momentsOf, outliersDrawnIn, standardised } from './columns.ts';
export { ignored, officialPrior, type PriorConfig } from './config.ts';
export { type Affine, type NetworkDraws, type RealTable, tableOf } from './network.ts';
export { type PriorBatch, type PriorKind, type PriorTable, priorBatch } from './tables.ts';
