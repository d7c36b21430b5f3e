/** The bundle of the extension: one file, the wasm binaries next to it, no packages in reach. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const generated = join(here, '..', '..', 'generated');
let folder = '';

const program = `
  import { openRuntime, real, surveyBackends } from ${JSON.stringify(join(here, 'index.ts'))};
  const lines = [];
  for (const options of [{ precision: 'float32', backend: 'wasm' }, { precision: 'float64' }]) {
    const { tf, tensor, array, backend } = await openRuntime(options);
    const y = await array(tf.grad((x) => tf.sum(tf.erf(tf.matMul(x, x))))(tensor(real([1, 1], [0.25]))));
    lines.push([backend.name, y.data[0]]);
  }
  const survey = (await surveyBackends()).map(({ name, available }) => [name, available]);
  console.log(JSON.stringify({ lines, survey }));
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noether-bundle-'));
  await build({
    stdin: { contents: program, resolveDir: here, loader: 'ts' },
    outfile: join(folder, 'worker.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  for (const name of await readdir(generated)) {
    if (name.endsWith('.wasm')) await copyFile(join(generated, name), join(folder, name));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = () => promisify(execFile)(process.execPath, [join(folder, 'worker.mjs')], { cwd: folder });

test('both libraries run from it', async () => {
  const { stdout, stderr } = await run();
  const { lines, survey } = JSON.parse(stdout);
  // d/dx erf(x^2) = 4 x / sqrt(pi) exp(-x^4)
  const exact = (1 / Math.sqrt(Math.PI)) * Math.exp(-(0.25 ** 4));
  expect(lines[0]).toEqual(['wasm', expect.closeTo(exact, 6)]);
  expect(lines[1]).toEqual(['float64', expect.closeTo(exact, 15)]);
  expect(survey.slice(-2)).toEqual([
    ['wasm', true],
    ['cpu', true],
  ]);
  expect(stderr).toBe('');
});

test('without its wasm binaries it says so, and cpu is left', async () => {
  for (const name of await readdir(folder)) if (name.endsWith('.wasm')) await rm(join(folder, name));
  await expect(run()).rejects.toThrow(
    /the backend wasm cannot be had here: its binary .*-simd\.wasm is missing/,
  );
});
