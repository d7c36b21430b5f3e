/** The settings that a task can be run under. */
import { families } from '@noether/engine/catalog';
import { innermostPlan } from '../plan/innermost.ts';
import type { ModelPlan, RunSettings, Task } from '../plan/plan.ts';

/**
 * Where the backend is left to Noether and one of the task's models reads results while it computes, the whole task runs
 * on the fastest backend that can give them: models that are compared run on the same one.
 */
export function settingsFor(task: Task, settings: RunSettings): RunSettings {
  if (settings.backend !== 'auto' || !modelsOf(task).some(readsHalfway)) return settings;
  return { ...settings, backend: 'auto-host' };
}

function readsHalfway(model: ModelPlan): boolean {
  const plan = innermostPlan(model);
  return (
    plan.kind === 'family' && families.some(({ name, readsHalfway }) => name === plan.family && readsHalfway)
  );
}

function modelsOf(task: Task): readonly ModelPlan[] {
  switch (task.kind) {
    case 'check':
    case 'discover':
    case 'train':
      return [task.model];
    case 'compare':
      // Each of its runs has a backend of its own.
      return [];
    case 'describe':
      return task.model ? [task.model] : [];
    case 'benchmark':
      return task.models;
    case 'claim':
      return task.measures.map(({ model }) => model);
  }
}
