/** What wasm has from cpu gives what cpu gives. */
import { expect, test } from 'vitest';
import { openRuntime, type Runtime, real, type Tensor, type TensorLibrary } from '../index.ts';

const ramp = (shape: number[]) =>
  real(
    shape,
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + 0.7 * i)),
  );

type Case = [
  string,
  number[],
  (tf: TensorLibrary, x: Tensor, constant: (shape: number[]) => Tensor) => Tensor,
];

const cases: Case[] = [
  ['einsum of two', [3, 4], (tf, x, c) => tf.einsum('ij,jk->ik', x, c([4, 5]))],
  ['einsum, batched', [2, 3, 4], (tf, x, c) => tf.einsum('bij,bkj->bik', x, c([2, 5, 4]))],
];

const gradients: Case[] = [
  ['conv2d, filter', [2, 2, 3, 2], (tf, x, c) => tf.conv2d(c([2, 5, 5, 3]) as never, x as never, 1, 'same')],
  ['conv2d, input', [2, 5, 5, 3], (tf, x, c) => tf.conv2d(x as never, c([2, 2, 3, 2]) as never, 2, 'valid')],
  [
    'depthwise conv2d, filter',
    [2, 2, 3, 2],
    (tf, x, c) => tf.depthwiseConv2d(c([1, 5, 5, 3]) as never, x as never, 1, 'same'),
  ],
  [
    'depthwise conv2d, input',
    [1, 5, 5, 3],
    (tf, x, c) => tf.depthwiseConv2d(x as never, c([2, 2, 3, 2]) as never, 1, 'same'),
  ],
  [
    'conv3d, input',
    [1, 4, 4, 4, 2],
    (tf, x, c) => tf.conv3d(x as never, c([2, 2, 2, 2, 3]) as never, 1, 'same'),
  ],
  [
    'conv3d, filter',
    [2, 2, 2, 2, 3],
    (tf, x, c) => tf.conv3d(c([1, 4, 4, 4, 2]) as never, x as never, 1, 'same'),
  ],
];

async function run(runtime: Runtime, [, shape, f]: Case, differentiate: boolean): Promise<Float64Array> {
  const { tf, tensor, array } = runtime;
  const constant = (dims: number[]) => tensor(ramp(dims));
  const value = (x: Tensor) => f(tf, x, constant);
  const result = differentiate
    ? tf.grad((x) => tf.sum(tf.mul(value(x), tf.sin(value(x)))))(tensor(ramp(shape)))
    : value(tensor(ramp(shape)));
  return (await array(result)).data as Float64Array;
}

test.each([
  ...cases.map((c) => [c[0], c, false] as const),
  ...gradients.map((c) => [`gradient of ${c[0]}`, c, true] as const),
])('%s on wasm agrees with the float64 twin', async (_name, item, differentiate) => {
  const wasm = await run(await openRuntime({ precision: 'float32', backend: 'wasm' }), item, differentiate);
  const twin = await run(await openRuntime({ precision: 'float64' }), item, differentiate);
  expect(wasm.length).toBe(twin.length);
  const scale = Math.max(...twin.map(Math.abs));
  wasm.forEach((value, i) => {
    expect(Math.abs(value - twin[i]!)).toBeLessThan(3e-6 * scale);
  });
});

test('a filled kernel leaves nothing behind on either backend', async () => {
  const { tf } = await openRuntime({ precision: 'float32', backend: 'wasm' });
  const a = tf.ones([3, 4]);
  const cpu = tf.findBackend('cpu');
  tf.einsum('ij,ij->i', a, a).dispose();
  const before = [tf.memory().numTensors, tf.backend().numDataIds(), cpu.numDataIds()];
  for (let i = 0; i < 5; i++) tf.einsum('ij,ij->i', a, a).dispose();
  expect([tf.memory().numTensors, tf.backend().numDataIds(), cpu.numDataIds()]).toEqual(before);
});
