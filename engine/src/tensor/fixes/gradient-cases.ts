/** The operations that models are made of, each as a function of one array: what the gradient suites differentiate. */

import { real } from '../array.ts';
import { randomFromSeed } from '../random-stream.ts';
import type { Tensor, TensorLibrary } from '../runtime.ts';
import type { Scalar } from './differences.ts';

export type Operation = (tf: TensorLibrary, x: Tensor) => Tensor;

const shape = [3, 4];
const random = randomFromSeed(11);
/** Values of either sign, `[3, 4]`. */
export const x = real(
  shape,
  Float64Array.from({ length: 12 }, () => random.normal()),
);
/** Values above 0.3, `[3, 4]`. */
export const positive = real(shape, x.data.map((v) => 0.3 + v * v) as Float64Array);

/** A fixed weighting of every entry of the result, so that no gradient vanishes by symmetry. */
const weigh = (tf: TensorLibrary, y: Tensor): Tensor =>
  tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.add(tf.range(0, y.size), 0.5)), y.shape)));

export const constant = (tf: TensorLibrary, dims: number[]): Tensor =>
  tf.reshape(
    tf.cos(
      tf.range(
        0,
        dims.reduce((a, b) => a * b, 1),
      ),
    ),
    dims,
  );

export const operations: Record<string, Operation> = {
  'matMul left': (tf, t) => tf.matMul(t, constant(tf, [4, 2])),
  'matMul right': (tf, t) => tf.matMul(constant(tf, [2, 3]), t),
  'matMul transposed': (tf, t) => tf.matMul(t, constant(tf, [5, 4]), false, true),
  'matMul batched': (tf, t) => tf.matMul(tf.reshape(t, [3, 2, 2]), constant(tf, [3, 2, 5])),
  'matMul of a stack with one matrix': (tf, t) => tf.matMul(tf.reshape(t, [3, 2, 2]), constant(tf, [2, 5])),
  'matMul of one matrix with a stack': (tf, t) => tf.matMul(constant(tf, [3, 2, 3]), t),
  'matMul of one matrix with a stack, all transposed': (tf, t) =>
    tf.matMul(constant(tf, [2, 4, 5]), t, true, true),
  'add, broadcast': (tf, t) => tf.add(tf.reshape(t, [3, 1, 4]), constant(tf, [2, 1])),
  'mul, broadcast': (tf, t) => tf.mul(tf.reshape(t, [3, 1, 4]), constant(tf, [2, 4])),
  sub: (tf, t) => tf.sub(constant(tf, [4]), t),
  'div below': (tf, t) => tf.div(constant(tf, [4]), tf.add(tf.square(t), 1)),
  'div above': (tf, t) => tf.div(t, tf.add(constant(tf, [4]), 2)),
  exp: (tf, t) => tf.exp(t),
  expm1: (tf, t) => tf.expm1(t),
  sin: (tf, t) => tf.sin(t),
  cos: (tf, t) => tf.cos(t),
  atan: (tf, t) => tf.atan(t),
  atan2: (tf, t) => tf.atan2(t, tf.add(tf.square(t), 0.5)),
  tanh: (tf, t) => tf.tanh(t),
  sinh: (tf, t) => tf.sinh(t),
  cosh: (tf, t) => tf.cosh(t),
  sigmoid: (tf, t) => tf.sigmoid(t),
  softplus: (tf, t) => tf.softplus(t),
  erf: (tf, t) => tf.erf(t),
  gelu: (tf, t) => tf.mul(tf.mul(t, 0.5), tf.add(1, tf.erf(tf.div(t, Math.SQRT2)))),
  silu: (tf, t) => tf.mul(t, tf.sigmoid(t)),
  relu: (tf, t) => tf.relu(t),
  leakyRelu: (tf, t) => tf.leakyRelu(t, 0.1),
  elu: (tf, t) => tf.elu(t),
  abs: (tf, t) => tf.abs(t),
  square: (tf, t) => tf.square(t),
  softmax: (tf, t) => tf.softmax(t, -1),
  logSoftmax: (tf, t) => tf.logSoftmax(t),
  logSumExp: (tf, t) => tf.logSumExp(t, 1),
  'layer norm': (tf, t) => {
    const { mean, variance } = tf.moments(t, 1, true);
    return tf.div(tf.sub(t, mean), tf.sqrt(tf.add(variance, 1e-5)));
  },
  'sum over an axis': (tf, t) => tf.sum(t, 0),
  'mean, kept dims': (tf, t) => tf.mean(t, 1, true),
  'norm, euclidean': (tf, t) => tf.norm(t, 'euclidean', 1),
  max: (tf, t) => tf.max(t, 1),
  min: (tf, t) => tf.min(t, 0),
  prod: (tf, t) => tf.prod(t, 1),
  maximum: (tf, t) => tf.maximum(t, constant(tf, [4])),
  minimum: (tf, t) => tf.minimum(t, constant(tf, [4])),
  clipByValue: (tf, t) => tf.clipByValue(t, -0.5, 0.5),
  where: (tf, t) => tf.where(tf.greater(t, 0), tf.square(t), tf.mul(t, 3)),
  concat: (tf, t) => tf.concat([t, tf.square(t), constant(tf, [3, 1])], 1),
  stack: (tf, t) => tf.stack([t, tf.square(t)], 1),
  unstack: (tf, t) => tf.unstack(t, 1)[2]!,
  split: (tf, t) => tf.mul(...(tf.split(t, 2, 1) as [Tensor, Tensor])),
  slice: (tf, t) => tf.slice(t, [1, 1], [2, 2]),
  pad: (tf, t) =>
    tf.pad(t as never, [
      [1, 0],
      [0, 2],
    ]),
  transpose: (tf, t) => tf.transpose(tf.reshape(t, [3, 2, 2]), [2, 0, 1]),
  reverse: (tf, t) => tf.reverse(t, 1),
  tile: (tf, t) => tf.tile(t, [2, 3]),
  broadcastTo: (tf, t) => tf.broadcastTo(tf.reshape(t, [3, 1, 4]), [3, 2, 4]),
  cumsum: (tf, t) => tf.cumsum(t, 1),
  'gather, rows': (tf, t) => tf.gather(t, tf.tensor1d([2, 0, 2, 2, 1], 'int32')),
  'gather, columns': (tf, t) => tf.gather(t, tf.tensor1d([3, 0, 3], 'int32'), 1),
  'gather, inner axis': (tf, t) => tf.gather(tf.reshape(t, [3, 2, 2]), tf.tensor1d([1, 1, 0], 'int32'), 1),
  'gather, index matrix': (tf, t) =>
    tf.gather(
      t,
      tf.tensor2d(
        [
          [2, 0],
          [2, 1],
        ],
        [2, 2],
        'int32',
      ),
    ),
  'gather, batched': (tf, t) => {
    const indices = tf.tensor2d(
      [
        [3, 3],
        [0, 1],
        [2, 0],
      ],
      [3, 2],
      'int32',
    );
    return tf.gather(t, indices, 1, 1);
  },
  unsortedSegmentSum: (tf, t) => tf.unsortedSegmentSum(t, tf.tensor1d([1, 0, 1], 'int32'), 3),
  'unsortedSegmentSum with rows left out': (tf, t) =>
    tf.unsortedSegmentSum(t, tf.tensor1d([-1, 0, -1], 'int32'), 2),
  conv2d: (tf, t) =>
    tf.conv2d(tf.reshape(t, [1, 3, 4, 1]) as never, constant(tf, [2, 2, 1, 3]) as never, 1, 'same'),
  'mirrorPad, reflect': (tf, t) =>
    tf.mirrorPad(
      t,
      [
        [2, 1],
        [0, 3],
      ],
      'reflect',
    ),
  'mirrorPad, symmetric': (tf, t) =>
    tf.mirrorPad(
      t,
      [
        [3, 1],
        [2, 4],
      ],
      'symmetric',
    ),
};

/** Of positive numbers only. */
export const onPositive: Record<string, Operation> = {
  log: (tf, t) => tf.log(t),
  log1p: (tf, t) => tf.log1p(t),
  sqrt: (tf, t) => tf.sqrt(t),
  rsqrt: (tf, t) => tf.rsqrt(t),
  reciprocal: (tf, t) => tf.reciprocal(t),
  'pow, constant exponent': (tf, t) => tf.pow(t, 2.5),
  'pow, exponent': (tf, t) => tf.pow(tf.scalar(1.7), t),
};

/** The weighted sum of an operation's result. */
export const scalar =
  (operation: Operation): Scalar =>
  (tf, t) =>
    weigh(tf, operation(tf, t));

/**
 * What a force field trained on forces differentiates twice. Tanh, exp, sigmoid and the softmaxes save their own
 * results, which the library by itself forgets in the second derivative.
 */
export const twice: Record<string, Operation> = {
  exp: (tf, t) => tf.exp(t),
  tanh: (tf, t) => tf.tanh(t),
  silu: (tf, t) => tf.mul(t, tf.sigmoid(t)),
  softplus: (tf, t) => tf.softplus(t),
  erf: (tf, t) => tf.erf(t),
  softmax: (tf, t) => tf.square(tf.softmax(t)),
  logSoftmax: (tf, t) => tf.square(tf.logSoftmax(t)),
  max: (tf, t) => tf.square(tf.max(t, 1)),
  pow: (tf, t) => tf.pow(tf.add(tf.square(t), 1), 1.5),
  sqrt: (tf, t) => tf.sqrt(tf.add(tf.square(t), 1)),
  matMul: (tf, t) => tf.square(tf.matMul(t, t, false, true)),
  messages: (tf, t) => {
    const sent = tf.gather(tf.tanh(t), tf.tensor1d([0, 2, 1, 1], 'int32'));
    return tf.square(tf.unsortedSegmentSum(tf.exp(sent), tf.tensor1d([1, -1, 0, 2], 'int32'), 3));
  },
};
