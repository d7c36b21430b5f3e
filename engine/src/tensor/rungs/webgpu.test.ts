import { expect, test } from 'vitest';
import { loadFloat32 } from '../library.ts';
import { type Adapter, type WebgpuLoader, webgpuRung } from './webgpu.ts';

async function open(adapter: Adapter | null | undefined, installed = true) {
  let mended = 0;
  const loader: WebgpuLoader = {
    gpu: async () => (adapter === undefined ? undefined : { requestAdapter: async () => adapter }),
    backend: async () => installed,
  };
  const attempt = await webgpuRung(await loadFloat32(), () => mended++, loader).open();
  return { attempt, mended };
}

const card: Adapter = { info: { vendor: 'nvidia', description: 'NVIDIA H100' } };

test('a graphics card with both packages is taken, and mended', async () => {
  expect(await open(card)).toEqual({
    attempt: { description: 'webgpu (nvidia NVIDIA H100), tfjs 4.22.0' },
    mended: 1,
  });
});

test.each([
  ['Dawn is not installed', undefined, true, 'the package webgpu is not installed'],
  ['there is no adapter', null, true, 'there is no graphics adapter'],
  [
    'the adapter is a program',
    { info: { vendor: 'google', description: 'SwiftShader Device' } },
    true,
    'google SwiftShader Device is a software adapter',
  ],
  [
    'the adapter says it is a fallback',
    { info: {}, isFallbackAdapter: true },
    true,
    'unnamed adapter is a software adapter',
  ],
  [
    'the backend is not installed',
    card,
    false,
    'the package @tensorflow/tfjs-backend-webgpu is not installed',
  ],
])('passed over when %s', async (_case, adapter, installed, reason) => {
  expect(await open(adapter as Adapter | null | undefined, installed)).toEqual({
    attempt: { reason },
    mended: 0,
  });
});

test('without the package the real loader says that it is not installed', async () => {
  expect(await webgpuRung(await loadFloat32(), () => {}).open()).toEqual({
    reason: 'the package webgpu is not installed',
  });
});
