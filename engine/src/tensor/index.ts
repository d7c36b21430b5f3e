export * from './array.ts';
export { backendFault } from './backend-fault.ts';
export type { BackendState } from './ladder.ts';
export { openRuntime, type RuntimeOptions, surveyBackends, type WantedBackend } from './open.ts';
export type { Random } from './random.ts';
export { randomFromSeed } from './random-stream.ts';
export * from './runtime.ts';
