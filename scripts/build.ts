/**
 * Builds what is shipped into dist/: the command line with the language server, the worker, the editor's client, and the
 * WebAssembly files that the worker loads. Skipped when nothing that goes in has changed since the last build.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { buildKernels } from './kernels.ts';
import { nativeRuntimes } from './native.ts';
import { root } from './root.ts';
import { isFresh, keepStamp } from './stamp.ts';
import { buildTensorLibraries } from './tensor-libraries.ts';

const dist = join(root, 'dist');
const sources = [
  'engine/src',
  'engine/assembly',
  'engine/weights',
  'server/src',
  'client/src',
  'scripts',
  'package.json',
  'package-lock.json',
];

/** HDF5 is 4 MB that few need: it stays a file of its own, loaded by the first .h5 file. */
const hdf5Apart: Plugin = {
  name: 'hdf5 apart',
  setup({ onResolve }) {
    onResolve({ filter: /^h5wasm\/node$/ }, () => ({ path: './hdf5.mjs', external: true }));
  },
};

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  external: nativeRuntimes,
};

/** Bundled CommonJS packages call `require`; an ES module has to be given one. No bundled file may use this name too. */
const moduleBanner =
  "import { createRequire as __bundleRequire } from 'node:module'; const require = __bundleRequire(import.meta.url);";

await main();

async function main(): Promise<void> {
  generate();
  await buildTensorLibraries();
  await buildKernels();
  if (isFresh(dist, sources)) return;
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await Promise.all([
    bundle('server/src/noether.ts', 'noether.mjs'),
    bundle('server/src/jobs/worker.ts', 'worker.mjs'),
    build({
      ...common,
      entryPoints: ['h5wasm/node'],
      outfile: join(dist, 'hdf5.mjs'),
      format: 'esm',
      sourcemap: false,
      banner: { js: moduleBanner },
    }),
    build({
      ...common,
      entryPoints: ['client/src/extension.ts'],
      outfile: join(dist, 'extension.cjs'),
      format: 'cjs',
      external: [...nativeRuntimes, 'vscode'],
    }),
    build({
      ...common,
      entryPoints: ['client/src/training/page.ts'],
      outfile: join(dist, 'training-page.js'),
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      sourcemap: false,
      external: [],
    }),
  ]);
  for (const file of wasmFiles()) copyFileSync(file, join(dist, basename(file)));
  copyPythonWorker();
  copyWeights();
  keepStamp(dist, sources);
  console.log('Built dist/.');
}

function bundle(entry: string, outfile: string) {
  return build({
    ...common,
    entryPoints: [entry],
    outfile: join(dist, outfile),
    format: 'esm',
    plugins: [hdf5Apart],
    banner: { js: moduleBanner },
  });
}

/** The parser is made from the grammar. */
function generate(): void {
  const generated = join(root, 'server', 'src', 'language', 'generated');
  const grammar = ['server/src/language/equi.langium', 'server/langium-config.json', 'package-lock.json'];
  if (!isFresh(generated, grammar)) {
    run('langium', ['generate', '--mode=production'], join(root, 'server'));
    keepStamp(generated, grammar);
  }
}

/** What tfjs and onnxruntime load at run time, beside the worker. */
function wasmFiles(): string[] {
  const generated = join(root, 'engine', 'generated');
  const ort = dirname(createRequire(join(root, 'engine', 'package.json')).resolve('onnxruntime-web'));
  return [
    ...readdirSync(generated)
      .filter((name) => name.endsWith('.wasm'))
      .map((name) => join(generated, name)),
    ...['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.mjs'].map((name) => join(ort, name)),
  ];
}

/** Small trained networks, for `noether predict`. */
function copyWeights(): void {
  const from = join(root, 'engine', 'weights');
  mkdirSync(join(dist, 'weights'));
  for (const name of readdirSync(from).filter((file) => file.endsWith('.safetensors'))) {
    copyFileSync(join(from, name), join(dist, 'weights', name));
  }
}

/** What the user's own Python runs to serve a model. */
function copyPythonWorker(): void {
  const from = join(root, 'engine', 'src', 'foreign', 'python');
  for (const name of ['worker.py', 'noether_worker']) {
    cpSync(join(from, name), join(dist, 'python', name), {
      recursive: true,
      filter: (file) => !file.includes('__pycache__'),
    });
  }
}

function run(command: string, args: string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
