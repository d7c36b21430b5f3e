export * from './array.ts';
export { openRuntime, type RuntimeOptions } from './open.ts';
export type { Random } from './random.ts';
export * from './runtime.ts';
