/** `model safe = averaged(net, C(4))` -> the wrapper, its group and options, and the model that is wrapped. */
import {
  Fault,
  type Finding,
  type GroupSpec,
  type Signature,
  type WrapperDescription,
  type WrapSpec,
  wrapPlan,
  wrapperDescriptions,
} from '@noether/engine/catalog';
import { listText } from './closest.ts';
import type { Model } from './generated/ast.ts';
import { groupOf } from './groups.ts';
import { isCircular } from './inner-model.ts';
import { innermost } from './innermost-reading.ts';
import type { Knowledge } from './knowledge.ts';
import { readOptions, withDefaults } from './options.ts';
import { collectProblems, hasErrors, type Problem, type Report } from './problem.ts';
import type { ModelReading, readModel, WrappedReading } from './read-model.ts';
import { unknownName } from './unknown-name.ts';

/**
 * `undefined` when there is no such wrapper, when the group makes none, or when the wrapped model cannot be read; that model's
 * own problems are told where it is declared. Problems of the areas spec, group and model.
 */
export function readWrapped(
  model: Model,
  name: string,
  knowledge: Knowledge,
  report: Report,
  read: typeof readModel,
): WrappedReading | undefined {
  const wrapper = wrapperDescriptions.find((one) => one.name === name);
  if (!wrapper) {
    if (knowledge.families.some((family) => family.name === name)) {
      report(familyAsWrapper(model, name));
      return undefined;
    }
    report(
      unknownName({
        code: 'spec/unknown-wrapper',
        kind: 'wrapper',
        name,
        known: wrapperDescriptions.map((one) => one.name),
        node: model,
        property: 'wrapper',
      }),
    );
    return undefined;
  }
  for (const port of model.ports) {
    report({
      code: 'spec/wrapped-port',
      message: `a wrapped model has the ${port.direction}s of the model inside`,
      advice: 'Take this line out.',
      node: port,
    });
  }
  const { given } = readOptions(model.entries, wrapper.options, `\`${wrapper.name}\``, report);
  const group = readGroup(model, wrapper, report);
  if (isCircular(model)) {
    report({
      code: 'spec/circular-model',
      message: `\`${model.name}\` is wrapped around itself${model.inner?.ref === model ? '' : `, by way of \`${model.inner?.$refText}\``}`,
      expected: 'a model that does not lead back to this one',
      found: model.inner?.$refText,
      node: model,
      property: 'inner',
    });
    return undefined;
  }
  const target = model.inner?.ref;
  const inside = collectProblems();
  const inner: ModelReading | undefined = target && read(target, knowledge, inside.report);
  // What is wrong with the model inside is told where it is declared.
  if (!inner || hasErrors(inside.problems) || group === 'wrong') return undefined;
  const spec = {
    kind: wrapper.name,
    ...(group ? { group } : {}),
    ...withDefaults(wrapper.options, given),
  } as WrapSpec;
  const reading: WrappedReading = { kind: 'wrapped', node: model, wrapper, spec, inner };
  const plain = innermost(inner);
  if (plain.kind !== 'family') {
    const ports = (list: typeof plain.inputs) => list.map(({ name: port, type }) => ({ name: port, type }));
    const signature = { inputs: ports(plain.inputs), outputs: ports(plain.outputs) };
    const fault = wrapFault(reading, signature);
    if (fault) {
      report({ ...fault, node: model, ...(model.group ? { property: 'group' } : { property: 'wrapper' }) });
      return undefined;
    }
  }
  checkOrder(reading, report);
  return reading;
}

/** What keeps a model with these inputs and outputs from being wrapped so; `undefined` where nothing does. */
export function wrapFault(
  { node, spec, inner }: WrappedReading,
  signature: Signature,
): Omit<Finding, 'place'> | undefined {
  const within = inner.kind === 'wrapped' ? wrapFault(inner, signature) : undefined;
  if (within) return within;
  try {
    wrapPlan({ title: `\`${node.inner!.$refText}\``, signature }, spec);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { place: _, ...finding } = error.finding;
    return finding;
  }
}

/** The order of coordinates is another one in each frame, so sorting outside of frames breaks what they mend. */
function checkOrder({ node, wrapper, inner }: WrappedReading, report: Report): void {
  if (wrapper.name !== 'sorted') return;
  let one = inner;
  while (one.kind === 'wrapped') {
    const { name } = one.wrapper;
    if (name === 'framed' || name === 'lloca') {
      report({
        code: 'spec/wrapper-order',
        severity: 'warning',
        message: `sorting outside of \`${name}\` breaks the symmetry that it gives: the order of the coordinates changes with the frame`,
        expected: `\`${name}\` outside of \`sorted\``,
        found: `\`sorted\` of \`${node.inner!.$refText}\`, which is \`${name}\``,
        advice: `Sort the model inside first, and wrap what is sorted with \`${name}\`.`,
        node,
        property: 'wrapper',
        related: [{ message: `\`${name}\` is here`, node: one.node, property: 'wrapper' }],
      });
      return;
    }
    one = one.inner;
  }
}

/** `model steady = Rapidash(…)`. */
function familyAsWrapper(model: Model, name: string): Problem {
  return {
    code: 'spec/unknown-wrapper',
    message: `\`${name}\` is a family of models, and wraps none; a family follows \`is\``,
    expected: `\`model ${model.name} is ${name}\``,
    found: name,
    advice: `Write \`model ${model.name} is ${name}\`, with its options in a block.`,
    node: model,
    property: 'wrapper',
  };
}

function readGroup(
  model: Model,
  wrapper: WrapperDescription,
  report: Report,
): GroupSpec | undefined | 'wrong' {
  if (!model.group) {
    if (wrapper.group !== 'required') return undefined;
    report({
      code: 'spec/wrapper-group',
      message: `\`${wrapper.name}\` needs to know the group: \`${wrapper.usage}\``,
      expected: wrapper.usage,
      found: model.inner?.$refText,
      node: model,
      property: 'wrapper',
    });
    return 'wrong';
  }
  if (wrapper.group === 'none') {
    report({
      code: 'spec/wrapper-group',
      message: `\`${wrapper.name}\` takes no group: \`${wrapper.usage}\``,
      expected: wrapper.usage,
      found: model.group.$cstNode?.text,
      node: model.group,
    });
    return 'wrong';
  }
  const group = groupOf(model.group, report);
  if (!group) return 'wrong';
  if (wrapper.kinds && !wrapper.kinds.includes(group.kind)) {
    report({
      code: 'model/wrap-group',
      message: `\`${wrapper.name}\` takes one group of the kind ${listText(wrapper.kinds)}, as in \`${wrapper.usage}\``,
      expected: wrapper.usage,
      found: model.group.$cstNode?.text,
      advice: 'A wrapped model can be wrapped again, for another factor of the group.',
      node: model.group,
    });
    return 'wrong';
  }
  return group;
}
