/** The value of one option, checked against its description. */

import type { GroupSpec } from '@noether/engine/catalog';
import { numberOf, wordOf } from './arguments.ts';
import { listText } from './closest.ts';
import { type Entry, isListValue, isMapValue, isStringValue, isTerm, type Value } from './generated/ast.ts';
import { factorOf, productOf } from './groups.ts';
import type { LanguageOption } from './option-descriptions.ts';
import { optionTypeText, rangeText } from './option-text.ts';
import type { ReadValue } from './options.ts';
import type { Report } from './problem.ts';
import { unknownName } from './unknown-name.ts';
import { valueKindText } from './value-text.ts';

/** @returns `undefined` after reporting, when the value is not one that the option takes. */
export function readOptionValue(entry: Entry, option: LanguageOption, report: Report): ReadValue | undefined {
  const { value } = entry;
  switch (option.type) {
    case 'number':
    case 'integer':
      return readNumber(value, option, report, entry);
    case 'number or word': {
      const word = wordOf(value);
      if (word !== undefined)
        return readWord(
          value,
          word,
          option,
          option.words.map(({ name }) => name),
          report,
        );
      return readNumber(value, option, report, entry);
    }
    case 'boolean': {
      const word = wordOf(value);
      if (word === 'true' || word === 'false') return word === 'true';
      return wrongValue(entry, option, value, report);
    }
    case 'choice': {
      const word = wordOf(value);
      return word === undefined
        ? wrongValue(entry, option, value, report)
        : readWord(value, word, option, option.choices, report);
    }
    case 'choices':
    case 'fields': {
      const items = isListValue(value) ? value.items : [value];
      const words = items.map((item) => {
        const word = wordOf(item);
        if (word === undefined) return wrongValue(entry, option, item, report);
        return option.type === 'fields' ? word : readWord(item, word, option, option.choices, report);
      });
      return words.some((word) => word === undefined) ? undefined : (words as string[]);
    }
    case 'integers':
    case 'numbers': {
      const items = isListValue(value) ? value.items : [value];
      const numbers = items.map((item) => readNumber(item, option, report, entry));
      return numbers.some((number) => number === undefined) ? undefined : (numbers as number[]);
    }
    case 'file':
      if (isStringValue(value) && value.text.trim() !== '') return value.text;
      return wrongValue(entry, option, value, report);
    case 'map':
      return readMap(entry, option, value, report);
    case 'call':
      return readCall(entry, option, value, report);
    case 'group':
      return readGroup(entry, option, value, report);
    case 'function':
      return readFunction(entry, option, value, report);
  }
}

function wrongValue(entry: Entry, option: LanguageOption, value: Value, report: Report): undefined {
  report({
    code: 'spec/option-type',
    message: `\`${option.name}\` takes ${optionTypeText(option)}, not ${valueKindText(value)}`,
    expected: optionTypeText(option),
    found: valueKindText(value),
    // A recovered value may have no text of its own; then the entry shows the problem.
    node: value?.$cstNode ? value : entry,
  });
  return undefined;
}

type NumberOption = Extract<
  LanguageOption,
  { type: 'number' | 'integer' | 'number or word' | 'integers' | 'numbers' }
>;

function readNumber(value: Value, option: NumberOption, report: Report, entry: Entry): number | undefined {
  const number = numberOf(value);
  if (number === undefined) return wrongValue(entry, option, value, report);
  const whole = option.type === 'integer' || option.type === 'integers';
  if (whole && !Number.isInteger(number)) return wrongValue(entry, option, value, report);
  if (!Number.isFinite(number) || number < (option.min ?? -Infinity) || number > (option.max ?? Infinity)) {
    report({
      code: 'spec/option-range',
      message: `\`${option.name}\` is ${number}, but has to be ${rangeText(option)}`,
      expected: rangeText(option),
      found: String(number),
      node: value,
    });
    return undefined;
  }
  return number;
}

function readWord(
  value: Value,
  word: string,
  option: LanguageOption,
  known: readonly string[],
  report: Report,
): string | undefined {
  if (known.includes(word)) return word;
  const problem = unknownName({
    code: 'spec/option-value',
    kind: 'value',
    lead: `\`${option.name}\` cannot be`,
    name: word,
    known,
    node: value,
  });
  report(option.type === 'number or word' ? { ...problem, expected: optionTypeText(option) } : problem);
  return undefined;
}

function readMap(entry: Entry, option: LanguageOption, value: Value, report: Report): ReadValue | undefined {
  if (isListValue(value) && value.items.length === 0) return {};
  if (!isMapValue(value)) return wrongValue(entry, option, value, report);
  const map = new Map<string, string>();
  for (const pair of value.pairs) {
    const word = wordOf(pair.value);
    if (word === undefined) {
      wrongValue(entry, option, pair.value, report);
    } else if (map.has(pair.key)) {
      report({
        code: 'spec/repeated-option',
        message: `\`${pair.key}\` is given twice`,
        advice: 'Keep one of them; the first one counts.',
        node: pair,
        property: 'key',
      });
    } else {
      map.set(pair.key, word);
    }
  }
  return Object.fromEntries(map);
}

type CallOption = Extract<LanguageOption, { type: 'call' }>;

function readCall(entry: Entry, option: CallOption, value: Value, report: Report): ReadValue | undefined {
  if (!isTerm(value) || value.axes.length > 0) return wrongValue(entry, option, value, report);
  const call = option.calls.find(({ name }) => name === value.name);
  if (!call) {
    const known = option.calls.map(({ name }) => name);
    report(
      unknownName({
        code: 'spec/option-value',
        kind: 'value',
        lead: `\`${option.name}\` cannot be`,
        name: value.name,
        known,
        node: value,
        property: 'name',
      }),
    );
    return undefined;
  }
  const numbers = value.arguments.map((argument) => numberOf(argument.value));
  if (numbers.length !== call.parameters.length || numbers.some((number) => number === undefined)) {
    const form = call.parameters.length ? `${call.name}(${call.parameters.join(', ')})` : call.name;
    report({
      code: 'spec/option-type',
      message: `\`${call.name}\` is written \`${form}\`${call.parameters.length ? `, with ${listText(call.parameters, 'and')} as ${numbers.length > 1 || call.parameters.length > 1 ? 'numbers' : 'a number'}` : ', without arguments'}`,
      expected: form,
      found: valueKindText(value),
      node: value,
    });
    return undefined;
  }
  return call.parameters.length === 0 ? call.name : { call: call.name, arguments: numbers as number[] };
}

type FunctionOption = Extract<LanguageOption, { type: 'function' }>;

function readFunction(
  entry: Entry,
  option: FunctionOption,
  value: Value,
  report: Report,
): ReadValue | undefined {
  if (!isTerm(value)) return wrongValue(entry, option, value, report);
  const known = option.functions.map(({ name }) => name);
  if (!known.includes(value.name)) {
    report(
      unknownName({
        code: 'spec/option-value',
        kind: 'value',
        lead: `\`${option.name}\` cannot be`,
        name: value.name,
        known,
        node: value,
        property: 'name',
      }),
    );
    return undefined;
  }
  const field = value.arguments.length === 1 ? wordOf(value.arguments[0]!.value) : undefined;
  if (field === undefined) return wrongValue(entry, option, value, report);
  return `${value.name}(${field})`;
}

/** One factor, or a list of them. */
function readGroup(
  entry: Entry,
  option: LanguageOption,
  value: Value,
  report: Report,
): ReadValue | undefined {
  const terms = isListValue(value) ? value.items : [value];
  if (terms.length === 0 || !terms.every(isTerm)) return wrongValue(entry, option, value, report);
  const factors = terms.map((term) => factorOf(term, report));
  if (factors.some((factor) => factor === undefined)) return undefined;
  return productOf(factors as GroupSpec[], value, report);
}
