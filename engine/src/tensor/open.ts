/** Opens the runtimes of a process: one library for each precision, shared by everything that runs in it. */
import { backendFault } from './backend-fault.ts';
import { applyFixes } from './fixes/index.ts';
import { type BackendState, climb, type Rung, survey } from './ladder.ts';
import { type Float32Library, loadFloat32, loadFloat64 } from './library.ts';
import { cpuRung } from './rungs/cpu.ts';
import { nativeBackend, nativeRung } from './rungs/native.ts';
import { wasmRung } from './rungs/wasm.ts';
import { webgpuFailure, webgpuRung } from './rungs/webgpu.ts';
import type { BackendChoice, BackendName, Precision, Runtime, TensorLibrary } from './runtime.ts';
import { download, upload } from './transfer.ts';

export interface RuntimeOptions {
  readonly precision: Precision;
  /**
   * Which rung to take for float32; 'auto' takes the fastest that loads, 'auto-host' the fastest whose results can be read
   * at once, without waiting. The float64 twin has one backend.
   */
  readonly backend?: WantedBackend;
}

export type WantedBackend = 'auto' | 'auto-host' | BackendName;

const opened = new Map<string, Promise<Runtime>>();

/**
 * The runtime of a precision, opened on the first call and the same object afterwards, until its graphics device fails.
 * A library runs on one backend
 * at a time: the last one opened, also for runtimes of that precision that were opened before.
 *
 * Throws a Fault `backend/not-available` or `backend/unknown-name` when the wanted backend cannot be had, with the
 * reason and what there is instead.
 */
export async function openRuntime({ precision, backend = 'auto' }: RuntimeOptions): Promise<Runtime> {
  const key = precision === 'float64' ? precision : `${precision} ${backend}`;
  let opening = opened.get(key);
  if (!opening) {
    opening = precision === 'float64' ? openFloat64() : openFloat32(backend);
    opened.set(key, opening);
    // A failure may be of the moment (memory, a file in use): the next call tries again.
    opening.catch(() => opened.delete(key));
  }
  const runtime = await opening;
  if (runtime.backend.name === 'webgpu' && webgpuFailure()) {
    // Its device failed since: the ladder is climbed again, and says so.
    if (opened.get(key) === opening) opened.delete(key);
    return openRuntime({ precision, backend });
  }
  await select(runtime.tf, runtime.backend.name);
  return runtime;
}

/**
 * Every rung of the float32 ladder with its availability and the reason. Never throws for a rung, and loads what it
 * can: for `noether backends`, not for a language server.
 */
export async function surveyBackends(): Promise<BackendState[]> {
  return survey(ladder(await float32()));
}

async function openFloat64(): Promise<Runtime> {
  const tf = await loadFloat64();
  applyFixes(tf);
  return runtimeOf(tf, 'float64', {
    name: 'float64',
    reason: 'the one double-precision library',
    passedOver: [],
    description: `float64 (plain JavaScript, 1 thread), tfjs ${tf.version_core}`,
  });
}

async function openFloat32(wanted: WantedBackend): Promise<Runtime> {
  const tf = await float32();
  const rungs = ladder(tf);
  if (wanted !== 'auto-host') return runtimeOf(tf, 'float32', await climb(rungs, wanted));
  const reason = 'the model reads results while it computes, which webgpu cannot give';
  const onHost = rungs.map((rung) =>
    rung.name === 'webgpu' ? { ...rung, open: async () => ({ reason }) } : rung,
  );
  return runtimeOf(tf, 'float32', await climb(onHost, 'auto'));
}

let library: Promise<Float32Library> | undefined;

function float32(): Promise<Float32Library> {
  library ??= loadFloat32().then((tf) => {
    applyFixes(tf);
    return tf;
  });
  return library;
}

function ladder(tf: Float32Library): readonly Rung[] {
  const mend = () => applyFixes(tf);
  return [
    nativeRung(tf, 'tfjs-node-gpu', mend),
    nativeRung(tf, 'tfjs-node', mend),
    webgpuRung(tf, mend),
    wasmRung(tf),
    cpuRung(tf),
  ];
}

async function select(tf: TensorLibrary, name: BackendChoice['name']): Promise<void> {
  const native = name === 'tfjs-node-gpu' || name === 'tfjs-node';
  const registered = native ? nativeBackend : name === 'float64' ? 'cpu' : name;
  if (tf.getBackend() !== registered) await tf.setBackend(registered);
}

function runtimeOf(tf: TensorLibrary, precision: Precision, backend: BackendChoice): Runtime {
  return {
    tf,
    precision,
    backend,
    tensor(array) {
      try {
        return upload(tf, precision, array);
      } catch (error) {
        throw backendFault(error, backend.name) ?? error;
      }
    },
    async array(tensor) {
      try {
        return await download(tensor);
      } catch (error) {
        throw backendFault(error, backend.name) ?? error;
      }
    },
  };
}
