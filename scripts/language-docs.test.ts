/** docs/language.md says what the language is today, and its examples have no errors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codeDescriptions } from '../server/src/language/code-descriptions.ts';
import { build, diagnosticText, sorted } from '../server/src/language/testing/build.ts';
import { page, pageText, partNames } from './language-docs.ts';

const text = readFileSync(page, 'utf8');

test('the page is up to date (else: node scripts/language-docs.ts)', () => {
  expect(text).toBe(pageText(text));
});

test('the page has every part', () => {
  expect(partNames.filter((name) => !text.includes(`<!-- ${name} -->`))).toEqual([]);
});

const examples = [...text.matchAll(/```equi\n([\s\S]*?)```/g)].map((match) => match[1]!);

test.each(examples.map((example) => [example.split('\n')[0]!, example]))(
  'example: %s',
  async (_, example) => {
    const { document } = await build(example);
    const wrong = sorted(document.diagnostics).filter(({ severity }) => severity! <= 2);
    expect(wrong.map(diagnosticText)).toEqual([]);
  },
);

test('every code that the language gives is described, and no other', () => {
  const folder = fileURLToPath(new URL('../server/src/language', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/test|testing|generated|code-descriptions/.test(name),
  );
  const given = new Set(
    sources.flatMap((name) => {
      const source = readFileSync(join(folder, name), 'utf8');
      const plain = [
        ...source.matchAll(/'((?:syntax|spec|group|data|model|train|compare|discover|claim)\/[a-z-]+)'/g),
      ];
      const made = [...source.matchAll(/`(\$\{area\}|model)\/([a-z-]+)(\$\{direction\})?`/g)];
      return [
        ...plain.map((match) => match[1]!),
        ...made.flatMap(([, area, rest, direction]) =>
          direction ? [`${area}/${rest}input`, `${area}/${rest}output`] : [`spec/${rest}`, `group/${rest}`],
        ),
      ];
    }),
  );
  expect([...given].sort()).toEqual(Object.keys(codeDescriptions).sort());
});
