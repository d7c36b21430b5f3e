/** The operations that models are made of, on the graphics adapter: values, gradients and gradients of gradients. */
import { expect, test } from 'vitest';
import {
  type Operation,
  onPositive,
  operations,
  positive,
  scalar,
  twice,
  x,
} from '../fixes/gradient-cases.ts';
import { openRuntime, type Runtime } from '../index.ts';
import { toleranceOnGpu } from './tolerance.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });
const twin = await openRuntime({ precision: 'float64' });
const tolerance = toleranceOnGpu(gpu);

async function difference(of: (runtime: Runtime) => Promise<ArrayLike<number>>) {
  const [found, expected] = [await of(gpu), Array.from(await of(twin))];
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
}

const all = [
  ...Object.entries(operations).map(([name, operation]) => [name, operation, x] as const),
  ...Object.entries(onPositive).map(([name, operation]) => [name, operation, positive] as const),
];

test.each(all)('value and gradient of %s', async (_name, operation, input) => {
  const worst = await difference(async ({ tf, tensor, array }) => {
    const at = tensor(input);
    const { value, grad } = tf.valueAndGrad((t) => scalar(operation)(tf, t))(at);
    return [...(await array(value)).data, ...(await array(grad)).data];
  });
  expect(worst).toBeLessThan(tolerance);
});

test.each(Object.entries(twice))('the gradient of a gradient of %s', async (_name, operation: Operation) => {
  const worst = await difference(async ({ tf, tensor, array }) => {
    const inner: Operation = (_, t) => tf.grad((u) => scalar(operation)(tf, u))(t);
    const gradient = tf.grad((t) => scalar(inner)(tf, t));
    return (await array(gradient(tensor(x)))).data;
  });
  expect(worst).toBeLessThan(tolerance);
});
