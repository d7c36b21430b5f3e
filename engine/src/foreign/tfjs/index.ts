/** The user's own networks, from TensorFlow.js. */
export { inspectTfjs, type TfjsDescription, type TfjsPort } from './inspect.ts';
export { openTfjs, type TfjsSpec } from './open.ts';
export { tfjsShards } from './read.ts';
