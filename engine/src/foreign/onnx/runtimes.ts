/**
 * Which ONNX runtime runs the user's graphs. onnxruntime-node is native code and the faster one, but an optional
 * package; onnxruntime-web is the same runtime compiled to WebAssembly, and always there.
 */
import { existsSync } from 'node:fs';
import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web';
import { Fault } from '../../fault.ts';

export const onnxRuntimeNames = ['onnxruntime-node', 'onnxruntime-web'] as const;
export type OnnxRuntimeName = (typeof onnxRuntimeNames)[number];

/** Both packages export this much. */
interface OnnxLibrary {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
  readonly env: {
    readonly versions: { readonly web?: string; readonly node?: string; readonly common: string };
    readonly wasm: { numThreads?: number; wasmPaths?: unknown };
    logLevel?: string;
  };
}

/** A runtime that has been loaded, and why it was chosen. */
export interface OnnxRuntime {
  readonly name: OnnxRuntimeName;
  readonly version: string;
  /** "fastest that loads here" or "asked for". */
  readonly reason: string;
  readonly passedOver: readonly { readonly name: OnnxRuntimeName; readonly reason: string }[];
  readonly Tensor: TensorConstructor;
  /** Opens a graph on the CPU. The runtime's own errors come out as they are. */
  createSession(model: Uint8Array, options: SessionSettings): Promise<InferenceSession>;
}

export interface SessionSettings {
  readonly threads: number;
  /** 'all' is what users run. 'basic' does without fused kernels. */
  readonly optimisation: 'all' | 'basic';
}

export type OnnxTensor = Tensor;

const loaded = new Map<OnnxRuntimeName, Promise<OnnxLibrary>>();

/**
 * The runtime that was asked for, or with 'auto' the fastest that loads and can exchange these element types.
 * @param dtypes element types of the graph's inputs and outputs.
 * @throws Fault `backend/onnx-runtime` when there is none.
 */
export async function openOnnxRuntime(
  wanted: OnnxRuntimeName | 'auto' = 'auto',
  dtypes: readonly string[] = [],
): Promise<OnnxRuntime> {
  const passedOver: { name: OnnxRuntimeName; reason: string }[] = [];
  for (const name of wanted === 'auto' ? onnxRuntimeNames : [wanted]) {
    // Where JavaScript has Float16Array, the native binding is handed one and does not know it.
    if (name === 'onnxruntime-node' && dtypes.includes('float16') && 'Float16Array' in globalThis) {
      passedOver.push({ name, reason: 'cannot exchange float16 arrays with this version of Node' });
      continue;
    }
    try {
      const library = await load(name);
      const reason = wanted === 'auto' ? 'fastest that loads here' : 'asked for';
      return {
        name,
        version:
          library.env.versions[name === 'onnxruntime-web' ? 'web' : 'node'] ?? library.env.versions.common,
        reason,
        passedOver,
        Tensor: library.Tensor,
        createSession: (model, settings) => createSession(name, library, model, settings),
      };
    } catch (error) {
      passedOver.push({ name, reason: loadFailure(error) });
    }
  }
  throw new Fault({
    code: 'backend/onnx-runtime',
    message: `no ONNX runtime can be used: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
    expected: onnxRuntimeNames.join(' or '),
    found: passedOver.map(({ name }) => `no ${name}`).join(', '),
    advice:
      'Let Noether choose the runtime; if it finds none, install it again: onnxruntime-web is part of it.',
  });
}

/** Every runtime with what came of loading it: for `noether backends`. */
export async function surveyOnnxRuntimes(): Promise<
  { readonly name: OnnxRuntimeName; readonly available: boolean; readonly detail: string }[]
> {
  return Promise.all(
    onnxRuntimeNames.map(async (name) => {
      try {
        const { version } = await openOnnxRuntime(name);
        return { name, available: true, detail: `version ${version}` };
      } catch (error) {
        return {
          name,
          available: false,
          detail: error instanceof Fault ? error.finding.message : String(error),
        };
      }
    }),
  );
}

function load(name: OnnxRuntimeName): Promise<OnnxLibrary> {
  const known = loaded.get(name);
  if (known) return known;
  const library = name === 'onnxruntime-web' ? loadWeb() : loadNode();
  loaded.set(name, library);
  return library;
}

async function loadNode(): Promise<OnnxLibrary> {
  // A name that no bundler follows: the package is optional and stays outside the bundle.
  const name: string = 'onnxruntime-node';
  const library = (await import(name)) as OnnxLibrary;
  library.env.logLevel = 'fatal';
  return library;
}

async function loadWeb(): Promise<OnnxLibrary> {
  const library = (await import('onnxruntime-web')) as unknown as OnnxLibrary;
  library.env.logLevel = 'fatal';
  library.env.wasm.numThreads = 1;
  const paths = bundledFiles();
  if (paths) library.env.wasm.wasmPaths = paths;
  return library;
}

/**
 * The WebAssembly module beside this file: that is where the build puts it. In the source tree there is none, and the
 * package finds its own.
 */
function bundledFiles(): { mjs: string; wasm: string } | undefined {
  const mjs = new URL('ort-wasm-simd-threaded.mjs', import.meta.url);
  const wasm = new URL('ort-wasm-simd-threaded.wasm', import.meta.url);
  return existsSync(mjs) && existsSync(wasm) ? { mjs: mjs.href, wasm: wasm.href } : undefined;
}

function createSession(
  name: OnnxRuntimeName,
  library: OnnxLibrary,
  model: Uint8Array,
  settings: SessionSettings,
): Promise<InferenceSession> {
  return library.InferenceSession.create(model, {
    executionProviders: [name === 'onnxruntime-web' ? 'wasm' : 'cpu'],
    graphOptimizationLevel: settings.optimisation,
    // More than one thread makes ScatterND with repeated indices add wrongly, and sums depend on the schedule.
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Shapes differ from run to run, so memory patterns of the last run only hold on to memory.
    enableMemPattern: false,
    // What the runtime has to say reaches the user as a finding, not on the terminal.
    logSeverityLevel: 4,
  });
}

function loadFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'not installed';
  return (message ?? String(error)).split('\n')[0]!;
}
