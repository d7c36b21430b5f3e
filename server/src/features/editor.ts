/**
 * Ties the features together: after each build the checks learn of the new text, and whenever the state of a check
 * changes every surface is told. All of them read the same {@link Checks}.
 */

import {
  type AstNode,
  type AstNodeLocator,
  DocumentState,
  type LangiumDocument,
  type LangiumDocuments,
  URI,
} from 'langium';
import type { Diagnostic, Range } from 'vscode-languageserver';
import { reachableUris } from '../language/uses.ts';
import { baselineFile } from '../plan/baseline.ts';
import type { Settings } from '../protocol.ts';
import { counted } from '../report/words.ts';
import { countGoingOn, idsForSave, runBatch } from './batch.ts';
import type { PlannedFile, PlannedItem } from './check.ts';
import { standsFor } from './check-node.ts';
import { headRange } from './check-range.ts';
import { Checks, type RunReason } from './checks.ts';
import type { Client } from './client.ts';
import { FolderWatch } from './folder-watch.ts';
import { type Anchor, type AnchoredDiagnostic, DiagnosticsHub } from './hub.ts';
import { itemDiagnostics } from './item-diagnostics.ts';
import { Items, type TaskRunner } from './items.ts';
import type { CheckRunner } from './runner.ts';
import type { SettingsStore } from './settings.ts';
import { TrainingFeed } from './training-feed.ts';
import { goneTraining, trainingInfo } from './training-info.ts';
import { asExpected, summaryText } from './verdict.ts';
import { type CodeHref, verifyDiagnostics } from './verify-diagnostics.ts';

export interface EditorContext {
  readonly client: Client;
  readonly runner: CheckRunner & Partial<TaskRunner>;
  readonly settings: SettingsStore;
  readonly documents: LangiumDocuments;
  readonly locator: AstNodeLocator;
  /** Version of an open document; `undefined` when it is not open. */
  openVersion(uri: string): number | undefined;
  /** The checks that a document's text declares. */
  plan(document: LangiumDocument, settings: Settings): PlannedFile | undefined;
  readonly codeHref: CodeHref;
}

/** Milliseconds between two requests to the client to ask for its lenses again. */
const refreshPause = 150;

export class Editor {
  readonly checks: Checks;
  readonly hub: DiagnosticsHub;
  readonly items: Items;
  readonly trainings: TrainingFeed;
  /** The client can open the plot of a training. */
  showsTrainings = false;
  private readonly plannedItems = new Map<string, readonly PlannedItem[]>();
  private readonly context: EditorContext;
  private readonly watch: FolderWatch;
  private readonly plans = new Map<string, Promise<void>>();
  /** Documents whose cached results have been looked for, which reads their data: only those that are open. */
  private readonly examined = new Set<string>();
  private readonly changed = new Set<string>();
  /** What the lenses of each document say. */
  private readonly shown = new Map<string, string>();
  /** The diagnostics of items as they were published last. */
  private readonly saidOfItems = new Map<string, string>();
  private sending = false;
  private refresh: NodeJS.Timeout | undefined;
  private detail: string | undefined;
  private statusText = '';

  constructor(context: EditorContext, trusted = true) {
    this.context = context;
    this.checks = new Checks(
      { runner: context.runner, changed: (uri, what) => this.show(uri, what) },
      trusted,
    );
    this.hub = new DiagnosticsHub({
      publish: context.client.publish,
      locate: (anchor) => this.locate(anchor),
      version: context.openVersion,
      later: () => this.later(),
      ready: (uri) => (this.document(uri)?.state ?? DocumentState.Changed) >= DocumentState.Validated,
    });
    this.items = new Items({
      runner: {
        runTask: (request) => {
          if (!context.runner.runTask) throw new Error('this runner runs checks only');
          return context.runner.runTask(request);
        },
      },
      beginProgress: context.client.beginProgress,
      changed: (uri) => {
        this.refreshSoon();
        this.trainings.changed(uri);
        this.diagnose(uri);
      },
    });
    this.trainings = new TrainingFeed({
      info: (uri, id) => {
        const plan = this.itemsOf(uri).find((item) => item.plan.id === id)?.plan;
        return plan?.kind === 'train'
          ? trainingInfo(uri, plan, this.items.of(uri, plan), this.checks.trusted)
          : goneTraining(uri, id);
      },
      send: context.client.sendTraining,
    });
    this.watch = new FolderWatch((files) => {
      this.filesChanged((file) => files.has(file));
      // What `noether baseline` accepts, or no longer does.
      for (const uri of this.plans.keys()) if (files.has(baselineOf(uri))) void this.replan(uri);
    });
    context.runner.onEvent(({ message }) => {
      this.detail = message;
      context.client.warn(message);
      this.sendStatus();
    });
    context.settings.onChange(() => {
      for (const document of context.documents.all) void this.replan(document.uri.toString());
      this.refreshSoon();
      context.client.refreshHints();
    });
  }

  /** A document has been built and validated. Only takes notice: nothing may hold up the build. */
  validated(document: LangiumDocument): void {
    const uri = document.uri.toString();
    const [syntax, checks] = split(document.diagnostics ?? []);
    this.hub.setBuilt(uri, syntax, checks);
    void this.replan(uri);
  }

  /** Resolves when the checks belong to the text as it was built last. */
  async planned(uri: string): Promise<void> {
    await this.plans.get(uri);
  }

  removed(uri: string): void {
    this.plans.delete(uri);
    this.plannedItems.delete(uri);
    this.items.remove(uri);
    this.trainings.changed(uri);
    this.saidOfItems.delete(uri);
    this.examined.delete(uri);
    this.shown.delete(uri);
    this.checks.remove(uri);
    this.hub.remove(uri);
    this.context.settings.forget(uri);
    this.context.client.sendChecks({ uri, version: 0, checks: [] });
  }

  /** Data or model files have changed on disk. */
  filesChanged(changed: (file: string) => boolean): void {
    this.checks.filesChanged(changed);
    this.context.client.refreshHints();
    this.refreshSoon();
  }

  /** The user saved a document: its checks are run, and those of the open documents that use it. */
  async saved(uri: string): Promise<void> {
    const { documents, openVersion } = this.context;
    const users = documents.all
      .filter((document) => reachableUris(document, documents).has(uri))
      .map((document) => document.uri.toString())
      .filter((user) => user !== uri && openVersion(user) !== undefined)
      .toArray();
    await Promise.all([uri, ...users].map((each) => this.runSaved(each)));
  }

  private async runSaved(uri: string): Promise<void> {
    await this.planned(uri);
    await this.checks.refresh(uri);
    const settings = await this.context.settings.get(uri);
    if (settings.run !== 'onSave' || !this.checks.trusted) return;
    await this.run(uri, idsForSave(this.checks, uri), 'save');
  }

  /** Runs checks of a document and resolves when they have ended. */
  async run(uri: string, ids: readonly string[], reason: RunReason, signal?: AbortSignal): Promise<void> {
    // What became of an earlier run is old news.
    this.detail = undefined;
    const settings = await this.context.settings.get(uri);
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    await runBatch(this.checks, uri, ids, {
      reason,
      timeBudget: settings.timeBudget,
      title: `Checking ${decodeURIComponent(name)}`,
      beginProgress: this.context.client.beginProgress,
      signal,
    });
  }

  /** Trainings, benchmarks and claims of a document. */
  itemsOf(uri: string): readonly PlannedItem[] {
    return this.plannedItems.get(uri) ?? [];
  }

  /** Runs a training, benchmark or claim and resolves when it has ended. */
  async runItem(uri: string, id: string, signal?: AbortSignal): Promise<void> {
    await this.planned(uri);
    const item = this.itemsOf(uri).find(({ plan }) => plan.id === id);
    if (!item || !this.checks.trusted) return;
    await this.items.run(uri, item.plan, await this.context.settings.get(uri), signal);
    // Checks below a training had nothing to look at before.
    if (item.plan.kind === 'train') await this.checks.refresh(uri);
  }

  /** 0-based line of a check, as its text is now. */
  lineOf(check: Anchor): number {
    return this.locate(check)?.start.line ?? 0;
  }

  /** The client is ready for notifications. */
  start(): void {
    this.sendStatus();
  }

  setTrusted(trusted: boolean): void {
    this.checks.setTrusted(trusted);
    this.trainings.changed();
    this.sendStatus();
    this.refreshSoon();
  }

  dispose(): void {
    clearTimeout(this.refresh);
    this.watch.close();
    this.trainings.dispose();
  }

  private document(uri: string): LangiumDocument | undefined {
    return this.context.documents.getDocument(URI.parse(uri));
  }

  /** The checks of the text as it is now; a later edit overtakes this. */
  private replan(uri: string): Promise<void> {
    const planned = this.planNow(uri).catch((error) => {
      this.context.client.warn(
        `The checks of ${uri} could not be planned: ${error instanceof Error ? error.stack : error}`,
      );
    });
    this.plans.set(uri, planned);
    return planned;
  }

  private async planNow(uri: string): Promise<void> {
    const settings = await this.context.settings.get(uri);
    const document = this.document(uri);
    // Another build has begun; it ends with a plan of its own.
    if (!document || document.state < DocumentState.Validated) return;
    const file = this.context.plan(document, settings);
    // While the text is broken, what was planned last stays on its lines.
    if (file) this.plannedItems.set(uri, file.items ?? []);
    if (file) this.trainings.changed(uri);
    if (file) this.checks.update(file, settings);
    else this.checks.suspend(uri);
    this.diagnose(uri);
    this.watch.watch([...this.checks.files(), ...[...this.plans.keys()].map(baselineOf)]);
    if (this.context.openVersion(uri) !== undefined && !this.examined.has(uri)) {
      this.examined.add(uri);
      await this.checks.refresh(uri);
    }
  }

  private nodeAt({ uri, path }: Anchor): AstNode | undefined {
    const root = this.document(uri)?.parseResult.value;
    return root && this.context.locator.getAstNode(root, path);
  }

  private locate(anchor: Anchor): Range | undefined {
    const node = this.nodeAt(anchor);
    return node && headRange(node);
  }

  /** Collects what happens within one turn, and says it once. */
  private show(uri: string, what: 'state' | 'progress'): void {
    if (what === 'progress') {
      this.refreshSoon();
      return;
    }
    this.setDiagnostics(uri);
    this.changed.add(uri);
    const shown = this.checks
      .of(uri)
      .map((check) => `${check.plan.id} ${summaryText(check)}`)
      .join('\n');
    // A client asks for lenses after each edit of its own accord.
    if (shown !== this.shown.get(uri)) this.refreshSoon();
    this.shown.set(uri, shown);
    this.later();
  }

  /** What checks, comparisons, discoveries and claims have to say. */
  private setDiagnostics(uri: string): void {
    const { codeHref } = this.context;
    this.hub.setVerify(uri, [
      ...this.checks
        .of(uri)
        .filter((check) => standsFor(this.nodeAt(check), check))
        .flatMap((check) => verifyDiagnostics(check, codeHref)),
      ...this.itemDiagnosticsOf(uri),
    ]);
  }

  private itemDiagnosticsOf(uri: string): AnchoredDiagnostic[] {
    return this.itemsOf(uri)
      .filter((item) => this.nodeAt({ uri, path: item.path })?.$type.toLowerCase() === item.plan.kind)
      .flatMap((item) => itemDiagnostics(item, this.items.of(uri, item.plan), this.context.codeHref));
  }

  /** The state of an item has changed; progress alone says nothing new. */
  private diagnose(uri: string): void {
    const said = JSON.stringify(this.itemDiagnosticsOf(uri));
    if (said === (this.saidOfItems.get(uri) ?? '[]')) return;
    this.saidOfItems.set(uri, said);
    this.setDiagnostics(uri);
    this.later();
  }

  private later(): void {
    if (this.sending) return;
    this.sending = true;
    setImmediate(() => this.flush());
  }

  /** Says now what would be said at the end of the turn: before the answer to a command, not behind it. */
  flush(): void {
    this.sending = false;
    // The states go first: who sees a diagnostic of a check may rely on its state.
    for (const each of this.changed) this.sendChecks(each);
    this.changed.clear();
    this.hub.flush();
    this.sendStatus();
  }

  private sendChecks(uri: string): void {
    if (!this.document(uri)) return;
    this.context.client.sendChecks({
      uri,
      version: this.context.openVersion(uri) ?? 0,
      checks: this.checks.of(uri).map((check) => ({
        id: check.plan.id,
        title: check.plan.title,
        line: this.lineOf(check),
        state: check.state,
        asExpected: asExpected(check),
        summary: summaryText(check),
      })),
    });
  }

  private sendStatus(): void {
    const { running, queued } = countGoingOn(this.checks);
    const state = !this.checks.trusted ? 'restricted' : running + queued > 0 ? 'running' : 'ready';
    const detail =
      this.detail ??
      (state === 'restricted' ? 'The workspace is not trusted, so nothing is run.' : undefined) ??
      (queued > 0 ? `${counted(queued, 'check')} waiting` : undefined);
    const status = { state, backend: this.backend(), running, queued, detail } as const;
    const text = JSON.stringify(status);
    if (text === this.statusText) return;
    this.statusText = text;
    this.context.client.sendStatus(status);
  }

  /** Where the last result was computed. */
  private backend(): string | undefined {
    const outcomes = this.checks
      .uris()
      .flatMap((uri) => this.checks.of(uri).flatMap(({ result }) => result ?? []));
    return outcomes.findLast(({ cached, outcome }) => !cached && outcome.backend)?.outcome.backend
      ?.description;
  }

  private refreshSoon(): void {
    this.refresh ??= setTimeout(() => {
      this.refresh = undefined;
      this.context.client.refreshLenses();
    }, refreshPause);
  }
}

/** Parser and lexer errors, and the rest. */
function split(diagnostics: readonly Diagnostic[]): [Diagnostic[], Diagnostic[]] {
  const isSyntax = ({ code, data }: Diagnostic) =>
    String(code ?? data?.code ?? '').startsWith('syntax/') ||
    /^(lexing|parsing)-/.test(String(data?.code ?? ''));
  return [diagnostics.filter(isSyntax), diagnostics.filter((diagnostic) => !isSyntax(diagnostic))];
}

/** The file of accepted results that belongs to a document. */
function baselineOf(uri: string): string {
  return baselineFile(URI.parse(uri).fsPath);
}
