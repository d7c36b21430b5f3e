/**
 * Writes THIRD_PARTY_NOTICES: the licences of every package whose code is in dist/. What is bundled is read from the
 * bundler, so a new dependency cannot be forgotten: notices.test.ts fails until this has been run.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { nativeRuntimes } from './native.ts';
import { root } from './root.ts';

/** Loaded from beside the bundle, so the bundler does not see them. */
const besideBundle = ['@tensorflow/tfjs-backend-wasm', 'onnxruntime-web'];

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** The tensor libraries are bundled by themselves (tensor-libraries.ts): what they are made of. */
const tensorLibraries = `
  import '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-core/dist/register_all_gradients';
  import '@tensorflow/tfjs-backend-cpu';
  import '@tensorflow/tfjs-backend-wasm';
  import '@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels';
  import '@tensorflow/tfjs-converter';
  import '@tensorflow/tfjs-layers';`;

/** All packages in what is shipped, by name. */
export async function shippedPackages(): Promise<ShippedPackage[]> {
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'dist',
    metafile: true,
    format: 'esm',
    logLevel: 'error',
    external: ['vscode', ...nativeRuntimes],
  };
  const entryPoints = ['server/src/noether.ts', 'server/src/jobs/worker.ts', 'client/src/extension.ts'];
  const bundles = await Promise.all([
    build({ ...common, platform: 'node', entryPoints }),
    build({
      ...common,
      platform: 'node',
      mainFields: ['module', 'main'],
      stdin: { contents: tensorLibraries, resolveDir: join(root, 'engine') },
    }),
  ]);
  const files = bundles.flatMap(({ metafile }) => Object.keys(metafile!.inputs));
  const folders = new Set(
    files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  for (const name of besideBundle) folders.add(`node_modules/${name}`);
  const packages = [...folders].map(describe);
  return packages.sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

function describe(folder: string): ShippedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const texts = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const text = texts.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n');
  return { name, version, licence: license ?? 'see text', text };
}

export function noticesText(packages: readonly ShippedPackage[]): string {
  const head =
    'Noether ships code of the packages below, unchanged except for bundling and, for the float64 twin of TensorFlow.js,\n' +
    'the replacement of its float32 arrays by float64 ones (scripts/tensor-libraries.ts). Made by scripts/notices.ts.\n';
  const entries = packages.map(({ name, version, licence, text }) =>
    [`${'='.repeat(100)}\n${name} ${version}\nLicence: ${licence}\n`, text && `${text}\n`]
      .filter(Boolean)
      .join('\n'),
  );
  return [head, ...entries].join('\n');
}

if (import.meta.main) writeFileSync(join(root, 'THIRD_PARTY_NOTICES'), noticesText(await shippedPackages()));
