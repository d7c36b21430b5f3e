/**
 * The state of every check: the one source that diagnostics, lenses, hovers and notifications read.
 *
 *     not run --run--> queued --> running --> holds | violated | inconclusive | failed
 *        ^                \----------\------> cancelled
 *        |  any of these, when its text, data or model changes --> stale (with a result) or not run (without)
 *
 * A result is shown only for the inputs that it was computed from. An edit makes it stale at once; whether it still
 * holds (an undone edit, an identical earlier run) is found out from the inputs' hash and the cache afterwards.
 */
import { findingOf } from '@noether/engine/catalog';
import { filesOf } from '../jobs/inputs.ts';
import type { Settings } from '../protocol.ts';
import { type Check, isGoingOn, type PlannedCheck, type PlannedFile, planText, stateOf } from './check.ts';
import type { CheckRunner, RunResult } from './runner.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Entry extends Mutable<Check> {
  text: string;
  settings: Settings;
  /** Counts the reasons to look again at the inputs, so that a late answer to an old question is dropped. */
  question: number;
  /** The text that `result` was computed from. */
  resultText?: string;
  controller?: AbortController;
  /** The text is broken at present. */
  suspended?: boolean;
}

export interface ChecksContext {
  readonly runner: CheckRunner;
  /** Something about the checks of this document has changed. `progress`: only how far a run is. */
  changed(uri: string, what: 'state' | 'progress'): void;
}

/** Why a check is run: `command` runs it in any case, `save` only what has no current result. */
export type RunReason = 'save' | 'command';

export class Checks {
  private readonly context: ChecksContext;
  private readonly documents = new Map<string, Map<string, Entry>>();
  private trustedNow: boolean;

  constructor(context: ChecksContext, trusted: boolean) {
    this.context = context;
    this.trustedNow = trusted;
  }

  get trusted(): boolean {
    return this.trustedNow;
  }

  /** The workspace became trusted: what was run earlier may be looked up. */
  setTrusted(trusted: boolean): void {
    if (trusted === this.trustedNow) return;
    this.trustedNow = trusted;
    for (const [uri, entries] of this.documents) {
      for (const entry of entries.values()) {
        entry.note = trusted ? undefined : untrustedNote;
        if (trusted) void this.examine(entry);
      }
      this.context.changed(uri, 'state');
    }
  }

  /** All documents that have checks. */
  uris(): string[] {
    return [...this.documents.keys()];
  }

  /** The checks of a document, in its order. */
  of(uri: string): readonly Check[] {
    return [...(this.documents.get(uri)?.values() ?? [])];
  }

  find(uri: string, id: string): Check | undefined {
    return this.documents.get(uri)?.get(id);
  }

  /** The text has changed: takes over what still fits, and makes the rest stale before anything else happens. */
  update(file: PlannedFile, settings: Settings): void {
    const before = this.documents.get(file.uri) ?? new Map<string, Entry>();
    const after = new Map<string, Entry>();
    for (const planned of file.checks) {
      const old = before.get(planned.plan.id) ?? renamed(planned, before, file);
      after.set(
        planned.plan.id,
        old ? this.adopt(old, planned, settings) : this.create(file.uri, planned, settings),
      );
    }
    const kept = new Set(after.values());
    for (const entry of before.values()) if (!kept.has(entry)) this.drop(entry);
    this.documents.set(file.uri, after);
    this.context.changed(file.uri, 'state');
  }

  /**
   * The text is broken, and which checks it means is not known: nothing that is shown can be said to belong to it. Runs
   * go on; their results count if the text comes back as it was.
   */
  suspend(uri: string): void {
    const entries = this.documents.get(uri);
    if (!entries) return;
    for (const entry of entries.values()) {
      entry.question += 1;
      entry.suspended = true;
      if (isGoingOn(entry.state)) continue;
      this.outdate(entry);
      entry.note = brokenNote;
    }
    this.context.changed(uri, 'state');
  }

  /** The document is gone. */
  remove(uri: string): void {
    for (const entry of this.documents.get(uri)?.values() ?? []) this.drop(entry);
    if (this.documents.delete(uri)) this.context.changed(uri, 'state');
  }

  /** Data or model files may have changed: looks again at every check that reads one of them. */
  filesChanged(changed: (file: string) => boolean): void {
    for (const entries of this.documents.values()) {
      for (const entry of entries.values()) if (filesOf(entry.plan).some(changed)) void this.examine(entry);
    }
  }

  /** Looks again at the inputs of a document's checks; resolves when their states are up to date. */
  async refresh(uri: string): Promise<void> {
    await Promise.all([...(this.documents.get(uri)?.values() ?? [])].map((entry) => this.examine(entry)));
  }

  /** Every file that some check reads. */
  files(): Set<string> {
    const files = new Set<string>();
    for (const entries of this.documents.values()) {
      for (const entry of entries.values()) for (const file of filesOf(entry.plan)) files.add(file);
    }
    return files;
  }

  /**
   * Runs one check and resolves when it has ended, in whatever way. Aborting `signal` cancels it; with the reason
   * {@link postponed} it goes back to where it was.
   */
  async run(uri: string, id: string, reason: RunReason, signal: AbortSignal): Promise<void> {
    const entry = this.documents.get(uri)?.get(id);
    if (!entry || isGoingOn(entry.state)) return;
    if (!this.trustedNow) {
      entry.note = untrustedNote;
      this.context.changed(uri, 'state');
      return;
    }
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const before = entry.state;
    entry.controller = controller;
    entry.question += 1;
    this.set(entry, { state: 'queued', note: undefined, progress: undefined });
    try {
      const result = await this.context.runner.run({
        check: entry.plan,
        settings: entry.settings,
        signal: controller.signal,
        asked: reason === 'command',
        onStart: () => {
          if (entry.controller === controller) this.set(entry, { state: 'running' });
        },
        onProgress: (progress) => {
          if (entry.controller !== controller) return;
          entry.progress = progress;
          this.context.changed(uri, 'progress');
        },
      });
      if (entry.controller !== controller) return;
      if (result.outcome.status === 'cancelled') {
        const note = controller.signal.reason === postponed ? postponedNote : undefined;
        this.end(entry, note ? { state: before, note } : { state: 'cancelled' });
      } else this.accept(entry, result);
    } catch (error) {
      if (entry.controller !== controller) return;
      const outcome = { status: 'failed' as const, findings: [findingOf(error)] };
      this.accept(entry, { outcome, inputsHash: '', cached: false });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Cancels what is queued or running: one check, those of a document, or all. */
  cancel(uri?: string, id?: string): void {
    const documents = uri === undefined ? [...this.documents.values()] : [this.documents.get(uri)];
    for (const entries of documents) {
      for (const entry of entries?.values() ?? []) {
        if (id === undefined || entry.plan.id === id) entry.controller?.abort();
      }
    }
  }

  /** Forgets results, after the cache was cleared. */
  forgetResults(): void {
    for (const [uri, entries] of this.documents) {
      for (const entry of entries.values()) {
        entry.question += 1;
        entry.result = undefined;
        entry.resultText = undefined;
        if (!isGoingOn(entry.state)) entry.state = 'not run';
      }
      this.context.changed(uri, 'state');
    }
  }

  private create(uri: string, planned: PlannedCheck, settings: Settings): Entry {
    const entry: Entry = {
      ...planned,
      uri,
      settings,
      text: inputsText(planned, settings),
      state: 'not run',
      note: this.trustedNow ? undefined : untrustedNote,
      question: 0,
    };
    void this.examine(entry);
    return entry;
  }

  private adopt(entry: Entry, planned: PlannedCheck, settings: Settings): Entry {
    const text = inputsText(planned, settings);
    const same = text === entry.text;
    // `model` and `data` may have vanished with an edit, so they are set even when undefined.
    Object.assign(entry, { model: undefined, data: undefined, ...planned, settings, text });
    if (!same) this.stop(entry);
    const outdated = !same || (entry.suspended && !isGoingOn(entry.state));
    entry.suspended = false;
    if (outdated) {
      this.outdate(entry);
      void this.examine(entry);
    }
    return entry;
  }

  /** Ends a run whose result nobody waits for any more. */
  private stop(entry: Entry): void {
    const controller = entry.controller;
    entry.controller = undefined;
    controller?.abort();
  }

  private drop(entry: Entry): void {
    entry.question += 1;
    this.stop(entry);
  }

  private outdate(entry: Entry): void {
    entry.state = entry.result ? 'stale' : 'not run';
    entry.progress = undefined;
    entry.note = this.trustedNow ? undefined : untrustedNote;
  }

  /** Finds out whether a known result belongs to the present inputs. Never runs anything. */
  private async examine(entry: Entry): Promise<void> {
    entry.question += 1;
    // A run that is under way is compared with its inputs when it ends.
    if (!this.trustedNow || entry.suspended || isGoingOn(entry.state)) return;
    const { question, plan, settings, text } = entry;
    const { runner } = this.context;
    let result: RunResult | undefined;
    let unreadable = false;
    try {
      const inputsHash = await runner.inputsHash(plan, settings);
      if (entry.question !== question) return;
      if (entry.result?.inputsHash === inputsHash) result = entry.result;
      else {
        const outcome = await runner.cached(inputsHash, plan, settings);
        if (outcome) result = { outcome, inputsHash, cached: true };
      }
    } catch {
      // A file is missing or cannot be read. The run will say so in full; until then there is nothing to show.
      unreadable = true;
    }
    if (entry.question !== question) return;
    if (result) {
      entry.resultText = text;
      this.set(entry, { state: stateOf(result), result, note: undefined });
    } else if (entry.state !== 'not run' && entry.state !== 'cancelled' && entry.state !== 'stale') {
      // The failure says that a file cannot be read, and that is still so.
      if (entry.state === 'failed' && unreadable && entry.resultText === text) return;
      this.outdate(entry);
      this.context.changed(entry.uri, 'state');
    }
  }

  private accept(entry: Entry, result: RunResult): void {
    entry.resultText = entry.text;
    this.end(entry, { state: stateOf(result), result });
    if (entry.suspended) this.outdate(entry);
    // The files may have changed while the check was running.
    if (result.inputsHash !== '') void this.examine(entry);
  }

  private end(entry: Entry, change: Partial<Mutable<Check>>): void {
    entry.controller = undefined;
    this.set(entry, { progress: undefined, note: undefined, ...change });
  }

  private set(entry: Entry, change: Partial<Mutable<Check>>): void {
    Object.assign(entry, change);
    this.context.changed(entry.uri, 'state');
  }
}

/** The abort reason of a run that has to wait for a command because the time budget is used up. */
export const postponed = Symbol('postponed');

const postponedNote = 'the time budget of this save is used up';
const brokenNote = 'the text has errors';
export const untrustedNote = 'the workspace is not trusted';

/** What decides about a result, apart from the content of files. */
function inputsText(planned: PlannedCheck, { backend }: Settings): string {
  return `${backend} ${planText(planned)}`;
}

/** A check whose id changed because its text did (`under SE(3)` became `under O(3)`): the one at the same place. */
function renamed(planned: PlannedCheck, before: Map<string, Entry>, file: PlannedFile): Entry | undefined {
  for (const [id, entry] of before) {
    if (entry.path !== planned.path) continue;
    // Only if its own id is not in use any more: else it is another check that moved.
    return file.checks.some((check) => check.plan.id === id) ? undefined : entry;
  }
  return undefined;
}
