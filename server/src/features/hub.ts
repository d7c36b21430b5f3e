/**
 * All diagnostics of a document come together here and leave as one list. A source may speak at any time (a verdict
 * arrives minutes after the last keystroke), so its findings are anchored at syntax tree paths, and turned into
 * ranges only when the list is published.
 */
import type {
  Diagnostic,
  DiagnosticRelatedInformation,
  PublishDiagnosticsParams,
  Range,
} from 'vscode-languageserver';

/** Who speaks: the parser, the checks of the tree, the results of runs. */
export type DiagnosticSource = 'syntax' | 'static' | 'verify';

/** A place in the syntax tree of some document. */
export interface Anchor {
  readonly uri: string;
  /** As AstNodeLocator writes it: `/items@3`. */
  readonly path: string;
}

/** A diagnostic whose places are not yet ranges. */
export interface AnchoredDiagnostic {
  readonly path: string;
  readonly diagnostic: Omit<Diagnostic, 'range' | 'relatedInformation'>;
  readonly related: readonly { readonly anchor: Anchor; readonly message: string }[];
}

/** How the hub reaches the documents and the client. */
export interface HubContext {
  publish(params: PublishDiagnosticsParams): void;
  /** Where an anchor is now; `undefined` when it is gone. */
  locate(anchor: Anchor): Range | undefined;
  /** The version of the text that anchors are located in. */
  version(uri: string): number | undefined;
  /** Calls `flush` at the end of the turn: one edit touches several sources, and they are published together. */
  later(): void;
  /** False while the document is being rebuilt: its ranges would not fit the text. */
  ready(uri: string): boolean;
}

interface Entry {
  syntax: readonly Diagnostic[];
  static: readonly Diagnostic[];
  verify: readonly AnchoredDiagnostic[];
  published?: string;
}

export class DiagnosticsHub {
  private readonly context: HubContext;
  private readonly entries = new Map<string, Entry>();
  private readonly dirty = new Set<string>();

  constructor(context: HubContext) {
    this.context = context;
  }

  /** Replaces what the parser and the checks of the tree say, after a build. */
  setBuilt(uri: string, syntax: readonly Diagnostic[], checks: readonly Diagnostic[]): void {
    const entry = this.entry(uri);
    entry.syntax = syntax;
    entry.static = checks;
    this.touch(uri);
  }

  /** Replaces what the runs say. */
  setVerify(uri: string, diagnostics: readonly AnchoredDiagnostic[]): void {
    this.entry(uri).verify = diagnostics;
    this.touch(uri);
  }

  /** The document is gone: its diagnostics go as well. */
  remove(uri: string): void {
    this.dirty.delete(uri);
    if (this.entries.delete(uri)) this.context.publish({ uri, diagnostics: [] });
  }

  /** The list as it would be published now. */
  diagnostics(uri: string): Diagnostic[] {
    const entry = this.entries.get(uri);
    if (!entry) return [];
    return [...entry.syntax, ...entry.static, ...entry.verify.flatMap((item) => this.place(uri, item))];
  }

  /** Publishes what changed, without waiting for the end of the turn. */
  flush(): void {
    for (const uri of [...this.dirty]) {
      // The build that is under way ends with setBuilt, which publishes.
      if (!this.context.ready(uri)) continue;
      this.dirty.delete(uri);
      const entry = this.entries.get(uri);
      if (!entry) continue;
      const params: PublishDiagnosticsParams = { uri, diagnostics: this.diagnostics(uri) };
      const version = this.context.version(uri);
      if (version !== undefined) params.version = version;
      const text = JSON.stringify(params);
      if (text === entry.published) continue;
      entry.published = text;
      this.context.publish(params);
    }
  }

  private entry(uri: string): Entry {
    let entry = this.entries.get(uri);
    if (!entry) {
      entry = { syntax: [], static: [], verify: [] };
      this.entries.set(uri, entry);
    }
    return entry;
  }

  private touch(uri: string): void {
    this.dirty.add(uri);
    this.context.later();
  }

  private place(uri: string, { path, diagnostic, related }: AnchoredDiagnostic): Diagnostic[] {
    const range = this.context.locate({ uri, path });
    if (!range) return [];
    const relatedInformation = related.flatMap(({ anchor, message }): DiagnosticRelatedInformation[] => {
      const relatedRange = this.context.locate(anchor);
      return relatedRange ? [{ location: { uri: anchor.uri, range: relatedRange }, message }] : [];
    });
    return [{ ...diagnostic, range, ...(relatedInformation.length > 0 ? { relatedInformation } : {}) }];
  }
}
