/** A thousand forwards and gradients of a small message-passing network leave no tensor behind. */
import { expect, test } from 'vitest';
import { gatherRows, segmentSum } from '../kernel/index.ts';
import { integer, openRuntime, type Runtime, randomFromSeed, real, type Tensor } from './index.ts';

const random = randomFromSeed(8);
const normal = (shape: number[]) =>
  real(shape, Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random.normal));

function network(runtime: Runtime, x: Tensor, w: Tensor, sources: Tensor, targets: Tensor): Tensor {
  const { tf } = runtime;
  const { mean, variance } = tf.moments(x, 1, true);
  const h = tf.erf(tf.matMul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), w));
  const messages = tf.mul(gatherRows(runtime, h, sources), 0.5);
  return tf.softmax(segmentSum(runtime, messages, targets, 6));
}

test.each([
  { precision: 'float32', backend: 'wasm' },
  { precision: 'float32', backend: 'cpu' },
  { precision: 'float64' },
] as const)('$precision $backend', async (options) => {
  const runtime = await openRuntime(options);
  const { tf, tensor, array } = runtime;
  const w = tensor(normal([4, 4]));
  const sources = tensor(integer([10], [0, 1, 2, 3, 4, 5, 0, 2, 4, 1]));
  const targets = tensor(integer([10], [1, 0, 3, 2, 5, 4, 3, 5, 1, -1]));
  const host = normal([6, 4]);
  const cycle = async () => {
    const x = tensor(host);
    const { value, grads } = tf.valueAndGrads((a: Tensor, b: Tensor) =>
      tf.sum(tf.square(network(runtime, a, b, sources, targets))),
    )([x, w]);
    const result = await array(value);
    tf.dispose([x, value, grads]);
    return result.data[0]!;
  };
  const first = await cycle();
  const count = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.backend().numDataIds()];
  const before = count();
  for (let i = 0; i < 1000; i++) {
    if ((await cycle()) !== first) throw new Error(`cycle ${i} gives another value`);
  }
  expect(count()).toEqual(before);
  tf.dispose([w, sources, targets]);
});
