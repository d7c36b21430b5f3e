/** Native runtimes stay outside the bundles: they are optional, large, and found at run time where they are installed. */
export const nativeRuntimes = [
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  'onnxruntime-node',
  'webgpu',
];
