/**
 * Options against a family's descriptions. The language checks them as they are written; this is the check for every
 * other caller, and the one place that fills in defaults.
 */
import { Fault, type FindingCode } from '../fault.ts';
import type { FamilyDescription, OptionDescription, Options, OptionValue } from './description.ts';

/** `knn(16)` as { call: 'knn', arguments: [16] }; a bare word has no arguments. */
export interface Call {
  readonly call: string;
  readonly arguments: readonly number[];
}

/** Checked values by name, defaults filled in. Asking for another kind than the description states is a defect. */
export interface OptionReader {
  /** A number or integer; `undefined` only where the description has no default. */
  number(name: string): number | undefined;
  /** A choice. */
  word(name: string): string;
  boolean(name: string): boolean;
  /** Choices or fields. */
  words(name: string): readonly string[];
  numbers(name: string): readonly number[];
  call(name: string): Call;
}

/**
 * @throws Fault `model/unknown-option`, `model/option-type`, `model/option-range`.
 */
export function readOptions(
  family: Pick<FamilyDescription, 'name' | 'options'>,
  options: Options,
): OptionReader {
  const values = new Map<string, unknown>();
  for (const option of family.options) values.set(option.name, option.default);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const option = family.options.find((one) => one.name === name);
    if (!option) throw unknown(family, name);
    values.set(name, checked(family.name, option, value));
  }
  const get = (name: string): unknown => {
    if (!values.has(name)) throw new Error(`${family.name} describes no option ${name}`);
    return values.get(name);
  };
  return {
    number: (name) => get(name) as number | undefined,
    word: (name) => get(name) as string,
    boolean: (name) => get(name) as boolean,
    words: (name) => get(name) as readonly string[],
    numbers: (name) => get(name) as readonly number[],
    call: (name) => {
      const value = get(name) as string | Call;
      return typeof value === 'string' ? { call: value, arguments: [] } : value;
    },
  };
}

function checked(family: string, option: OptionDescription, value: OptionValue): unknown {
  const list = Array.isArray(value) ? (value as readonly OptionValue[]) : [value];
  switch (option.type) {
    case 'number':
    case 'integer':
      return numberIn(family, option, value, option.type === 'integer');
    case 'integers':
    case 'numbers':
      return list.map((item) => numberIn(family, option, item, option.type === 'integers'));
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw mistyped(family, option, 'true or false', value);
    case 'choice':
      return wordIn(family, option, value, option.choices);
    case 'choices':
      return list.map((item) => wordIn(family, option, item, option.choices));
    case 'fields':
    case 'file':
      for (const item of list) {
        if (typeof item !== 'string') throw mistyped(family, option, 'names', item);
      }
      return option.type === 'file' ? value : list;
    case 'call':
      return callIn(family, option, value);
  }
}

function numberIn(
  family: string,
  option: OptionDescription & { readonly min?: number; readonly max?: number },
  value: OptionValue,
  whole: boolean,
): number {
  if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
    throw mistyped(family, option, whole ? 'a whole number' : 'a number', value);
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = option;
  if (value >= min && value <= max) return value;
  const range = Number.isFinite(max) ? `${min} to ${max}` : `at least ${min}`;
  throw fault('model/option-range', family, option, `has to be ${range}`, range, value);
}

function wordIn(
  family: string,
  option: OptionDescription,
  value: OptionValue,
  known: readonly string[],
): string {
  if (typeof value === 'string' && known.includes(value)) return value;
  throw mistyped(family, option, `one of ${known.join(', ')}`, value);
}

function callIn(family: string, option: OptionDescription & { type: 'call' }, value: OptionValue): Call {
  const call: Call | undefined =
    typeof value === 'string'
      ? { call: value, arguments: [] }
      : typeof value === 'object' && 'call' in value
        ? value
        : undefined;
  const described = option.calls.find(({ name }) => name === call?.call);
  if (call && described && call.arguments.length === described.parameters.length) return call;
  const forms = option.calls.map(({ name, parameters }) =>
    parameters.length ? `${name}(${parameters.join(', ')})` : name,
  );
  throw mistyped(family, option, forms.join(', '), value);
}

function unknown(family: Pick<FamilyDescription, 'name' | 'options'>, name: string): Fault {
  return new Fault({
    code: 'model/unknown-option',
    message: `${family.name} has no option \`${name}\``,
    expected: family.options.map((option) => option.name).join(', '),
    found: name,
    advice: 'Take it out, or write one of the options that the family has.',
  });
}

function mistyped(family: string, option: OptionDescription, expected: string, value: OptionValue): Fault {
  return fault('model/option-type', family, option, `takes ${expected}`, expected, value);
}

function fault(
  code: FindingCode,
  family: string,
  option: OptionDescription,
  rule: string,
  expected: string,
  value: OptionValue,
): Fault {
  const found = optionText(value);
  return new Fault({
    code,
    message: `${family}'s option \`${option.name}\` ${rule}, not ${found}`,
    expected,
    found,
    advice: `Correct the value of \`${option.name}\`.`,
  });
}

/** A value as the language writes it. */
function optionText(value: OptionValue): string {
  if (Array.isArray(value)) return `[${value.map(optionText).join(', ')}]`;
  if (typeof value === 'object' && 'call' in value) return `${value.call}(${value.arguments.join(', ')})`;
  return String(value);
}
