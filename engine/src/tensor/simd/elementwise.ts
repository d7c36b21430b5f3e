/** Functions of one and of two arrays. The library's broadcasting goes entry by entry, and its exp and erf too. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { isFloat, registerSimdKernel } from './register.ts';

/** In the order of the constants in engine/assembly/elementwise.ts. */
const ofOne = ['Exp', 'Erf', 'Sigmoid', 'Square'];
const ofTwo = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum'];

export function registerElementwise(tf: TensorLibrary): void {
  ofOne.forEach((name, number) => {
    registerSimdKernel(tf, name, (simd, { x }) => {
      if (!isFloat(x)) return undefined;
      const out = simd.output(x.shape);
      simd.run.unary(number, simd.address(x), simd.address(out), tf.util.sizeFromShape(x.shape));
      return out;
    });
  });
  ofTwo.forEach((name, number) => {
    registerSimdKernel(tf, name, (simd, { a, b }) => {
      if (!isFloat(a) || !isFloat(b)) return undefined;
      const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const plan = broadcastPlan(shape, a, b);
      if (!plan) return undefined;
      const out = simd.output(shape);
      const { sizes, stepsA, stepsB } = plan;
      const addresses = [simd.address(a), simd.address(b), simd.address(out)] as const;
      simd.run.binary(number, ...addresses, ...sizes, ...stepsA, ...stepsB);
      return out;
    });
  });
}

/** Four axes, the last one fastest; steps are numbers of entries, 0 along an axis where an operand is repeated. */
export interface BroadcastPlan {
  readonly sizes: readonly number[];
  readonly stepsA: readonly number[];
  readonly stepsB: readonly number[];
}

interface Axis {
  size: number;
  stepA: number;
  stepB: number;
}

/** Neighbouring axes along which the same operands are repeated are one axis. Undefined where more than four remain. */
export function broadcastPlan(
  shape: readonly number[],
  a: Pick<TensorInfo, 'shape'>,
  b: Pick<TensorInfo, 'shape'>,
): BroadcastPlan | undefined {
  const axes: Axis[] = [];
  let [stepA, stepB] = [1, 1];
  for (let back = 1; back <= shape.length; back++) {
    const size = shape[shape.length - back]!;
    const [ownA, ownB] = [a.shape[a.shape.length - back] ?? 1, b.shape[b.shape.length - back] ?? 1];
    if (size !== 1) {
      const axis = { size, stepA: ownA === 1 ? 0 : stepA, stepB: ownB === 1 ? 0 : stepB };
      const last = axes.at(-1);
      const isSame = last && (last.stepA === 0) === (axis.stepA === 0);
      if (isSame && (last.stepB === 0) === (axis.stepB === 0)) last.size *= size;
      else axes.push(axis);
    }
    stepA *= ownA;
    stepB *= ownB;
  }
  if (axes.length > 4) return undefined;
  // One number: an axis that both operands walk along.
  if (axes.length === 0) axes.push({ size: 1, stepA: 1, stepB: 1 });
  while (axes.length < 4) axes.push({ size: 1, stepA: 0, stepB: 0 });
  axes.reverse();
  return {
    sizes: axes.map(({ size }) => size),
    stepsA: axes.map(({ stepA: step }) => step),
    stepsB: axes.map(({ stepB: step }) => step),
  };
}
