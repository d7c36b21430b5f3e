/**
 * What a wrapper asks of a model before anything runs: a group that acts on its fields, inputs that a frame can be read off,
 * outputs that have a mean. Pure, so that the language says it while one types.
 */
import { Fault } from '../../fault.ts';
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { actionOf } from '../../representation/action-of.ts';
import { type Field, type Signature, typeText } from '../../signature.ts';
import { spatialFields } from './cloud.ts';
import type { WrapSpec } from './spec.ts';

/** What of a model decides whether it can be wrapped. */
export interface Wrappable {
  /** For messages. */
  readonly title: string;
  readonly signature: Signature;
}

/** The part of a wrapped model that its symmetry comes from. */
export interface WrapPlan {
  /** The group that the wrapped model is equivariant under, and that its frames are made of. */
  readonly group: GroupSpec;
  /** The inputs that a frame, or an order, is read off; none for a mean over the group. */
  readonly read: readonly Field[];
}

/**
 * @returns the group and the inputs that decide.
 * @throws Fault `model/wrap-group`, `model/wrap-input`, `model/wrap-output`, `group/no-action`
 */
export function wrapPlan(model: Wrappable, spec: WrapSpec): WrapPlan {
  const plan = planOf(model, spec);
  requireAction(model, plan.group);
  if (averages(spec, plan.group)) requireNumbers(model, spec);
  return plan;
}

/** Whether results of several evaluations are averaged. */
function averages(spec: WrapSpec, group: GroupSpec): boolean {
  return spec.kind === 'averaged' || (spec.kind === 'framed' && spec.signs === 'all' && group.kind !== 'T');
}

function planOf(model: Wrappable, spec: WrapSpec): WrapPlan {
  const { inputs } = model.signature;
  switch (spec.kind) {
    case 'averaged':
      requireCompact(spec.group);
      return { group: spec.group, read: [] };
    case 'framed': {
      const group = motionOf(model, spec.group);
      const turns = group.kind !== 'T';
      const read = spatialFields(inputs, group.dim).filter(
        ({ type }) => turns || type.representation.kind === 'position',
      );
      if (read.length === 0) throw nothingToFrame(model, turns);
      return { group, read };
    }
    case 'lloca': {
      const read = inputs.filter(({ type }) => type.representation.kind === 'fourvector');
      if (read.length === 0) throw noMomenta(model);
      return { group: { kind: 'Lorentz', rapidity: 1 }, read };
    }
    case 'sorted': {
      const index = indexOf(model, spec.group);
      const read = inputs.filter(
        ({ type }) => axesAlong(type, index).length > 0 && type.representation.kind !== 'constant',
      );
      return { group: { kind: 'S', index }, read };
    }
  }
}

/** Where a field has an index set. */
export function axesAlong({ axes }: Field['type'], index: string): number[] {
  return axes.flatMap((axis, at) => ('index' in axis && axis.index === index ? [at] : []));
}

export type MotionSpec = Extract<GroupSpec, { dim: 2 | 3 }>;

/** The motions that frames are made of; SE(n), or SO(n) where no input is a position, when none are said. */
export function motionOf({ signature, title }: Wrappable, spec: GroupSpec | undefined): MotionSpec {
  if (spec === undefined) {
    const kinds = signature.inputs.map(({ type }) => type.representation);
    const positions = kinds.filter(({ kind }) => kind === 'position');
    const flatOnes = kinds.filter((one) => 'dim' in one && one.dim === 2);
    const dim = flatOnes.length > 0 ? 2 : 3;
    return positions.length > 0 ? { kind: 'SE', dim, scale: 1 } : { kind: 'SO', dim };
  }
  if ('dim' in spec) return spec;
  const { text } = createGroup(spec);
  throw new Fault({
    code: 'model/wrap-group',
    message: `${title} cannot be framed for ${text}: principal axes make frames of motions only`,
    expected: 'SO(n), O(n), SE(n), E(n) or T(n)',
    found: text,
    advice:
      'Use `averaged` for finite groups, `sorted` for permutations, `lloca` for boosts; a wrapped model can be wrapped again.',
  });
}

function requireCompact(spec: GroupSpec): void {
  const group = createGroup(spec);
  if (group.compact) return;
  throw new Fault({
    code: 'model/wrap-group',
    message: `there is no mean over ${group.text}: it has no uniform distribution`,
    expected: 'a finite or a compact group',
    found: group.text,
    advice: 'Use `framed(net, SE(3))` for motions of space and `lloca(net)` for boosts: they need no mean.',
  });
}

function requireAction({ signature, title }: Wrappable, spec: GroupSpec): void {
  const { text } = createGroup(spec);
  for (const { name, type } of [...signature.inputs, ...signature.outputs]) {
    const answer = actionOf(spec, type);
    if (answer.acts) continue;
    throw new Fault({
      code: 'group/no-action',
      message: `${title} cannot be wrapped for ${text}: \`${name}\`: ${answer.reason}`,
      expected: `fields that ${text} acts on`,
      found: typeText(type),
      advice: 'Wrap it for another group, or declare the field otherwise.',
    });
  }
}

function requireNumbers({ signature, title }: Wrappable, spec: WrapSpec): void {
  const output = signature.outputs.find(
    ({ type: { representation } }) => representation.kind === 'category' || representation.kind === 'label',
  );
  if (!output) return;
  throw new Fault({
    code: 'model/wrap-output',
    message: `the output \`${output.name}\` of ${title} is ${typeText(output.type)}, and categories have no mean`,
    expected: 'outputs that are numbers, such as scores',
    found: typeText(output.type),
    advice: `Wrap the model in front of the choice of a category${spec.kind === 'framed' ? ', or take one frame instead of a mean: `signs: one`' : ''}.`,
  });
}

function nothingToFrame(model: Wrappable, turns: boolean): Fault {
  return new Fault({
    code: 'model/wrap-input',
    message: `${model.title} has no input that a frame could be made of`,
    expected: turns ? 'an input that is a position or a vector' : 'an input that is a position',
    found: inputsText(model),
    advice: 'Declare the inputs as they transform, or average over a finite group instead.',
  });
}

function noMomenta(model: Wrappable): Fault {
  return new Fault({
    code: 'model/wrap-input',
    message: `${model.title} has no input that a Lorentz frame could be made of`,
    expected: 'an input that is a four-vector, such as `fourvector[particle]`',
    found: inputsText(model),
    advice: 'Declare the momenta as fourvector: (E, px, py, pz).',
  });
}

function indexOf(model: Wrappable, spec: GroupSpec | undefined): string {
  const axes = model.signature.inputs.flatMap(({ type }) => type.axes);
  const known = [...new Set(axes.flatMap((axis) => ('index' in axis ? [axis.index] : [])))];
  if (spec === undefined && known.length === 1) return known[0]!;
  if (spec?.kind === 'S' && known.includes(spec.index)) return spec.index;
  throw new Fault({
    code: 'model/wrap-group',
    message:
      spec === undefined
        ? `${model.title} has ${known.length === 0 ? 'no index set' : 'several index sets'}, so what is to be sorted has to be said`
        : `${model.title} cannot be sorted for ${createGroup(spec).text}`,
    expected:
      known.length > 0 ? known.map((index) => `S(${index})`).join(' or ') : 'an input with an index set',
    found: spec === undefined ? inputsText(model) : createGroup(spec).text,
    advice: known.length > 0 ? `Write \`sorted(net, S(${known[0]}))\`.` : 'There is nothing to permute.',
  });
}

function inputsText({ signature }: Wrappable): string {
  return signature.inputs.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ') || 'no inputs';
}
