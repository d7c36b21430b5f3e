import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed, real } from '../../tensor/index.ts';
import { gatherRows, gatherRowsCost } from './index.ts';
import { gatherRowsReference } from './reference.ts';

const random = randomFromSeed(1);
const x = real(
  [50, 3, 2],
  Float64Array.from({ length: 300 }, () => Math.fround(random.normal())),
);
const indices = integer(
  [200],
  Int32Array.from({ length: 200 }, () => random.integer(50)),
);

test.each([
  { precision: 'float32', backend: 'wasm' },
  { precision: 'float32', backend: 'cpu' },
  { precision: 'float64' },
] as const)('$precision $backend copies rows exactly as the reference', async (options) => {
  const runtime = await openRuntime(options);
  const rows = gatherRows(runtime, runtime.tensor(x), runtime.tensor(indices));
  expect(await runtime.array(rows)).toEqual(gatherRowsReference(x, indices));
});

test('the gradient counts how often a row was taken', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf, tensor, array } = runtime;
  const gradient = tf.grad((t) => tf.sum(gatherRows(runtime, t, tensor(indices))))(tensor(x));
  const counts = new Array(50).fill(0);
  for (const index of indices.data) counts[index]++;
  expect([...(await array(gradient)).data]).toEqual(counts.flatMap((count) => new Array(6).fill(count)));
});

test('wrong ranks and dtypes are refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  const { tf } = runtime;
  expect(() => gatherRows(runtime, tf.scalar(1), tf.tensor1d([0], 'int32'))).toThrow('not a scalar');
  expect(() => gatherRows(runtime, tf.ones([2]), tf.ones([1]))).toThrow(
    'gatherRows takes indices [m] int32, not [1] float32',
  );
});

test('its cost', () => {
  expect(gatherRowsCost(100, 64, 'float32')).toEqual({ flops: 0, bytes: 2 * 100 * 64 * 4 + 400 });
});
