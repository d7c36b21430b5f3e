/** What can be said of a `check` before anything is run: bindings, actions, index sets. */
import {
  type AmbientFactor,
  actionOf,
  bindInputs,
  Fault,
  type Field,
  type GroupSpec,
  type Representation,
  type Signature,
  trailingShape,
  typeText,
} from '@noether/engine/catalog';
import { listText } from '../closest.ts';
import type { Check, Discover } from '../generated/ast.ts';
import { factorsOf } from '../groups.ts';
import { innermost } from '../innermost-reading.ts';
import type { Problem, Repair, Report } from '../problem.ts';
import type { DataReading } from '../read-data.ts';
import type { FileReading, ModelReading, PlainReading } from '../read-model.ts';
import { wrapFault } from '../read-wrapped.ts';
import { isTypeName } from '../type-descriptions.ts';
import { unknownName } from '../unknown-name.ts';
import { leavesAlone } from './trivial-action.ts';

/** A check with everything that it refers to made out. */
export interface CheckParts {
  readonly check: Check;
  readonly model: ModelReading;
  readonly data: DataReading;
  readonly group: GroupSpec;
}

/** Reports `model/…`, `data/…` and `group/…` problems at the check. */
export function checkStatically(parts: CheckParts, report: Report): void {
  const signature = signatureOf(parts, report);
  if (!signature) return;
  if (!checkWrapped(parts, signature, report)) return;
  const bound = checkBinding(parts, signature, report);
  const known = checkIndexSets({ ...parts, factors: factorsOf(parts.group) }, signature, report);
  const acts = known && checkActions(parts, signature, report);
  // What is not bound yet may be declared otherwise when it is.
  if (acts && bound) checkVacuous(parts, signature, report);
}

/** The model's signature on this data; a family's fault is reported at the model's name. */
export function signatureOf(
  { check, data, ...parts }: Omit<CheckParts, 'check' | 'group'> & { readonly check: Check | Discover },
  report: Report,
): Signature | undefined {
  const model = innermost(parts.model);
  if (model.kind !== 'family') return { inputs: fieldsOf(model.inputs), outputs: fieldsOf(model.outputs) };
  return reportingFaults(
    () => model.family.signature(model.options, fieldsOf(data.fields)),
    { node: check, property: 'model' },
    report,
  );
}

/** Plain fields, without the nodes that they were read from. */
export function fieldsOf(fields: readonly Field[]): Field[] {
  return fields.map(({ name, type }) => ({ name, type }));
}

/** A family's inputs and outputs are known only with its data; those of a file are told where it is wrapped. */
function checkWrapped({ check, model }: CheckParts, signature: Signature, report: Report): boolean {
  const fault = model.kind === 'wrapped' ? wrapFault(model, signature) : undefined;
  if (!fault) return true;
  report({
    ...fault,
    node: check,
    property: 'model',
    related: [{ message: 'wrapped here', node: model.node, property: 'wrapper' }],
  });
  return false;
}

/** Whether the data feeds every input; what does not is reported at the data's name. */
export function checkBinding(
  { check, model, data }: Omit<CheckParts, 'check' | 'group'> & { readonly check: Check | Discover },
  signature: Signature,
  report: Report,
): boolean {
  const bindings = reportingFaults(
    () => bindInputs(signature, fieldsOf(data.fields), sourcesOf(model)),
    { node: check, property: 'data' },
    report,
  );
  return bindings !== undefined;
}

/** The data fields that the inputs of a model of the user's own name after `from`. */
export function sourcesOf(model: ModelReading): Record<string, string> {
  const plain = innermost(model);
  const inputs = plain.kind === 'family' ? [] : plain.inputs;
  return Object.fromEntries(
    inputs.flatMap(({ name, source }) => (source === undefined ? [] : [[name, source]])),
  );
}

/** Runs `compute`; a Fault becomes a problem at `anchor`. */
export function reportingFaults<T>(
  compute: () => T,
  anchor: Pick<Problem, 'node' | 'property'>,
  report: Report,
): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { place: _, ...finding } = error.finding;
    report({ ...finding, ...anchor });
    return undefined;
  }
}

/** Whether the model has the index sets that the factors name. */
export function checkIndexSets(
  {
    check,
    factors,
    model,
  }: Pick<CheckParts, 'model'> & {
    readonly check: Check | Discover;
    readonly factors: readonly AmbientFactor[];
  },
  signature: Signature,
  report: Report,
): boolean {
  const known = indexSetsOf(signature.inputs);
  let sound = true;
  for (const [at, factor] of factors.entries()) {
    if (!('index' in factor) || factor.index === undefined || known.includes(factor.index)) continue;
    sound = false;
    const term = check.group.factors[at]!;
    const argument = term.arguments.find(({ name }) => name === undefined || name === 'index');
    const problem = unknownName({
      code: 'group/unknown-index',
      kind: 'index set',
      lead: `no input of \`${model.node.name}\` has an index set`,
      name: factor.index,
      known,
      node: argument?.value ?? term,
    });
    const sets = known.map((name) => `\`${name}\``);
    report({
      ...problem,
      advice: sets.length
        ? `Its inputs have ${listText(sets, 'and')}.`
        : 'None of its inputs has an index set.',
    });
  }
  return sound;
}

/** Names of all index sets, in the order of the fields. */
export function indexSetsOf(fields: readonly Field[]): string[] {
  const names = fields.flatMap(({ type }) =>
    type.axes.flatMap((axis) => ('index' in axis ? [axis.index] : [])),
  );
  return [...new Set(names)];
}

function checkActions(parts: CheckParts, signature: Signature, report: Report): boolean {
  const { check, group } = parts;
  const model = innermost(parts.model);
  const factors = factorsOf(group);
  const ports = [
    ...signature.inputs.map((field) => ({ field, direction: 'input' })),
    ...signature.outputs.map((field) => ({ field, direction: 'output' })),
  ];
  let refused = false;
  for (const { field, direction } of ports) {
    const answer = actionOf(group, field.type);
    const title = `${direction} \`${field.name}\``;
    if (!answer.acts) {
      refused = true;
      // The factor to blame; none when two factors only clash together.
      const at = factors.findIndex((factor) => !actionOf(factor, field.type).acts);
      report({
        code: 'group/no-action',
        message: refusalText(title, answer.reason),
        expected: `a type that ${check.group.$cstNode?.text ?? 'the group'} acts on`,
        found: typeText(field.type),
        node: check.group,
        property: at < 0 ? undefined : 'factors',
        index: at < 0 ? undefined : at,
        repairs: model.kind === 'family' ? [] : otherTypes(model, field.name, answer.reason),
        related: portRelated(model, field.name, direction),
      });
    } else if (answer.inexact) {
      report({
        code: 'group/inexact-action',
        severity: 'information',
        message: `${title}: ${answer.inexact}`,
        node: check.group,
      });
    }
  }
  return !refused;
}

/** "an image has no action under SE(3): …" said of this input. */
function refusalText(title: string, reason: string): string {
  const rest = /\b(?:has|have) (no action under .*)$/s.exec(reason)?.[1];
  return rest ? `${title} has ${rest}` : `${title}: ${reason}`;
}

/** The declarations that a reason proposes: "declare it as fourvector, or as scalar if it does not change". */
function otherTypes(model: FileReading, name: string, reason: string): Repair[] {
  const port = [...model.inputs, ...model.outputs].find((one) => one.name === name);
  if (!port) return [];
  const proposed = [...reason.matchAll(/\bas (\w+)/g)].map((match) => match[1]!).filter(isTypeName);
  return [...new Set([...proposed, 'constant'])].map((kind) => {
    const plain = kind === 'scalar' || kind === 'constant';
    // Plain numbers have no trailing axes of their own, so those of the old type are written out.
    const sizes = plain ? trailingShape(port.type.representation).map((size) => ({ size })) : [];
    const type = { representation: { kind } as Representation, axes: [...port.type.axes, ...sizes] };
    return {
      title: `Declare \`${name}\` as ${kind}${kind === 'constant' ? ': no group changes it' : ''}`,
      text: typeText(type),
      anchor: { node: port.node, property: 'type' },
    };
  });
}

function portRelated(model: PlainReading, name: string, direction: string) {
  const ports = model.kind === 'family' ? [] : [...model.inputs, ...model.outputs];
  const port = ports.find((one) => one.name === name && one.node.direction === direction);
  return port && [{ message: 'declared here', node: port.node, property: 'type' }];
}

/** A factor that moves no input makes a check that any model passes. */
function checkVacuous({ check, group, model }: CheckParts, signature: Signature, report: Report): void {
  for (const [index, factor] of factorsOf(group).entries()) {
    if (factor.kind === 'trivial') continue;
    if (signature.inputs.length === 0 || !signature.inputs.every(({ type }) => leavesAlone(factor, type)))
      continue;
    const types = listText(
      signature.inputs.map(({ name, type }) => `\`${name}: ${typeText(type)}\``),
      'and',
    );
    report({
      code: 'group/moves-nothing',
      severity: 'warning',
      message: `\`${check.group.factors[index]?.$cstNode?.text}\` changes no input of \`${model.node.name}\`, so every model passes`,
      expected: 'an input that the group changes',
      found: types,
      advice: `The inputs are ${types}.`,
      node: check.group,
      property: 'factors',
      index,
    });
  }
}
