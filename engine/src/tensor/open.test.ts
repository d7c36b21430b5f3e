import { expect, test } from 'vitest';
import { openRuntime, real } from './index.ts';

test.each(['float32', 'float64'] as const)('%s multiplies and differentiates', async (precision) => {
  const { tf, tensor, array } = await openRuntime({ precision });
  const gradient = tf.grad((x) => tf.sum(tf.square(tf.matMul(x, tf.tensor([2, 0, 0, 3], [2, 2])))));
  expect([...(await array(gradient(tensor(real([1, 2], [1, 2]))))).data]).toEqual([8, 36]);
});
