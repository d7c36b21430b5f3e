/** Learning rates over a run. */
import type { Schedule } from './training.ts';

/**
 * The factor on the learning rate for the step after `done` steps.
 * - cosine: (done + 1) / warmup during the warm-up, then (1 + cos(pi t)) / 2 with t from 0 to 1 over the remaining steps.
 * - step: factor^floor(done / every).
 */
export function rateFactor(schedule: Schedule, done: number, steps: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(done / schedule.every);
    case 'cosine': {
      const { warmup } = schedule;
      if (done < warmup) return (done + 1) / warmup;
      const t = (done - warmup) / Math.max(1, steps - warmup);
      return (1 + Math.cos(Math.PI * Math.min(1, t))) / 2;
    }
  }
}
