/** The control on the device, and what it is at one time. */
import type { KnotSum } from '../../kernel/equivariant-product/index.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { FieldConfig } from './config.ts';
import { intervalOf, type Moment, momentAt } from './path.ts';
import { type OwnTimes, ownTime } from './schedule.ts';
import type { Span } from './solver/step.ts';
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
  /** Times of each graph of the batch, where they differ: then `times` count steps. */
  readonly own?: readonly OwnTimes[];
  /** Graphs as they became at certain times, for a field that reads the last one. */
  readonly events?: { readonly times: readonly number[]; readonly matrices: readonly Tensor[] };
}

/** The share of a knot: one number, or one for each graph of the batch where each has times of its own. */
export type Share = number | readonly number[];

/** The knots that a time lies between, and their shares in value and derivative. */
export interface Shares {
  readonly knots: readonly number[];
  readonly value: readonly Share[];
  readonly derivative: readonly Share[];
}

/** Everything that a field reads at one time. */
export interface ControlPoint {
  readonly moment: Shares;
  /** dt/ds: of the clock by the path's parameter; 1 where they are the same. */
  readonly speed: Share;
}

/** Where a step lies between two knots its own piece is meant, also at its ends; else the piece on the left of a knot. */
export function controlAt(
  { interpolation, warp }: Pick<FieldConfig, 'interpolation' | 'warp'>,
  { times, clock, own }: Control,
  t: number,
  within: Span,
): ControlPoint {
  const inside = intervalOf(times, within.from, 'right');
  const interval = inside === intervalOf(times, within.to, 'left') ? inside : intervalOf(times, t);
  if (own) {
    const places = own.map((sample) => ownTime(sample, t, within.from));
    const moments = places.map(({ time }, i) => momentAt(interpolation, own[i]!.knots, time, interval));
    const { knots } = moments[0]!;
    const shares = (of: (moment: Moment) => readonly number[]): Share[] =>
      knots.map((_, k) => moments.map((moment) => of(moment)[k]!));
    return {
      moment: {
        knots,
        value: shares(({ value }) => value),
        derivative: shares(({ derivative }) => derivative),
      },
      speed: places.map(({ speed }) => speed),
    };
  }
  const moment = momentAt(interpolation, times, t, interval);
  if (!clock) return { moment, speed: 1 };
  const speed = moment.knots.reduce((sum, knot, i) => sum + clock[knot]! * moment.derivative[i]!, 0);
  if (warp === 'official') return { moment, speed };
  const derivative = moment.derivative.map((weight) => (speed === 0 ? 0 : weight / speed));
  return { moment: { ...moment, derivative }, speed };
}

/** x times a share. @param x [B, n, ...] */
export function shared(runtime: Runtime, x: Tensor, share: Share): Tensor {
  if (share === 1) return x;
  const factor =
    typeof share === 'number'
      ? share
      : runtime.tensor(real([share.length, ...x.shape.slice(1).map(() => 1)], share));
  return runtime.tf.mul(x, factor);
}

/** a + b. */
export function sumOfShares(a: Share, b: Share): Share {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const count = (typeof a === 'number' ? (b as readonly number[]) : a).length;
  const at = (share: Share, i: number): number => (typeof share === 'number' ? share : share[i]!);
  return Array.from({ length: count }, (_, i) => at(a, i) + at(b, i));
}

/** The sum of knots with weights, as one tensor. */
export function knotSum(
  runtime: Runtime,
  knots: readonly Tensor[],
  { knots: places }: { readonly knots: readonly number[] },
  weights: readonly Share[],
): Tensor {
  const terms = places.flatMap((knot, i) =>
    weights[i] === 0 ? [] : [shared(runtime, knots[knot]!, weights[i]!)],
  );
  if (terms.length === 0) return runtime.tf.zerosLike(knots[places[0]!]!);
  return terms.reduce((sum, term) => runtime.tf.add(sum, term));
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
  { knots, value, derivative }: Shares,
): KnotSum {
  const batch = matrices[0]!.shape[0]!;
  const at = (share: Share, sample: number): number => (typeof share === 'number' ? share : share[sample]!);
  const weights = knots.flatMap((_, i) =>
    Array.from({ length: batch }, (_, sample) => [at(value[i]!, sample), at(derivative[i]!, sample)]).flat(),
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
