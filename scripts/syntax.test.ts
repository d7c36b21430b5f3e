/** The TextMate grammar is what the language says today, and colours a file as it did. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { syntaxFile, syntaxText } from './syntax.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('syntaxes/equi.tmLanguage.json is up to date (else: node scripts/syntax.ts)', () => {
  expect(readFileSync(syntaxFile, 'utf8')).toBe(syntaxText());
});

/** `vscode-tmgrammar-snap -u …` with these arguments writes the snapshot anew. */
test('scopes of every construct', () => {
  const tool = createRequire(import.meta.url).resolve('vscode-tmgrammar-test/dist/snapshot.js');
  const output = execFileSync(
    process.execPath,
    [
      tool,
      '--grammar',
      syntaxFile,
      '--scope',
      'source.equi',
      'test-fixtures/language/syntax/everything.equi',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(output).toContain('everything.equi');
  const scopes = readFileSync(
    new URL('../test-fixtures/language/syntax/everything.equi.snap', import.meta.url),
    'utf8',
  );
  // Every named part of the grammar colours something; no part is dead.
  const names = [...syntaxText().matchAll(/"name": "([a-z.-]+\.equi)"/g)].map((match) => match[1]!);
  expect(names.filter((name) => !scopes.includes(name))).toEqual([]);
});
