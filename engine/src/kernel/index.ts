export { type AdamState, adamStep, adamStepCost } from './adam/index.ts';
export { attention, attentionCost } from './attention/index.ts';
export { convolutionCost, depthwiseConvolutionCost } from './convolution/index.ts';
export { bytesOf, type Cost } from './cost.ts';
export {
  equivariantProduct,
  equivariantProductCost,
  type KnotSum,
  type MapSum,
} from './equivariant-product/index.ts';
export { frameTransform, frameTransformCost } from './frame-transform/index.ts';
export { gatherRows, gatherRowsCost } from './gather-rows/index.ts';
export { activationCost, gelu } from './gelu/index.ts';
export { gramSchmidt, gramSchmidtCost } from './gram-schmidt/index.ts';
export { fibreStep, fibreStepCost, spatialStep, spatialStepCost } from './group-convolution/index.ts';
export { layerNorm, layerNormCost } from './layer-norm/index.ts';
export { affine, affineCost } from './linear/index.ts';
export { lorentzFrames, lorentzFramesCost } from './lorentz-frames/index.ts';
export { messageSum, messageSumCost } from './message-sum/index.ts';
export {
  type Edges,
  nearestNeighbours,
  type RadiusGraphOptions,
  radiusGraph,
  radiusGraphCost,
} from './neighbours/index.ts';
export { pairwiseDistances, pairwiseDistancesCost } from './pairwise-distances/index.ts';
export { polarFactor, polarFactorCost } from './polar/index.ts';
export { projectiveInvariants, projectiveInvariantsCost } from './projective-invariants/index.ts';
export { properSvd, properSvdCost } from './proper-svd/index.ts';
export { rmsNorm, rmsNormCost } from './rms-norm/index.ts';
export { segmentMax, segmentMaxCost } from './segment-max/index.ts';
export { segmentMean, segmentMeanCost } from './segment-mean/index.ts';
export { segmentSoftmax, segmentSoftmaxCost } from './segment-softmax/index.ts';
export { segmentSum, segmentSumCost } from './segment-sum/index.ts';
export { selfAttention } from './self-attention/index.ts';
export { silu } from './silu/index.ts';
export { softmax, softmaxCost } from './softmax/index.ts';
export { sphericalHarmonics, sphericalHarmonicsCost } from './spherical-harmonics/index.ts';
export { type Decomposition, svd, svdCost } from './svd/index.ts';
export { tensorProduct, tensorProductCost } from './tensor-product/index.ts';
