/** The readers of TensorFlow.js models, one for each precision, on the engine's own tensor libraries. */
import type { loadGraphModel, loadLayersModel } from '../../../generated/tfjs-models-float32.mjs';
import type { Precision } from '../../tensor/runtime.ts';

export interface ModelLibrary {
  readonly loadGraphModel: typeof loadGraphModel;
  readonly loadLayersModel: typeof loadLayersModel;
}

/** Loaded when first needed: they are as large as the tensor libraries. */
export async function loadModelLibrary(precision: Precision): Promise<ModelLibrary> {
  return precision === 'float32'
    ? import('../../../generated/tfjs-models-float32.mjs')
    : import('../../../generated/tfjs-models-float64.mjs');
}
