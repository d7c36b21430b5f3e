/** Runs the editor's checks on the scheduler of jobs/. */

import {
  cacheFolder,
  createCache,
  createPool,
  createScheduler,
  type Scheduler,
  weightsFolder,
} from '../jobs/index.ts';
import type { CheckPlan, RunSettings } from '../plan/plan.ts';
import type { Settings } from '../protocol.ts';
import type { CheckOutcome } from '../report/report.ts';
import type { ItemOutcome, TaskRequest, TaskRunner } from './items.ts';
import type { CheckRunner, RunnerEvent, RunRequest, RunResult } from './runner.ts';

/** Settings that belong to the pool and the cache, not to one run. */
type PoolSettings = Pick<Settings, 'workers' | 'memoryLimit' | 'cacheFolder'>;

export class JobRunner implements CheckRunner, TaskRunner {
  private readonly schedulers = new Map<string, Scheduler>();
  private readonly listeners: ((event: RunnerEvent) => void)[] = [];
  private readonly log: (line: string) => void;
  private readonly workerFile: string | undefined;

  /** @param workerFile entry of the worker process; the engine's own when absent. */
  constructor(log: (line: string) => void, workerFile?: string) {
    this.log = log;
    this.workerFile = workerFile;
  }

  inputsHash(check: CheckPlan, settings: Settings): Promise<string> {
    return this.scheduler(settings).inputsHash(check, runSettings(settings));
  }

  async cached(inputsHash: string, check: CheckPlan, settings: Settings): Promise<CheckOutcome | undefined> {
    return this.scheduler(settings).cached(inputsHash, check);
  }

  async run({ check, settings, signal, asked, onStart, onProgress }: RunRequest): Promise<RunResult> {
    let starts = 0;
    const job = this.scheduler(settings).submit({
      task: check,
      settings: runSettings(settings),
      priority: asked ? 'asked' : 'saved',
      fresh: asked,
      onStart: () => {
        starts += 1;
        if (starts > 1)
          this.tell(`A worker process ended unexpectedly while it ran \`${check.title}\`; it was restarted.`);
        onStart();
      },
      onProgress: ({ done, total, stage }) => onProgress({ fraction: total > 0 ? done / total : 0, stage }),
    });
    const cancel = () => job.cancel();
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    try {
      return await job.result;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async runTask({ task, settings, signal, onStart, onProgress }: TaskRequest): Promise<ItemOutcome> {
    const job = this.scheduler(settings).submit({
      task,
      settings: runSettings(settings),
      priority: 'asked',
      onStart,
      onProgress,
    });
    const cancel = () => job.cancel();
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    try {
      return (await job.result).outcome;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  onEvent(listener: (event: RunnerEvent) => void): void {
    this.listeners.push(listener);
  }

  async clearCache(settings: Settings): Promise<void> {
    await this.scheduler(settings).clearCache();
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.schedulers.values()].map((scheduler) => scheduler.close()));
    this.schedulers.clear();
  }

  /** The scheduler for these settings. One that was made for older settings is closed as soon as it is idle. */
  private scheduler(settings: Settings): Scheduler {
    const pooled: PoolSettings = {
      workers: settings.workers,
      memoryLimit: settings.memoryLimit,
      cacheFolder: settings.cacheFolder,
    };
    const key = JSON.stringify(pooled);
    let scheduler = this.schedulers.get(key);
    if (!scheduler) {
      for (const [otherKey, other] of this.schedulers) {
        if (other.running + other.queued > 0) continue;
        this.schedulers.delete(otherKey);
        void other.close();
      }
      const pool = createPool({
        workers: pooled.workers,
        memoryLimit: pooled.memoryLimit,
        log: this.log,
        workerFile: this.workerFile,
      });
      scheduler = createScheduler(
        pool,
        createCache({ folder: cacheFolder(pooled.cacheFolder || undefined), log: this.log }),
      );
      this.schedulers.set(key, scheduler);
    }
    return scheduler;
  }

  private tell(message: string): void {
    this.log(message);
    for (const listener of this.listeners) listener({ message });
  }
}

function runSettings({ backend, maxDataSize, cacheFolder: folder, python }: Settings): RunSettings {
  return {
    backend,
    maxDataBytes: maxDataSize * 2 ** 20,
    weightsFolder: weightsFolder(folder),
    ...(python ? { python } : {}),
  };
}
