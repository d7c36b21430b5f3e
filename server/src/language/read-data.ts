/** A `data` block -> fields and options. */
import type { ContactWindows, DataField } from '@noether/engine/catalog';
import { type Data, type Entry, isStringValue, isTerm, type Value } from './generated/ast.ts';
import { dataOptions, type LanguageOption } from './option-descriptions.ts';
import { readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Repair, type Report } from './problem.ts';
import { isTypeName } from './type-descriptions.ts';
import { fieldTypeOf } from './types.ts';
import { unknownName } from './unknown-name.ts';
import { valueKindText } from './value-text.ts';

export interface ReadField extends DataField {
  readonly node: Entry;
}

export interface DataReading {
  readonly node: Data;
  /** The path as written, relative to the specification. */
  readonly path: string;
  readonly fields: readonly ReadField[];
  readonly samples: number;
  readonly skip: number;
  readonly sizes: Readonly<Record<string, string>>;
  /** How a list of contacts is cut into samples; undefined without `snapshot`. */
  readonly contacts: ContactWindows | undefined;
  /** Entries of the options that are given. */
  readonly options: ReadonlyMap<string, Entry>;
}

/**
 * Whether an entry of a data block is an option and not a field. A type decides for a field, whatever its name: an
 * array may be called `samples`.
 */
export function isDataOption(entry: Entry, options: readonly LanguageOption[] = dataOptions): boolean {
  if (isTerm(entry.value) && (isTypeName(entry.value.name) || entry.value.axes.length > 0)) return false;
  return options.some(({ name }) => name === entry.name);
}

/** Reports `spec/…` problems and returns the fields and options that make sense. */
export function readData(data: Data, report: Report = ignoreProblems): DataReading {
  const fields: ReadField[] = [];
  const options: Entry[] = [];
  for (const entry of data.entries) {
    if (isDataOption(entry)) {
      options.push(entry);
      continue;
    }
    const field = readField(entry, report);
    if (!field) continue;
    const earlier = fields.find(({ name }) => name === field.name);
    if (earlier) {
      report({
        code: 'spec/repeated-field',
        message: `the field \`${field.name}\` is declared twice`,
        advice: 'Give one of them another name and say where it comes from: `other: scalar from "array"`.',
        node: entry,
        property: 'name',
        related: [{ message: 'first declared here', node: earlier.node, property: 'name' }],
      });
      continue;
    }
    fields.push(field);
  }
  const { given, entries } = readOptions(options, dataOptions, 'data', report);
  const values = withDefaults(dataOptions, given);
  if (data.entries.length === 0 && data.$cstNode) {
    report({
      code: 'spec/no-fields',
      message: `\`${data.name}\` declares no fields`,
      expected: 'at least one field, such as `positions: position[atom]`',
      node: data,
      property: 'name',
    });
  }
  for (const name of ['window', 'stride']) {
    const entry = entries.get(name);
    if (!entry || entries.has('snapshot')) continue;
    report({
      code: 'spec/option-conflict',
      message: `\`${name}\` counts graphs, and without \`snapshot\` there are none`,
      expected: '`snapshot`: how long the contacts are gathered to one graph',
      advice: `Add \`snapshot: 3600\`, or take out \`${name}\`. They are for lists of contacts.`,
      node: entry,
      property: 'name',
    });
  }
  return {
    node: data,
    path: data.path ?? '',
    fields,
    samples: values.samples as number,
    skip: values.skip as number,
    sizes: values.sizes as Readonly<Record<string, string>>,
    contacts: contactsOf(values),
    options: entries,
  };
}

function contactsOf({
  snapshot,
  window,
  stride,
}: ReturnType<typeof withDefaults>): ContactWindows | undefined {
  if (snapshot === undefined) return undefined;
  const graphs = window as number;
  return { snapshot: snapshot as number, window: graphs, stride: (stride as number | undefined) ?? graphs };
}

function readField(entry: Entry, report: Report): ReadField | undefined {
  const { value } = entry;
  if (isTerm(value)) {
    // A misspelt option with a plain word (`sampels: all`) is read as a field with an unknown type.
    const type = fieldTypeOf(value, report);
    return type && { name: entry.name, type, source: entry.source, node: entry };
  }
  const known = dataOptions.map(({ name }) => name);
  const problem = unknownName({
    code: 'spec/unknown-option',
    kind: 'option',
    lead: 'data has no option',
    name: entry.name,
    known,
    node: entry,
    property: 'name',
  });
  const isNear = (problem.repairs?.length ?? 0) > 0;
  report(
    isNear
      ? problem
      : {
          code: 'spec/field-type',
          message: `the field \`${entry.name}\` needs a type, not ${valueKindText(value)}`,
          expected: 'a type, such as `position[atom]`',
          found: valueKindText(value),
          advice: `Options of data are ${known.join(', ')}; everything else is a field.`,
          node: value?.$cstNode ? value : entry,
          repairs: typeWithoutQuotes(value),
        },
  );
  return undefined;
}

/** A type in quotes was meant without them. */
function typeWithoutQuotes(value: Value): Repair[] {
  if (!isStringValue(value) || !isTypeName(value.text)) return [];
  return [{ title: 'Remove the quotes', text: value.text }];
}
