import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GpuProbe } from '../gpu/dawn.ts';
import { probeDawn } from '../gpu/dawn.ts';
import { deviceLost } from '../gpu/watch.ts';
import { loadFloat32 } from '../library.ts';
import { type WebgpuLoader, type WebgpuState, webgpuRung } from './webgpu.ts';

const card: GpuProbe = { adapter: 'nvidia NVIDIA H100', software: false };
const program: GpuProbe = { adapter: 'google SwiftShader driver 5.0.0', software: true };
const healthy = { failure: undefined, lost: false, settled: async () => {} };

async function open(changes: Partial<WebgpuLoader>, asked = false, state: WebgpuState = {}) {
  const calls: string[] = [];
  const loader: WebgpuLoader = {
    find: () => '/packages/webgpu/index.js',
    mayHaveDevice: () => true,
    probe: async () => card,
    start: async () => {
      calls.push('start');
      return { watch: healthy };
    },
    selfTest: async () => undefined,
    ...changes,
  };
  const attempt = await webgpuRung(await loadFloat32(), () => calls.push('mend'), loader, state).open(asked);
  return { attempt, calls };
}

test('a graphics card with both packages is taken, and mended', async () => {
  expect(await open({})).toEqual({
    attempt: { description: 'webgpu (nvidia NVIDIA H100), tfjs 4.22.0' },
    calls: ['start', 'mend'],
  });
});

test('a software adapter is taken when asked for, and said so', async () => {
  const changes = { probe: async () => program, mayHaveDevice: () => false };
  expect((await open(changes, true)).attempt).toEqual({
    description: 'webgpu (google SwiftShader driver 5.0.0, a software adapter), tfjs 4.22.0',
  });
});

test.each<[string, Partial<WebgpuLoader>, string]>([
  ['Dawn is not installed', { find: () => undefined }, 'the package webgpu is not installed'],
  ['no device can be there', { mayHaveDevice: () => false }, 'there is no graphics device'],
  [
    'the probe finds no adapter',
    { probe: async () => ({ reason: 'there is no graphics adapter' }) },
    'there is no graphics adapter',
  ],
  [
    'the adapter is a program',
    { probe: async () => program },
    'google SwiftShader driver 5.0.0 is a software adapter, which is taken only when asked for',
  ],
  [
    'the backend was not installed',
    { start: async () => undefined },
    'the package @tensorflow/tfjs-backend-webgpu is not installed',
  ],
  [
    'it computes NaN',
    { selfTest: async () => 'it computes wrongly: NaN instead of 3.2000' },
    'it computes wrongly: NaN instead of 3.2000',
  ],
])('passed over when %s', async (_case, changes, reason) => {
  expect((await open(changes)).attempt).toEqual({ reason });
});

test('a running device is used again, a lost one is not, and one that ran out of memory is started anew', async () => {
  const state: WebgpuState = { started: { watch: healthy } };
  expect((await open({}, true, state)).calls).toEqual([]);

  state.started = { watch: { ...healthy, lost: true, failure: deviceLost('driver reset') } };
  expect((await open({}, true, state)).attempt).toEqual({
    reason: 'the graphics device was lost: driver reset',
  });

  state.started = { watch: { ...healthy, failure: deviceLost('') } };
  expect((await open({}, true, state)).calls).toEqual(['start', 'mend']);
  expect(state.started?.watch).toBe(healthy);
});

const lookalike = (adapter: string) => `
  export const globals = { GPUBufferUsage: {}, GPUMapMode: {} };
  export const create = () => ({ requestAdapter: async () => (${adapter}) });`;

test.each([
  ['has no adapter', lookalike('null'), 'there is no graphics adapter'],
  [
    'kills its process',
    "process.kill(process.pid, 'SIGSEGV')",
    'its binary crashes while it loads (SIGSEGV)',
  ],
  [
    'throws at load',
    "throw new Error('/lib/libc.so.6: version GLIBC_2.38 not found')",
    'it fails to load: Error: /lib/libc.so.6: version GLIBC_2.38 not found',
  ],
  [
    'has a driver that throws',
    lookalike("{ info: {}, requestDevice: async () => { throw new TypeError('no queue') } }"),
    'it fails to load: TypeError: no queue',
  ],
])('a package that %s, in a process of its own', async (_case, source, reason) => {
  const folder = await mkdtemp(join(tmpdir(), 'noether-dawn-'));
  try {
    const path = join(folder, 'index.mjs');
    await writeFile(path, source);
    expect(await probeDawn(path)).toEqual({ reason });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
