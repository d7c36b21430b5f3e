/**
 * The two libraries are built by scripts/tensor-libraries.ts, which also writes their own declarations; these ones stand in
 * before the first build, so that types can be checked in a fresh checkout.
 */
declare module '*/tfjs-float32.mjs' {
  export * from '@tensorflow/tfjs-core';
  export function setWasmPaths(folder: string): void;
  export const location: string;
}

declare module '*/tfjs-float64.mjs' {
  export * from '@tensorflow/tfjs-core';
  export const location: string;
}

declare module '*/tfjs-models-float32.mjs' {
  export { loadGraphModel } from '@tensorflow/tfjs-converter';
  export { loadLayersModel } from '@tensorflow/tfjs-layers';
}

declare module '*/tfjs-models-float64.mjs' {
  export { loadGraphModel } from '@tensorflow/tfjs-converter';
  export { loadLayersModel } from '@tensorflow/tfjs-layers';
}

declare module '*/tfjs-webgpu.mjs' {
  export const WebGPUBackend: (new (device: unknown, info: unknown) => object) | undefined;
}
