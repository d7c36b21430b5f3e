/**
 * + - * / max min of real numbers on the cpu backend, which is also the float64 twin: the library finds each operand's place anew for
 * every entry where shapes differ, at a hundred nanoseconds an entry.
 */
import type { TensorLibrary } from '../runtime.ts';
import { type BroadcastPlan, broadcastPlan } from '../simd/elementwise.ts';
import { type HostData, type HostKernel, registerHostKernel } from './host-kernel.ts';

/** n entries of `out` from `at`, of operands that advance by a step each, 0 where one is repeated. */
type Run = (
  out: HostData,
  at: number,
  n: number,
  a: HostData,
  i: number,
  stepA: number,
  b: HostData,
  j: number,
  stepB: number,
) => void;

// A loop for each: a function that is handed over would be called for every entry.
const runs: Readonly<Record<string, Run>> = {
  Add(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = a[i]! + b[j]!;
  },
  Sub(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = a[i]! - b[j]!;
  },
  Multiply(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = a[i]! * b[j]!;
  },
  RealDiv(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = a[i]! / b[j]!;
  },
  Maximum(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = Math.max(a[i]!, b[j]!);
  },
  Minimum(out, at, n, a, i, stepA, b, j, stepB) {
    for (let k = at; k < at + n; k++, i += stepA, j += stepB) out[k] = Math.min(a[i]!, b[j]!);
  },
};

/** Registers them on the cpu backend. */
export function fixHostArithmetic(tf: TensorLibrary): void {
  for (const [name, run] of Object.entries(runs)) registerHostKernel(tf, 'cpu', name, binary(tf, run));
}

/** Undefined where an operand is not of real numbers, or where more than four axes remain. */
function binary(tf: TensorLibrary, run: Run): HostKernel {
  return ({ a, b }) => {
    if (a?.dtype !== 'float32' || b?.dtype !== 'float32') return undefined;
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const plan = broadcastPlan(shape, a, b);
    if (!plan) return undefined;
    const fill = (out: HostData, x: HostData, y: HostData): void => loops(plan, run, out, x, y);
    return { shape, dtype: 'float32', reads: [a, b], run: fill as (out: HostData) => void };
  };
}

function loops({ sizes, stepsA, stepsB }: BroadcastPlan, run: Run, out: HostData, a: HostData, b: HostData) {
  const [d0, d1, d2, n] = sizes as [number, number, number, number];
  let at = 0;
  for (let i = 0; i < d0; i++) {
    for (let j = 0; j < d1; j++) {
      let x = i * stepsA[0]! + j * stepsA[1]!;
      let y = i * stepsB[0]! + j * stepsB[1]!;
      for (let k = 0; k < d2; k++, at += n, x += stepsA[2]!, y += stepsB[2]!) {
        run(out, at, n, a, x, stepsA[3]!, b, y, stepsB[3]!);
      }
    }
  }
}
