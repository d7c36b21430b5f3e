/** All kernels of the module; scripts/kernels.ts compiles this file. Addresses are bytes in the imported memory. */
export { binary, unary } from './elementwise';
export { matmul, matmulScratch } from './matmul';
export { sumAxis } from './reduce';
export { gatherRows, messageSum, messageWeightGradient, segmentSum } from './rows';
export { copyRuns, transpose } from './transpose';
