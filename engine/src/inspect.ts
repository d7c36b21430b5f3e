/** Looking into files without running anything: headers only, no tensor library. For the language server. */
export { picturesIn } from './data/images/folder.ts';
export { inspectDataFile } from './data/inspect.ts';
export { inspectOnnx } from './foreign/onnx/inspect.ts';
export { onnxWeightFiles } from './foreign/onnx/weight-files.ts';
export { findPython, interpreterFingerprint } from './foreign/python/interpreter.ts';
export { pythonSources } from './foreign/python/sources.ts';
export { parseTarget } from './foreign/python/target.ts';
export { inspectTfjs } from './foreign/tfjs/inspect.ts';
export { tfjsShards } from './foreign/tfjs/read.ts';
