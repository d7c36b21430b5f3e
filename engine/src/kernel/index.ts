export { bytesOf, type Cost } from './cost.ts';
export { gatherRows, gatherRowsCost } from './gather-rows/index.ts';
export { segmentMean, segmentSum, segmentSumCost } from './segment-sum/index.ts';
