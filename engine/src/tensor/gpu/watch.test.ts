import { expect, test } from 'vitest';
import type { Fault } from '../../fault.ts';
import { guardReads, guardUploads } from './device.ts';
import { watchDevice } from './watch.ts';
import type { ErrorFilter, GpuDevice, GpuError } from './webgpu-types.ts';

/** A device that keeps scopes as WebGPU says, and fails when told to. */
function fakeDevice() {
  const scopes: { filter: ErrorFilter; error: GpuError | null }[] = [];
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const device = {
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    pushErrorScope: (filter: ErrorFilter) => scopes.push({ filter, error: null }),
    popErrorScope: async () => scopes.pop()!.error,
  } as unknown as GpuDevice;
  const fail = (filter: ErrorFilter, message: string) => {
    const scope = scopes.findLast((each) => each.filter === filter)!;
    scope.error ??= { message };
  };
  return { device, scopes, fail, lose: (message: string) => lose({ reason: 'unknown', message }) };
}

const reading = () => ({
  read: async (_dataId: object): Promise<unknown> => 'zeros',
  readSync: (_dataId: object): unknown => 'zeros',
});

test('a read without a failure gives its values, and leaves three scopes open', async () => {
  const { device, scopes } = fakeDevice();
  const backend = reading();
  guardReads(backend, watchDevice(device));
  expect(await backend.read({})).toBe('zeros');
  expect(scopes.map(({ filter }) => filter)).toEqual(['internal', 'validation', 'out-of-memory']);
});

test.each<[ErrorFilter, string, string, string]>([
  [
    'out-of-memory',
    'vkAllocateMemory failed',
    'backend/out-of-memory',
    'the webgpu backend is out of memory',
  ],
  [
    'validation',
    'Buffer size (4294967296) exceeds the max buffer size limit (1073741824).\n - While …',
    'backend/out-of-memory',
    'the webgpu backend is out of memory',
  ],
  [
    'validation',
    '[Invalid BindGroup] is invalid.\n - While …',
    'backend/stopped',
    'the webgpu backend stopped: [Invalid BindGroup] is invalid.',
  ],
  ['internal', 'compiler crashed', 'backend/stopped', 'the webgpu backend stopped: compiler crashed'],
])('after a failure of the kind %s (%s) no value leaves the device', async (filter, text, code, message) => {
  const { device, fail } = fakeDevice();
  const failures: Fault[] = [];
  const watch = watchDevice(device, (fault) => failures.push(fault));
  const backend = reading();
  guardReads(backend, watch);
  fail(filter, text);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(backend.read({})).rejects.toMatchObject({ finding: { code, message } });
  }
  expect(watch).toMatchObject({ lost: false });
  expect(failures).toHaveLength(1);
});

test('allocation is blamed before the errors that follow from it', async () => {
  const { device, fail } = fakeDevice();
  const watch = watchDevice(device);
  fail('validation', '[Invalid Buffer] is invalid');
  fail('out-of-memory', 'vkAllocateMemory failed');
  await expect(watch.settled()).rejects.toMatchObject({ finding: { code: 'backend/out-of-memory' } });
});

test('a lost device is the reason, whatever the read itself says', async () => {
  const { device, lose } = fakeDevice();
  const watch = watchDevice(device);
  const backend = {
    ...reading(),
    read: async (_dataId: object): Promise<unknown> => {
      lose('the driver was reset\nat somewhere');
      throw new Error('AbortError: mapAsync');
    },
  };
  guardReads(backend, watch);
  await expect(backend.read({})).rejects.toMatchObject({
    finding: { code: 'backend/device-lost', message: 'the graphics device was lost: the driver was reset' },
  });
  expect(watch.lost).toBe(true);
});

test('reading without waiting is refused with the cure', () => {
  const backend = {
    ...reading(),
    readSync: (_dataId: object): unknown => {
      throw new ReferenceError('OffscreenCanvas is not defined');
    },
  };
  guardReads(backend, watchDevice(fakeDevice().device));
  expect(() => backend.readSync({})).toThrow(
    'the model reads results while it computes, which the webgpu backend cannot give',
  );
});

test('a host array that cannot be mapped is out of memory', () => {
  const message =
    'createBuffer failed, size (8589934592) is too large for the implementation when mappedAtCreation == true';
  const backend = {
    uploadToGPU: (_dataId: object): void => {
      throw new RangeError(message);
    },
  };
  guardUploads(backend);
  expect(() => backend.uploadToGPU({})).toThrow('the webgpu backend is out of memory');
});
