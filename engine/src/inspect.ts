/** Looking into files without running anything: headers only, no tensor library. For the language server. */
export { inspectDataFile } from './data/inspect.ts';
export { inspectOnnx } from './foreign/onnx/inspect.ts';
export { onnxWeightFiles } from './foreign/onnx/weight-files.ts';
