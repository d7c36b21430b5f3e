/**
 * An outcome without what is local to one place: file paths and the names that people give. Kept so in the cache, and
 * fitted to the task that asks for it, so that a renamed model or a moved folder still finds its result.
 */
import type { Task } from '../plan/plan.ts';
import type { CheckOutcome } from '../report/report.ts';
import { filesOf } from './inputs.ts';
import type { Outcome } from './messages.ts';

/** Stands for the n-th file of the task. No path contains it: a file name has no NUL. */
const placeholder = (n: number) => `\0file ${n}\0`;

export function portable(outcome: Outcome, task: Task): Outcome {
  const files = filesOf(task);
  return mapTexts(outcome, (text) =>
    files.reduce((result, file, n) => result.replaceAll(file, placeholder(n)), text),
  );
}

/** A portable outcome with the paths and names of this task. */
export function fitted<T extends Outcome>(outcome: T, task: Task): T {
  const files = filesOf(task);
  const placed = mapTexts(outcome, (text) =>
    files.reduce((result, file, n) => result.replaceAll(placeholder(n), () => file), text),
  );
  return {
    ...placed,
    ...(placed.model && 'model' in task && task.model
      ? { model: { ...placed.model, name: task.model.name } }
      : {}),
    ...(placed.data && 'data' in task && task.data ? { data: { ...placed.data, name: task.data.name } } : {}),
  };
}

/** True for what the cache may hold: an outcome that is done. */
export function isResult(entry: unknown): entry is CheckOutcome {
  const outcome = entry as Partial<CheckOutcome> | null;
  return typeof outcome === 'object' && outcome?.status === 'done' && Array.isArray(outcome.findings);
}

/** A copy of plain JSON with every text replaced. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T;
}
