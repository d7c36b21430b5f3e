/** Runs tasks: worker processes, a queue, a cache of results. */
export { askClouds, type CloudsAnswer, type MadeCloud } from './ask-clouds.ts';
export { askExport } from './ask-export.ts';
export { askPython } from './ask-python.ts';
export { askTable } from './ask-table.ts';
export { type CacheOptions, createCache, type ResultCache } from './cache.ts';
export { cacheFolder, weightsFolder } from './cache-folder.ts';
export type { ExportAnswer, ExportRequest } from './export-request.ts';
export type { JobHandle, JobRequest, Priority } from './job.ts';
export type { Outcome, Progress } from './messages.ts';
export { createPool, type Pool, type PoolOptions } from './pool.ts';
export {
  type Completed,
  createScheduler,
  type ScheduledJob,
  type ScheduledRequest,
  type Scheduler,
} from './scheduler.ts';
export { surveyInWorker } from './survey.ts';
export { engineFingerprint, version } from './version.ts';
