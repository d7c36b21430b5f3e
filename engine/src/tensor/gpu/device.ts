/** Opens the graphics device and puts TensorFlow.js' webgpu backend on it. */
import { pathToFileURL } from 'node:url';
import { Fault } from '../../fault.ts';
import { backendFault } from '../backend-fault.ts';
import type { TensorLibrary } from '../runtime.ts';
import { replaceSegmentSum } from './segment-sum.ts';
import { type Watch, watchDevice } from './watch.ts';
import type { Gpu, GpuAdapter, GpuDevice } from './webgpu-types.ts';

/** The backend's parts that are used here; TensorFlow.js declares no more of it than its name. */
export interface WebgpuBackend {
  readonly device: GpuDevice;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  uploadToGPU(dataId: object): void;
}

/** A started backend. */
export interface WebgpuStart {
  readonly backend: WebgpuBackend;
  readonly watch: Watch;
}

/** Useful where there: time on the device's own clock. */
const optionalFeatures = ['timestamp-query'];

/** What the kernels may need more of than every device must have. */
const raisedLimits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
];

/**
 * Starts the backend on the adapter that Dawn prefers and registers it as 'webgpu', replacing an earlier one.
 * `dawn` is the package's main file. Returns undefined when the TensorFlow.js part was not installed at build time.
 */
export async function startWebgpu(
  tf: TensorLibrary,
  dawn: string,
  onFailure?: (failure: Fault) => void,
): Promise<WebgpuStart | undefined> {
  const { create, globals } = (await import(pathToFileURL(dawn).href)) as Dawn;
  // The backend uses the names of a browser.
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!globalThis.navigator)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  const { WebGPUBackend } = await import('../../../generated/tfjs-webgpu.mjs');
  if (!WebGPUBackend) return undefined;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('there is no graphics adapter any more');
  const device = await openDevice(adapter);
  const watch = watchDevice(device, onFailure);
  const backend = new WebGPUBackend(device, adapter.info) as WebgpuBackend;
  guardReads(backend, watch);
  guardUploads(backend);
  await register(tf, backend);
  replaceSegmentSum(tf);
  return { backend, watch };
}

interface Dawn {
  create(flags: readonly string[]): Gpu;
  readonly globals: object;
}

function openDevice(adapter: GpuAdapter): Promise<GpuDevice> {
  return adapter.requestDevice({
    requiredFeatures: optionalFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(raisedLimits.map((name) => [name, adapter.limits[name]!])),
  });
}

/** No value leaves the device before everything it came from is known to have worked. */
export function guardReads(backend: Pick<WebgpuBackend, 'read' | 'readSync'>, watch: Watch): void {
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    let values: unknown;
    try {
      values = await read(dataId);
    } catch (error) {
      // The reason is better than its consequence.
      await watch.settled();
      throw error;
    }
    await watch.settled();
    return values;
  };
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    try {
      return readSync(dataId);
    } catch {
      throw new Fault({
        code: 'backend/cannot-wait',
        message: 'the model reads results while it computes, which the webgpu backend cannot give',
        advice: 'Take another backend for it, or leave the choice to Noether.',
      });
    }
  };
}

/** A host array that is too large to be mapped is refused at once, by an exception. */
export function guardUploads(backend: Pick<WebgpuBackend, 'uploadToGPU'>): void {
  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    try {
      upload(dataId);
    } catch (error) {
      throw backendFault(error, 'webgpu') ?? error;
    }
  };
}

async function register(tf: TensorLibrary, backend: WebgpuBackend): Promise<void> {
  const active = tf.engine().backendName;
  if (tf.findBackend('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend as never, 3);
  // Only an instance that the library made itself is set up; this selects it for a moment.
  await tf.setBackend('webgpu');
  if (active && active !== 'webgpu') await tf.setBackend(active);
}
