/** The control on the device, and what it is at one time. */
import type { KnotSum } from '../../kernel/equivariant-product/index.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { FieldConfig } from './config.ts';
import { intervalOf, type Moment, momentAt } from './path.ts';
import { combination, type Span } from './solver/step.ts';
import { statisticsOf } from './statistics.ts';

export interface Control {
  /** The path's parameter at the knots, rising. */
  readonly times: readonly number[];
  /** Graphs at the knots, [B, n, n] each. */
  readonly matrices: readonly Tensor[];
  /** Node features at the knots, [B, n, l] each: a second control. */
  readonly features?: readonly Tensor[];
  /** The time at the knots, where it is not the parameter. */
  readonly clock?: readonly number[];
  /** Graphs as they became at certain times, for a field that reads the last one. */
  readonly events?: { readonly times: readonly number[]; readonly matrices: readonly Tensor[] };
}

/** Everything that a field reads at one time. */
export interface ControlPoint {
  readonly moment: Moment;
  /** dt/ds: of the clock by the path's parameter; 1 where they are the same. */
  readonly speed: number;
}

/** Where a step lies between two knots its own piece is meant, also at its ends; else the piece on the left of a knot. */
export function controlAt(
  { interpolation, warp }: Pick<FieldConfig, 'interpolation' | 'warp'>,
  { times, clock }: Control,
  t: number,
  within: Span,
): ControlPoint {
  const inside = intervalOf(times, within.from, 'right');
  const interval = inside === intervalOf(times, within.to, 'left') ? inside : intervalOf(times, t);
  const moment = momentAt(interpolation, times, t, interval);
  if (!clock) return { moment, speed: 1 };
  const speed = moment.knots.reduce((sum, knot, i) => sum + clock[knot]! * moment.derivative[i]!, 0);
  if (warp === 'official') return { moment, speed };
  const derivative = moment.derivative.map((weight) => (speed === 0 ? 0 : weight / speed));
  return { moment: { ...moment, derivative }, speed };
}

/** The sum of knots with weights, as one tensor. */
export function knotSum(
  runtime: Runtime,
  knots: readonly Tensor[],
  { knots: places }: Moment,
  weights: readonly number[],
): Tensor {
  const { tf } = runtime;
  const at = weights.findIndex((weight) => weight !== 0);
  if (at < 0) return tf.zerosLike(knots[places[0]!]!);
  const first = tf.mul(knots[places[at]!]!, weights[at]!);
  return combination(
    runtime,
    first,
    places.slice(at + 1).map((knot) => knots[knot]!),
    weights.slice(at + 1),
  );
}

/** Statistics of all knots, once: those between them are sums of these. */
export function knotStatistics(runtime: Runtime, matrices: readonly Tensor[]): Tensor[] {
  return matrices.map((matrix) => statisticsOf(runtime, matrix));
}

/** The path at one moment as a sum of knots, which the equivariant product takes as it is. */
export function knotsAt(
  runtime: Runtime,
  { matrices }: Control,
  statistics: readonly Tensor[],
  { knots, value, derivative }: Moment,
): KnotSum {
  const batch = matrices[0]!.shape[0]!;
  const weights = knots.flatMap((_, i) =>
    Array.from({ length: batch }, () => [value[i]!, derivative[i]!]).flat(),
  );
  return {
    matrices: knots.map((knot) => matrices[knot]!),
    statistics: knots.map((knot) => statistics[knot]!),
    weights: runtime.tensor(real([knots.length, batch, 2], weights)),
  };
}

/** The last graph at or before t. */
export function eventAt({ times, matrices, events }: Control, t: number): Tensor {
  const seen = events ?? { times, matrices };
  let last = 0;
  while (last + 1 < seen.times.length && seen.times[last + 1]! <= t) last++;
  return seen.matrices[last]!;
}
