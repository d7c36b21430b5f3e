/** The whole engine, tensors included: for worker processes and the command line's own scripts. */
export { type BenchmarkRequest, benchmark, type Candidate } from './bench/index.ts';
export * from './catalog.ts';
export type { DataLimits, Dataset, Sample } from './data/dataset.ts';
export { encodeSafetensors, loadDataset, readSafetensors, writeSafetensors } from './data/index.ts';
export { type Exported, exportOnnx } from './export/index.ts';
export { openOnnx } from './foreign/onnx/index.ts';
export {
  inspectPython,
  openPython,
  type PythonDescription,
  type PythonQuestion,
} from './foreign/python/index.ts';
export { openTfjs } from './foreign/tfjs/index.ts';
export { type Generated, type GenerateRequest, generateClouds } from './generate/generate.ts';
export { scoreClouds } from './generate/scores.ts';
export type { Group } from './group/group.ts';
export { createGroup } from './group/index.ts';
export { bindInputs } from './model/binding.ts';
export { type FamilyRequest, openFamily } from './model/index.ts';
export type { Model } from './model/model.ts';
export { wrapModel } from './model/wrap/wrap.ts';
export { predictTable } from './predict/predict-table.ts';
export { act } from './representation/index.ts';
export { isReal, type NdArray, type Values } from './tensor/array.ts';
export { openRuntime, randomFromSeed, surveyBackends, type WantedBackend } from './tensor/index.ts';
export type { Runtime } from './tensor/runtime.ts';
export { judge, splitOf, type Trained, type TrainRequest, train } from './train/index.ts';
export { targetOf } from './train/target.ts';
export {
  agreementOf,
  type ComparedRun,
  discover,
  type Evaluation,
  evaluateRun,
  largestGap,
  roundingBetween,
  type VerifyRequest,
  verify,
} from './verify/index.ts';
