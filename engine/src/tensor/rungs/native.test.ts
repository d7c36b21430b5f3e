import { expect, test } from 'vitest';
import { loadFloat32 } from '../library.ts';
import { type NativeLoader, type NativePackage, nativeRung, type Probe, whyNot } from './native.ts';

interface World {
  readonly installed: Partial<Record<NativePackage, Probe>>;
  readonly loaded: string[];
}

/** A machine on which some packages are installed. Loading one registers its backend, as tfjs-node does. */
async function open(world: World, name: NativePackage) {
  const tf = await loadFloat32();
  const loader: NativeLoader = {
    find: (wanted) => (world.installed[wanted] ? wanted : undefined),
    probe: async (path) => world.installed[path as NativePackage]!,
    load(path) {
      world.loaded.push(path);
      tf.registerBackend('tensorflow', () => tf.findBackend('cpu'), 3);
    },
  };
  let mended = 0;
  const attempt = await nativeRung(tf, name, () => mended++, loader).open();
  return { attempt, mended, forget: () => tf.removeBackend('tensorflow') };
}

test('a package that is not installed', async () => {
  const { attempt } = await open({ installed: {}, loaded: [] }, 'tfjs-node');
  expect(attempt).toEqual({ reason: 'it is not installed' });
});

test('the GPU package on a machine without a GPU is passed over before it is loaded here', async () => {
  const world: World = { installed: { 'tfjs-node-gpu': { gpu: false, version: '2.9.1' } }, loaded: [] };
  const { attempt } = await open(world, 'tfjs-node-gpu');
  expect(attempt).toEqual({ reason: 'it loads, but sees no GPU' });
  expect(world.loaded).toEqual([]);
});

test('a package that loads is loaded once, and mended after', async () => {
  const world: World = { installed: { 'tfjs-node-gpu': { gpu: true, version: '2.9.1' } }, loaded: [] };
  const first = await open(world, 'tfjs-node-gpu');
  expect(first.attempt).toEqual({ description: 'tfjs-node-gpu (GPU), TensorFlow 2.9.1, tfjs 4.22.0' });
  expect(first.mended).toBe(1);
  const second = await open(world, 'tfjs-node-gpu');
  expect(second.mended).toBe(0);
  expect(world.loaded).toEqual(['tfjs-node-gpu']);
  first.forget();
});

test('the reason of a package that fails in its own process is passed on', async () => {
  const world: World = {
    installed: { 'tfjs-node': { reason: 'it is installed without its binary' } },
    loaded: [],
  };
  expect((await open(world, 'tfjs-node')).attempt).toEqual({ reason: 'it is installed without its binary' });
});

test.each([
  [{ signal: 'SIGILL' as const }, '', 'its binary crashes while it loads (SIGILL)'],
  [{ killed: true, signal: 'SIGTERM' as const }, '', 'it does not load within a minute'],
  [
    {},
    'node:internal\n\nError: The Node.js native addon module (tfjs_binding.node) can not be found at path: x\n  at y',
    'it is installed without its binary',
  ],
  [
    {},
    "throw e\n\nError: Cannot find module '../lib/napi-v8/tfjs_binding.node'\n  at z",
    'it is installed without its binary',
  ],
  [
    {},
    'Error: libtensorflow.so.2: cannot open shared object file\n  at Module.load',
    'it fails to load: Error: libtensorflow.so.2: cannot open shared object file',
  ],
])('the reason behind %j %s', (error, stderr, reason) => {
  expect(whyNot(error, stderr)).toBe(reason);
});
