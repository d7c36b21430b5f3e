import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckPlan } from '../plan/plan.ts';
import { createCache } from './cache.ts';
import { deferred } from './deferred.ts';
import type { JobRequest } from './job.ts';
import type { Outcome } from './messages.ts';
import { createPool, type Pool } from './pool.ts';
import { createScheduler, type ScheduledRequest, type Scheduler } from './scheduler.ts';
import { surveyInWorker } from './survey.ts';
import { testCheck, testSettings, testWorker } from './testing/tasks.ts';

let folder: string;
let scheduler: Scheduler;
let pool: Pool & { readonly jobs: TestJob[] };

/** A pool whose jobs end when the test says so. */
interface TestJob {
  readonly request: JobRequest;
  cancelled: boolean;
  end(outcome: Outcome): void;
}
function testPool(): typeof pool {
  const jobs: TestJob[] = [];
  return {
    jobs,
    running: 0,
    queued: 0,
    pids: [],
    close: async () => {},
    submit(request) {
      const { promise, resolve } = deferred<Outcome>();
      const job: TestJob = { request, cancelled: false, end: resolve };
      jobs.push(job);
      request.onStart?.();
      return {
        outcome: promise,
        raise: () => {},
        cancel: () => {
          job.cancelled = true;
          resolve({ status: 'cancelled', findings: [] });
        },
      };
    },
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noether-scheduler-'));
  writeFileSync(join(folder, 'objects.npz'), 'the data');
  pool = testPool();
  scheduler = createScheduler(pool, createCache({ folder: join(folder, 'cache') }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const done: Outcome = { status: 'done', findings: [] };
function request(part: Partial<ScheduledRequest> = {}, check: Partial<CheckPlan> = {}): ScheduledRequest {
  const plain = testCheck('a', check);
  const task = { ...plain, data: { ...plain.data, file: join(folder, 'objects.npz') } };
  return { task, settings: testSettings, ...part };
}
async function jobs(count: number) {
  for (let i = 0; i < 1000 && pool.jobs.length < count; i++) await sleep(1);
  expect(pool.jobs.length).toBe(count);
}

describe('the scheduler', () => {
  it('runs a task once and takes it from the cache from then on', async () => {
    const first = scheduler.submit(request());
    await jobs(1);
    pool.jobs[0]!.end(done);
    const inputsHash = await scheduler.inputsHash(request().task, testSettings);
    expect(await first.result).toEqual({ outcome: done, cached: false, inputsHash });
    expect(await scheduler.submit(request()).result).toEqual({ outcome: done, cached: true, inputsHash });
    expect(await scheduler.cached(inputsHash, request().task)).toEqual(done);
    const renamed = request({}, { id: 'b', title: 'b' });
    expect((await scheduler.submit(renamed).result).cached).toBe(true);
    expect(pool.jobs.length).toBe(1);
  });

  it('runs anew when asked to, and after the cache was cleared', async () => {
    const run = async (part: Partial<ScheduledRequest>, count: number) => {
      const { result } = scheduler.submit(request(part));
      await jobs(count);
      pool.jobs[count - 1]!.end(done);
      await result;
    };
    await run({}, 1);
    await run({ fresh: true }, 2);
    await scheduler.clearCache();
    await run({}, 3);
  });

  it('keeps no failures, since what caused them may pass', async () => {
    const failed = scheduler.submit(request());
    await jobs(1);
    const outcome: Outcome = {
      status: 'failed',
      findings: [{ code: 'job/memory-limit', severity: 'error', message: 'm' }],
    };
    pool.jobs[0]!.end(outcome);
    expect((await failed.result).outcome).toEqual(outcome);
    scheduler.submit(request());
    await jobs(2);
  });

  it('keeps a result without the news that a worker was restarted', async () => {
    const first = scheduler.submit(request());
    await jobs(1);
    const findings = [
      { code: 'job/worker-restarted', severity: 'warning', message: 'restarted' },
      { code: 'data/odd', severity: 'warning', message: 'odd' },
    ] as const;
    pool.jobs[0]!.end({ status: 'done', findings });
    expect((await first.result).outcome.findings).toEqual(findings);
    expect((await scheduler.submit(request()).result).outcome.findings).toEqual([findings[1]]);
  });

  it('drops the result when a file changed during the run', async () => {
    const job = scheduler.submit(request());
    await jobs(1);
    writeFileSync(join(folder, 'objects.npz'), 'other data');
    pool.jobs[0]!.end(done);
    const { outcome } = await job.result;
    expect(outcome).toMatchObject({
      status: 'failed',
      findings: [{ code: 'job/changed-during-run', place: { file: join(folder, 'objects.npz') } }],
    });
    scheduler.submit(request());
    await jobs(2);
  });

  it('says which file cannot be read, without starting anything', async () => {
    rmSync(join(folder, 'objects.npz'));
    const { outcome, inputsHash } = await scheduler.submit(request()).result;
    expect(outcome).toMatchObject({ status: 'failed', findings: [{ code: 'job/unreadable-input' }] });
    expect(inputsHash).toBe('');
    expect(pool.jobs).toEqual([]);
  });

  it('runs identical tasks once, and tells each of them', async () => {
    const heard: string[] = [];
    const follow = (name: string) =>
      scheduler.submit(
        request(
          {
            onStart: () => heard.push(`${name} starts`),
            onProgress: ({ done }) => heard.push(`${name} ${done}`),
          },
          { id: name },
        ),
      );
    const a = follow('a');
    await jobs(1);
    const b = follow('b');
    await sleep(20);
    pool.jobs[0]!.request.onProgress?.({ done: 1, total: 2, stage: 'elements' });
    pool.jobs[0]!.end(done);
    expect([(await a.result).outcome, (await b.result).outcome]).toEqual([done, done]);
    expect(heard).toEqual(['a starts', 'b starts', 'a 1', 'b 1']);
    expect(pool.jobs.length).toBe(1);
  });

  it('cancels a shared run only when nobody waits for it any more', async () => {
    const a = scheduler.submit(request());
    await jobs(1);
    const b = scheduler.submit(request());
    await sleep(20);
    a.cancel();
    expect((await a.result).outcome.status).toBe('cancelled');
    expect(pool.jobs[0]!.cancelled).toBe(false);
    b.cancel();
    expect((await b.result).outcome.status).toBe('cancelled');
    expect(pool.jobs[0]!.cancelled).toBe(true);
    scheduler.submit(request());
    await jobs(2);
  });

  it('can cancel before it knows the hash', async () => {
    const job = scheduler.submit(request());
    job.cancel();
    expect((await job.result).outcome.status).toBe('cancelled');
    await sleep(20);
    expect(pool.jobs).toEqual([]);
  });

  it('works with real workers', async () => {
    const real = createScheduler(createPool({ workers: 1, memoryLimit: 512, workerFile: testWorker }));
    const file = join(folder, 'objects.npz');
    expect((await real.submit(request({}, { id: 'quick' })).result).outcome).toEqual(done);
    const changed = await real.submit(request({}, { id: `write: ${file}` })).result;
    expect(changed.outcome.findings).toMatchObject([{ code: 'job/changed-during-run' }]);
    await real.close();
  });
});

describe('asking which backends load', () => {
  it('happens in a process of its own', async () => {
    expect(await surveyInWorker({ file: testWorker })).toEqual([
      { name: 'wasm', available: true, detail: 'wasm (SIMD, 1 thread)' },
    ]);
    await expect(surveyInWorker({ file: '/nowhere/worker.ts' })).rejects.toMatchObject({
      finding: {
        code: 'backend/survey-failed',
        found: expect.stringMatching(/^exit code 1: Error: Cannot find module/),
      },
    });
  });
});
