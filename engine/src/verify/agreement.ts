/**
 * Do several runs of a model agree? Every pair of runs is compared sample by sample and output by output, and the
 * difference is held against the rounding that these computations have: a matrix of verdicts.
 */
import { Fault } from '../fault.ts';
import type { Field } from '../signature.ts';
import type { Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import type { Agreement, AgreementEntry, AgreementVerdict } from './agreement-result.ts';
import { leastFloors } from './floor.ts';
import { distance, scaleOf } from './gap.ts';
import { median } from './tally.ts';
import { classify, toleranceFor } from './verdict.ts';
import type { Verdict } from './verification.ts';

/** What one process computed. */
export interface ComparedRun {
  /** Runs of one model share their rounding floor. */
  readonly model: string;
  readonly precision: Precision;
  readonly outputs: readonly Field[];
  /** f(x) of every sample. */
  readonly values: readonly Values[];
  /** For each output, how far a second pass on the same samples was from the first. Not relative. */
  readonly repeat: Readonly<Record<string, number>>;
}

export interface AgreementRequest {
  /** `undefined` for a run that could not be made; its pairs are left out. */
  readonly runs: readonly (ComparedRun | undefined)[];
  /**
   * Rounding of one float32 run of each model: for each output, one number a sample, not relative. Samples that were not
   * looked at have none, and the median of the others.
   */
  readonly rounding: Readonly<Record<string, Readonly<Record<string, readonly (number | undefined)[]>>>>;
  /** Names of the samples. */
  readonly samples: readonly string[];
  /** Relative tolerance, or ten floors. */
  readonly within: number | 'auto';
}

const words: Readonly<Record<Verdict, AgreementVerdict>> = {
  holds: 'agree',
  violated: 'differ',
  inconclusive: 'undecided',
};
const rank: Readonly<Record<AgreementVerdict, number>> = { agree: 0, undecided: 1, differ: 2 };

/**
 * The matrix. Differences and floors are relative to the output's scale: the root mean square over the samples of the
 * first run. A float32 run brings one floor of its model into a pair, a float64 run none; two different models are asked to
 * agree as float32 does, in whatever they are run, since an exported file holds its constants in float32.
 *
 * @throws Fault `compare/no-shared-output` when two models have no output of the same name, `compare/shapes` when outputs
 * of one name differ in shape.
 */
export function agreementOf(request: AgreementRequest): Pick<Agreement, 'verdict' | 'entries'> {
  const { runs } = request;
  const first = runs.find((run) => run !== undefined);
  const entries: AgreementEntry[] = [];
  runs.forEach((left, a) => {
    runs.slice(a + 1).forEach((right, offset) => {
      if (left && right) entries.push({ a, b: a + 1 + offset, ...compare(left, right, first!, request) });
    });
  });
  return { verdict: worst(entries.map(({ verdict }) => verdict)), entries };
}

/** One difference is enough, and one undecided pair leaves the whole undecided; nothing compared is undecided too. */
function worst(verdicts: readonly AgreementVerdict[]): AgreementVerdict {
  if (verdicts.length === 0) return 'undecided';
  return verdicts.reduce((all, one) => (rank[one] > rank[all] ? one : all));
}

function compare(
  left: ComparedRun,
  right: ComparedRun,
  reference: ComparedRun,
  { rounding, samples, within }: AgreementRequest,
): Omit<AgreementEntry, 'a' | 'b'> {
  const shared = left.outputs.filter(({ name }) => right.outputs.some((other) => other.name === name));
  if (shared.length === 0) throw noSharedOutput(left, right);
  let found: Omit<AgreementEntry, 'a' | 'b'> | undefined;
  for (const output of shared) {
    const { name } = output;
    const unit = reference.outputs.some((other) => other.name === name) ? reference : left;
    // What is zero throughout has no size of its own.
    const scale = scaleOf(output, unit.values) || 1;
    const sides = [left, right].map((run) => floorsOf(run, name, rounding[run.model]?.[name] ?? [], scale));
    samples.forEach((sample, i) => {
      const difference = distanceOf(left, right, name, i) / scale;
      const floor = pairFloor(left, right, sides[0]!.at(i), sides[1]!.at(i));
      const verdict = words[classify({ gap: difference, floor }, within)];
      const tolerance = toleranceFor(floor, within);
      const ratio = difference / floor;
      const size = difference / tolerance;
      const before = found && found.difference / found.tolerance;
      const above = found ? rank[verdict] - rank[found.verdict] : 1;
      if (above < 0 || (above === 0 && size <= before!)) return;
      found = { verdict, output: name, sample, difference, floor, ratio, tolerance };
    });
  }
  return found!;
}

/** Twice the share of both where both round; a float64 run of the same model rounds 1e8 times less. */
function pairFloor(left: ComparedRun, right: ComparedRun, a: number, b: number): number {
  if (left.model !== right.model) return a + b;
  const own = (left.precision === 'float32' ? a : 0) + (right.precision === 'float32' ? b : 0);
  return Math.max(own, leastFloors.float64);
}

/** Relative floors of one run. A lucky sample is not believed to round less than the usual one. */
function floorsOf(
  { values, repeat }: ComparedRun,
  output: string,
  measured: readonly (number | undefined)[],
  scale: number,
): { at(sample: number): number } {
  const known = measured.filter((value) => value !== undefined);
  const least = Math.max(median(known) / scale, leastFloors.float32, (repeat[output] ?? 0) / scale);
  const floors = values.map((_, i) => Math.max((measured[i] ?? 0) / scale, least));
  return { at: (sample) => floors[sample]! };
}

function distanceOf(left: ComparedRun, right: ComparedRun, output: string, sample: number): number {
  const [a, b] = [left.values[sample]![output]!, right.values[sample]![output]!];
  if (a.shape.join() !== b.shape.join()) {
    throw new Fault({
      code: 'compare/shapes',
      message: `\`${output}\` of \`${left.model}\` and of \`${right.model}\` have different shapes, and cannot be compared`,
      expected: `[${a.shape.join(', ')}]`,
      found: `[${b.shape.join(', ')}]`,
      advice: 'Compare models that compute the same.',
    });
  }
  return distance(a, b);
}

function noSharedOutput(left: ComparedRun, right: ComparedRun): Fault {
  const names = (run: ComparedRun) => run.outputs.map(({ name }) => name).join(', ');
  return new Fault({
    code: 'compare/no-shared-output',
    message: `\`${left.model}\` and \`${right.model}\` have no output of the same name`,
    expected: names(left),
    found: names(right),
    advice: 'Declare the outputs under the same names: `output energy: scalar from "its name in the graph"`.',
  });
}

/**
 * The rounding of a model's float32, for {@link AgreementRequest}: how far its float32 runs are from the same in float64, on each
 * sample the nearest of them. So a run that is wrong, and be it on one sample, does not raise the floor as long as another is
 * right. For each output one number a sample, not relative.
 * @param singles at least one, of the model that `double` is a run of
 */
export function roundingBetween(
  singles: readonly ComparedRun[],
  double: ComparedRun,
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    double.outputs.map(({ name }) => {
      const rounding = double.values.map((values, i) =>
        Math.min(...singles.map((single) => distance(single.values[i]![name]!, values[name]!))),
      );
      return [name, rounding];
    }),
  );
}
