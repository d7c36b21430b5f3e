import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobRequest } from './job.ts';
import type { Progress } from './messages.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import { testCheck, testSettings, testWorker } from './testing/tasks.ts';

let pool: Pool | undefined;
const open = (options: PoolOptions = {}) => {
  pool = createPool({ workers: 1, memoryLimit: 512, workerFile: testWorker, ...options });
  return pool;
};
const request = (id: string, part: Partial<JobRequest> = {}): JobRequest => ({
  task: testCheck(id),
  settings: testSettings,
  ...part,
});
async function until(condition: () => boolean) {
  for (let i = 0; i < 2000 && !condition(); i++) await sleep(5);
  expect(condition()).toBe(true);
}
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

describe('a pool of workers', () => {
  it('starts no process before the first job, and uses one again for the next', async () => {
    const pool = open();
    expect(pool.pids).toEqual([]);
    expect((await pool.submit(request('quick')).outcome).status).toBe('done');
    const [pid] = pool.pids;
    await pool.submit(request('quick')).outcome;
    expect(pool.pids).toEqual([pid]);
  });

  it('ends a worker that has been idle, and starts another when there is work', async () => {
    const pool = open({ idle: 0.01 });
    await pool.submit(request('quick')).outcome;
    await until(() => pool.pids.length === 0);
    expect((await pool.submit(request('quick')).outcome).status).toBe('done');
  });

  it('runs what the user asked for first, the rest in order of arrival', async () => {
    const pool = open();
    const order: string[] = [];
    const submit = (id: string, priority: 'asked' | 'saved' | 'background') =>
      pool.submit(request('quick', { priority, onStart: () => order.push(id) }));
    const first = submit('first', 'background');
    const low = submit('low', 'background');
    const saved = submit('saved', 'saved');
    const raised = submit('raised', 'background');
    const asked = submit('asked', 'asked');
    raised.raise('asked');
    expect([pool.running, pool.queued]).toEqual([1, 4]);
    await Promise.all([first, low, saved, raised, asked].map(({ outcome }) => outcome));
    expect(order).toEqual(['first', 'raised', 'asked', 'saved', 'low']);
  });

  it('runs jobs side by side in as many workers as allowed', async () => {
    const pool = open({ workers: 2 });
    const jobs = ['wait', 'wait', 'wait'].map((id) => pool.submit(request(id)));
    expect([pool.running, pool.queued]).toEqual([2, 1]);
    for (const job of jobs) job.cancel();
    for (const job of jobs) expect((await job.outcome).status).toBe('cancelled');
  });

  it('tells progress, thinned out, and always the end', async () => {
    const heard: Progress[] = [];
    await open().submit(request('progress', { onProgress: (progress) => heard.push(progress) })).outcome;
    expect(heard[0]).toEqual({ done: 0, total: 1000, stage: 'elements' });
    expect(heard.at(-1)).toEqual({ done: 1000, total: 1000, stage: 'elements' });
    expect(heard.length).toBeLessThan(100);
  });

  it('loses no point of a learning curve to the thinning, and tells none twice', async () => {
    const heard: Progress[] = [];
    await open().submit(request('trainings', { onProgress: (progress) => heard.push(progress) })).outcome;
    expect(heard.length).toBeLessThan(200);
    for (const seed of [0, 1]) {
      const own = heard.filter(({ stage }) => stage.endsWith(`${seed}`));
      const steps = own.flatMap(({ training }) => training?.points ?? []).map(({ step }) => step);
      expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => 10 * (i + 1)));
    }
  });

  it('hands on what workers print', async () => {
    const lines: string[] = [];
    const pool = open({ log: (line) => lines.push(line) });
    await pool.submit(request('speak')).outcome;
    const [pid] = pool.pids;
    await until(() => lines.length > 0);
    expect(lines).toEqual([`worker ${pid}: hello from the worker`]);
  });
});

describe('cancelling', () => {
  it('takes a job out of the queue', async () => {
    const pool = open();
    const running = pool.submit(request('wait'));
    const queued = pool.submit(request('quick'));
    queued.cancel();
    expect((await queued.outcome).status).toBe('cancelled');
    expect(pool.queued).toBe(0);
    running.cancel();
    await running.outcome;
  });

  it('keeps the worker of a task that stops when asked to', async () => {
    const pool = open();
    await pool.submit(request('quick')).outcome;
    const [pid] = pool.pids;
    const job = pool.submit(request('wait'));
    job.cancel();
    expect(await job.outcome).toEqual({ status: 'cancelled', findings: [] });
    await pool.submit(request('quick')).outcome;
    expect(pool.pids).toEqual([pid]);
  });

  it('kills a worker that does not listen, within 200 ms, and goes on with a fresh one', async () => {
    const pool = open();
    await pool.submit(request('quick')).outcome;
    const [pid] = pool.pids;
    const job = pool.submit(request('busy'));
    const next = pool.submit(request('quick'));
    await sleep(50);
    const asked = performance.now();
    job.cancel();
    job.cancel();
    expect((await job.outcome).status).toBe('cancelled');
    // 200 ms is the promise; the test leaves room for a machine that is busy with other tests.
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(alive(pid!)).toBe(false);
    expect((await next.outcome).status).toBe('done');
    expect(pool.pids).not.toEqual([pid]);
  });
});

describe('limits', () => {
  it('ends a job at its time limit', async () => {
    const pool = open();
    const { outcome } = pool.submit({ task: testCheck('busy', { timeLimit: 0.2 }), settings: testSettings });
    const { status, findings } = await outcome;
    expect(status).toBe('failed');
    expect(findings).toMatchObject([
      {
        code: 'job/time-limit',
        message: 'The time limit of 0.2 s was reached, and the run was ended',
        advice: expect.stringContaining('--time-limit'),
      },
    ]);
    expect((await pool.submit(request('quick')).outcome).status).toBe('done');
  });

  it.each(['fill heap', 'fill memory'])('ends a job at its memory limit: %s', async (id) => {
    const pool = open({ memoryLimit: 150 });
    const { status, findings } = await pool.submit(request(id)).outcome;
    expect(status).toBe('failed');
    expect(findings).toMatchObject([
      {
        code: 'job/memory-limit',
        message: 'The run needed more than the 150 MB of memory that it may take, and was ended',
      },
    ]);
    expect((await pool.submit(request('quick')).outcome).status).toBe('done');
  });
});

describe('a worker that ends unexpectedly', () => {
  it('is replaced when killed in mid-job, and the job is run once more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'noether-pool-'));
    const lines: string[] = [];
    const starts: number[] = [];
    const pool = open({ log: (line) => lines.push(line) });
    const job = pool.submit(
      request(`crash once: ${join(folder, 'flag')}`, { onStart: () => starts.push(starts.length) }),
    );
    const { status, findings } = await job.outcome;
    rmSync(folder, { recursive: true });
    expect(status).toBe('done');
    expect(starts).toEqual([0, 1]);
    expect(findings).toMatchObject([
      {
        code: 'job/worker-restarted',
        severity: 'warning',
        found: expect.stringContaining('signal SIGKILL: killed from outside'),
      },
    ]);
    expect(lines.join()).toContain('its task is run once more');
  });

  it('is reported when it happens twice, with the signal or the exit code in words', async () => {
    const pool = open();
    const killed = await pool.submit(request('kill')).outcome;
    expect(killed).toMatchObject({ status: 'failed', findings: [{ code: 'job/worker-crashed' }] });
    expect(killed.findings[0]!.found).toContain('SIGKILL');
    const exited = await pool.submit(request('exit: 3')).outcome;
    expect(exited).toMatchObject({ status: 'failed', findings: [{ found: 'exit code 3' }] });
    expect((await pool.submit(request('quick')).outcome).status).toBe('done');
  });

  it('is reported when it cannot even start', async () => {
    const pool = open({ workerFile: '/nowhere/worker.mjs' });
    const { status, findings } = await pool.submit(request('quick')).outcome;
    expect(status).toBe('failed');
    expect(findings).toMatchObject([
      {
        code: 'job/worker-crashed',
        found: "exit code 1: Error: Cannot find module '/nowhere/worker.mjs'",
      },
    ]);
  });

  it('is no matter when it was idle', async () => {
    const pool = open();
    await pool.submit(request('quick')).outcome;
    process.kill(pool.pids[0]!, 'SIGKILL');
    const { status } = await pool.submit(request('quick')).outcome;
    expect(status).toBe('done');
  });
});

describe('errors inside a task', () => {
  it("become findings: the user's with their text, ours without a stack", async () => {
    const lines: string[] = [];
    const pool = open({ log: (line) => lines.push(line) });
    expect(await pool.submit(request('fault')).outcome).toEqual({
      status: 'failed',
      findings: [{ code: 'data/empty', severity: 'error', message: 'The data has no samples' }],
    });
    const defect = await pool.submit(request('defect')).outcome;
    expect(defect.findings).toMatchObject([
      { code: 'job/internal', message: 'Noether failed: undefined is not a function' },
    ]);
    await until(() => lines.some((line) => line.includes('TypeError: undefined is not a function')));
  });
});

describe('the end of a pool', () => {
  it('cancels everything and leaves no process', async () => {
    const pool = open({ workers: 2 });
    const jobs = ['busy', 'busy', 'quick'].map((id) => pool.submit(request(id)));
    await until(() => pool.pids.length === 2);
    const pids = [...pool.pids];
    await pool.close();
    for (const { outcome } of jobs) expect((await outcome).status).toBe('cancelled');
    expect(pids.filter(alive)).toEqual([]);
    expect((await pool.submit(request('quick')).outcome).status).toBe('cancelled');
  });

  it.each(['wait', 'busy'])(
    'leaves no orphan when the server itself is killed while a worker is: %s',
    async (id) => {
      const host = fileURLToPath(new URL('./testing/host.ts', import.meta.url));
      const server: ChildProcess = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', host, id],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const pid = await new Promise<number>((resolve) => {
        server.stdout!.once('data', (text) => resolve(Number(text)));
      });
      expect(alive(pid)).toBe(true);
      server.kill('SIGKILL');
      await until(() => !alive(pid));
    },
  );
});
