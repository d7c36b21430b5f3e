/**
 * What symmetry does a model really have? Inside an ambient group, the directions X along which its defect vanishes are the
 * null space of a matrix: one column a generator, one row an entry of an output. The null space is found on half of the
 * samples, tested on the other half, closed under the bracket where it is an algebra, and followed to finite elements.
 */
import type { Dataset } from '../../data/dataset.ts';
import type { Finding } from '../../fault.ts';
import { type AmbientSpec, ambientText } from '../../group/ambient.ts';
import type { GroupElement } from '../../group/group.ts';
import { createGroup, groupText } from '../../group/index.ts';
import type { Model } from '../../model/model.ts';
import { ambientRefusal } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import { ambiguousSamples } from '../ambiguous-samples.ts';
import { leastFloors } from '../floor.ts';
import { distance, scaleOf } from '../gap.ts';
import { evaluateSamples, type Setting, settingOf } from '../pairs.ts';
import { short, toleranceFor } from '../verdict.ts';
import { type AlgebraResult, findAlgebra } from './algebra.ts';
import { checksOf } from './checks.ts';
import type { DefectSetting } from './defects.ts';
import type { DiscoverOptions, Discovery, OutputAction } from './discovery.ts';
import { drawElements, measureElements, movesInputs } from './elements.ts';
import { noAction, nothingMoves, zeroOutputs } from './faults.ts';
import { finiteElements } from './finite.ts';
import type { Base } from './gaps.ts';
import { dimensionOf, exponential, type GeneratorList, generatorsOf } from './generators.ts';
import { halvesOf } from './more-samples.ts';
import { recognise } from './recognise.ts';
import { samplesNeeded } from './rows.ts';

/** Samples that a finite element is tried on. */
const elementSamples = 8;

/** Rates of broken directions over those of symmetries, below which the two are not told apart. */
const clearGap = 10;

export interface DiscoverRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly ambient: AmbientSpec;
  readonly options: DiscoverOptions;
  /** Declared sources of the model's inputs: input name -> data field. */
  readonly sources?: Readonly<Record<string, string>>;
  onProgress?(done: number, total: number, stage: string): void;
  readonly signal?: AbortSignal;
}

export interface Discovered extends Discovery {
  readonly findings: readonly Finding[];
}

/**
 * @throws Fault `discover/too-few-samples` when there are fewer rows than generators, `discover/nothing-moves` when the group
 * moves no input, `discover/no-derivative` when no output is a real number or an input is an image; those of evaluating.
 */
export async function discover(request: DiscoverRequest): Promise<Discovered> {
  const { model, ambient, options, signal, sources = {} } = request;
  const progress = request.onProgress ?? (() => {});
  const started = performance.now();
  const chosen = { ...request.dataset, samples: spread(request.dataset.samples, options.samples) };
  const random = randomFromSeed(options.seed);
  const group = { ...createGroup({ kind: 'trivial' }), describe: elementText };
  const native = model.precisions[0] ?? 'float32';
  const precision = model.precisions.includes('float64') ? 'float64' : native;
  const findings: Finding[] = [];
  progress(0, 1, 'evaluating the samples');
  const given = settingOf(model, chosen, group, random, sources);
  const list = movingGenerators(given, ambient, findings);
  const { outputs } = model.signature;
  const first = await evaluateSamples(given, precision);
  const scales = new Map(
    outputs.flatMap((output) => {
      const scale = scaleOf(output, first);
      return scale > 0 ? [[output.name, scale] as const] : [];
    }),
  );
  if (scales.size === 0) throw zeroOutputs();
  const common = {
    list,
    outputs: outputs.filter(({ name }) => scales.has(name)),
    actionOn: (output: Field) => actionOn(output, options.outputs),
  };
  const { dataset, fitted, held } = halvesOf(
    chosen,
    given.bindings,
    list,
    samplesNeeded(common, first),
    random,
    findings,
  );
  const setting: Setting = { ...given, dataset };
  const more = dataset.samples.slice(first.length);
  const values = [
    ...first,
    ...(more.length > 0
      ? await evaluateSamples({ ...given, dataset: { ...dataset, samples: more } }, precision)
      : []),
  ];
  const base: Base = {
    values,
    scales,
    within: options.within,
    ...(precision === native
      ? {}
      : { rounding: roundingOf(outputs, values, await evaluateSamples(setting, native), scales) }),
  };
  let evaluations = dataset.samples.length;
  const defects: DefectSetting = {
    ...common,
    setting,
    precision,
    onEvaluated: (count) => {
      evaluations += count;
      progress(evaluations, evaluations + 1, 'looking for directions');
    },
    ...(signal ? { signal } : {}),
  };
  const found: AlgebraResult | undefined =
    list.generators.length > 0
      ? await findAlgebra(defects, base, fitted, held.length > 0 ? held : fitted, findings)
      : undefined;
  progress(evaluations, evaluations + 1, 'trying finite elements');
  const sampled = spread([...chosen.samples.keys()], elementSamples);
  const finite = await finiteElements({
    ambient,
    list,
    sizes: sampled.map((i) => dataset.samples[i]!.sizes),
    contains: (name) => found?.contains(name) ?? false,
    measure: (elements) => measureElements(defects, base, sampled, elements),
  });
  const draws =
    found && found.motions.length > 0
      ? await drawElements(defects, base, found, held, options.confidence)
      : undefined;
  const recognised = recognise(found?.motions ?? [], list.dim, found?.noise ?? 0, found?.unit ?? 1);
  const names = [...(recognised.name === 'none' ? [] : [recognised.name]), ...finite.names];
  const noGap = found?.gap !== undefined && found.gap < clearGap;
  if (noGap) {
    findings.push({
      code: 'discover/no-gap',
      severity: 'warning',
      message: `the smallest rate that is broken is only ${short(found.gap!)} times the largest that is not`,
      expected: `at least ${clearGap} times`,
      advice:
        'The model follows these directions nearly, by training or by small weights. Look at the table, or set `within`.',
    });
  }
  const undecided =
    noGap ||
    (found?.undecided ?? false) ||
    finite.elements.some(({ verdict }) => verdict === 'inconclusive') ||
    (draws ? draws.above > 0 : false);
  const checks = outputs.every((output) => isDeclared(output, options.outputs))
    ? checksOf(ambient, recognised, finite, list.dim, [
        ...setting.bindings.map(({ field }) => field.type),
        ...outputs.map(({ type }) => type),
      ])
    : [];
  if (list.generators.length === 0 && finite.elements.length === 0) throw nothingMoves(ambient);
  return {
    verdict: undecided ? 'undecided' : names.length > 0 ? 'found' : 'none',
    within: ambientText(ambient),
    outputs: options.outputs,
    found: names.join(' + ') || 'no symmetry',
    checks: checks.map(groupText),
    ...(found
      ? {
          algebra: {
            dimension: found.motions.length,
            ambient: list.generators.length,
            name: recognised.name,
            basis: found.basis,
            closure: found.closure,
            closed: found.closed,
          },
          step: found.step,
          ...(found.gap === undefined ? {} : { gap: found.gap }),
        }
      : {}),
    singularValues: found?.singularValues ?? [],
    directions: found?.directions ?? [],
    finite: finite.elements,
    ...(draws ? { draws } : {}),
    floor: found?.floor ?? leastFloors[native],
    tolerance: toleranceFor(found?.floor ?? leastFloors[native], options.within),
    precision,
    samples: dataset.samples.length,
    heldOut: held.length,
    evaluations,
    seed: options.seed,
    seconds: (performance.now() - started) / 1000,
    findings: [...findings, ...(await ambiguousSamples(setting)), ...(model.noticed?.() ?? [])],
  };
}

/** Outputs that no group changes by their declaration have an unknown action, which is fitted. */
function actionOn({ type }: Field, wanted: OutputAction): OutputAction {
  return wanted === 'declared' && type.representation.kind === 'constant' ? 'fitted' : wanted;
}

/** Whether a check of the language would ask for the same. */
function isDeclared(output: Field, wanted: OutputAction): boolean {
  const action = actionOn(output, wanted);
  if (action === 'declared') return true;
  const { kind } = output.type.representation;
  return (
    action === 'invariant' &&
    (kind === 'scalar' || kind === 'category' || kind === 'label' || kind === 'constant')
  );
}

/** At most `count`, evenly over all. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  const n = Math.min(count, items.length);
  return Array.from({ length: n }, (_, i) => items[Math.floor((i * items.length) / n)]!);
}

/** The generators that move some input; what moves nothing is no symmetry of the model but of the data. */
function movingGenerators(setting: Setting, ambient: AmbientSpec, findings: Finding[]): GeneratorList {
  const { bindings, dataset } = setting;
  const types = bindings.map(({ field }) => field.type);
  const dim = dimensionOf(types);
  const reason = ambientRefusal(ambient, types);
  if (reason) throw noAction(ambient, reason);
  const list = generatorsOf(ambient, dim, spreadOf(setting));
  const moving = list.generators.filter((motion) =>
    movesInputs(setting, exponential(motion, 0.1), dataset.samples.slice(0, 4)),
  );
  const still = list.generators.filter((one) => !moving.includes(one)).map(({ name }) => name);
  if (still.length > 0) {
    findings.push({
      code: 'discover/moves-nothing',
      severity: 'information',
      message: `left out, since no input changes: ${still.join(', ')}`,
    });
  }
  return { dim, generators: moving };
}

/** Root mean square distance of positions from their centroids, or of four-vectors from zero; 1 without either. */
function spreadOf({ bindings, dataset }: Setting): number {
  let sum = 0;
  let count = 0;
  for (const { values } of dataset.samples) {
    for (const { field } of bindings) {
      const { kind } = field.type.representation;
      if (kind !== 'position' && kind !== 'fourvector') continue;
      const size = scaleOf(field, [{ [field.name]: values[field.name]! }]);
      sum += size ** 2;
      count++;
    }
  }
  return count > 0 && sum > 0 ? Math.sqrt(sum / count) : 1;
}

/** Rounding of one evaluation in the native precision: the largest distance to the same in float64, relative. */
function roundingOf(
  outputs: readonly Field[],
  exact: readonly Values[],
  native: readonly Values[],
  scales: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    outputs.flatMap(({ name }) => {
      const scale = scales.get(name);
      if (scale === undefined) return [];
      const distances = exact.map((values, i) => distance(values[name]!, native[i]![name]!) / scale);
      return [[name, Math.max(leastFloors.float32, ...distances)] as const];
    }),
  );
}

function elementText(element: GroupElement): string {
  if (element.kind !== 'affine') return `an element of kind ${element.kind}`;
  const numbers = (list: readonly number[]) => list.map((x) => Number(x.toPrecision(3))).join(', ');
  return `the map [${numbers(element.matrix)}] + (${numbers(element.translation)})`;
}
