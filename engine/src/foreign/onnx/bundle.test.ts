/** The runtime inside a bundle, as the worker ships it: no packages beside it, only the files that the build copies. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { onnxFile, temporaryFolder } from './test-support.ts';

const program = `
import { openOnnx } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
const position = { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] };
const scalar = { representation: { kind: 'scalar' }, axes: [] };
const opened = openOnnx({
  file: process.argv[2],
  inputs: [{ name: 'positions', type: position }],
  outputs: [{ name: 'energy', type: scalar }],
});
const model = await opened.catch((error) => {
  console.log(JSON.stringify(error.finding));
  process.exit();
});
const data = Float64Array.of(0, 0, 0, 0.1, 0, 0, 0, 0.2, 0);
const [result] = await model.evaluate([{ positions: { shape: [3, 3], data } }], 'float64');
console.log(JSON.stringify({ energy: result.energy.data[0], runtime: model.runtime.name, passedOver: model.runtime.passedOver }));
model.dispose();
`;

async function bundled(folder: string): Promise<string> {
  const entry = join(folder, 'entry.ts');
  const worker = join(folder, 'worker.mjs');
  writeFileSync(entry, program);
  await build({
    entryPoints: [entry],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    nodePaths: [join(import.meta.dirname, '../../../../node_modules')],
    // CommonJS packages in the bundle (protobufjs) call require, which ES modules do not have.
    banner: {
      js: "import { createRequire as __bundleRequire } from 'node:module'; const require = __bundleRequire(import.meta.url);",
    },
  });
  return worker;
}

const run = (worker: string) =>
  execFileSync(process.execPath, [worker, onnxFile('unbatched')], { encoding: 'utf8' });

test('a bundle finds the WebAssembly files beside itself', async () => {
  using folder = temporaryFolder();
  const worker = await bundled(folder.path);
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  for (const file of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    copyFileSync(join(runtime, file), join(folder.path, file));
  }
  const { energy, ...choice } = JSON.parse(run(worker));
  expect(Number.isFinite(energy)).toBe(true);
  expect(choice).toEqual({
    runtime: 'onnxruntime-web',
    passedOver: [{ name: 'onnxruntime-node', reason: 'not installed' }],
  });
});

test('without the files, the runtime is blamed and not the model', async () => {
  using folder = temporaryFolder();
  const worker = await bundled(folder.path);
  const finding = JSON.parse(run(worker));
  expect(finding.code).toBe('backend/onnx-runtime');
  expect(finding.message).toMatch(/^onnxruntime-web 1\.[\d.]+ does not start: .*ort-wasm-simd-threaded/);
  expect(finding.place).toBeUndefined();
});
