/**
 * Control paths through values at knots: which knots a moment is made of, and with which weights. Interpolation is linear in the
 * values and the same for every entry, so it commutes with relabelling nodes. Pure.
 */

/** Hermite: cubic with backward differences, C1, nothing beyond the next knot is read (Morrill et al. 2021). */
export type Interpolation = 'hermite' | 'linear';

/** A linear combination of knots. */
export interface Combination {
  readonly knots: readonly number[];
  readonly weights: readonly number[];
}

/** Value and derivative at one time, from the same knots. */
export interface Moment {
  readonly knots: readonly number[];
  readonly value: readonly number[];
  readonly derivative: readonly number[];
}

/** a + b u + c u^2 + d u^3 on one interval, u the time since its left knot. */
export interface Piece {
  readonly knots: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  readonly d: readonly number[];
}

/**
 * The interval that holds t: 0 to times.length - 2. A knot belongs to the interval on its left, the first to the first; with
 * side 'right' to the one on its right.
 * @param times rising
 */
export function intervalOf(times: readonly number[], t: number, side: 'left' | 'right' = 'left'): number {
  let low = 0;
  let high = times.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const begins = side === 'left' ? times[middle]! < t : times[middle]! <= t;
    if (begins) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * With s the slope of the interval and r that of the one before (of the first: its own), x = x_k + r u + 2 (s - r) / h u^2 +
 * (r - s) / h^2 u^3: the derivative is r at the left knot and s at the right one.
 */
export function pieceOf(kind: Interpolation, times: readonly number[], interval: number): Piece {
  const h = times[interval + 1]! - times[interval]!;
  if (kind === 'linear' || interval === 0) {
    return { knots: [interval, interval + 1], a: [1, 0], b: [-1 / h, 1 / h], c: [0, 0], d: [0, 0] };
  }
  const before = times[interval]! - times[interval - 1]!;
  const r = [-1 / before, 1 / before, 0];
  const s = [0, -1 / h, 1 / h];
  const bend = s.map((value, i) => value - r[i]!);
  return {
    knots: [interval - 1, interval, interval + 1],
    a: [0, 1, 0],
    b: r,
    c: bend.map((value) => (2 * value) / h),
    d: bend.map((value) => -value / h ** 2),
  };
}

/** Value and derivative at time t, by the piece of the given interval. Before the first knot and after the last it rests. */
export function momentAt(
  kind: Interpolation,
  times: readonly number[],
  t: number,
  interval: number = intervalOf(times, t),
): Moment {
  const last = times.length - 1;
  if (last === 0 || t < times[0]! || t > times[last]!) {
    return { knots: [last === 0 || t < times[0]! ? 0 : last], value: [1], derivative: [0] };
  }
  const { knots, a, b, c, d } = pieceOf(kind, times, interval);
  const u = t - times[interval]!;
  return {
    knots,
    value: a.map((_, i) => a[i]! + u * (b[i]! + u * (c[i]! + u * d[i]!))),
    derivative: a.map((_, i) => b[i]! + u * (2 * c[i]! + 3 * u * d[i]!)),
  };
}
