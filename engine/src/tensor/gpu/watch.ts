/**
 * Watches a graphics device. WebGPU answers an allocation or a command that failed with an object that does nothing,
 * and reports the failure elsewhere and later: whoever then reads a result gets zeros, or what lay there before. Here
 * every read waits for the reports of all work before it, and fails with them.
 */

import { Fault } from '../../fault.ts';
import { outOfMemory } from '../backend-fault.ts';
import type { ErrorFilter, GpuDevice, GpuError } from './webgpu-types.ts';

/** The outermost comes last: a failed allocation is also a validation error of what uses it. */
const filters: readonly ErrorFilter[] = ['internal', 'validation', 'out-of-memory'];

export interface Watch {
  /** What went wrong first; whatever was computed since cannot be trusted. */
  readonly failure: Fault | undefined;
  /** True when the device itself is gone. */
  readonly lost: boolean;
  /** Resolves when all work given to the device so far has reported; throws the failure, if there is one. */
  settled(): Promise<void>;
}

/** Starts watching. `onFailure` is called once, with the first failure. */
export function watchDevice(device: GpuDevice, onFailure: (failure: Fault) => void = () => {}): Watch {
  let failure: Fault | undefined;
  let lost = false;
  const fail = (fault: Fault) => {
    if (failure) return;
    failure = fault;
    onFailure(fault);
  };
  const open = () => {
    for (const filter of filters) device.pushErrorScope(filter);
  };
  open();
  device.lost.then(({ message }) => {
    lost = true;
    fail(deviceLost(message));
  });
  return {
    get failure() {
      return failure;
    },
    get lost() {
      return lost;
    },
    async settled() {
      // Popped and opened again without a pause, so that no command falls between two scopes.
      const reports = filters.toReversed().map((filter) => ({ filter, error: device.popErrorScope() }));
      open();
      for (const { filter, error } of reports) {
        const found = await error.catch(() => null);
        if (found) fail(faultOf(filter, found));
      }
      if (failure) throw failure;
    },
  };
}

/** `backend/device-lost`, in words. */
export function deviceLost(message: string): Fault {
  const detail = message.trim().split('\n')[0];
  return new Fault({
    code: 'backend/device-lost',
    message: `the graphics device was lost${detail ? `: ${detail}` : ''}`,
    advice:
      'Run it again: another backend takes over. A driver that was reset or updated, or a machine that slept, can cause this.',
  });
}

function faultOf(filter: ErrorFilter, { message }: GpuError): Fault {
  // An allocation above a limit of the device is reported as a wrong call.
  if (
    filter === 'out-of-memory' ||
    /exceeds the max(imum)? buffer size|max(StorageBufferBinding|Buffer)Size/i.test(message)
  ) {
    return outOfMemory('webgpu');
  }
  return new Fault({
    code: 'backend/stopped',
    message: `the webgpu backend stopped: ${message.trim().split('\n')[0]}`,
    advice: 'Run it again; if it stops again, take another backend and report it.',
  });
}
