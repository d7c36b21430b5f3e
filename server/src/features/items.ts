/**
 * Trainings, benchmarks, comparisons, discoveries and claims in the editor: run on command only, followed, stopped, and taken up again. A state is
 * shown only for exactly the plan that it belongs to; an edit that changes the plan makes it go away, and undoing the edit
 * brings it back.
 */
import type { CurvePoint } from '@noether/engine/catalog';
import { planHash } from '../plan/canonical.ts';
import type { BenchmarkPlan, ClaimPlan, ComparePlan, DiscoverPlan, Task, TrainPlan } from '../plan/plan.ts';
import type { Settings } from '../protocol.ts';
import type {
  BenchmarkOutcome,
  ClaimOutcome,
  CompareOutcome,
  DiscoverOutcome,
  TrainOutcome,
} from '../report/report.ts';
import type { BeginProgress } from './batch.ts';
import { progressText } from './item-text.ts';
import { heard, type LearningCurve, noCurve } from './learning-curve.ts';

export type ItemPlan = TrainPlan | BenchmarkPlan | ComparePlan | DiscoverPlan | ClaimPlan;
export type ItemOutcome = TrainOutcome & BenchmarkOutcome & CompareOutcome & DiscoverOutcome & ClaimOutcome;

export interface ItemProgress {
  readonly done: number;
  readonly total: number;
  readonly stage: string;
  readonly training?: {
    readonly loss: number;
    readonly secondsLeft: number;
    /** New points of the learning curve. */
    readonly points?: readonly CurvePoint[];
  };
}

export interface ItemState {
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** The last that was heard; it stays when a run is stopped, to say how far it came. */
  readonly progress?: ItemProgress;
  readonly outcome?: ItemOutcome;
  /** Of a training, as far as it has come. */
  readonly curve?: LearningCurve;
}

export interface TaskRequest {
  readonly task: Task;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  onStart(): void;
  onProgress(progress: ItemProgress): void;
}

/** Whoever runs tasks (jobs/). */
export interface TaskRunner {
  /** Resolves with status `cancelled` when `signal` aborts. */
  runTask(request: TaskRequest): Promise<ItemOutcome>;
}

export interface ItemsContext {
  readonly runner: TaskRunner;
  readonly beginProgress: BeginProgress;
  /** Something that lenses show has changed in a document. */
  changed(uri: string): void;
}

interface Entry {
  readonly uri: string;
  readonly id: string;
  readonly controller: AbortController;
  state: ItemState;
}

/** States of old plans that are remembered for each document. */
const remembered = 200;

export class Items {
  private readonly context: ItemsContext;
  private readonly entries = new Map<string, Entry>();

  constructor(context: ItemsContext) {
    this.context = context;
  }

  /** What is known of this very plan. */
  of(uri: string, plan: ItemPlan): ItemState | undefined {
    return this.entries.get(keyOf(uri, plan))?.state;
  }

  /** Runs an item and resolves when it has ended. One that runs already goes on. */
  async run(uri: string, plan: ItemPlan, settings: Settings, signal?: AbortSignal): Promise<void> {
    const key = keyOf(uri, plan);
    if (isGoing(this.entries.get(key)?.state)) return;
    const entry: Entry = { uri, id: plan.id, controller: new AbortController(), state: { state: 'queued' } };
    // A training goes on where it was, and so does its curve.
    const before = this.entries.get(key)?.state;
    if (before?.state === 'cancelled' && before.curve) entry.state = { ...entry.state, curve: before.curve };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.forgetOldest();
    this.context.changed(uri);
    const stop = () => entry.controller.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const bar = await this.context.beginProgress(plan.title, stop);
    const change = (state: ItemState): void => {
      entry.state = state;
      this.context.changed(uri);
    };
    try {
      const outcome = await this.context.runner.runTask({
        task: plan,
        settings,
        signal: entry.controller.signal,
        onStart: () => change({ ...entry.state, state: 'running' }),
        onProgress: (progress) => {
          const { done, total, training } = progress;
          const known = entry.state.curve ?? noCurve;
          const curve = plan.kind === 'train' && training ? heard(known, { step: done, ...training }) : known;
          change({ state: 'running', progress, ...(curve === noCurve ? {} : { curve }) });
          bar?.report(progressText(progress), total > 0 ? done / total : 0);
        },
      });
      change({ ...entry.state, state: outcome.status, outcome });
    } finally {
      bar?.done();
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Stops one item, those of a document, or all. A stopped training is taken up where it was. */
  cancel(uri?: string, id?: string): void {
    for (const entry of this.entries.values()) {
      const meant = (uri === undefined || entry.uri === uri) && (id === undefined || entry.id === id);
      if (meant && isGoing(entry.state)) entry.controller.abort();
    }
  }

  /** A document is gone: what runs for it ends. */
  remove(uri: string): void {
    this.cancel(uri);
    for (const [key, entry] of this.entries) if (entry.uri === uri) this.entries.delete(key);
  }

  private forgetOldest(): void {
    for (const [key, { state }] of this.entries) {
      if (this.entries.size <= remembered) return;
      if (!isGoing(state)) this.entries.delete(key);
    }
  }
}

export function isGoing(state: ItemState | undefined): boolean {
  return state?.state === 'queued' || state?.state === 'running';
}

/** `expect` and limits are judged when shown, and are no part of what was computed. */
function keyOf(uri: string, plan: ItemPlan): string {
  const { timeLimit: _, ...own } = plan;
  const bare =
    own.kind === 'claim' || own.kind === 'compare' || own.kind === 'discover'
      ? { ...own, expect: undefined }
      : own;
  return `${uri} ${planHash(bare as ItemPlan)}`;
}
