/**
 * One check: draw elements, compare f(g x) with g f(x) on every sample, measure the rounding floor, judge.
 * f(x) is computed once for each sample; the draws go through the model in batches.
 */
import type { Dataset } from '../data/dataset.ts';
import { Fault } from '../fault.ts';
import type { Group } from '../group/group.ts';
import type { Model } from '../model/model.ts';
import type { Field } from '../signature.ts';
import type { Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { clopperPearsonUpper } from './exceedance.ts';
import { type FloorMeter, floorPairs, leastFloor, perturbationMeter, twinMeter } from './floor.ts';
import { distance, scaleOf } from './gap.ts';
import {
  evaluatePairs,
  evaluateSamples,
  type Pair,
  pairOf,
  type Setting,
  settingOf,
  transformedOutputs,
} from './pairs.ts';
import { judge, worstVerdict } from './verdict.ts';
import type { CheckOptions, OutputVerdict, Verification, Witness } from './verification.ts';

/** Pairs that are evaluated between two looks at progress and cancellation. */
const chunkSize = 64;

export interface VerifyRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly group: Group;
  readonly options: CheckOptions;
  /** Declared sources of the model's inputs: input name -> data field. */
  readonly sources?: Readonly<Record<string, string>>;
  onProgress?(done: number, total: number, stage: string): void;
  readonly signal?: AbortSignal;
}

/** Gaps of one output over all pairs, not yet relative. */
interface Tally {
  readonly output: Field;
  readonly gaps: Float64Array;
  floor: number;
  gap64: number | undefined;
}

/**
 * @throws Fault when the data cannot feed the model, a value cannot be acted on, or an output is not finite;
 * the signal's reason when aborted.
 */
export async function verify(request: VerifyRequest): Promise<Verification> {
  const { model, dataset, group, options, signal } = request;
  const progress = request.onProgress ?? (() => {});
  const started = performance.now();
  const setting = settingOf(model, dataset, group, randomFromSeed(options.seed), request.sources ?? {});
  const pairs = pairsToTry(setting, options);
  const total = pairs.length;

  progress(0, total, 'evaluating the samples');
  let forward = -performance.now();
  const base = await evaluateSamples(setting, 'float32');
  forward += performance.now();
  signal?.throwIfAborted();
  const tallies = model.signature.outputs.map(
    (output): Tally => ({ output, gaps: new Float64Array(total), floor: 0, gap64: undefined }),
  );
  const scales = model.signature.outputs.map((output) => scaleOf(output, base));

  for (let first = 0; first < total; first += chunkSize) {
    const chunk = pairs.slice(first, first + chunkSize);
    const start = performance.now();
    const results = await evaluatePairs(setting, chunk, 'float32');
    forward += performance.now() - start;
    chunk.forEach((pair, i) => {
      const moved = transformedOutputs(setting, pair.element, base[pair.sample]!);
      for (const { output, gaps } of tallies) {
        gaps[first + i] = distance(results[i]![output.name]!, moved[output.name]!);
      }
    });
    signal?.throwIfAborted();
    progress(Math.min(first + chunkSize, total), total, 'comparing');
  }

  progress(total, total, 'measuring the rounding floor');
  const meter = await meterFor(setting, base);
  const worst = tallies.map(({ gaps }) => pairs[indexOfLargest(gaps)]!);
  const spread = spreadOver(pairs, dataset.samples.length);
  await measureFloor(setting, base, meter, tallies, [...spread, ...worst]);
  signal?.throwIfAborted();

  const outputs = tallies.map((tally, i) =>
    outputVerdict(setting, options, tally, scales[i]!, worst[i]!, meter.method, pairs),
  );
  return {
    verdict: worstVerdict(outputs.map(({ verdict }) => verdict)),
    outputs,
    samples: dataset.samples.length,
    elements: options.elements,
    seed: options.seed,
    seconds: { forward: forward / 1000, total: (performance.now() - started) / 1000 },
  };
}

interface IndexedPair extends Pair {
  /** Its place among all pairs of the check. */
  readonly index: number;
}

/** All pairs, or the one that is to be replayed. */
function pairsToTry(setting: Setting, { elements, replay }: CheckOptions): IndexedPair[] {
  const samples = setting.dataset.samples.length;
  if (!replay) {
    return Array.from({ length: samples * elements }, (_, i) => ({
      ...pairOf(setting, Math.floor(i / elements), i % elements),
      index: i,
    }));
  }
  if (replay.sample < 0 || replay.sample >= samples) {
    throw new Fault({
      code: 'verify/replay-sample',
      message: `there is no sample ${replay.sample} to replay`,
      expected: `0 to ${samples - 1}`,
      found: String(replay.sample),
      advice: 'Take the sample and the draw from the report that named the worst case.',
    });
  }
  return [{ ...pairOf(setting, replay.sample, replay.draw), index: 0 }];
}

/** The pairs that the floor is measured on: every sample once before any of them twice. */
function spreadOver(pairs: readonly IndexedPair[], samples: number): IndexedPair[] {
  const perSample = Math.max(1, pairs.length / samples);
  const byDraw = pairs.toSorted((a, b) => (a.index % perSample) - (b.index % perSample) || a.index - b.index);
  return byDraw.slice(0, floorPairs);
}

async function meterFor(setting: Setting, base: readonly Values[]): Promise<FloorMeter> {
  if (!setting.model.precisions.includes('float64')) return perturbationMeter(setting, base);
  return twinMeter(setting, base, await evaluateSamples(setting, 'float64'));
}

/**
 * Keeps the largest floor and float64 gap over some of the pairs. They are run a second time in another batch, and what
 * that alone changes belongs to the floor: a model that does not repeat itself cannot be judged more finely.
 */
async function measureFloor(
  setting: Setting,
  base: readonly Values[],
  meter: FloorMeter,
  tallies: readonly Tally[],
  pairs: readonly IndexedPair[],
): Promise<void> {
  const distinct = [...new Map(pairs.map((pair) => [pair.index, pair])).values()];
  const results = await evaluatePairs(setting, distinct, 'float32');
  const measured = await meter.measure(distinct, results);
  measured.forEach(({ floor, gap64 }, i) => {
    const { index, sample, element } = distinct[i]!;
    const moved = transformedOutputs(setting, element, base[sample]!);
    for (const tally of tallies) {
      const { name } = tally.output;
      const again = distance(results[i]![name]!, moved[name]!);
      tally.floor = Math.max(tally.floor, floor[name]!, Math.abs(again - tally.gaps[index]!));
      if (gap64) tally.gap64 = Math.max(tally.gap64 ?? 0, gap64[name]!);
    }
  });
}

function outputVerdict(
  setting: Setting,
  options: CheckOptions,
  tally: Tally,
  scale: number,
  worst: Pair,
  floorMethod: OutputVerdict['floorMethod'],
  pairs: readonly Pair[],
): OutputVerdict {
  const { output } = tally;
  if (scale === 0) return zeroOutput(output.name, options, floorMethod, pairs.length);
  const gaps = tally.gaps.map((gap) => gap / scale);
  const gap = gaps[indexOfLargest(gaps)]!;
  const floor = Math.max(tally.floor / scale, leastFloor);
  const judged = judge(gap, floor, options.within);
  const count = gaps.reduce((sum, value) => sum + (value > judged.tolerance ? 1 : 0), 0);
  return {
    output: output.name,
    ...judged,
    gap,
    medianGap: median(gaps),
    ...(tally.gap64 === undefined ? {} : { gap64: tally.gap64 / scale }),
    floor,
    floorMethod,
    scale,
    exceedance: exceedanceOf(count, pairs.length, options.confidence),
    worst: witnessOf(setting, worst, gap),
  };
}

function zeroOutput(
  output: string,
  options: CheckOptions,
  floorMethod: OutputVerdict['floorMethod'],
  draws: number,
): OutputVerdict {
  return {
    output,
    verdict: 'inconclusive',
    reason: 'the output is zero on every sample, so a relative gap does not exist',
    gap: 0,
    medianGap: 0,
    floor: leastFloor,
    floorMethod,
    tolerance: options.within === 'auto' ? leastFloor : options.within,
    scale: 0,
    exceedance: exceedanceOf(0, draws, options.confidence),
  };
}

function exceedanceOf(count: number, draws: number, confidence: number): OutputVerdict['exceedance'] {
  return { count, draws, confidence, upperBound: clopperPearsonUpper(count, draws, confidence) };
}

function witnessOf(setting: Setting, { sample, draw, element }: Pair, gap: number): Witness {
  return {
    sample,
    sampleId: setting.dataset.samples[sample]!.id,
    element,
    elementText: setting.group.describe(element),
    draw,
    gap,
  };
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
