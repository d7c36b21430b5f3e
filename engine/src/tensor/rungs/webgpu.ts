/** WebGPU through Dawn (npm `webgpu`) and tfjs-backend-webgpu: a graphics card, or a program that plays one when asked. */
import type { Fault } from '../../fault.ts';
import { findDawn, type GpuProbe, mayHaveDevice, probeDawn } from '../gpu/dawn.ts';
import { startWebgpu, type WebgpuStart } from '../gpu/device.ts';
import type { Attempt, Rung } from '../ladder.ts';
import type { TensorLibrary } from '../runtime.ts';
import { selfTest } from '../self-test.ts';

/** The outside world, so that tests can put another in its place. */
export interface WebgpuLoader {
  /** Dawn's main file, or undefined when `webgpu` is not installed. */
  find(): string | undefined;
  /** False where there is certainly no graphics device. */
  mayHaveDevice(): boolean;
  /** Tries the adapter in a process of its own. */
  probe(path: string): Promise<GpuProbe>;
  /** Registers the backend 'webgpu'; undefined when tfjs-backend-webgpu was not installed. */
  start(tf: TensorLibrary, path: string): Promise<Pick<WebgpuStart, 'watch'> | undefined>;
  /** What is wrong with the arithmetic of the started backend. */
  selfTest(tf: TensorLibrary): Promise<string | undefined>;
}

/** The backend of a process: its device serves until it fails. */
export interface WebgpuState {
  started?: Pick<WebgpuStart, 'watch'> | undefined;
}

const processState: WebgpuState = {};

/** Why the webgpu backend of this process can no longer be used, or undefined. */
export function webgpuFailure(): Fault | undefined {
  return processState.started?.watch.failure;
}

/** Opens WebGPU. `onLoad` runs after its kernels were registered. A software adapter is taken only when asked for. */
export function webgpuRung(
  tf: TensorLibrary,
  onLoad: () => void,
  loader: WebgpuLoader = dawnLoader,
  state: WebgpuState = processState,
): Rung {
  return {
    name: 'webgpu',
    async open(asked = false): Promise<Attempt> {
      // A device that was lost once may be lost at every heavy step; memory that ran out is there again.
      if (state.started?.watch.lost) return { reason: state.started.watch.failure!.message };
      const path = loader.find();
      if (!path) return { reason: 'the package webgpu is not installed' };
      if (!asked && !loader.mayHaveDevice()) return { reason: 'there is no graphics device' };
      const probe = await loader.probe(path);
      if ('reason' in probe) return probe;
      if (probe.software && !asked) {
        return { reason: `${probe.adapter} is a software adapter, which is taken only when asked for` };
      }
      if (!state.started || state.started.watch.failure) {
        state.started = undefined;
        const start = await loader.start(tf, path);
        if (!start) return { reason: 'the package @tensorflow/tfjs-backend-webgpu is not installed' };
        onLoad();
        const wrong = await loader.selfTest(tf);
        if (wrong) return { reason: wrong };
        state.started = start;
      }
      const kind = probe.software ? ', a software adapter' : '';
      return { description: `webgpu (${probe.adapter}${kind}), tfjs ${tf.version_core}` };
    },
  };
}

const dawnLoader: WebgpuLoader = {
  find: findDawn,
  mayHaveDevice,
  probe: probeDawn,
  start: startWebgpu,
  selfTest: (tf) => selfTest(tf, 'webgpu'),
};
