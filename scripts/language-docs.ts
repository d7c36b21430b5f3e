/**
 * Fills the generated parts of docs/language.md, those between `<!-- NAME -->` and `<!-- / -->`, from the same
 * descriptions that the language server reads. `--check` writes nothing and fails when the page is old.
 *
 *     node scripts/language-docs.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ambientOnly, families, groupDescriptions, wrapperDescriptions } from '@noether/engine/catalog';
import { codeDescriptions } from '../server/src/language/code-descriptions.ts';
import { measureDescriptions, qualifierDescriptions } from '../server/src/language/measure-descriptions.ts';
import {
  benchmarkOptions,
  checkOptions,
  claimOptions,
  compareOptions,
  dataOptions,
  discoverOptions,
  familyOptions,
  type LanguageOption,
  pythonOptions,
  trainOptions,
} from '../server/src/language/option-descriptions.ts';
import { defaultText, optionTypeText } from '../server/src/language/option-text.ts';
import { modelSources } from '../server/src/language/read-model.ts';
import { typeDescriptions } from '../server/src/language/type-descriptions.ts';

export const page = fileURLToPath(new URL('../docs/language.md', import.meta.url));

const parts: Readonly<Record<string, () => string>> = {
  types: () =>
    table(
      ['Type', 'Example', 'Shape for one sample', ''],
      typeDescriptions.map(({ form, example, shape, doc }) => [
        form
          .split(' or ')
          .map((one) => `\`${one}\``)
          .join(' or '),
        `\`${example}\``,
        `\`${shape}\``,
        doc,
      ]),
    ),
  groups: () =>
    table(
      ['Group', 'Example', ''],
      groupDescriptions.map(({ usage, example, doc }) => [
        `\`${usage}\``,
        `\`${example.slice(example.indexOf('under ') + 6)}\``,
        doc.replaceAll('\n\n', ' '),
      ]),
    ),
  'group parameters': () =>
    table(
      ['Parameter', 'Of', 'Takes', 'Default', 'Unit', ''],
      groupDescriptions.flatMap(({ name, parameters }) =>
        parameters
          .filter(({ positional }) => !positional)
          .map((parameter) => [
            `\`${parameter.name}\``,
            `\`${name}\``,
            `a number from ${parameter.min} to ${parameter.max}`,
            String(parameter.default),
            parameter.unit ?? '',
            parameter.doc,
          ]),
      ),
    ),
  'ambient groups': () =>
    table(
      ['Group', 'Example', ''],
      ambientOnly.map(({ usage, example, doc }) => [
        `\`${usage}\``,
        `\`${example.slice(example.indexOf('within ') + 7)}\``,
        doc.replace(' For `discover` only.', ''),
      ]),
    ),
  'data options': () => optionTable(dataOptions),
  'check options': () => optionTable(checkOptions),
  'train options': () => optionTable(trainOptions),
  'benchmark options': () => optionTable(benchmarkOptions),
  'compare options': () => optionTable(compareOptions),
  'discover options': () => optionTable(discoverOptions),
  'claim options': () => optionTable(claimOptions),
  'model sources': () =>
    table(
      ['Kind', ''],
      modelSources.map(({ name, doc }) => [`\`${name}\``, doc]),
    ),
  wrappers: () =>
    table(
      ['Wrapper', ''],
      wrapperDescriptions.map(({ usage, doc }) => [`\`${usage}\``, doc]),
    ),
  'wrapper options': () =>
    table(
      ['Option', 'Of', 'Takes', 'Default', ''],
      wrapperDescriptions.flatMap(({ name, options }) =>
        options.map((option) => [
          `\`${option.name}\``,
          `\`${name}\``,
          optionTypeText(option),
          `\`${defaultText(option)}\``,
          option.doc,
        ]),
      ),
    ),
  'python options': () => optionTable(pythonOptions),
  'families options': () =>
    families
      .map((family) => {
        const own = new Set(family.options.map(({ name }) => name));
        const { title, authors, year } = family.paper;
        return [
          `### ${family.name}`,
          '',
          family.doc,
          '',
          `Paper: ${authors}, *${title}*, ${year}.`,
          '',
          optionTable([...family.options, ...familyOptions.filter(({ name }) => !own.has(name))]),
        ].join('\n');
      })
      .join('\n\n'),
  measures: () =>
    table(
      ['Measure', 'Unit', ''],
      measureDescriptions.map(({ name, takesData, unit, doc }) => [
        `\`${name}(${takesData ? 'model, data' : 'model'})\``,
        unit ?? '',
        doc,
      ]),
    ),
  qualifiers: () =>
    table(
      ['Word', ''],
      qualifierDescriptions.map(({ name, doc }) => [`\`${name}\``, doc]),
    ),
  codes: () =>
    table(
      ['Code', 'Meaning'],
      Object.entries(codeDescriptions).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
};

/** The page with its generated parts written anew. */
export function pageText(current: string): string {
  return current.replace(/(<!-- ([a-z ]+) -->\n)[\s\S]*?(<!-- \/ -->)/g, (_, open, name, close) => {
    const part = parts[name];
    if (!part) throw new Error(`docs/language.md asks for an unknown part: ${name}`);
    return `${open}\n${part()}\n\n${close}`;
  });
}

/** Names of all parts, each of which the page has to have. */
export const partNames = Object.keys(parts);

function optionTable(options: readonly LanguageOption[]): string {
  return table(
    ['Option', 'Takes', 'Default', 'Unit', ''],
    options.map((option) => [
      `\`${option.name}\``,
      optionTypeText(option),
      option.default === undefined ? 'none' : `\`${defaultText(option)}\``,
      option.unit ?? '',
      option.doc + breaksText(option),
    ]),
  );
}

function breaksText({ breaks }: LanguageOption): string {
  const entries = Object.entries(breaks ?? {});
  if (entries.length === 0) return '';
  return ` Symmetry: ${entries.map(([value, text]) => `\`${value}\` ${text}`).join('; ')}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const current = readFileSync(page, 'utf8');
  const text = pageText(current);
  if (!process.argv.includes('--check')) writeFileSync(page, text);
  else if (text !== current) {
    process.stderr.write('docs/language.md is old: run `node scripts/language-docs.ts`\n');
    process.exitCode = 1;
  }
}
