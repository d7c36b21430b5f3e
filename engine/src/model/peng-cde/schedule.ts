/** Graphs that were seen at different times, run side by side: the steps are counted and not timed. Pure. */

/** The times of one graph. */
export interface SampleTimes {
  readonly knots: readonly number[];
  readonly outputs: readonly number[];
}

/** One graph's own times at the common parameter 0, 1, 2, ... */
export interface OwnTimes {
  readonly knots: readonly number[];
  readonly ends: readonly number[];
}

export interface Schedule {
  /** The common parameter at the knots, and where outputs are wanted. */
  readonly knots: readonly number[];
  readonly outputs: readonly number[];
  /** For each graph. */
  readonly own: readonly OwnTimes[];
}

/** Of all times at which a step ends, which are knots, which are asked for and which are both. Graphs with the same pattern can go together. */
export function patternOf({ knots, outputs }: SampleTimes): string {
  return endsOf({ knots, outputs })
    .map((t) => `${knots.includes(t) ? 'k' : ''}${outputs.includes(t) ? 'o' : ''}`)
    .join(' ');
}

function endsOf({ knots, outputs }: SampleTimes): number[] {
  return [...new Set([...knots, ...outputs])].sort((a, b) => a - b);
}

/** @param samples of one pattern */
export function scheduleOf(samples: readonly SampleTimes[]): Schedule {
  const first = samples[0]!;
  const places = endsOf(first);
  return {
    knots: first.knots.map((t) => places.indexOf(t)),
    outputs: first.outputs.map((t) => places.indexOf(t)),
    own: samples.map((sample) => ({ knots: sample.knots, ends: endsOf(sample) })),
  };
}

/** A graph's own time at the common parameter s, and how fast it passes there. @param from where the step begins */
export function ownTime({ ends }: OwnTimes, s: number, from: number): { time: number; speed: number } {
  const piece = Math.max(0, Math.min(Math.floor(from), ends.length - 2));
  const [left, right] = [ends[piece]!, ends[piece + 1] ?? ends[piece]!];
  // The ends themselves exactly: beyond the last knot a path rests.
  if (s === piece) return { time: left, speed: right - left };
  if (s === piece + 1) return { time: right, speed: right - left };
  return { time: left + (s - piece) * (right - left), speed: right - left };
}
