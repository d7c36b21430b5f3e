/** One check as the editor knows it: what is planned, what is known, what is going on. */

import type { CheckPlan } from '../plan/plan.ts';
import type { CheckState } from '../protocol.ts';
import type { Anchor } from './hub.ts';
import type { ItemPlan } from './items.ts';
import type { RunProgress, RunResult } from './runner.ts';

/** A check of a document, planned but not run. */
export interface PlannedCheck {
  readonly plan: CheckPlan;
  /** Path of the check's node in the syntax tree of its document. */
  readonly path: string;
  /** Where its model and its data are declared; another document when they are imported. */
  readonly model?: Anchor;
  readonly data?: Anchor;
  /** `SE(3) * S(point)`. */
  readonly groupText: string;
}

/** The checks of one state of a document's text. */
export interface PlannedFile {
  readonly uri: string;
  readonly version: number;
  readonly checks: readonly PlannedCheck[];
  /** Trainings, benchmarks and claims. */
  readonly items?: readonly PlannedItem[];
}

export interface PlannedItem {
  readonly plan: ItemPlan;
  /** Path in the syntax tree, as AstNodeLocator writes it. */
  readonly path: string;
}

/** What is shown of a check. Only {@link Checks} changes it; every surface of the editor reads it. */
export interface Check extends PlannedCheck {
  readonly uri: string;
  readonly state: CheckState;
  /** The last result. It describes the present inputs only while `state` is a verdict or `failed`. */
  readonly result?: RunResult;
  readonly progress?: RunProgress;
  /** Why it was not run, or what became of the run. */
  readonly note?: string;
}

/**
 * Everything of a plan that the result depends on: two plans with the same text have the same result. Names, limits and
 * the expected verdict are left out, as they are from the inputs' hash (jobs/inputs.ts).
 */
export function planText({ plan: { model, data, group, options } }: PlannedCheck): string {
  return JSON.stringify({
    model: { ...model, name: undefined },
    data: { ...data, name: undefined },
    group,
    options: { ...options, expect: undefined },
  });
}

/** The state that a result gives while its inputs are the present ones. */
export function stateOf({ outcome }: RunResult): CheckState {
  if (outcome.status === 'cancelled') return 'cancelled';
  return outcome.status === 'done' && outcome.verification ? outcome.verification.verdict : 'failed';
}

export function isGoingOn(state: CheckState): boolean {
  return state === 'queued' || state === 'running';
}
