/**
 * Which directions hold? The Lie-derivative table: for each direction X of the group, how fast rho(exp(-tX)) f(exp(tX) x)
 * moves away from f(x) at t = 0 (Gruver et al., The Lie Derivative for Measuring Learned Equivariance, ICLR 2023), and the
 * gap at elements far along the same line, which a break that only large motions show does not escape.
 */
import type { GroupElement } from '../group/group.ts';
import { act } from '../representation/index.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { distance } from './gap.ts';
import { type Direction, directionsOf } from './one-parameter.ts';
import { evaluatePairs, type Pair, type Setting } from './pairs.ts';
import type { Tally } from './tally.ts';
import type { DirectionGap, OutputVerdict } from './verification.ts';

/** Samples that the table is made from. */
const tableSamples = 4;

/** Steps of the two central differences, in the direction's natural unit: rounding over step stays small in float32, too. */
const step = 0.05;

/** What Richardson's combination of both makes of rounding, relative to the floor: (4/3 / 2h + 1/3 / 4h). */
const amplification = (4 / 3 / 2 + 1 / 3 / 4) / step;

/** Rounding that a rate has to exceed, in floors. */
const resolvedFactor = 10;

interface Probe {
  readonly direction: Direction;
  readonly sample: number;
  /** One step ahead, one behind, two ahead, two behind: for the derivative. */
  readonly line: readonly GroupElement[];
  readonly far: readonly GroupElement[];
}

/**
 * A row for each violated output and direction of the group.
 * @param verdicts of all outputs, with the tolerances that they were held against
 */
export async function directionTable(
  setting: Setting,
  tallies: readonly Tally[],
  verdicts: readonly OutputVerdict[],
  native: Precision,
): Promise<DirectionGap[]> {
  const { dataset, group } = setting;
  const count = Math.min(tableSamples, dataset.samples.length);
  const samples = Array.from({ length: count }, (_, i) => Math.floor((i * dataset.samples.length) / count));
  const probes = directionsOf(group).flatMap((direction) =>
    samples.map((sample) => probeOf(direction, sample, setting)),
  );
  const pairs = probes.flatMap(({ sample, line, far }): Pair[] =>
    [...line, ...far].map((element) => ({ sample, element })),
  );
  const plain = await evaluatePairs(
    setting,
    samples.map((sample) => ({ sample, element: group.identity(dataset.samples[sample]!.sizes) })),
    native,
  );
  const base = new Map(samples.map((sample, i) => [sample, plain[i]!]));
  const results = await evaluatePairs(setting, pairs, native);
  const broken = verdicts.filter(({ verdict }) => verdict === 'violated');
  const rows = new Map<string, { direction: Direction; output: OutputVerdict; gap: number; rate: number }>();
  let next = 0;
  for (const { direction, sample, line, far } of probes) {
    const own = results.slice(next, next + line.length + far.length);
    next += own.length;
    if (own.length === 0) continue;
    for (const output of broken) {
      const tally = tallies.find((one) => one.output.name === output.output)!;
      const key = JSON.stringify([direction.name, output.output]);
      const row = rows.get(key) ?? { direction, output, gap: 0, rate: 0 };
      const rate = line.length > 0 ? rateOf(setting, tally, line, own) / (step * direction.natural) : 0;
      const gaps = far.map((element, i) => {
        const { name, type } = tally.output;
        const moved = act(element, base.get(sample)![name]!, type);
        return distance(own[line.length + i]![name]!, moved) / tally.scale;
      });
      rows.set(key, { ...row, gap: Math.max(row.gap, ...gaps), rate: Math.max(row.rate, rate) });
    }
  }
  return [...rows.values()].map(({ direction: { name, unit, natural }, output, gap, rate }): DirectionGap => {
    const { tolerance, floor } = output;
    const resolved = resolvedFactor * floor * amplification;
    // Per natural unit: a translation of the declared size, not of one metre.
    const drift = rate * natural;
    const holds = gap <= tolerance && drift <= Math.max(tolerance, resolved);
    return {
      direction: name,
      output: output.output,
      holds,
      gap,
      ...(unit ? { rate, unit } : {}),
    };
  });
}

function probeOf(direction: Direction, sample: number, { dataset }: Setting): Probe {
  const { sizes } = dataset.samples[sample]!;
  const { unit, reach, natural } = direction;
  const at = (times: readonly number[]) => times.flatMap((t) => direction.at(t, sizes) ?? []);
  const line = unit ? at([1, -1, 2, -2].map((k) => k * step * natural)) : [];
  return { direction, sample, line, far: at(unit ? reach : [1]) };
}

/**
 * d/dt rho(exp(-tX)) f(exp(tX) x) per step, relative to the scale, of fourth order in the step; nothing but rounding where
 * the direction holds.
 */
function rateOf(
  { group }: Setting,
  { output, scale }: Tally,
  line: readonly GroupElement[],
  results: readonly Values[],
): number {
  const { name, type } = output;
  const [a, b, c, d] = line.map((element, i) => act(group.inverse(element), results[i]![name]!, type)) as [
    NdArray,
    NdArray,
    NdArray,
    NdArray,
  ];
  // 4/3 (a - b)/2 - 1/3 (c - d)/4, as the distance of two arrays.
  const combined = (p: NdArray, q: NdArray): NdArray => ({
    shape: p.shape,
    data: Float64Array.from(p.data, (value, i) => (2 / 3) * value - (1 / 12) * q.data[i]!),
  });
  return distance(combined(a, c), combined(b, d)) / scale;
}
