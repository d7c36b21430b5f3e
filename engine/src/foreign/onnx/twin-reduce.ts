/** Averages over all space axes of [batch, channel, …space], by reductions that have float64 kernels. */
import { elementCode } from './element-types.ts';
import { integerAttribute, integersTensor, tensorAttribute } from './make-node.ts';
import type { Expression } from './twin-expression.ts';

/** GlobalAveragePool: the mean over all axes from the third on, which stay with size 1. */
export function globalAverage(x: string, e: Expression): string {
  const total = e.apply('ReduceSum', [x, spaceAxes(x, e)]);
  return e.divide(total, ratioOfSizes(x, total, e));
}

/** InstanceNormalization: (x - mean) / sqrt(variance + epsilon) of each channel, then scale and bias per channel. */
export function instanceNormalisation(
  [x, scale, bias]: readonly [string, string, string],
  epsilon: number,
  e: Expression,
): string {
  const centred = e.subtract(x, globalAverage(x, e));
  const variance = globalAverage(e.multiply(centred, centred), e);
  const normal = e.divide(centred, e.apply('Sqrt', [e.add(variance, epsilon)]));
  return e.add(e.multiply(normal, perChannel(scale, x, e)), perChannel(bias, x, e));
}

/** 2, 3, …, rank - 1. */
function spaceAxes(x: string, e: Expression): string {
  const rank = e.apply('Size', [e.apply('Shape', [x])]);
  return e.apply('Range', [integer(2, e), rank, integer(1, e)]);
}

/** How many entries of `x` there are for each entry of `reduced`, as float64. */
function ratioOfSizes(x: string, reduced: string, e: Expression): string {
  const count = e.apply('Div', [e.apply('Size', [x]), e.apply('Size', [reduced])]);
  return e.apply('Cast', [count], [integerAttribute('to', elementCode.float64)]);
}

/** [channel] -> [channel, 1, …, 1], with as many ones as `x` has space axes. */
function perChannel(values: string, x: string, e: Expression): string {
  const axes = e.apply('Range', [
    integer(1, e),
    e.apply('Sub', [e.apply('Size', [e.apply('Shape', [x])]), integer(1, e)]),
    integer(1, e),
  ]);
  return e.apply('Unsqueeze', [values, axes]);
}

function integer(value: number, e: Expression): string {
  return e.apply('Constant', [], [tensorAttribute('value', integersTensor([], [value]))]);
}
