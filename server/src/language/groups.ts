/** GroupExpression -> GroupSpec: `SE(3, scale: 10) * S(atom)`. */
import type { GroupSpec } from '@noether/engine/catalog';
import { numberOf, readArguments, wordOf } from './arguments.ts';
import type { Argument, GroupExpression, Term } from './generated/ast.ts';
import { type GroupParameter, groupAliases, groupForms } from './group-forms.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { unknownName } from './unknown-name.ts';
import { valueKindText } from './value-text.ts';

/**
 * The group that an expression writes; one factor stands for itself. `undefined` when a factor makes no sense; what is
 * wrong is reported with a code `group/…`.
 */
export function groupOf(expression: GroupExpression, report: Report = ignoreProblems): GroupSpec | undefined {
  const factors = expression.factors.map((factor) => factorOf(factor, report));
  if (factors.length === 0 || factors.some((factor) => factor === undefined)) return undefined;
  return factors.length === 1 ? factors[0] : { kind: 'product', factors: factors as GroupSpec[] };
}

/** The factors of a group, products flattened. */
export function factorsOf(spec: GroupSpec): readonly GroupSpec[] {
  return spec.kind === 'product' ? spec.factors.flatMap(factorsOf) : [spec];
}

/** One factor: `T(3, scale: 10)`. */
export function factorOf(term: Term, report: Report = ignoreProblems): GroupSpec | undefined {
  const form = groupForms.find(({ name }) => name === term.name);
  if (!form) {
    report(
      unknownName({
        code: 'group/unknown',
        kind: 'group',
        name: term.name,
        known: groupForms.map(({ name }) => name),
        aliases: groupAliases,
        node: term,
        property: 'name',
      }),
    );
    return undefined;
  }
  if (term.axes.length > 0) {
    report({
      code: 'group/brackets',
      message: `a group has no brackets: write \`${form.form}\``,
      expected: form.form,
      found: `[${term.axes.map((axis) => axis.index ?? axis.size).join(', ')}]`,
      node: term.axes[0]!,
    });
  }
  const given = readArguments(term, form.parameters, 'group', report);
  const values = new Map<string, number | string>();
  for (const parameter of form.parameters) {
    const value = parameterOf(term, form.form, parameter, given.get(parameter.name), report);
    if (value === 'wrong') return undefined;
    if (value !== undefined) values.set(parameter.name, value.value);
  }
  return { kind: term.name, ...Object.fromEntries(values) } as GroupSpec;
}

function parameterOf(
  term: Term,
  form: string,
  parameter: GroupParameter,
  argument: Argument | undefined,
  report: Report,
): { value: number | string } | 'wrong' | undefined {
  if (!argument) {
    if (parameter.default !== undefined) return { value: parameter.default };
    if (parameter.optional) return undefined;
    report({
      code: 'group/argument',
      message: `\`${term.name}\` needs ${parameter.phrase}: \`${form}\``,
      expected: form,
      found: term.name,
      node: term,
      repairs: parameter.choices?.map((choice) => ({
        title: `Change to \`${term.name}(${choice})\``,
        text: `${term.name}(${choice})`,
      })),
    });
    return 'wrong';
  }
  if (parameter.kind === 'index') {
    const word = wordOf(argument.value);
    if (word !== undefined) return { value: word };
    report(wrongArgument(term, parameter, argument, 'the name of an index set'));
    return 'wrong';
  }
  const number = numberOf(argument.value);
  const { choices, min = -Infinity, max = Infinity } = parameter;
  const fits =
    number !== undefined &&
    (parameter.kind !== 'integer' || Number.isInteger(number)) &&
    (choices ? choices.includes(number) : number >= min && number <= max);
  if (fits) return { value: number };
  const expected = choices
    ? choices.join(' or ')
    : `${parameter.kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`;
  report(wrongArgument(term, parameter, argument, expected));
  return 'wrong';
}

function wrongArgument(term: Term, parameter: GroupParameter, argument: Argument, expected: string) {
  const found = valueKindText(argument.value);
  return {
    code: 'group/argument',
    message: `${parameter.phrase} of \`${term.name}\` is ${expected}, not ${found}`,
    expected,
    found,
    node: argument,
  } as const;
}
