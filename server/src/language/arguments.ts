/** Arguments of a term, `tensor(2)` or `T(3, scale: 10)`: by position or by name. */
import type { FindingCode } from '@noether/engine/catalog';
import { closest, listText } from './closest.ts';
import {
  type Argument,
  isNumberValue,
  isStringValue,
  isTerm,
  type Term,
  type Value,
} from './generated/ast.ts';
import type { Report } from './problem.ts';
import { valueText } from './value-text.ts';

/** A parameter of a type or a group. Those after `named` have to be given by name. */
export interface Parameter {
  readonly name: string;
  /** True when the name must be written: `scale: 10`. */
  readonly named?: boolean;
}

/**
 * Sorts the arguments of `term` by parameter. Reports surplus, unknown and repeated ones.
 * @param code the area of the codes: `spec` or `group`.
 */
export function readArguments(
  term: Term,
  parameters: readonly Parameter[],
  area: 'spec' | 'group',
  report: Report,
): Map<string, Argument> {
  const found = new Map<string, Argument>();
  const positional = parameters.filter((parameter) => !parameter.named);
  let position = 0;
  for (const argument of term.arguments) {
    let name = argument.name;
    if (name === undefined) {
      const parameter = positional[position++];
      if (!parameter) {
        report(surplus(term, argument, positional, parameters, `${area}/surplus-argument`));
        continue;
      }
      name = parameter.name;
    } else if (!parameters.some((parameter) => parameter.name === name)) {
      const known = parameters.map((parameter) => parameter.name);
      const near = closest(name, known);
      report({
        code: `${area}/unknown-argument`,
        message: `\`${term.name}\` has no argument \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
        expected: known.length ? listText(known) : 'no arguments',
        found: name,
        node: argument,
        property: 'name',
        repairs: near ? [{ title: `Change to \`${near}\``, text: near }] : [],
      });
      continue;
    }
    if (found.has(name)) {
      report({
        code: `${area}/repeated-argument`,
        message: `\`${name}\` of \`${term.name}\` is given twice`,
        node: argument,
      });
      continue;
    }
    found.set(name, argument);
  }
  return found;
}

function surplus(
  term: Term,
  argument: Argument,
  positional: readonly Parameter[],
  parameters: readonly Parameter[],
  code: FindingCode,
) {
  const named = parameters.filter((parameter) => parameter.named).map((parameter) => parameter.name);
  return {
    code,
    message:
      positional.length === 0
        ? `\`${term.name}\` takes no argument here`
        : `\`${term.name}\` takes ${positional.length === 1 ? 'one argument' : `at most ${positional.length} arguments`} by position`,
    expected: positional.length ? positional.map((parameter) => parameter.name).join(', ') : 'no argument',
    found: valueText(argument.value),
    advice: named.length
      ? `Write the name of ${listText(named)}: \`${named[0]}: ${valueText(argument.value)}\`.`
      : undefined,
    node: argument,
  };
}

/** The number that a value is, or `undefined`. */
export function numberOf(value: Value | undefined): number | undefined {
  return isNumberValue(value) ? (value.negative ? -value.number : value.number) : undefined;
}

/** The bare word that a value is (`atom`, also when quoted), or `undefined`. */
export function wordOf(value: Value | undefined): string | undefined {
  if (isStringValue(value)) return value.text;
  if (isTerm(value) && value.arguments.length === 0 && value.axes.length === 0) return value.name;
  return undefined;
}
