/** Gradients of the operations that models are made of, in the float64 twin, against central differences. */
import { expect, test } from 'vitest';
import { gradientError, type Scalar } from './fixes/differences.ts';
import { onPositive, operations, positive, scalar, twice, x } from './fixes/gradient-cases.ts';
import { surveyBackends } from './index.ts';
import { nodeLoader } from './rungs/native.ts';
import { disagreements, libraryCases, ownCases } from './testing.ts';

test.each(Object.entries(operations))('gradient of %s', async (_name, operation) => {
  expect(await gradientError(scalar(operation), x)).toBeLessThan(2e-8);
});

test.each(Object.entries(onPositive))('gradient of %s', async (_name, operation) => {
  expect(await gradientError(scalar(operation), positive)).toBeLessThan(2e-8);
});

test.each(Object.entries(twice))('the gradient of a gradient of %s', async (_name, operation) => {
  const ofGradient: Scalar = (tf, t) => tf.sum(tf.sin(tf.grad((u) => scalar(operation)(tf, u))(t)));
  expect(await gradientError(ofGradient, x)).toBeLessThan(1e-7);
});

test.each(['wasm', 'cpu'] as const)('float32 on %s agrees with the twin, gradients too', async (backend) => {
  expect(await disagreements(backend, ownCases, 5e-6)).toEqual([]);
});

const packages = ['tfjs-node-gpu', 'tfjs-node'] as const;
const installed = packages.filter((name) => nodeLoader.find(name));

// Neither comes with the dependencies: its binary is fetched when it is installed.
test.skipIf(installed.length === 0)(
  'TensorFlow itself agrees with the twin, where it is installed',
  async () => {
    const states = await surveyBackends();
    for (const name of installed) {
      const state = states.find((one) => one.name === name)!;
      // A package that is there and does not load says so, and another backend is taken.
      if (!state.available) expect(state.detail).not.toBe('');
      else expect(await disagreements(name, [...ownCases, ...libraryCases], 1e-5), name).toEqual([]);
    }
  },
  120_000,
);
