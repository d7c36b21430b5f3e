/** From the tally of one output to what the report says of it. */
import { clopperPearsonUpper } from './exceedance.ts';
import { leastFloors } from './floor.ts';
import type { DrawnPair, Setting } from './pairs.ts';
import { noiseThreshold } from './repeat.ts';
import { countAbove, decidingPair, indexOfLargest, measuredAt, median, type Tally } from './tally.ts';
import { type Judged, judge, short, toleranceFor } from './verdict.ts';
import type { CheckOptions, Exceedance, FloorMethod, OutputVerdict, Witness } from './verification.ts';

export function outputVerdict(
  setting: Setting,
  options: CheckOptions,
  tally: Tally,
  floorMethod: FloorMethod,
  pairs: readonly DrawnPair[],
): OutputVerdict {
  const { within, confidence } = options;
  const { output, gaps, scale, repeat } = tally;
  const at = decidingPair(tally, within);
  const measured = measuredAt(tally, at);
  const { gap, floor, gap64 } = measured;
  return {
    output: output.name,
    ...judgeRepeated(measured, tally, within),
    gap,
    largestGap: gaps[indexOfLargest(gaps)]!,
    medianGap: median(gaps),
    ...(gap64 === undefined ? {} : { gap64 }),
    floor,
    ratio: gap / floor,
    floorMethod,
    repeat,
    scale,
    exceedance: exceedanceOf(countAbove(tally, within), pairs.length, confidence),
    worst: witnessOf(setting, pairs[at]!, gap),
  };
}

/** Ten floors of a model that does not repeat itself are no tolerance that anyone has asked for. */
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
    draw,
    gap,
  };
}
