/** The twin computes in doubles, and is a library of its own beside the float32 one. */
import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed, real, type Tensor, type TensorLibrary } from './index.ts';

const random = randomFromSeed(5);
const values = Float64Array.from({ length: 200 }, () => 0.1 + 3 * random.uniform());
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 4e-16) => {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i]!)),
    );
  });
};

const unary: Record<string, [(tf: TensorLibrary, x: Tensor) => Tensor, (x: number) => number]> = {
  exp: [(tf, x) => tf.exp(x), Math.exp],
  log: [(tf, x) => tf.log(x), Math.log],
  sin: [(tf, x) => tf.sin(x), Math.sin],
  cos: [(tf, x) => tf.cos(x), Math.cos],
  tanh: [(tf, x) => tf.tanh(x), Math.tanh],
  sqrt: [(tf, x) => tf.sqrt(x), Math.sqrt],
  rsqrt: [(tf, x) => tf.rsqrt(x), (x) => 1 / Math.sqrt(x)],
  sigmoid: [(tf, x) => tf.sigmoid(x), (x) => 1 / (1 + Math.exp(-x))],
  softplus: [(tf, x) => tf.softplus(x), (x) => Math.log1p(Math.exp(x))],
  expm1: [(tf, x) => tf.expm1(x), Math.expm1],
  log1p: [(tf, x) => tf.log1p(x), Math.log1p],
  pow: [(tf, x) => tf.pow(x, 1.3), (x) => x ** 1.3],
  atan: [(tf, x) => tf.atan(x), Math.atan],
  'a third': [(tf, x) => tf.mul(x, 1 / 3), (x) => x / 3],
};

test.each(Object.entries(unary))('%s is right to the last digits of a double', async (_name, [f, exact]) => {
  const { tf, tensor, array } = await openRuntime({ precision: 'float64' });
  close((await array(f(tf, tensor(real([200], values))))).data, values.map(exact));
});

test('matMul, softmax and conv2d keep sixteen digits', async () => {
  const { tf, tensor, array } = await openRuntime({ precision: 'float64' });
  const a = tensor(real([10, 20], values));
  const product = (await array(tf.matMul(a, a, false, true))).data;
  const exact = Array.from({ length: 100 }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 20; k++) sum += values[Math.floor(i / 10) * 20 + k]! * values[(i % 10) * 20 + k]!;
    return sum;
  });
  close(product, exact, 1e-15);

  const sums = (await array(tf.sum(tf.softmax(a), 1))).data;
  close(sums, new Array(10).fill(1), 1e-15);

  const image = tf.reshape(a, [1, 10, 20, 1]) as never;
  const kernel = tf.tensor([1 / 3, 1 / 7, 1 / 11, 1 / 13], [2, 2, 1, 1]) as never;
  const convolved = (await array(tf.conv2d(image, kernel, 1, 'valid'))).data;
  close([convolved[0]!], [values[0]! / 3 + values[1]! / 7 + values[20]! / 11 + values[21]! / 13], 1e-15);
});

test('both libraries live in one process, each with its own tensors, and count doubles as eight bytes', async () => {
  const single = await openRuntime({ precision: 'float32' });
  const double = await openRuntime({ precision: 'float64' });
  const before = [single.tf.memory().numTensors, double.tf.memory()] as const;
  const x = double.tf.tensor([1, 2, 3]);
  expect(single.tf.memory().numTensors).toBe(before[0]);
  expect(double.tf.memory().numBytes - before[1].numBytes).toBe(24);
  expect(single.tf.tensor([1 / 3]).dataSync()[0]).toBe(Math.fround(1 / 3));
  expect(double.tf.tensor([1 / 3]).dataSync()[0]).toBe(1 / 3);
  x.dispose();
});

test.each(['float32', 'float64'] as const)('%s takes host arrays of either width', async (precision) => {
  const { tf } = await openRuntime({ precision });
  for (const data of [Float32Array.of(1, 2, 3, 4), Float64Array.of(1, 2, 3, 4)]) {
    expect([...tf.square(tf.tensor(data as Float32Array, [2, 2])).dataSync()]).toEqual([1, 4, 9, 16]);
    expect([...tf.square(tf.tensor1d(data as Float32Array)).dataSync()]).toEqual([1, 4, 9, 16]);
  }
});

test('optimisers take the same steps in both precisions', async () => {
  const ends = [];
  for (const precision of ['float32', 'float64'] as const) {
    const { tf } = await openRuntime({ precision });
    const w = tf.variable(tf.tensor([1, -2, 3]));
    const optimiser = tf.train.adam(0.1);
    for (let i = 0; i < 20; i++)
      optimiser.minimize(() => tf.sum(tf.square(tf.sub(w, 0.5))) as never, false, [w]);
    ends.push([...w.dataSync()]);
  }
  close(ends[0]!, ends[1]!, 1e-4);
});
