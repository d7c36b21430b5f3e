/** One step of an explicit Runge-Kutta method. */
import type { Runtime, Tensor } from '../../../tensor/runtime.ts';
import type { Method } from './methods.ts';

/**
 * The right-hand side dy/dt. `within` is the step that asks for it: where the right-hand side has a kink at the end of a step, it
 * tells which side is meant.
 */
export type Field = (t: number, y: Tensor, within: Span) => Tensor;

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Step {
  readonly span: Span;
  readonly start: Tensor;
  readonly end: Tensor;
  readonly stages: readonly Tensor[];
}

/** base + sum weights_i tensors_i; tensors of weight 0 are left out. */
export function combination(
  { tf }: Runtime,
  base: Tensor,
  tensors: readonly Tensor[],
  weights: readonly number[],
): Tensor {
  let sum = base;
  tensors.forEach((tensor, i) => {
    const weight = weights[i] ?? 0;
    if (weight !== 0) sum = tf.add(sum, tf.mul(tensor, weight));
  });
  return sum;
}

/** @param first the first stage, where it is known from the step before */
export function takeStep(
  runtime: Runtime,
  method: Method,
  field: Field,
  span: Span,
  start: Tensor,
  first?: Tensor,
): Step {
  const h = span.to - span.from;
  const scaled = (weights: readonly number[]): number[] => weights.map((weight) => h * weight);
  const stages: Tensor[] = [first ?? field(span.from, start, span)];
  let end: Tensor | undefined;
  for (let i = 1; i < method.c.length; i++) {
    const y = combination(runtime, start, stages, scaled(method.a[i]!));
    // The last stage is taken where the step ends.
    if (method.reusesLast && i === method.c.length - 1) end = y;
    const t = method.c[i] === 1 ? span.to : span.from + method.c[i]! * h;
    stages.push(field(t, y, span));
  }
  return { span, start, end: end ?? combination(runtime, start, stages, scaled(method.b)), stages };
}

/** The state inside a step. */
export function stateAt(
  runtime: Runtime,
  method: Method,
  { span, start, end, stages }: Step,
  t: number,
): Tensor {
  if (t === span.to) return end;
  const h = span.to - span.from;
  const weights = method.between((t - span.from) / h).map((weight) => h * weight);
  return combination(runtime, start, stages, weights);
}
