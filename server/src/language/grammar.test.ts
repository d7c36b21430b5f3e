/** The grammar itself: no ambiguities, and recovery that keeps later items. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Specification } from './generated/ast.ts';
import { fixture, testServices } from './testing/build.ts';

afterEach(() => vi.restoreAllMocks());

describe('grammar', () => {
  test('has no ambiguous alternatives', () => {
    const said: unknown[][] = [];
    for (const method of ['log', 'warn', 'error', 'info'] as const) {
      vi.spyOn(console, method).mockImplementation((...args) => said.push(args));
    }
    const { equi } = testServices();
    for (const name of ['checks', 'groups', 'types', 'words-as-names']) {
      const result = equi.parser.LangiumParser.parse(fixture(`valid/${name}.equi`));
      expect(result.parserErrors.map(({ message }) => message)).toEqual([]);
    }
    expect(said).toEqual([]);
  });

  test.each([
    ['unclosed-block', ['Data', 'Model', 'Check']],
    ['missing-values', ['Data', 'Model', 'Check']],
    ['punctuation', ['Data', 'Data', 'Model', 'Check', 'Check', 'Check', 'Data']],
  ])('items behind an error are still read: %s', (name, types) => {
    const { equi } = testServices();
    const { value } = equi.parser.LangiumParser.parse<Specification>(fixture(`invalid/${name}.equi`));
    expect(value.items.map(({ $type }) => $type)).toEqual(types);
  });

  test('a long file is read without errors', () => {
    const { equi } = testServices();
    const text = fixture('valid/checks.equi').repeat(60);
    const { parserErrors } = equi.parser.LangiumParser.parse(text);
    expect(parserErrors).toEqual([]);
  });
});
