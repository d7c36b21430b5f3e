/**
 * The user's settings, one answer a resource: two folders of a workspace may differ. Read through
 * `workspace/configuration`; a client without it may send them with `workspace/didChangeConfiguration`.
 */
import type { Settings } from '../protocol.ts';

/** What holds where the user says nothing. The manifest (package.json) documents the same values. */
export const defaultSettings: Settings = {
  run: 'onSave',
  timeBudget: 60,
  timeLimit: 300,
  memoryLimit: 4096,
  workers: 1,
  backend: 'auto',
  maxDataSize: 1024,
  elements: 64,
  seed: 0,
  confidence: 0.95,
  codeLens: true,
  inlayHints: true,
  cacheFolder: '',
  python: '',
};

const backends: readonly string[] = ['auto', 'tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'];

/** How each setting is read: a value that does not fit is passed over, so that a typo cannot stop the server. */
const readers: { readonly [K in keyof Settings]: (value: unknown) => boolean } = {
  run: (value) => value === 'onSave' || value === 'onCommand',
  timeBudget: isAtLeast(0),
  timeLimit: isAtLeast(1),
  memoryLimit: isAtLeast(64),
  workers: (value) => isAtLeast(1)(value) && Number.isInteger(value),
  backend: (value) => backends.includes(value as string),
  maxDataSize: isAtLeast(1),
  elements: (value) => isAtLeast(1)(value) && Number.isInteger(value),
  seed: (value) => isAtLeast(0)(value) && Number.isInteger(value),
  confidence: (value) => typeof value === 'number' && value > 0 && value < 1,
  codeLens: (value) => typeof value === 'boolean',
  inlayHints: (value) => typeof value === 'boolean',
  cacheFolder: (value) => typeof value === 'string',
  python: (value) => typeof value === 'string',
};

function isAtLeast(least: number): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && Number.isFinite(value) && value >= least;
}

/** Defaults, overridden by every value of `configured` that fits its setting. */
export function readSettings(configured: unknown): { settings: Settings; rejected: string[] } {
  const settings: Record<string, unknown> = { ...defaultSettings };
  const rejected: string[] = [];
  if (typeof configured === 'object' && configured !== null) {
    for (const [name, fits] of Object.entries(readers)) {
      const value = (configured as Record<string, unknown>)[name];
      if (value === undefined || value === null) continue;
      if (fits(value)) settings[name] = value;
      else rejected.push(name);
    }
  }
  return { settings: settings as unknown as Settings, rejected };
}

/** Answers `workspace/configuration` for the section `noether` of one resource; of none when the URI is empty. */
export type FetchSettings = (uri: string) => Promise<unknown>;

/** Keeps the answers until the client says that they changed. */
export class SettingsStore {
  private readonly known = new Map<string, Promise<Settings>>();
  private readonly listeners: (() => void)[] = [];
  private readonly warned = new Set<string>();
  private readonly warn: (message: string) => void;
  private fetch: FetchSettings | undefined;
  private pushed: unknown;

  constructor(warn: (message: string) => void = () => {}) {
    this.warn = warn;
  }

  /** From now on ask the client. */
  useClient(fetch: FetchSettings): void {
    this.fetch = fetch;
    this.changed();
  }

  /** The settings that hold for a document, or everywhere for an empty URI. Never fails: without an answer the defaults hold. */
  get(uri: string): Promise<Settings> {
    let settings = this.known.get(uri);
    if (!settings) {
      settings = this.read(uri);
      this.known.set(uri, settings);
    }
    return settings;
  }

  /** `workspace/didChangeConfiguration`. */
  configurationChanged(params: unknown): void {
    const pushed = (params as { settings?: { noether?: unknown } } | undefined)?.settings?.noether;
    if (pushed !== undefined) this.pushed = pushed;
    this.changed();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  forget(uri: string): void {
    this.known.delete(uri);
  }

  private changed(): void {
    this.known.clear();
    for (const listener of this.listeners) listener();
  }

  private async read(uri: string): Promise<Settings> {
    let configured: unknown = this.pushed;
    if (this.fetch) {
      try {
        configured = (await this.fetch(uri)) ?? this.pushed;
      } catch {
        // A client that announces the request and then refuses it: what it pushed, or the defaults, must do.
      }
    }
    const { settings, rejected } = readSettings(configured);
    for (const name of rejected) {
      if (this.warned.has(name)) continue;
      this.warned.add(name);
      this.warn(`The setting noether.${name} has a value that cannot be used; its default is used instead.`);
    }
    return settings;
  }
}
