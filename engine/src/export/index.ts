export { type Exported, exportOnnx } from './export-onnx.ts';
