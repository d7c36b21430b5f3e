/**
 * The (sample, element) pairs of a check: drawing elements, transforming inputs, evaluating both sides. An element is
 * a pure function of (seed, sample, draw), so one pair can be replayed without the others.
 */
import type { Dataset, Sample } from '../data/dataset.ts';
import { Fault } from '../fault.ts';
import type { Group, GroupElement } from '../group/group.ts';
import { bindInputs, type InputBinding } from '../model/binding.ts';
import type { Model } from '../model/model.ts';
import { act } from '../representation/index.ts';
import type { Values } from '../tensor/array.ts';
import type { Random } from '../tensor/random.ts';
import type { Precision } from '../tensor/runtime.ts';
import { firstNonFinite } from './gap.ts';

/** A sample by its index, and the element that moves it. */
export interface Pair {
  readonly sample: number;
  readonly element: GroupElement;
}

/** A pair by the number of the draw, which gives the element again. A replayed element has none. */
export interface DrawnPair extends Pair {
  readonly draw?: number;
}

/** Everything that evaluating pairs needs, fixed for one check. */
export interface Setting {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly group: Group;
  readonly random: Random;
  readonly bindings: readonly InputBinding[];
}

/** @throws Fault `model/input-…` when the data cannot feed the model. */
export function settingOf(
  model: Model,
  dataset: Dataset,
  group: Group,
  random: Random,
  sources: Readonly<Record<string, string>>,
): Setting {
  return { model, dataset, group, random, bindings: bindInputs(model.signature, dataset.fields, sources) };
}

/** The pair of a sample and its draw-th element. */
export function pairOf({ group, random, dataset }: Setting, sample: number, draw: number): DrawnPair {
  const { sizes } = dataset.samples[sample]!;
  return { sample, draw, element: group.sample(random.stream('element', sample, draw), sizes) };
}

/** The model's inputs for a sample, untransformed. */
export function inputsOf({ bindings }: Setting, sample: Sample): Values {
  return Object.fromEntries(bindings.map(({ input, field }) => [input.name, sample.values[field.name]!]));
}

/** g x: every bound input under the element, by the type that the data declares. */
export function transformedInputs(setting: Setting, { sample, element }: Pair): Values {
  const { values } = setting.dataset.samples[sample]!;
  return Object.fromEntries(
    setting.bindings.map(({ input, field }) => [input.name, act(element, values[field.name]!, field.type)]),
  );
}

/** g f(x): every output under the element, by the type that the model declares. */
export function transformedOutputs({ model }: Setting, element: GroupElement, outputs: Values): Values {
  return Object.fromEntries(
    model.signature.outputs.map(({ name, type }) => [name, act(element, outputs[name]!, type)]),
  );
}

/**
 * f(x) of every sample. @throws Fault `verify/non-finite` when an output is not a finite number.
 */
export async function evaluateSamples(setting: Setting, precision: Precision): Promise<Values[]> {
  const { model, dataset } = setting;
  const results = await model.evaluate(
    dataset.samples.map((sample) => inputsOf(setting, sample)),
    precision,
  );
  results.forEach((result, index) => {
    requireFinite(model, result, `on ${dataset.samples[index]!.id}`);
  });
  return results;
}

/** f(g x) of every pair; `inputs` may put something else in the place of g x. @throws Fault `verify/non-finite` when an output is not a finite number. */
export async function evaluatePairs(
  setting: Setting,
  pairs: readonly Pair[],
  precision: Precision,
  inputs: (pair: Pair) => Values = (pair) => transformedInputs(setting, pair),
): Promise<Values[]> {
  if (pairs.length === 0) return [];
  const results = await setting.model.evaluate(pairs.map(inputs), precision);
  results.forEach((result, index) => {
    const { sample, element } = pairs[index]!;
    const words = setting.group.describe(element);
    requireFinite(setting.model, result, `on ${setting.dataset.samples[sample]!.id} under ${words}`);
  });
  return results;
}

function requireFinite(model: Model, result: Values, where: string): void {
  for (const { name } of model.signature.outputs) {
    const array = result[name]!;
    const index = firstNonFinite(array);
    if (index < 0) continue;
    throw new Fault({
      code: 'verify/non-finite',
      message: `output \`${name}\` of ${model.title} is ${array.data[index]} ${where}`,
      expected: 'finite numbers',
      found: `${array.data[index]} at entry ${index} of ${array.data.length}`,
      advice: 'Look for a division by zero, a logarithm of zero or an overflow in the model at this input.',
    });
  }
}
