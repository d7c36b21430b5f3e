import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BatchOptions, countGoingOn, idsForSave, runBatch } from './batch.ts';
import { Checks } from './checks.ts';
import { defaultSettings } from './settings.ts';
import { doneOutcome, FakeRunner } from './testing/fake-runner.ts';
import { file, planned, uri } from './testing/plans.ts';

let runner: FakeRunner;
let checks: Checks;
const ids = ['a', 'b', 'c'].map((name) => `${name} on objects under SE(3)`);
const settle = () => new Promise((resolve) => setImmediate(resolve));
const states = () => checks.of(uri).map(({ state }) => state);

const options = (more: Partial<BatchOptions> = {}): BatchOptions => ({
  reason: 'save',
  timeBudget: 10,
  title: 'Checking objects.equi',
  beginProgress: async () => undefined,
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  runner = new FakeRunner();
  checks = new Checks({ runner, changed: () => {} }, true);
  checks.update(
    file(1, planned('a'), planned('b', { index: 1 }), planned('c', { index: 2 })),
    defaultSettings,
  );
});
afterEach(() => vi.useRealTimers());

describe('a batch', () => {
  it('ends what is still waiting when the time budget is used up, and finishes what has begun', async () => {
    const batch = runBatch(checks, uri, ids, options());
    await settle();
    runner.runs[0]!.request.onStart();
    expect(countGoingOn(checks)).toEqual({ running: 1, queued: 2 });
    vi.advanceTimersByTime(10_000);
    await settle();
    expect(states()).toEqual(['running', 'not run', 'not run']);
    runner.runs[0]!.end(doneOutcome('holds'));
    await batch;
    expect(states()).toEqual(['holds', 'not run', 'not run']);
    expect(checks.of(uri)[1]!.note).toBe('the time budget of this save is used up');
  });

  it('has no time budget when a command asked for it', async () => {
    const batch = runBatch(checks, uri, ids, options({ reason: 'command' }));
    await settle();
    vi.advanceTimersByTime(1_000_000);
    await settle();
    expect(states()).toEqual(['queued', 'queued', 'queued']);
    for (const run of runner.runs) run.end(doneOutcome('holds'));
    await batch;
  });

  it('is cancelled as a whole from its progress bar', async () => {
    let cancel = () => {};
    const reports: [string, number][] = [];
    let done = 0;
    const batch = runBatch(
      checks,
      uri,
      ids,
      options({
        beginProgress: async (_, onCancel) => {
          cancel = onCancel;
          return { report: (message, fraction) => reports.push([message, fraction]), done: () => done++ };
        },
      }),
    );
    await settle();
    runner.runs[0]!.request.onStart();
    runner.runs[0]!.request.onProgress({ fraction: 0.5 });
    vi.advanceTimersByTime(250);
    expect(reports.at(-1)).toEqual(['1 of 3: a on objects under SE(3)', 0.5 / 3]);
    cancel();
    await batch;
    expect(states()).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(done).toBe(1);
  });

  it('is cancelled with the request that asked for it', async () => {
    const controller = new AbortController();
    const batch = runBatch(checks, uri, ids, options({ signal: controller.signal }));
    await settle();
    controller.abort();
    await batch;
    expect(states()).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('takes for a save what has no result, and leaves alone what was stopped on purpose', async () => {
    const run = checks.run(uri, ids[0]!, 'command', new AbortController().signal);
    await settle();
    checks.cancel(uri, ids[0]);
    await run;
    expect(idsForSave(checks, uri)).toEqual([ids[1], ids[2]]);
  });
});
