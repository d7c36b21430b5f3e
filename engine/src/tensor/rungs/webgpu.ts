/** WebGPU through Dawn (npm `webgpu`) and tfjs-backend-webgpu, on a hardware adapter. Neither is a dependency yet. */
import type { Attempt, Rung } from '../ladder.ts';
import type { TensorLibrary } from '../runtime.ts';

/** The parts of WebGPU that the choice looks at. */
export interface Adapter {
  readonly info: { readonly vendor?: string; readonly device?: string; readonly description?: string };
  readonly isFallbackAdapter?: boolean;
}

export interface Gpu {
  requestAdapter(options?: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** The outside world, so that tests can put another in its place. */
export interface WebgpuLoader {
  /** Dawn's entry, or undefined when `webgpu` is not installed. */
  gpu(): Promise<Gpu | undefined>;
  /** Registers the backend 'webgpu'; false when tfjs-backend-webgpu is not installed. */
  backend(gpu: Gpu): Promise<boolean>;
}

/** Renderers that run on the processor: slower than wasm, and less accurate. */
const software = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** Opens WebGPU where there is a graphics card. `onLoad` runs after its kernels were registered. */
export function webgpuRung(tf: TensorLibrary, onLoad: () => void, loader: WebgpuLoader = npmLoader): Rung {
  return {
    name: 'webgpu',
    async open(): Promise<Attempt> {
      const gpu = await loader.gpu();
      if (!gpu) return { reason: 'the package webgpu is not installed' };
      const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) return { reason: 'there is no graphics adapter' };
      const { vendor, device, description } = adapter.info;
      const name = [vendor, description || device].filter(Boolean).join(' ') || 'unnamed adapter';
      if (adapter.isFallbackAdapter || software.test(name))
        return { reason: `${name} is a software adapter` };
      if (!(await loader.backend(gpu)))
        return { reason: 'the package @tensorflow/tfjs-backend-webgpu is not installed' };
      onLoad();
      return { description: `webgpu (${name}), tfjs ${tf.version_core}` };
    },
  };
}

const npmLoader: WebgpuLoader = {
  async gpu() {
    const dawn = await optional<{ create(flags: string[]): Gpu; globals: object }>('webgpu');
    if (!dawn) return undefined;
    Object.assign(globalThis, dawn.globals);
    return dawn.create([]);
  },
  async backend(gpu) {
    // tfjs-backend-webgpu looks for the browser's navigator.
    Object.defineProperty(globalThis, 'navigator', {
      value: { gpu, userAgent: 'Node.js', hardwareConcurrency: 1 },
      configurable: true,
    });
    return (await optional('@tensorflow/tfjs-backend-webgpu')) !== undefined;
  },
};

/** A package that may be absent. The name is a parameter, so that neither bundler nor compiler looks for it. */
async function optional<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if (['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as { code?: string }).code ?? ''))
      return undefined;
    throw error;
  }
}
