/** docs/codes.md explains every code that Noether can give, and no others. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './root.ts';

const areas = [
  ...readFileSync(join(root, 'engine/src/fault.ts'), 'utf8').matchAll(/'(\w+)'(?=[^;]*\}\/\$\{string\})/g),
];
const code = new RegExp(`'((?:${areas.map((match) => match[1]).join('|')})/[a-z0-9]+(?:-[a-z0-9]+)*)'`, 'g');

const given = new Set(
  ['engine', 'server'].flatMap((workspace) =>
    readdirSync(join(root, workspace, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|testing|test-support/.test(file))
      .flatMap((file) => [...readFileSync(join(root, workspace, 'src', file), 'utf8').matchAll(code)])
      .map((match) => match[1]!),
  ),
);
const explained = [...readFileSync(join(root, 'docs/codes.md'), 'utf8').matchAll(/^### (\S+)$/gm)].map(
  (match) => match[1]!,
);

test('every code is explained once', () => {
  expect(areas.length).toBeGreaterThan(7);
  expect(given.size).toBeGreaterThan(150);
  expect([...given].filter((each) => !explained.includes(each)).sort()).toEqual([]);
  expect(explained.filter((each, i) => explained.indexOf(each) !== i)).toEqual([]);
});

test('nothing is explained that is not given', () => {
  expect(explained.filter((each) => !given.has(each))).toEqual([]);
});
