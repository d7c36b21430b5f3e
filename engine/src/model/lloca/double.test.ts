import { expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { inDouble } from './double.ts';

const open = async () => ({
  runtime: await openRuntime({ precision: 'float32' }),
  double: await openRuntime({ precision: 'float64' }),
});

/** Cancels all digits of float32. */
const body = ({ tf }: Runtime, [a, b]: Tensor[]): Tensor[] => [
  tf.sub(tf.add(a!, 1e9), 1e9),
  tf.mul(tf.square(a!), b!),
];

it('computes in double precision and rounds at the end', async () => {
  const precisions = await open();
  const { runtime } = precisions;
  const a = runtime.tensor(real([2], [0.125, -3.5]));
  const b = runtime.tensor(real([2], [2, 4]));
  const [difference, product] = inDouble(precisions, [{ tensor: a }, { tensor: b }], body);
  expect(Array.from((await runtime.array(difference!)).data)).toEqual([0.125, -3.5]);
  expect(Array.from((await runtime.array(product!)).data)).toEqual([0.03125, 49]);
});

it('takes the exact numbers behind a tensor where they are given', async () => {
  const precisions = await open();
  const { runtime } = precisions;
  const exact = real([1], [1 + 2 ** -40]);
  const tensor = runtime.tensor(exact);
  const [scaled] = inDouble(precisions, [{ tensor, exact }], ({ tf }, [x]) => [
    tf.mul(tf.sub(x!, 1), 2 ** 40),
  ]);
  expect((await runtime.array(scaled!)).data[0]).toBe(1);
});

it('has the gradient of the body in all operands, zero where an output does not depend on one', async () => {
  const precisions = await open();
  const { tf, tensor, array } = precisions.runtime;
  const loss = (a: Tensor, b: Tensor): Tensor => {
    const [difference, product] = inDouble(precisions, [{ tensor: a }, { tensor: b }], body);
    return tf.add(tf.sum(tf.mul(difference!, 3)), tf.sum(product!));
  };
  const inputs = [tensor(real([2], [0.5, -3])), tensor(real([2], [2, 4]))];
  const [da, db] = tf.grads(loss as never)(inputs);
  expect(Array.from((await array(da!)).data)).toEqual([3 + 2 * 0.5 * 2, 3 + 2 * -3 * 4]);
  expect(Array.from((await array(db!)).data)).toEqual([0.25, 9]);
  const unused = tf.grads(((a: Tensor, b: Tensor) =>
    tf.sum(inDouble(precisions, [{ tensor: a }, { tensor: b }], (_, [x]) => [x!])[0]!)) as never)(inputs);
  expect(Array.from((await array(unused[1]!)).data)).toEqual([0, 0]);
});
