/**
 * A worker for tests: a real process with the real loop, but tasks do what their id says instead of running a model.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CurvePoint, Fault } from '@noether/engine/catalog';
import type { Execute, Outcome } from '../messages.ts';
import { serve } from '../serve.ts';

const done: Outcome = { status: 'done', findings: [] };
const hoard: unknown[] = [];

const behaviours: Record<string, (argument: string, context: Parameters<Execute>[2]) => unknown> = {
  /** Ends at once. */
  quick: () => done,
  /** Tells who ran it, on its log. */
  speak: () => console.log('hello from the worker'),
  progress: (_, { onProgress }) => {
    for (let i = 0; i <= 1000; i++) onProgress(i, 1000, 'elements');
  },
  /** Trains twice, with a point of the curve every ten steps. */
  trainings: (_, { onProgress }) => {
    for (const seed of [0, 1]) {
      const curve: CurvePoint[] = [];
      for (let step = 1; step <= 1000; step++) {
        if (step % 10 === 0) curve.push({ step, loss: 1 / step, rate: 0.1 });
        onProgress(step, 1000, `training, seed ${seed}`, { loss: 1 / step, secondsLeft: 0, curve });
      }
    }
  },
  /** Waits for ever, but listens to its signal. */
  wait: (_, { signal }) => sleep(1e9, undefined, { signal }),
  /** Waits for ever and listens to nothing, as a long tensor operation does. */
  busy: () => {
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  },
  /** Ends after so many milliseconds. */
  take: (ms) => sleep(Number(ms)),
  exit: (code) => process.exit(Number(code)),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  /** Crashes the first time only: the file remembers. */
  'crash once': (file) => {
    if (existsSync(file)) return done;
    writeFileSync(file, '');
    process.kill(process.pid, 'SIGKILL');
    return sleep(1e9);
  },
  'fill heap': () => {
    for (;;) hoard.push(Array.from({ length: 10_000 }, () => ({ number: Math.random() })));
  },
  'fill memory': async () => {
    for (;;) {
      hoard.push(Buffer.alloc(16 * 2 ** 20, 1));
      await sleep(5);
    }
  },
  fault: () => {
    throw new Fault({ code: 'data/empty', message: 'The data has no samples' });
  },
  defect: () => {
    throw new TypeError('undefined is not a function');
  },
  /** Writes to a file and then ends, as a user who edits it in mid-run. */
  write: (file) => writeFileSync(file, 'changed'),
};

serve({
  loadExecute: async () => async (task, _settings, context) => {
    const [name, argument = ''] = task.id.split(': ');
    const result = await behaviours[name!]!(argument, context);
    return (result as Outcome | undefined) ?? done;
  },
  evaluate: async () => {
    throw new Error('the worker of these tests runs no model');
  },
  askPython: async () => {
    throw new Error('the worker of these tests has no Python');
  },
  makeClouds: () => Promise.reject(new Error('this worker makes no clouds')),
  exportModel: () => Promise.reject(new Error('not here')),
  predictTable: () => Promise.reject(new Error('this worker predicts no tables')),
  survey: async () => [{ name: 'wasm', available: true, detail: 'wasm (SIMD, 1 thread)' }],
});
