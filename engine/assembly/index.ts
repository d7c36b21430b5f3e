/** All kernels of the module; scripts/kernels.ts compiles this file. Addresses are bytes in the imported memory. */
export { activation, activationGradient } from './activation';
export { adam } from './adam';
export { attention, attentionGradient, attentionGradientScratch, attentionScratch } from './attention';
export { convolution, convolutionFilterGradient, convolutionInputGradient, convolutionScratch } from './convolution';
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient, depthwiseScratch } from './depthwise';
export { binary, unary } from './elementwise';
export { equivariantProduct, equivariantProductGradient, equivariantScratch } from './equivariant-product';
export { frameTransform, frameTransformGradient } from './frames';
export { fibreKernelGradient, fibreStep, spatialGradient, spatialScratch, spatialStep } from './group-convolution';
export { matmul, matmulScratch } from './matmul';
export { pairwiseDistances, pairwiseGradient, pairwiseScratch } from './pairwise';
export { useWidePanels } from './panels';
export { normalise, normaliseGradient } from './normalise';
export { sumAxis } from './reduce';
export { gatherRows, messageSum, messageWeightGradient, segmentSum } from './rows';
export {
  segmentMax, segmentMaxGradient, segmentMean, segmentMeanGradient, segmentSoftmax, segmentSoftmaxGradient,
} from './segments';
export { softmax, softmaxGradient } from './softmax';
export { sphericalHarmonics, sphericalHarmonicsGradient, sphericalHarmonicsScratch } from './spherical-harmonics';
export { tensorProduct, tensorProductRightGradient, tensorProductScratch } from './tensor-product';
export { copyRuns, spreadRuns, transpose } from './transpose';
export { constantsSize, useConstants } from './vector';
