/** Opens the runtimes of a process: one for each precision, shared by everything that runs in it. */
import { loadFloat32, loadFloat64 } from './library.ts';
import type { BackendName, Precision, Runtime } from './runtime.ts';
import { download, upload } from './transfer.ts';

export interface RuntimeOptions {
  readonly precision: Precision;
  readonly backend?: 'auto' | BackendName;
}

const opened = new Map<string, Promise<Runtime>>();

export function openRuntime({ precision, backend = 'auto' }: RuntimeOptions): Promise<Runtime> {
  const key = precision === 'float64' ? precision : `${precision} ${backend}`;
  let runtime = opened.get(key);
  if (!runtime) {
    runtime = precision === 'float64' ? openFloat64() : openFloat32(backend);
    opened.set(key, runtime);
  }
  return runtime;
}

async function openFloat64(): Promise<Runtime> {
  const tf = await loadFloat64();
  return {
    tf,
    precision: 'float64',
    backend: {
      name: 'float64',
      reason: 'the only double-precision library',
      passedOver: [],
      description: `float64 (1 thread), tfjs ${tf.version_core}`,
    },
    tensor: (array) => upload(tf, array),
    array: download,
  };
}

async function openFloat32(backend: 'auto' | BackendName): Promise<Runtime> {
  const tf = await loadFloat32();
  const name = backend === 'cpu' ? 'cpu' : 'wasm';
  await tf.setBackend(name);
  return {
    tf,
    precision: 'float32',
    backend: {
      name,
      reason: 'fastest that loads here',
      passedOver: [],
      description: `${name}, tfjs ${tf.version_core}`,
    },
    tensor: (array) => upload(tf, array),
    array: download,
  };
}
