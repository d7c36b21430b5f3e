/**
 * Builds the two tensor libraries of the engine from the pinned TensorFlow.js packages:
 *   engine/generated/tfjs-float32.mjs   core, all gradients, the cpu and the wasm backend
 *   engine/generated/tfjs-float64.mjs   core, all gradients, the cpu backend, every real number a double
 * beside the first the webgpu backend (scripts/webgpu-library.ts), beside both the readers of models
 * (scripts/tfjs-models-library.ts), and puts the wasm binaries next to them.
 *
 * `node scripts/tensor-libraries.ts` builds what is out of date. Vitest calls `setup`, other scripts `buildTensorLibraries`.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, version as esbuildVersion, type Plugin } from 'esbuild';
import { libraryBuild } from './library-build.ts';
import { buildModelLibrary, modelDeclarations, modelReaderVersions } from './tfjs-models-library.ts';
import { buildWebgpuLibrary, webgpuDeclarations, webgpuVersion } from './webgpu-library.ts';

type Precision = 'float32' | 'float64';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = join(root, 'engine', 'generated');
const require = createRequire(join(root, 'engine', 'package.json'));
const wasmBinaries = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/**
 * TensorFlow.js publishes one build for Node without gradients and side-effect modules that Node cannot load by
 * themselves. Bundling its ES modules gives one instance of the library in every layout (sources, tests, bundle).
 * Some of its gradients call methods of tensors (`x.split`), hence the chained operations.
 */
const entry = {
  float32: `
    export * from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-core/dist/register_all_gradients';
    import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
    import '@tensorflow/tfjs-backend-cpu';
    export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
    export const location = import.meta.url;`,
  float64: `
    export * from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-core/dist/register_all_gradients';
    import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
    import '@tensorflow/tfjs-backend-cpu';
    export const location = import.meta.url;`,
};

const declarations = `
export * from '@tensorflow/tfjs-core';
export function setWasmPaths(folder: string): void;
export const location: string;
`;

/** Changes to one source file of TensorFlow.js: `from` must occur, so that a new version cannot drop a change silently. */
interface Edit {
  readonly file: RegExp;
  readonly from: string;
  readonly to: string;
}

/** Host arrays of either width are accepted by both libraries, so that model code need not care which one it has. */
const bothWidths: readonly Edit[] = [
  {
    file: /tfjs-core\/dist\/platforms\/platform_node\.js$/,
    from: 'return this.util.types.isFloat32Array(a)',
    to: 'return this.util.types.isFloat32Array(a) || this.util.types.isFloat64Array(a)',
  },
  {
    file: /tfjs-core\/dist\/util_base\.js$/,
    from: 'if (values instanceof Float32Array) {',
    to: 'if (values instanceof Float32Array || values instanceof Float64Array) {',
  },
];

/**
 * What an operation saves of its own result goes onto the tape before the operation itself, where the gradient of a
 * gradient never finds it: it is then wrong, without a word, for exp, tanh, sigmoid, softmax and others. Forces that
 * are trained need it right, so the operation is put in front of what it saved.
 */
const savedAfterwards: readonly Edit[] = [
  {
    file: /tfjs-core\/dist\/engine\.js$/,
    from: 'const isTapeOn = this.isTapeOn();',
    to: 'const isTapeOn = this.isTapeOn(); const firstSaved = isTapeOn ? this.state.activeTape.length : 0;',
  },
  {
    file: /tfjs-core\/dist\/engine\.js$/,
    from: 'this.addTapeNode(kernelOrScopeName, inputs, outputs, backwardsFunc, saved, attrs);',
    to: `this.addTapeNode(kernelOrScopeName, inputs, outputs, backwardsFunc, saved, attrs);
            this.state.activeTape.splice(firstSaved, 0, this.state.activeTape.pop());`,
  },
];

/** A complex number has a complex gradient; the library computes with such, and only refuses them. */
const complexGradients: readonly Edit[] = [
  {
    file: /tfjs-core\/dist\/tape\.js$/,
    from: "if (dx.dtype !== 'float32') {",
    to: "if (dx.dtype !== 'float32' && dx.dtype !== 'complex64') {",
  },
  {
    file: /tfjs-core\/dist\/engine\.js$/,
    from: "const dtype = 'float32';",
    to: "const dtype = dy.dtype === 'complex64' ? dy.dtype : 'float32';",
  },
];

/** The twin keeps its engine and its registries under names of its own, or both libraries would share one engine. */
const ownRegistries: readonly Edit[] = [
  { file: /tfjs-core\/dist\/engine\.js$/, from: '_tfengine', to: '_tfengineFloat64' },
  { file: /tfjs-core\/dist\/global_util\.js$/, from: '_tfGlobals', to: '_tfGlobalsFloat64' },
];

/**
 * Bytes of an element, for the accounts of memory. The library's epsilon stays what it is: only optimisers use it, and
 * the twin must compute the same function.
 */
const doubles: readonly Edit[] = [
  {
    file: /tfjs-core\/dist\/util_base\.js$/,
    from: "if (dtype === 'float32' || dtype === 'int32') {",
    to: "if (dtype === 'float32') { return 8; } if (dtype === 'int32') {",
  },
  // Weights of a model come as bytes, which are handed to the twin as doubles.
  { file: /tfjs-core\/dist\/io\/types\.js$/, from: "'float32': 4,", to: "'float32': 8," },
];

function edits(precision: Precision): readonly Edit[] {
  const both = [...bothWidths, ...savedAfterwards, ...complexGradients];
  return precision === 'float32' ? both : [...both, ...ownRegistries, ...doubles];
}

/** Rewrites the sources of TensorFlow.js for one precision while esbuild reads them: with the edits, or only widened. */
function precisionPlugin(precision: Precision, changes: readonly Edit[]): Plugin {
  const pending = new Set(changes);
  return {
    name: `tfjs-${precision}`,
    setup(context) {
      context.onLoad({ filter: /@tensorflow[\\/]tfjs-[^\\/]+[\\/].*\.js$/ }, async ({ path }) => {
        const file = path.replaceAll('\\', '/');
        let source = (await readFile(path, 'utf8')).replace(/^\/\/# sourceMappingURL=.*$/gm, '');
        // The threaded build cannot run in Node; its glue alone would be a quarter of the bundle.
        if (file.includes('threaded-simd')) return { contents: 'export const wasmWorkerContents = "";' };
        const widen = (text: string) =>
          precision === 'float64' ? text.replaceAll(/\bFloat32Array\b/g, 'Float64Array') : text;
        source = widen(source);
        for (const edit of changes) {
          if (!edit.file.test(file)) continue;
          if (!source.includes(widen(edit.from))) throw new Error(`${file} no longer contains: ${edit.from}`);
          source = source.replaceAll(widen(edit.from), edit.to);
          pending.delete(edit);
        }
        return { contents: source, loader: 'js' };
      });
      context.onEnd(() => {
        if (pending.size > 0)
          throw new Error(`TensorFlow.js lacks ${[...pending].map((e) => e.file).join(', ')}`);
      });
    },
  };
}

async function buildLibrary(precision: Precision): Promise<string> {
  const result = await build({
    ...libraryBuild,
    stdin: { contents: entry[precision], resolveDir: join(root, 'engine'), sourcefile: `${precision}.js` },
    // Emscripten's glue asks for both; neither exists in an ES module.
    define: { __filename: '__file', __dirname: '__folder' },
    banner: {
      js: [
        '/* Built from TensorFlow.js (Apache-2.0) by scripts/tensor-libraries.ts; do not edit. */',
        "import { createRequire as __createRequire } from 'node:module';",
        "import { fileURLToPath as __fileURLToPath } from 'node:url';",
        'const require = __createRequire(import.meta.url);',
        'const __file = __fileURLToPath(import.meta.url);',
        "const __folder = __fileURLToPath(new URL('.', import.meta.url));",
      ].join('\n'),
    },
    external: ['node-fetch'],
    plugins: [precisionPlugin(precision, edits(precision))],
  });
  return result.outputFiles[0]!.text;
}

/** Changes whenever this script, the pinned packages or the bundler change. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
    .update(esbuildVersion)
    .update(await readFile(fileURLToPath(import.meta.url)))
    .update(await readFile(join(root, 'scripts', 'library-build.ts')))
    .update(await readFile(join(root, 'scripts', 'webgpu-library.ts')))
    .update(await readFile(join(root, 'scripts', 'tfjs-models-library.ts')))
    .update(modelReaderVersions())
    .update(webgpuVersion() ?? 'none');
  for (const name of ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm']) {
    hash.update(await readFile(require.resolve(`@tensorflow/${name}/package.json`)));
  }
  return hash.digest('hex');
}

async function writeWhole(path: string, contents: string): Promise<void> {
  // Another process may be reading the old file: it must never see half of the new one.
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, contents);
  await rename(partial, path);
}

/** Builds both libraries unless they are up to date. Returns whether anything was built. */
export async function buildTensorLibraries(): Promise<boolean> {
  const stamp = join(generated, 'tfjs.hash');
  const wanted = await fingerprint();
  const present = await readFile(stamp, 'utf8').catch(() => '');
  const outputs = [
    'tfjs-float32.mjs',
    'tfjs-float64.mjs',
    'tfjs-float32.d.mts',
    'tfjs-float64.d.mts',
    'tfjs-models-float32.mjs',
    'tfjs-models-float64.mjs',
    'tfjs-models-float32.d.mts',
    'tfjs-models-float64.d.mts',
    'tfjs-webgpu.mjs',
    'tfjs-webgpu.d.mts',
    ...wasmBinaries,
  ];
  if (present === wanted && outputs.every((name) => existsSync(join(generated, name)))) return false;
  await mkdir(generated, { recursive: true });
  for (const precision of ['float32', 'float64'] as const) {
    await writeWhole(join(generated, `tfjs-${precision}.mjs`), await buildLibrary(precision));
    await writeWhole(join(generated, `tfjs-${precision}.d.mts`), declarations);
    const models = await buildModelLibrary(precision, precisionPlugin(precision, []));
    await writeWhole(join(generated, `tfjs-models-${precision}.mjs`), models);
    await writeWhole(join(generated, `tfjs-models-${precision}.d.mts`), modelDeclarations);
  }
  await writeWhole(join(generated, 'tfjs-webgpu.mjs'), await buildWebgpuLibrary());
  await writeWhole(join(generated, 'tfjs-webgpu.d.mts'), webgpuDeclarations);
  const binaries = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  for (const name of wasmBinaries) await copyFile(join(binaries, name), join(generated, name));
  await writeWhole(stamp, wanted);
  return true;
}

/** Vitest's global set-up: the tests need the libraries. */
export async function setup(): Promise<void> {
  await buildTensorLibraries();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildTensorLibraries();
  console.log(
    built ? 'built engine/generated/tfjs-float32.mjs and tfjs-float64.mjs' : 'engine/generated is up to date',
  );
}
