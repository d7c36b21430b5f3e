/**
 * The rectilinear path: time passes while the graph rests, then the graph changes while time rests (Morrill et al. 2021, "Neural CDEs for
 * online prediction tasks"). Between knots nothing of the next one is known. Pure.
 *
 * The waiting and the change take as long as the gap between the knots each, so the path is the linear one through
 * A_0, A_0, A_1, A_1, ... at doubled times.
 */
export interface Rectilinear {
  /** The parameter at the doubled knots, rising. */
  readonly times: readonly number[];
  /** Which knot each of them repeats. */
  readonly knots: readonly number[];
}

export function rectilinear(times: readonly number[]): Rectilinear {
  const doubled: number[] = [];
  const knots: number[] = [];
  times.forEach((t, k) => {
    const arrived = parameterAtKnot(times, k);
    doubled.push(arrived);
    knots.push(k);
    if (k + 1 === times.length) return;
    doubled.push(arrived + (times[k + 1]! - t));
    knots.push(k);
  });
  return { times: doubled, knots };
}

/** The parameter at time t: at a knot after its graph has arrived, between knots while the last one rests. */
export function parameterAt(times: readonly number[], t: number): number {
  let k = 0;
  while (k + 1 < times.length && times[k + 1]! <= t) k++;
  return parameterAtKnot(times, k) + (t - times[k]!);
}

function parameterAtKnot(times: readonly number[], k: number): number {
  return times[0]! + 2 * (times[k]! - times[0]!);
}
