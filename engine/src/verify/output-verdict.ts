/** From the tally of one output to what the report says of it. */
import { clopperPearsonUpper } from './exceedance.ts';
import { leastFloors } from './floor.ts';
import { meanGapOf } from './mean-gap.ts';
import type { PairPlan } from './pair-plan.ts';
import type { DrawnPair, Setting } from './pairs.ts';
import { noiseThreshold } from './repeat.ts';
import type { Found } from './search.ts';
import { countAbove, decidingPair, indexOfLargest, measuredAt, median, type Tally } from './tally.ts';
import { classify, type Judged, judge, type Measured, short, toleranceFor } from './verdict.ts';
import type {
  CheckOptions,
  Exceedance,
  FloorMethod,
  OutputVerdict,
  Verdict,
  Witness,
} from './verification.ts';

export interface VerdictContext {
  readonly setting: Setting;
  readonly options: CheckOptions;
  readonly plan: PairPlan;
  /** Those of the plan that were tried. */
  readonly pairs: readonly DrawnPair[];
  readonly floorMethod: FloorMethod;
}

export function outputVerdict(
  context: VerdictContext,
  tally: Tally,
  found: Found | undefined,
): OutputVerdict {
  const { setting, options, pairs, floorMethod } = context;
  const { within, confidence } = options;
  const { output, gaps, scale, repeat } = tally;
  const at = decidingPair(tally, within);
  const drawn = measuredAt(tally, at);
  const decides = found !== undefined && isWorse(found.measured, drawn, within);
  const [measured, pair]: [Measured, DrawnPair] = decides
    ? [found.measured, found.pair]
    : [drawn, pairs[at]!];
  const { gap, floor, gap64 } = measured;
  const exceedance = boundOf(context, countAbove(tally, within));
  const judged = decided(judgeRepeated(measured, tally, within), exceedance, context);
  return {
    output: output.name,
    ...judged,
    ...(decides && judged.verdict !== 'holds' ? { reason: `${judged.reason}, found by search` } : {}),
    gap,
    largestGap: gaps[indexOfLargest(gaps)]!,
    medianGap: median(gaps),
    ...(options.replay
      ? {}
      : {
          meanGap: meanGapOf(
            gaps,
            (i) => pairs[i]!.sample,
            confidence,
            setting.random.stream('bootstrap', output.name),
          ),
        }),
    ...(gap64 === undefined ? {} : { gap64 }),
    floor,
    ratio: gap / floor,
    floorMethod,
    repeat,
    scale,
    exceedance,
    worst: witnessOf(setting, pair, gap),
    ...(found
      ? {
          search: {
            gap: found.measured.gap,
            evaluations: found.evaluations,
            gradients: found.gradients,
            exhaustive: found.exhaustive,
            decides,
          },
        }
      : {}),
  };
}

/** What the pairs that were tried bound. A check that may end at several looks shares its doubt among them. */
function boundOf({ options, plan, pairs }: VerdictContext, count: number): Exceedance {
  const { confidence } = options;
  const draws = pairs.length;
  if (plan.exact) return { count, draws, confidence, upperBound: count / draws, exact: true };
  const early = draws < plan.pairs.length;
  const own = early ? 1 - (1 - confidence) / plan.looks.length : confidence;
  return { count, draws, confidence, upperBound: clopperPearsonUpper(count, draws, own) };
}

/** A bound that was asked for and not reached leaves it open. */
function decided(
  judged: Judged,
  { upperBound, draws }: Exceedance,
  { options, plan }: VerdictContext,
): Judged {
  if (judged.verdict !== 'holds' || !plan.short) return judged;
  const bound = `${Number((100 * upperBound).toPrecision(2))}%`;
  return {
    ...judged,
    verdict: 'inconclusive',
    reason: `${judged.reason}, but ${draws} pairs, the budget, only bound the share of larger ones by ${bound}, not ${Number((100 * options.share!).toPrecision(2))}%`,
  };
}

const ranks: Readonly<Record<Verdict, number>> = { holds: 0, inconclusive: 1, violated: 2 };

/** A worse verdict, or the same with a larger gap. */
function isWorse(a: Measured, b: Measured, within: number | 'auto'): boolean {
  const difference = ranks[classify(a, within)] - ranks[classify(b, within)];
  return difference > 0 || (difference === 0 && a.gap > b.gap);
}

/** Five floors of a model that does not repeat itself are no tolerance that anyone has asked for. */
function judgeRepeated(
  measured: ReturnType<typeof measuredAt>,
  { repeat }: Tally,
  within: number | 'auto',
): Judged {
  const judged = judge(measured, within);
  if (within !== 'auto' || repeat <= noiseThreshold || judged.verdict !== 'holds') return judged;
  return {
    ...judged,
    verdict: 'inconclusive',
    reason: `the same input gives outputs ${short(repeat)} apart, and the gap ${short(measured.gap)} is of that size: nothing below it can be seen`,
  };
}

/** An output that is zero on every sample. */
export function zeroOutput(
  output: string,
  { within, confidence }: CheckOptions,
  floorMethod: FloorMethod,
  draws: number,
  floor: number = leastFloors.float32,
): OutputVerdict {
  return {
    output,
    verdict: 'inconclusive',
    reason: 'the output is zero on every sample, so a relative gap does not exist',
    gap: 0,
    largestGap: 0,
    medianGap: 0,
    floor,
    ratio: 0,
    floorMethod,
    repeat: 0,
    tolerance: toleranceFor(floor, within),
    scale: 0,
    exceedance: exceedanceOf(0, draws, confidence),
  };
}

function exceedanceOf(count: number, draws: number, confidence: number): Exceedance {
  return { count, draws, confidence, upperBound: clopperPearsonUpper(count, draws, confidence) };
}

function witnessOf(setting: Setting, { sample, draw, element }: DrawnPair, gap: number): Witness {
  return {
    sample,
    sampleId: setting.dataset.samples[sample]!.id,
    element,
    elementText: setting.group.describe(element),
    ...(draw === undefined ? {} : { draw }),
    gap,
  };
}
