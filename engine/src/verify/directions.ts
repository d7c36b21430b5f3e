/**
 * Which directions hold? The Lie-derivative table: for each direction X of the group, how fast rho(exp(-tX)) f(exp(tX) x)
 * moves away from f(x) at t = 0 (Gruver et al., The Lie Derivative for Measuring Learned Equivariance, ICLR 2023), and the
 * gap at elements far along the same line, which a break that only large motions show does not escape.
 */
import type { GroupElement } from '../group/group.ts';
import { act } from '../representation/index.ts';
import type { Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { distance } from './gap.ts';
import { type Direction, directionsOf } from './one-parameter.ts';
import { evaluatePairs, type Pair, type Setting } from './pairs.ts';
import type { Tally } from './tally.ts';
import { autoFactor } from './verdict.ts';
import type { DirectionGap, OutputVerdict } from './verification.ts';

/** Samples that the table is made from. */
const tableSamples = 4;

/** Step of the central difference, in the direction's natural unit: rounding over step stays far below the tolerance. */
const steps: Readonly<Record<Precision, number>> = { float32: 0.1, float64: 1e-3 };

/** float64 rounding as a share of float32's, with room to spare. */
const twinRounding = 2 ** -20;

interface Probe {
  readonly direction: Direction;
  readonly sample: number;
  /** Forward and backward step, for the derivative. */
  readonly line?: { readonly ahead: GroupElement; readonly behind: GroupElement; readonly width: number };
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
  const { model, dataset, group } = setting;
  const twin = native === 'float32' && model.precisions.includes('float64');
  const precision: Precision = twin ? 'float64' : native;
  const count = Math.min(tableSamples, dataset.samples.length);
  const samples = Array.from({ length: count }, (_, i) => Math.floor((i * dataset.samples.length) / count));
  const probes = directionsOf(group).flatMap((direction) =>
    samples.map((sample) => probeOf(direction, sample, setting, precision)),
  );
  const pairs = probes.flatMap(({ sample, line, far }): Pair[] =>
    [...(line ? [line.ahead, line.behind] : []), ...far].map((element) => ({ sample, element })),
  );
  const plain = await evaluatePairs(
    setting,
    samples.map((sample) => ({ sample, element: group.identity(dataset.samples[sample]!.sizes) })),
    precision,
  );
  const base = new Map(samples.map((sample, i) => [sample, plain[i]!]));
  const results = await evaluatePairs(setting, pairs, precision);
  const broken = verdicts.filter(({ verdict }) => verdict === 'violated');
  const rows = new Map<string, { direction: Direction; output: OutputVerdict; gap: number; rate: number }>();
  let next = 0;
  for (const { direction, sample, line, far } of probes) {
    const own = results.slice(next, next + (line ? 2 : 0) + far.length);
    next += own.length;
    if (own.length === 0) continue;
    for (const output of broken) {
      const tally = tallies.find((one) => one.output.name === output.output)!;
      const key = JSON.stringify([direction.name, output.output]);
      const row = rows.get(key) ?? { direction, output, gap: 0, rate: 0 };
      const rate = line ? rateOf(setting, tally, line, own) : 0;
      const gaps = far.map((element, i) => {
        const { name, type } = tally.output;
        const moved = act(element, base.get(sample)![name]!, type);
        return distance(own[(line ? 2 : 0) + i]![name]!, moved) / tally.scale;
      });
      rows.set(key, { ...row, gap: Math.max(row.gap, ...gaps), rate: Math.max(row.rate, rate) });
    }
  }
  return [...rows.values()].map(({ direction: { name, unit, natural }, output, gap, rate }): DirectionGap => {
    const { tolerance, floor } = output;
    const resolved = ((twin ? twinRounding : 1) * autoFactor * floor) / steps[precision];
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

function probeOf(direction: Direction, sample: number, { dataset }: Setting, precision: Precision): Probe {
  const { sizes } = dataset.samples[sample]!;
  const { unit, reach, natural } = direction;
  const far = (unit ? reach : [1]).flatMap((t) => direction.at(t, sizes) ?? []);
  if (!unit) return { direction, sample, far };
  const step = steps[precision] * natural;
  const [ahead, behind] = [direction.at(step, sizes), direction.at(-step, sizes)];
  return ahead && behind
    ? { direction, sample, line: { ahead, behind, width: 2 * step }, far }
    : { direction, sample, far };
}

/** |rho(g) f(g^-1 x) - rho(g^-1) f(g x)| / 2t, relative to the scale: nothing but rounding where the direction holds. */
function rateOf(
  { group }: Setting,
  { output, scale }: Tally,
  { ahead, behind, width }: NonNullable<Probe['line']>,
  [forward, backward]: readonly Values[],
): number {
  const { name, type } = output;
  const a = act(group.inverse(ahead), forward![name]!, type);
  const b = act(group.inverse(behind), backward![name]!, type);
  return distance(a, b) / (width * scale);
}
