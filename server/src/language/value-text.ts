/** Writes a value back as the language has it, on one line: for messages. */
import {
  isListValue,
  isMapValue,
  isNumberValue,
  isStringValue,
  type Term,
  type Value,
} from './generated/ast.ts';

export function valueText(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (isNumberValue(value)) return value.negative ? String(-value.number) : String(value.number);
  if (isStringValue(value)) return `"${value.text}"`;
  if (isListValue(value)) return `[${value.items.map(valueText).join(', ')}]`;
  if (isMapValue(value)) {
    return `[${value.pairs.map((pair) => `${pair.key}: ${valueText(pair.value)}`).join(', ')}]`;
  }
  return termText(value);
}

export function termText(term: Term): string {
  const inside = term.arguments
    .map(
      (argument) => `${argument.name === undefined ? '' : `${argument.name}: `}${valueText(argument.value)}`,
    )
    .join(', ');
  const brackets = term.axes.map((axis) => axis.index ?? axis.size).join(', ');
  return `${term.name}${inside ? `(${inside})` : ''}${brackets ? `[${brackets}]` : ''}`;
}

/** What kind of value it is, with the value: "the number 3", "the text \"a\"". */
export function valueKindText(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  const text = valueText(value);
  if (isNumberValue(value)) return `the number ${text}`;
  if (isStringValue(value)) return `the text ${text}`;
  if (isListValue(value) || isMapValue(value)) return `the list ${text}`;
  return `\`${text}\``;
}
