/**
 * Every operation of the tensor library that the engine uses has a case, and every case's gradient is held against central differences in the
 * float64 twin, and wasm and cpu against the twin. What is used is found in the sources.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { gradientError, type Scalar } from './fixes/differences.ts';
import { type Operation, onPositive, operations, positive, scalar, x } from './fixes/gradient-cases.ts';
import { libraryOperations, libraryTwice, steps } from './fixes/library-cases.ts';
import { openRuntime, type Tensor, type TensorLibrary } from './index.ts';
import { disagreements, libraryCases } from './testing.ts';
import { operationsIn } from './used-operations.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const twin = await openRuntime({ precision: 'float64' });

/** Made of numbers only: there is nothing to differentiate by. */
const ofNothing = ['eye', 'tensor', 'scalar', 'fill', 'range', 'zeros', 'ones'];

const cases = [
  ...[operations, libraryOperations, steps].flatMap((all) =>
    Object.entries(all).map(([name, operation]) => [name, operation, x] as const),
  ),
  ...Object.entries(onPositive).map(([name, operation]) => [name, operation, positive] as const),
];

/** Sources of the engine and the server that compute, without their tests and what only tests use. */
function sources(): string[] {
  return ['engine/src', 'server/src'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/[.-]test\.ts$|-cases\.ts$|testing\.ts$/.test(path))
      .map((path) => join(repository, folder, path)),
  );
}

/** Names of the library's operations that a function calls. */
function called(operation: Operation, input: Tensor): Set<string> {
  const names = new Set<string>();
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        names.add(String(name));
        const value = Reflect.get(of, name);
        return name === 'image' || name === 'spectral' ? watch(value as object) : value;
      },
    });
  twin.tf.tidy(() => {
    operation(watch<TensorLibrary>(twin.tf), input);
  });
  return names;
}

test('every operation that the engine uses has a case', () => {
  const used = new Set(sources().flatMap((path) => operationsIn(readFileSync(path, 'utf8'), twin.tf)));
  // The scan sees something at all.
  for (const name of ['matMul', 'unsortedSegmentSum', 'einsum']) expect(used).toContain(name);
  const covered = new Set([...cases.map(([name]) => name.split(/[ ,]/)[0]!), ...ofNothing]);
  expect([...used].filter((name) => !covered.has(name))).toEqual([]);
});

test('the scan finds operations however they are taken from the library', () => {
  const text = `
    const y = runtime.tf.sinh(x), z = tf.add(y, 1), { cumsum, exp: power } = runtime.tf;
    const { memory } = tf; tf.tidy(() => tf . spectral.rfft(x)); const f = tf.image.resizeBilinear; other.tf2.cos(x);`;
  const names = operationsIn(text, twin.tf).sort();
  expect(names).toEqual(['add', 'cumsum', 'exp', 'resizeBilinear', 'rfft', 'sinh']);
});

test('a case runs the operation that it is named after', () => {
  const wrong = cases.filter(([name, operation, input]) => {
    const own = name.split(/[ ,]/)[0]!;
    const isOperation = operationsIn(`tf.${own}`, twin.tf).length > 0;
    return isOperation && !called(operation, twin.tensor(input)).has(own);
  });
  expect(wrong.map(([name]) => name)).toEqual([]);
});

const added = [...Object.entries(libraryOperations), ...Object.entries(steps)];

test.each(added)('gradient of %s', async (_name, operation) => {
  expect(await gradientError(scalar(operation), x)).toBeLessThan(2e-8);
});

test.each(Object.entries(libraryTwice))('the gradient of a gradient of %s', async (_name, operation) => {
  const ofGradient: Scalar = (tf, t) => tf.sum(tf.sin(tf.grad((u) => scalar(operation)(tf, u))(t)));
  expect(await gradientError(ofGradient, x)).toBeLessThan(2e-7);
});

test.each(['wasm', 'cpu'] as const)('float32 on %s agrees with the twin, gradients too', async (backend) => {
  expect(await disagreements(backend, libraryCases, 1e-5)).toEqual([]);
});
