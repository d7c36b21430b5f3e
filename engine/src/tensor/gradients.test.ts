/** Gradients of the operations that models are made of, in the float64 twin, against central differences. */
import { expect, test } from 'vitest';
import { gradientError, type Scalar } from './fixes/differences.ts';
import { onPositive, operations, positive, scalar, twice, x } from './fixes/gradient-cases.ts';
import { openRuntime } from './index.ts';

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
  const single = await openRuntime({ precision: 'float32', backend });
  const double = await openRuntime({ precision: 'float64' });
  const all = [...Object.entries(operations).map(([name, f]) => [name, f, x] as const)];
  for (const [name, f] of Object.entries(onPositive)) all.push([name, f, positive]);
  const failures: string[] = [];
  for (const [name, operation, input] of all) {
    const of = async ({ tf, tensor, array }: typeof single) => {
      const { value, grad } = tf.valueAndGrad((t) => scalar(operation)(tf, t))(tensor(input));
      return [...(await array(value)).data, ...(await array(grad)).data];
    };
    const [a, b] = [await of(single), await of(double)];
    const scale = Math.max(...b.map(Math.abs));
    const worst = Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale;
    if (!(worst < 5e-6)) failures.push(`${name}: ${worst}`);
  }
  expect(failures).toEqual([]);
});
