/** GroupExpression -> GroupSpec: `SE(3, scale: 10) * S(atom)`. */
import {
  type AmbientDescription,
  type AmbientSpec,
  ambientDescriptions,
  Fault,
  type GroupParameter,
  type GroupSpec,
  groupDescriptions,
  normaliseGroup,
} from '@noether/engine/catalog';
import type { AstNode } from 'langium';
import { numberOf, readArguments, wordOf } from './arguments.ts';
import type { Argument, GroupExpression, Term } from './generated/ast.ts';
import { groupAliases } from './group-aliases.ts';
import { boundsText } from './option-text.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { unknownName } from './unknown-name.ts';
import { valueKindText } from './value-text.ts';

/**
 * The group that an expression writes; one factor stands for itself. `undefined` when a factor makes no sense or the
 * factors make no direct product; what is wrong is reported with a code `group/…`.
 */
export function groupOf(expression: GroupExpression, report: Report = ignoreProblems): GroupSpec | undefined {
  const factors = expression.factors.map((factor) => factorOf(factor, report));
  if (factors.length === 0 || factors.some((factor) => factor === undefined)) return undefined;
  return productOf(factors as GroupSpec[], expression, report);
}

/** The product of factors, one of which stands for itself; reports, at `node`, that they make no direct product. */
export function productOf(
  factors: readonly GroupSpec[],
  node: AstNode,
  report: Report = ignoreProblems,
): GroupSpec | undefined {
  const spec: GroupSpec = factors.length === 1 ? factors[0]! : { kind: 'product', factors };
  try {
    normaliseGroup(spec);
    return spec;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report({ ...error.finding, node });
    return undefined;
  }
}

/** The factors of a group, products flattened. */
export function factorsOf(spec: GroupSpec): readonly Exclude<GroupSpec, { kind: 'product' }>[] {
  return spec.kind === 'product' ? spec.factors.flatMap(factorsOf) : [spec];
}

/** The group that a discovery looks inside: factors side by side, which need not commute. */
export function ambientOf(
  expression: GroupExpression,
  report: Report = ignoreProblems,
): AmbientSpec | undefined {
  const factors = expression.factors.map((factor) => factorOf(factor, report, ambientDescriptions));
  if (factors.length === 0 || factors.some((factor) => factor === undefined)) return undefined;
  return { factors: factors as AmbientSpec['factors'] };
}

/** One factor: `T(3, scale: 10)`. @param descriptions what names it may have */
export function factorOf(
  term: Term,
  report: Report = ignoreProblems,
  descriptions: readonly AmbientDescription[] = groupDescriptions,
): GroupSpec | undefined {
  const description = descriptions.find(({ name }) => name === term.name);
  if (!description) {
    report(unknownGroup(term, descriptions));
    return undefined;
  }
  if (term.axes.length > 0) {
    report({
      code: 'group/brackets',
      message: `a group takes parentheses, not brackets: \`${description.usage}\``,
      expected: description.usage,
      found: `[${term.axes.map((axis) => axis.index ?? axis.size).join(', ')}]`,
      node: term.axes[0]!,
    });
  }
  const parameters = description.parameters.map(({ name, positional }) => ({ name, named: !positional }));
  const given = readArguments(term, parameters, 'group', report);
  const values = new Map<string, number | string>();
  for (const parameter of description.parameters) {
    const argument = given.get(parameter.name);
    const value = argument
      ? argumentValue(term, parameter, argument, report)
      : omittedValue(term, description, parameter, report);
    if (value === 'wrong') return undefined;
    if (value !== undefined) values.set(parameter.name, value.is);
  }
  return { kind: term.name, ...Object.fromEntries(values) } as GroupSpec;
}

type Value = { readonly is: number | string } | 'wrong' | undefined;

function unknownGroup(term: Term, descriptions: readonly AmbientDescription[]) {
  const known: string[] = descriptions.map(({ name }) => name);
  const problem = unknownName({
    code: 'group/unknown',
    kind: 'group',
    name: term.name,
    known,
    aliases: groupAliases,
    node: term,
    property: 'name',
  });
  // `SO3` and `C4` are what people write elsewhere: the digit belongs into parentheses.
  const [, name, digits] = /^(SO|O|SE|E|T|C|D)(\d+)$/i.exec(term.name) ?? [];
  if (!name || term.arguments.length > 0) return problem;
  const written = `${name.toUpperCase()}(${digits})`;
  return {
    ...problem,
    message: `there is no group \`${term.name}\`; did you mean \`${written}\`?`,
    repairs: [{ title: `Change to \`${written}\``, text: written }],
  };
}

function omittedValue(
  term: Term,
  { usage, example }: AmbientDescription,
  parameter: GroupParameter,
  report: Report,
): Value {
  if (parameter.default !== undefined) return { is: parameter.default };
  if (!parameter.required) return undefined;
  report({
    code: 'group/argument',
    message: `\`${term.name}\` needs ${phraseOf(parameter)}: \`${usage}\``,
    expected: usage,
    found: term.name,
    advice: `As in \`${example}\`.`,
    node: term,
    repairs: parameter.choices?.map((choice) => ({
      title: `Change to \`${term.name}(${choice})\``,
      text: `${term.name}(${choice})`,
    })),
  });
  return 'wrong';
}

function argumentValue(term: Term, parameter: GroupParameter, argument: Argument, report: Report): Value {
  const { type, choices, min = -Infinity, max = Infinity } = parameter;
  const number = numberOf(argument.value);
  const word = wordOf(argument.value);
  if (type === 'index') {
    if (word) return { is: word };
  } else if (number !== undefined && (type === 'number' || Number.isInteger(number))) {
    if (choices ? choices.includes(number) : number >= min && number <= max) return { is: number };
  }
  const expected = expectedText(parameter);
  const found = valueKindText(argument.value);
  report({
    code: 'group/argument',
    message: `${phraseOf(parameter)} of \`${term.name}\` is ${expected}, not ${found}`,
    expected,
    found,
    node: argument,
  });
  return 'wrong';
}

function phraseOf({ name }: GroupParameter): string {
  const phrases: Record<string, string> = { dim: 'the dimension', index: 'the index set', n: 'the order' };
  return phrases[name] ?? `the ${name}`;
}

function expectedText({ type, choices, min, max }: GroupParameter): string {
  if (type === 'index') return 'a name';
  if (choices) return choices.join(' or ');
  return `${type === 'integer' ? 'a whole number' : 'a number'}${boundsText({ min, max })}`;
}
