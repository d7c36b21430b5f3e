/**
 * Compiles the engine's own wasm kernels (engine/assembly, AssemblyScript) into two modules:
 *   engine/generated/noether-simd.wasm      baseline SIMD
 *   engine/generated/noether-relaxed.wasm   relaxed SIMD, with a fused multiply-add
 * Both import the memory that they work on, and have neither a heap nor data of their own.
 *
 * `node scripts/kernels.ts` compiles what is out of date. Vitest calls `setup`, other scripts `buildKernels`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { root } from './root.ts';
import { isFresh, keepStamp } from './stamp.ts';

const generated = join(root, 'engine', 'generated');
const sources = ['engine/assembly', 'scripts/kernels.ts', 'package-lock.json'];
const builds: Readonly<Record<string, readonly string[]>> = {
  'noether-simd.wasm': [],
  'noether-relaxed.wasm': ['--enable', 'relaxed-simd'],
};

/** Compiles both modules unless they are up to date. Returns whether anything was compiled. */
export async function buildKernels(): Promise<boolean> {
  const present = Object.keys(builds).every((name) => existsSync(join(generated, name)));
  if (present && isFresh(generated, sources)) return false;
  await mkdir(generated, { recursive: true });
  for (const [name, features] of Object.entries(builds)) await compile(name, features);
  keepStamp(generated, sources);
  return true;
}

async function compile(name: string, features: readonly string[]): Promise<void> {
  const output: { bytes?: Uint8Array } = {};
  const options = ['-O3', '--noAssert', '--uncheckedBehavior', 'always', '--runtime', 'stub'];
  const memory = ['--importMemory', '--noExportMemory', '--enable', 'simd'];
  const { error, stderr } = await asc.main(
    ['engine/assembly/index.ts', '-o', name, ...options, ...memory, ...features],
    {
      readFile: (file, folder) => readFile(join(root, folder, file), 'utf8').catch(() => null),
      writeFile: (_file, contents) => {
        output.bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !output.bytes) throw new Error(`${name} does not compile:\n${stderr}`, { cause: error });
  // The module is a guest in another's memory: data of its own would be written over what lies there.
  if (sectionsOf(output.bytes).includes(dataSection)) throw new Error(`${name} has data of its own`);
  // Another process may be reading the old file: it must never see half of the new one.
  const partial = join(generated, `${name}.${process.pid}`);
  await writeFile(partial, output.bytes);
  await rename(partial, join(generated, name));
}

const dataSection = 11;

/** Numbers of the sections of a wasm binary: each is a number, its length in LEB128, its contents. */
function sectionsOf(bytes: Uint8Array): number[] {
  const sections: number[] = [];
  let at = 8;
  while (at < bytes.length) {
    sections.push(bytes[at++]!);
    let length = 0;
    let shift = 0;
    for (let more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      length += (byte & 0x7f) * 2 ** shift;
      more = byte >= 0x80;
    }
    at += length;
  }
  return sections;
}

/** Vitest's global set-up: the tests need the modules. */
export async function setup(): Promise<void> {
  await buildKernels();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildKernels();
  console.log(built ? `compiled ${Object.keys(builds).join(' and ')}` : 'the kernels are up to date');
}
