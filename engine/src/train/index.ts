/** Training: losses, optimisers, the loop, checkpoints, metrics. */
export { type CheckpointPlace, readCheckpoint } from './checkpoint.ts';
export { type JudgeRequest, judge } from './judge.ts';
export { splitOf } from './split.ts';
export { type Trained, type TrainRequest, train } from './train.ts';
export * from './training.ts';
