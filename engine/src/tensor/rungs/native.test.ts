import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadFloat32 } from '../library.ts';
import {
  type NativeLoader,
  type NativePackage,
  nativeRung,
  nodeLoader,
  type Probe,
  whyNot,
} from './native.ts';

interface World {
  readonly installed: Partial<Record<NativePackage, Probe>>;
  readonly loaded: string[];
  readonly wrong?: string;
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
    selfTest: async () => world.wrong,
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

test('a package that computes nonsense is passed over', async () => {
  const wrong = 'it computes wrongly: NaN instead of 3.2000';
  const world: World = { installed: { 'tfjs-node': { gpu: false, version: '2.9.1' } }, loaded: [], wrong };
  const { attempt, forget } = await open(world, 'tfjs-node');
  forget();
  expect(attempt).toEqual({ reason: wrong });
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

const lookalike = (gpu: boolean) => `
  console.log('a greeting');
  const missing = ['isNullOrUndefined', 'isArray'].filter((name) => typeof require('util')[name] !== 'function');
  if (missing.length > 0) throw new Error('no util.' + missing);
  module.exports = { backend: () => ({ isUsingGpuDevice: ${gpu}, binding: { TF_Version: '2.9.1' } }), version: {} };`;

test.each([
  ['answers', lookalike(true), { gpu: true, version: '2.9.1' }],
  ['sees no GPU', lookalike(false), { gpu: false, version: '2.9.1' }],
  [
    'kills its process',
    "process.kill(process.pid, 'SIGILL')",
    { reason: 'its binary crashes while it loads (SIGILL)' },
  ],
  ['ends its process', 'process.exit(0)', { reason: 'it loads, but gives no answer' }],
  [
    'lacks its binary',
    "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: x')",
    { reason: 'it is installed without its binary' },
  ],
  [
    'throws',
    "throw new TypeError('napi 9 is needed')",
    { reason: 'it fails to load: TypeError: napi 9 is needed' },
  ],
])('a package that %s, in a process of its own', async (_case, source, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'noether-native-'));
  try {
    const path = join(folder, 'index.cjs');
    await writeFile(path, source);
    expect(await nodeLoader.probe(path)).toEqual(expected);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a package that is not there is not found', () => {
  expect(nodeLoader.find('no-such-package' as NativePackage)).toBeUndefined();
});
