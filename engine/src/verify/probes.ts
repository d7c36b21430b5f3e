/**
 * Is it my test or my model? Where a symmetry does not hold, the pairs that show it are tried again with one field treated
 * in another way. If the gap is gone then, the declaration is the first suspect, not the network.
 */
import type { Finding, Redeclaration } from '../fault.ts';
import { act, actionOf } from '../representation/index.ts';
import { type Field, type IndexSizes, typeText } from '../signature.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import type { Precision } from '../tensor/runtime.ts';
import { type Alternative, alternativesOf } from './alternatives.ts';
import { distance } from './gap.ts';
import { evaluatePairs, type Pair, type Setting, transformedInputs, transformedOutputs } from './pairs.ts';
import { partOf } from './part-of.ts';
import { excessAt, measuredAt, type Tally, verdictAt } from './tally.ts';
import { short, toleranceFor } from './verdict.ts';

/** Pairs that an alternative has to repair, all of them. */
const probedPairs = 8;

/** Findings that are worth reading at once. */
const mostFindings = 3;

interface Probed {
  readonly finding: Finding;
  /** Alternatives with a smaller gap explain more. */
  readonly gap: number;
}

/**
 * @param tallies of all outputs; the probes use the pairs that violate one of them.
 * @param base f(x) of every sample
 */
export async function probe(
  setting: Setting,
  base: readonly Values[],
  tallies: readonly Tally[],
  pairs: readonly Pair[],
  within: number | 'auto',
  native: Precision,
): Promise<Finding[]> {
  const broken = tallies.filter((tally) =>
    tally.gaps.some((_, i) => verdictAt(tally, i, within) === 'violated'),
  );
  if (broken.length === 0) return [];
  const chosen = violatingPairs(broken, within);
  const own = chosen.map((i) => pairs[i]!);
  const limits = new Map(
    tallies.map((tally) => [
      tally.output.name,
      Math.max(...chosen.map((i) => toleranceFor(measuredAt(tally, i).floor, within))) * tally.scale,
    ]),
  );
  const sizes = commonSizes(setting);
  const before = Math.max(...broken.map(({ gaps }) => Math.max(...chosen.map((i) => gaps[i]!))));
  const probed: Probed[] = [];
  for (const binding of setting.bindings) {
    const { input, field } = binding;
    for (const alternative of alternativesOf(field.type, sizes, 'input')) {
      if (!applies(setting, alternative) || !tells(setting, own, binding, alternative)) continue;
      const inputs = own.map((pair) => {
        const value = setting.dataset.samples[pair.sample]!.values[field.name]!;
        return { ...transformedInputs(setting, pair), [input.name]: alternative.act(pair.element, value) };
      });
      const results = await evaluatePairs(setting, own, native, (pair) => inputs[own.indexOf(pair)]!);
      const gap = worstGap(results, own, tallies, setting, base);
      if ([...gap].some(([name, value]) => value > limits.get(name)!)) continue;
      const largest = Math.max(...tallies.map(({ output, scale }) => gap.get(output.name)! / scale));
      probed.push({
        gap: largest,
        finding: findingFor(alternative, 'input', field, before, largest, chosen.length, {
          field: field.name,
          input: input.name,
        }),
      });
    }
  }
  const plain = await evaluatePairs(setting, own, native);
  for (const { output, scale } of broken) {
    for (const alternative of alternativesOf(output.type, sizes, 'output')) {
      if (!applies(setting, alternative)) continue;
      const distances = own.map(({ sample, element }, i) =>
        distance(plain[i]![output.name]!, alternative.act(element, base[sample]![output.name]!)),
      );
      const largest = Math.max(...distances);
      if (largest > limits.get(output.name)!) continue;
      probed.push({
        gap: largest / scale,
        finding: findingFor(alternative, 'output', output, before, largest / scale, chosen.length, {
          output: output.name,
        }),
      });
    }
  }
  if (probed.length === 0) return undeclared(setting);
  return probed
    .sort((a, b) => a.gap - b.gap)
    .slice(0, mostFindings)
    .map(({ finding }) => finding);
}

/** The worst pair of each broken output, then evenly down the ranks of what is violated. */
function violatingPairs(broken: readonly Tally[], within: number | 'auto'): number[] {
  const chosen = new Set<number>();
  for (const tally of broken) {
    const violated = [...tally.gaps.keys()]
      .filter((i) => verdictAt(tally, i, within) === 'violated')
      .sort((a, b) => excessAt(tally, b, within) - excessAt(tally, a, within));
    const count = Math.max(1, Math.floor(probedPairs / broken.length));
    for (let k = 0; k < count; k++) chosen.add(violated[Math.floor((k * violated.length) / count)]!);
  }
  return [...chosen];
}

function applies({ group }: Setting, { type }: Alternative): boolean {
  return type === undefined || actionOf(group.spec, type).acts;
}

/**
 * Whether the probe differs from the check, and is still one: the part of the element that the alternative is about has
 * to move some input. Where nothing moves, any model passes.
 */
function tells(
  setting: Setting,
  pairs: readonly Pair[],
  probed: Setting['bindings'][number],
  alternative: Alternative,
): boolean {
  const aboutAxes =
    alternative.code === 'verify/passes-permuted' || alternative.code === 'verify/passes-unpermuted';
  const differs = pairs.some(({ sample, element }) => {
    const value = setting.dataset.samples[sample]!.values[probed.field.name]!;
    return !equal(act(element, value, probed.field.type), alternative.act(element, value));
  });
  const moves = pairs.every(({ sample, element }) => {
    const { values } = setting.dataset.samples[sample]!;
    const part = partOf(element, aboutAxes ? 'axes' : 'space');
    return setting.bindings.some((binding) => {
      const { field } = binding;
      const value = values[field.name]!;
      const moved = binding === probed ? alternative.act(part, value) : act(part, value, field.type);
      return !equal(moved, value);
    });
  });
  return moves && differs;
}

function worstGap(
  results: readonly Values[],
  pairs: readonly Pair[],
  tallies: readonly Tally[],
  setting: Setting,
  base: readonly Values[],
): Map<string, number> {
  const worst = new Map(tallies.map(({ output }) => [output.name, 0]));
  pairs.forEach(({ sample, element }, i) => {
    const moved = transformedOutputs(setting, element, base[sample]!);
    for (const [name, before] of worst) {
      worst.set(name, Math.max(before, distance(results[i]![name]!, moved[name]!)));
    }
  });
  return worst;
}

function findingFor(
  { code, words, type }: Alternative,
  direction: 'input' | 'output',
  field: Field,
  before: number,
  after: number,
  pairs: number,
  place: Omit<Redeclaration, 'type'>,
): Finding {
  const declared = type && typeText(type);
  return {
    code,
    severity: 'warning',
    message: `the violation is gone when the ${direction} \`${field.name}\` is ${words}: is it declared as it is?`,
    expected: typeText(field.type),
    found: `a gap of ${short(after)} in the place of ${short(before)} on ${pairs} pairs`,
    advice: declared
      ? `If that is what \`${field.name}\` is, declare it \`${declared}\`; else the model treats it as if it were.`
      : `If it is a matrix or a frame, it may be stored transposed; else the model turns it the wrong way.`,
    ...(declared ? { redeclare: { ...place, type: declared } } : {}),
  };
}

/** Inputs that stay while others move: right for a label, a slip for a cell or a field. */
function undeclared({ bindings }: Setting): Finding[] {
  const constant = bindings.filter(({ field }) => field.type.representation.kind === 'constant');
  if (constant.length === 0 || constant.length === bindings.length) return [];
  const names = constant.map(({ field }) => `\`${field.name}\``).join(', ');
  return [
    {
      code: 'verify/undeclared-action',
      severity: 'information',
      message: `${names} ${constant.length === 1 ? 'is' : 'are'} declared constant: nothing moves ${constant.length === 1 ? 'it' : 'them'} while other inputs are moved`,
      found: constant.map(({ field }) => `${field.name}: ${typeText(field.type)}`).join(', '),
      advice: 'If it has to move with the others (a cell, a field, edge vectors), declare how.',
    },
  ];
}

/** Index sets that have one size in all samples. */
function commonSizes({ dataset }: Setting): IndexSizes {
  const [first, ...others] = dataset.samples;
  return Object.fromEntries(
    Object.entries(first?.sizes ?? {}).filter(([index, size]) =>
      others.every(({ sizes }) => sizes[index] === size),
    ),
  );
}

function equal(a: NdArray, b: NdArray): boolean {
  return a === b || (a.data.length === b.data.length && a.data.every((value, i) => value === b.data[i]));
}
