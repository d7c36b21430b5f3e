/** Entries `name: value` -> typed options. What an option means is data (option-descriptions.ts and the engine). */
import type { GroupSpec, OptionValue } from '@noether/engine/catalog';
import type { Entry } from './generated/ast.ts';
import type { LanguageOption } from './option-descriptions.ts';
import { readOptionValue } from './option-value.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** The value of an option as the language reads it: the engine's values, maps and groups. */
export type ReadValue = OptionValue | Readonly<Record<string, string>> | GroupSpec;

export interface ReadOptions {
  /** Only what the text says, in the order of the descriptions. */
  readonly given: Readonly<Record<string, ReadValue>>;
  /** The entry that each given option comes from. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Reads the options of a block. Unknown names, repeated ones and values of a wrong type or out of range are reported
 * with a code `spec/…`, and left out.
 * @param kind what the options belong to, for messages: "a check", "Rapidash".
 */
export function readOptions(
  entries: readonly Entry[],
  descriptions: readonly LanguageOption[],
  kind: string,
  report: Report = ignoreProblems,
): ReadOptions {
  const seen = new Map<string, Entry>();
  const values = new Map<string, ReadValue>();
  for (const entry of entries) {
    const description = descriptions.find(({ name }) => name === entry.name);
    if (!description) {
      report(
        unknownName({
          code: 'spec/unknown-option',
          kind: 'option',
          lead: `${kind} has no option`,
          name: entry.name,
          known: descriptions.map(({ name }) => name),
          node: entry,
          property: 'name',
        }),
      );
      continue;
    }
    const earlier = seen.get(entry.name);
    if (earlier) {
      report({
        code: 'spec/repeated-option',
        message: `\`${entry.name}\` is given twice`,
        advice: 'Keep one of them; the first one counts.',
        node: entry,
        property: 'name',
        related: [{ message: 'first given here', node: earlier, property: 'name' }],
      });
      continue;
    }
    seen.set(entry.name, entry);
    if (entry.source !== undefined) {
      report({
        code: 'spec/option-source',
        message: `\`from\` belongs to fields of data; the option \`${entry.name}\` has none`,
        found: `from ${entry.source}`,
        node: entry,
        property: 'source',
      });
    }
    const value = readOptionValue(entry, description, report);
    if (value !== undefined) values.set(entry.name, value);
  }
  const given = descriptions.flatMap(({ name }) => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { given: Object.fromEntries(given), entries: seen };
}

/** Every option: the given value, else its default; options that have neither are absent. */
export function withDefaults(
  descriptions: readonly LanguageOption[],
  given: Readonly<Record<string, ReadValue>>,
): Readonly<Record<string, ReadValue>> {
  const all = descriptions.flatMap((option) => {
    const value = given[option.name] ?? option.default;
    return value === undefined ? [] : [[option.name, value] as const];
  });
  return Object.fromEntries(all);
}
