/**
 * One check: try the action, draw elements, compare f(g x) with g f(x) on every sample, measure the rounding floor,
 * judge, and look for the cause of what does not hold. f(x) is computed once for each sample; the draws go through the
 * model in batches.
 */
import type { Dataset } from '../data/dataset.ts';
import type { Finding } from '../fault.ts';
import type { Group } from '../group/group.ts';
import type { Model } from '../model/model.ts';
import { act } from '../representation/index.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import type { Precision } from '../tensor/runtime.ts';
import { checkAction } from './action-check.ts';
import { ambiguousSamples } from './ambiguous-samples.ts';
import { directionTable } from './directions.ts';
import { leastFloors } from './floor.ts';
import { distance, scaleOf } from './gap.ts';
import { exactSubgroup, verifyOnGrid } from './grid/verify-on-grid.ts';
import { findLayer } from './layers.ts';
import { measureFloors, meterFor } from './measure-floors.ts';
import { outputVerdict, zeroOutput } from './output-verdict.ts';
import { planPairs } from './pair-plan.ts';
import {
  type DrawnPair,
  evaluatePairs,
  evaluateSamples,
  type Setting,
  settingOf,
  transformedOutputs,
} from './pairs.ts';
import { probe } from './probes.ts';
import { repeatDistances, repeatFindings } from './repeat.ts';
import { sampleFindings } from './sample-shape.ts';
import { type Found, searchWorst } from './search.ts';
import { slopesOf } from './slopes.ts';
import { softEquivariance } from './soft.ts';
import { softFinding } from './soft-finding.ts';
import type { SoftResult, SoftTarget } from './soft-result.ts';
import { isViolated, type Tally } from './tally.ts';
import { worstVerdict } from './verdict.ts';
import type { CheckOptions, DirectionGap, LayerGap, Verified } from './verification.ts';

/** Pairs that are evaluated between two looks at progress and cancellation. */
const chunkSize = 64;

export interface VerifyRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly group: Group;
  readonly options: CheckOptions;
  /** Declared sources of the model's inputs: input name -> data field. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Labels for soft equivariance. */
  readonly target?: SoftTarget;
  onProgress?(done: number, total: number, stage: string): void;
  readonly signal?: AbortSignal;
}

/**
 * @throws Fault when the data cannot feed the model, the action is none, a value cannot be acted on, or an output is not
 * finite; the signal's reason when aborted.
 */
export async function verify(request: VerifyRequest): Promise<Verified> {
  const { model, dataset, group, options, signal } = request;
  const { within } = options;
  const progress = request.onProgress ?? (() => {});
  const started = performance.now();
  const setting = settingOf(model, dataset, group, randomFromSeed(options.seed), request.sources ?? {});
  const exact = options.replay ? undefined : exactSubgroup(setting);
  if (exact) return verifyOnGrid(request, exact, verify);
  const native: Precision = model.precisions[0] ?? 'float32';
  const plan = planPairs(setting, options);

  progress(0, plan.pairs.length, 'evaluating the samples');
  const clock = { forward: 0 };
  const base = await timed(clock, () => evaluateSamples(setting, native));
  signal?.throwIfAborted();
  const action = checkAction(setting, base);
  const again = await repeatDistances(setting, base, native);
  const { outputs } = model.signature;
  const tallies = outputs.flatMap((output): Tally[] => {
    const scale = scaleOf(output, base);
    if (scale === 0) return [];
    const repeat = again.get(output.name)! / scale;
    return [{ output, scale, gaps: [], own: new Map(), usual: leastFloors[native], repeat }];
  });
  const meter = meterFor(setting, base, native);
  let tried = 0;
  for (const look of plan.looks) {
    await compare(setting, base, tallies, plan.pairs, tried, look, native, clock, request);
    tried = look;
    progress(tried, plan.pairs.length, 'measuring the rounding floor');
    await measureFloors(setting, base, meter, tallies, plan.pairs.slice(0, tried), within, native);
    signal?.throwIfAborted();
    if (tallies.some((tally) => isViolated(tally, within))) break;
  }
  const pairs = plan.pairs.slice(0, tried);
  const found = new Map<Tally, Found>();
  const searchFindings: Finding[] = [];
  if (options.search === 'worst' && !options.replay) {
    progress(pairs.length, pairs.length, 'searching for the worst case');
    const slopes = slopesOf(setting, base, native);
    const context = { setting, base, meter, native, slopes, ...(signal ? { signal } : {}) };
    for (const tally of tallies) found.set(tally, await searchWorst(context, tally, pairs));
    searchFindings.push(...slopes.failures());
  }
  const verdicts = outputs.map(({ name }) => {
    const tally = tallies.find(({ output }) => output.name === name);
    return tally
      ? outputVerdict({ setting, options, plan, pairs, floorMethod: meter.method }, tally, found.get(tally))
      : zeroOutput(name, options, meter.method, pairs.length, leastFloors[native]);
  });
  const still = !options.replay && nothingMoves(setting, base, pairs);
  const findings: Finding[] = [
    ...repeatFindings(tallies.map(({ output, repeat }) => ({ output: output.name, repeat }))),
    ...action.findings,
    ...searchFindings,
    ...(still ? [nothingMovesFinding(setting)] : []),
    ...(options.replay ? [] : sampleFindings(setting)),
  ];
  let directions: readonly DirectionGap[] = [];
  let layers: readonly LayerGap[] = [];
  if (!options.replay && verdicts.some(({ verdict }) => verdict === 'violated')) {
    progress(pairs.length, pairs.length, 'looking for the cause');
    findings.push(...(await probe(setting, base, tallies, pairs, within, native)));
    signal?.throwIfAborted();
    directions = await directionTable(setting, tallies, verdicts, native);
    signal?.throwIfAborted();
    const found = await findLayer(
      setting,
      tallies.filter((tally) => isViolated(tally, within)),
      pairs,
      within,
    );
    layers = found.layers;
    findings.push(...found.findings);
    signal?.throwIfAborted();
  }
  let soft: SoftResult | undefined;
  if (options.soft && !options.replay) {
    progress(pairs.length, pairs.length, 'averaging over the orbit');
    const scales = new Map(tallies.map(({ output, scale }) => [output.name, scale]));
    soft = await softEquivariance({
      setting,
      base,
      scales,
      pairs,
      exact: plan.exact,
      native,
      confidence: options.confidence,
      ...(request.target ? { target: request.target } : {}),
      ...(signal ? { signal } : {}),
    });
    findings.push(softFinding(soft, group.text));
  }
  if (!options.replay) findings.push(...(await ambiguousSamples(setting)));
  findings.push(...(model.noticed?.() ?? []));
  return {
    verdict: worstVerdict(verdicts.map(({ verdict }) => verdict)),
    outputs: verdicts,
    action: action.check,
    ...(directions.length > 0 ? { directions } : {}),
    ...(layers.length > 0 ? { layers } : {}),
    ...(soft ? { soft } : {}),
    samples: dataset.samples.length,
    elements: options.replay ? options.elements : plan.elements,
    seed: options.seed,
    seconds: { forward: clock.forward / 1000, total: (performance.now() - started) / 1000 },
    findings,
  };
}

/** Fills the gaps of every tally, for the pairs of a range. */
async function compare(
  setting: Setting,
  base: readonly Values[],
  tallies: readonly Tally[],
  pairs: readonly DrawnPair[],
  from: number,
  to: number,
  native: Precision,
  clock: { forward: number },
  { onProgress, signal }: VerifyRequest,
): Promise<void> {
  for (let first = from; first < to; first += chunkSize) {
    const chunk = pairs.slice(first, Math.min(first + chunkSize, to));
    const results = await timed(clock, () => evaluatePairs(setting, chunk, native));
    chunk.forEach((pair, i) => {
      const moved = transformedOutputs(setting, pair.element, base[pair.sample]!);
      for (const { output, gaps, scale } of tallies) {
        gaps.push(distance(results[i]![output.name]!, moved[output.name]!) / scale);
      }
    });
    signal?.throwIfAborted();
    onProgress?.(Math.min(first + chunkSize, to), pairs.length, 'comparing');
  }
}

async function timed<T>(clock: { forward: number }, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  clock.forward += performance.now() - start;
  return result;
}

/** Whether the elements leave every input and every output as it is, as far as a few pairs show. */
function nothingMoves(setting: Setting, base: readonly Values[], pairs: readonly DrawnPair[]): boolean {
  const { group, bindings, dataset, model } = setting;
  if (group.spec.kind === 'trivial') return false;
  const step = Math.max(1, Math.floor(pairs.length / 64));
  const same = (a: NdArray, b: NdArray) => a === b || a.data.every((value, i) => value === b.data[i]);
  for (let at = 0; at < pairs.length; at += step) {
    const { sample, element } = pairs[at]!;
    const { values } = dataset.samples[sample]!;
    const still =
      bindings.every(({ field }) =>
        same(act(element, values[field.name]!, field.type), values[field.name]!),
      ) &&
      model.signature.outputs.every(({ name, type }) => {
        const value = base[sample]![name]!;
        return same(act(element, value, type), value);
      });
    if (!still) return false;
  }
  return true;
}

function nothingMovesFinding({ group }: Setting): Finding {
  return {
    code: 'verify/nothing-moves',
    severity: 'warning',
    message: `no element of ${group.text} changes anything in these samples, so any model passes`,
    expected: 'a field that the group moves',
    found: 'inputs and outputs that all stay as they are',
    advice:
      'Declare the fields with the index sets and representations that the group acts on, or use samples with more than one entry.',
  };
}
