/** Fair timings: rounds in which every candidate has one turn, so that a busy moment hits all of them. */
import type { Timing } from './benchmark.ts';

export interface Rounds {
  readonly repeats: number;
  readonly warmup: number;
  /** Seconds after which no further round is begun, once there are three. */
  readonly seconds: number;
  onRound?(done: number, total: number): void;
  readonly signal?: AbortSignal;
}

/**
 * Times passes round by round; each round starts with another candidate. The reference is the last one.
 * @returns one timing for each candidate, in seconds
 * @throws the signal's reason when aborted, and what a pass throws
 */
export async function timeRounds(
  candidates: readonly (() => Promise<unknown>)[],
  { repeats, warmup, seconds, onRound, signal }: Rounds,
): Promise<Timing[]> {
  const count = candidates.length;
  const times = candidates.map((): number[] => []);
  let started = performance.now();
  for (let round = -warmup; round < repeats; round++) {
    if (round === 0) started = performance.now();
    if (round >= 3 && performance.now() - started > 1000 * seconds) break;
    for (let turn = 0; turn < count; turn++) {
      const index = (turn + Math.max(0, round)) % count;
      signal?.throwIfAborted();
      const start = performance.now();
      await candidates[index]!();
      if (round >= 0) times[index]!.push((performance.now() - start) / 1000);
    }
    onRound?.(round + warmup + 1, repeats + warmup);
  }
  const reference = times[count - 1]!;
  return times.map((own, index) => ({
    median: quantile(own, 0.5),
    lowerQuartile: quantile(own, 0.25),
    upperQuartile: quantile(own, 0.75),
    repeats: own.length,
    ...(index < count - 1
      ? {
          ratio: quantile(
            own.map((time, round) => time / reference[round]!),
            0.5,
          ),
        }
      : {}),
  }));
}

/** Linear between order statistics. @param share 0.5 for the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
