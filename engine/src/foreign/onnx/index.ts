/** The user's own networks, from ONNX files. */
export { inspectOnnx, type OnnxDescription, type OnnxPort, portText } from './inspect.ts';
export { type ForeignModel, type OnnxOptions, type OnnxSpec, openOnnx } from './open.ts';
export {
  type OnnxRuntime,
  type OnnxRuntimeName,
  onnxRuntimeNames,
  openOnnxRuntime,
  surveyOnnxRuntimes,
} from './runtimes.ts';
