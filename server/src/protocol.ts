/**
 * Everything that Noether says over the wire beyond the language server protocol. The one file that client and server
 * share; documented for other editors in docs/lsp-extensions.md.
 */

/** Commands of `workspace/executeCommand`, for any editor. */
export const commands = {
  /** [uri, checkId?]: run one check, or all of a file. */
  run: 'noether.server.run',
  /** [uri?, id?]: cancel one check, training, benchmark or claim, those of a file, or everything. */
  cancel: 'noether.server.cancel',
  /** [uri, itemId]: run a training, a benchmark or a claim. A training that was stopped goes on where it was. */
  runItem: 'noether.server.runItem',
  /** [uri]: the trainings, benchmarks and claims of a file, as a list of {@link ItemInfo}. */
  items: 'noether.server.items',
  /**
   * [uri, itemId, follow = true]: a training as a plot shows it, as {@link TrainingInfo}. From then on its changes are sent as
   * `noether/training`, until the command is called with `false`.
   */
  training: 'noether.server.training',
  /** []: forget cached results, on disk too. */
  clearCache: 'noether.server.clearCache',
  /** [uri]: the last report of a file, as JSON. */
  report: 'noether.server.report',
} as const;

/** A training, benchmark or claim, as `commands.items` lists it. */
export interface ItemInfo {
  readonly id: string;
  readonly kind: 'train' | 'benchmark' | 'compare' | 'discover' | 'claim';
  /** 0-based. */
  readonly line: number;
  readonly state: 'not run' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** One line: "step 120 of 300, loss 0.31, 12 s left". */
  readonly summary: string;
}

/** Commands that the client has, which lenses call when it says so in its `initializationOptions`. */
export const clientCommands = {
  /** [uri, itemId]: open the plot of a training. */
  showTraining: 'noether.showTraining',
} as const;

/** `initializationOptions`. */
export interface InitializationOptions {
  /** False in an untrusted workspace: the language works, nothing is run. Default true. */
  readonly trusted?: boolean;
  /** The client has the command `noether.showTraining`: trainings get a lens for it. Default false. */
  readonly showsTrainings?: boolean;
}

/** Notification client -> server: the workspace has become trusted. No parameters. */
export const trustedNotification = 'noether/trusted';

/** Notification server -> client: what the server is doing. Sent on every change. */
export const statusNotification = 'noether/status';

export interface StatusParams {
  /** `ready`, `running`, or `restricted` (untrusted workspace). */
  readonly state: 'ready' | 'running' | 'restricted';
  /** "wasm (SIMD, 1 thread)", once a worker has told. */
  readonly backend?: string;
  readonly running: number;
  readonly queued: number;
  /** One sentence for the hover, e.g. why a backend was passed over, or that a worker was restarted. */
  readonly detail?: string;
}

/** Notification server -> client: the state of each check of a document. For tests, gutters and the Test Explorer. */
export const checksNotification = 'noether/checks';

export type CheckState =
  | 'not run'
  | 'stale'
  | 'queued'
  | 'running'
  | 'holds'
  | 'violated'
  | 'inconclusive'
  | 'failed'
  | 'cancelled';

export interface ChecksParams {
  readonly uri: string;
  readonly version: number;
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    /** 0-based, as in the language server protocol. */
    readonly line: number;
    readonly state: CheckState;
    readonly asExpected?: boolean;
    /** One line: "holds: gap 3.1e-7, floor 2.2e-7". */
    readonly summary?: string;
  }[];
}

/** Notification server -> client: a training that the client follows has changed. At most five in a second. */
export const trainingNotification = 'noether/training';

export interface TrainingInfo {
  readonly uri: string;
  readonly id: string;
  readonly title: string;
  /** `gone`: the file has no such training now. */
  readonly state: ItemInfo['state'] | 'gone';
  /** One line, as the lens has it. */
  readonly summary: string;
  /** What can be done now: `stop` through `commands.cancel`, the others through `commands.runItem`. */
  readonly action?: 'train' | 'resume' | 'stop';
  /** What is minimised: "cross_entropy(part)". */
  readonly loss: string;
  readonly stepsWanted: number;
  /** The learning curve: the mean loss since the point before, and the loss on held-out samples. At most 500 points. */
  readonly points: readonly { readonly step: number; readonly loss: number; readonly validation?: number }[];
  /** Losses of single steps, as far as they were followed; at most 400. */
  readonly steps: readonly { readonly step: number; readonly loss: number }[];
  /** To be shown as they are: { name: "time left", text: "12 s" }. */
  readonly facts: readonly { readonly name: string; readonly text: string }[];
}

/** Settings, section `noether`. Read by the server through workspace/configuration or didChangeConfiguration. */
export interface Settings {
  /** When checks run: on save, or only on command. */
  readonly run: 'onSave' | 'onCommand';
  /** Seconds that the checks of one save may take before the rest waits for a command. */
  readonly timeBudget: number;
  /** Seconds that one check may take. */
  readonly timeLimit: number;
  /** MB of memory that one worker may take. */
  readonly memoryLimit: number;
  /** Worker processes. */
  readonly workers: number;
  readonly backend: 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'webgpu' | 'wasm' | 'cpu';
  /** MB that one data set may take in memory. */
  readonly maxDataSize: number;
  /** Defaults for checks that do not say. */
  readonly elements: number;
  readonly seed: number;
  readonly confidence: number;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** Where results are cached; empty: the user's cache folder. */
  readonly cacheFolder: string;
  /** The interpreter of Python models that name none; empty: a `.venv` around the specification, else the PATH's. */
  readonly python: string;
}
