/** What is said of wrong files: one snapshot a file, beside it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { build, diagnosticText, fixture, fixtureFolder, sorted } from './testing/build.ts';

const names = (folder: string) =>
  readdirSync(new URL(folder, fixtureFolder)).filter((name) => name.endsWith('.equi'));

describe('wrong files', () => {
  test.each(names('invalid/'))('%s', async (name) => {
    const { document } = await build(fixture(`invalid/${name}`));
    const diagnostics = sorted(document.diagnostics);
    expect(diagnostics.length).toBeGreaterThan(0);
    for (const { code, data, source } of diagnostics) {
      expect(code).toMatch(/^(syntax|spec|group|model|data|train|compare|discover|claim)\/[a-z0-9-]+$/);
      expect(data.code).toBe(code);
      expect(source).toBe('noether');
    }
    const text = `${diagnostics.map(diagnosticText).join('\n\n')}\n`;
    await expect(text).toMatchFileSnapshot(
      fileURLToPath(new URL(`invalid/${name.replace('.equi', '.txt')}`, fixtureFolder)),
    );
  });
});

describe('right files', () => {
  test.each(names('valid/'))('%s has no errors and no warnings', async (name) => {
    const { document } = await build(fixture(`valid/${name}`));
    const wrong = sorted(document.diagnostics).filter(({ severity }) => severity! <= 2);
    expect(wrong.map(diagnosticText)).toEqual([]);
  });
});
