/** What the search for the worst case looks at: the gap of one output on pairs. */
import { act } from '../representation/index.ts';
import type { Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { FloorMeter } from './floor.ts';
import { distance } from './gap.ts';
import { evaluatePairs, type Pair, type Setting } from './pairs.ts';
import type { Evaluated, Slopes } from './slopes.ts';
import type { Tally } from './tally.ts';

export interface SearchContext {
  readonly setting: Setting;
  /** f(x) of every sample, in the native precision. */
  readonly base: readonly Values[];
  readonly meter: FloorMeter;
  readonly native: Precision;
  readonly slopes: Slopes;
  readonly signal?: AbortSignal;
}

export interface Compared extends Evaluated {
  /** Relative to the output's scale. */
  readonly gap: number;
}

/** The gaps of one output, in the order of the pairs. @throws the signal's reason when aborted. */
export async function compared(
  { setting, base, native, signal }: SearchContext,
  { output, scale }: Tally,
  pairs: readonly Pair[],
): Promise<Compared[]> {
  const results = await evaluatePairs(setting, pairs, native);
  signal?.throwIfAborted();
  return pairs.map((pair, i) => {
    const result = results[i]!;
    const moved = act(pair.element, base[pair.sample]![output.name]!, output.type);
    return { pair, result, gap: distance(result[output.name]!, moved) / scale };
  });
}
