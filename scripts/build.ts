/**
 * Builds what is shipped into dist/: the command line with the language server, the worker, the editor's client, and the
 * WebAssembly files that the worker loads. Skipped when nothing that goes in has changed since the last build.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { root } from './root.ts';
import { isFresh, keepStamp } from './stamp.ts';

const dist = join(root, 'dist');
const sources = ['engine/src', 'server/src', 'client/src', 'scripts', 'package.json', 'package-lock.json'];

/** Native runtimes stay outside: they are optional, large, and found at run time where they are installed. */
const external = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', 'onnxruntime-node', 'webgpu'];

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  external,
};

/** Bundled CommonJS packages call `require`; an ES module has to be given one. No bundled file may use this name too. */
const moduleBanner =
  "import { createRequire as __bundleRequire } from 'node:module'; const require = __bundleRequire(import.meta.url);";

await main();

async function main(): Promise<void> {
  generate();
  if (isFresh(dist, sources)) return;
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await Promise.all([
    bundle('server/src/noether.ts', 'noether.mjs'),
    bundle('server/src/jobs/worker.ts', 'worker.mjs'),
    build({
      ...common,
      entryPoints: ['client/src/extension.ts'],
      outfile: join(dist, 'extension.cjs'),
      format: 'cjs',
      external: [...external, 'vscode'],
    }),
  ]);
  for (const file of wasmFiles()) copyFileSync(file, join(dist, basename(file)));
  keepStamp(dist, sources);
  console.log('Built dist/.');
}

function bundle(entry: string, outfile: string) {
  return build({
    ...common,
    entryPoints: [entry],
    outfile: join(dist, outfile),
    format: 'esm',
    banner: { js: moduleBanner },
  });
}

/** Sources that are made from others: the parser, and the float64 twin of the tensor library. */
function generate(): void {
  const generated = join(root, 'server', 'src', 'language', 'generated');
  const grammar = ['server/src/language/equi.langium', 'server/langium-config.json', 'package-lock.json'];
  if (!isFresh(generated, grammar)) {
    run('langium', ['generate', '--mode=production'], join(root, 'server'));
    keepStamp(generated, grammar);
  }
  run(process.execPath, [join('scripts', 'float64.ts')], root);
}

/** What tfjs and onnxruntime load at run time, beside the worker. */
function wasmFiles(): string[] {
  const require = createRequire(join(root, 'engine', 'package.json'));
  const tfjs = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  const ort = join(dirname(require.resolve('onnxruntime-web')), '..', 'dist');
  return [
    ...['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((name) => join(tfjs, 'dist', name)),
    ...['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.mjs'].map((name) => join(ort, name)),
  ].filter((file) => existsSync(file));
}

function run(command: string, args: string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
