/** What README.md says is run: its example, its commands on a user's own model, its links. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './root.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const example = /```\n([\s\S]*?)```/.exec(readme)![1]!;
const quickstart = join(root, 'test-fixtures', 'quickstart');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'noether-readme-'));
  cpSync(quickstart, folder, { recursive: true });
  copyFileSync(join(quickstart, 'models', 'potential.onnx'), join(folder, 'model.onnx'));
  copyFileSync(join(quickstart, 'data', 'objects.npz'), join(folder, 'samples.npz'));
  writeFileSync(
    join(folder, 'check.equi'),
    `data objects from "samples.npz" { positions: position[point]  samples: 2 }
     model mine from onnx "model.onnx" {
       input positions: position[point]  output energy: scalar  output forces: vector[point]
     }
     check mine on objects under SE(3) * S(point) { elements: 4 }`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function noether(...args: string[]) {
  return spawnSync(process.execPath, [join(root, 'server', 'src', 'noether.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
}

test('the example is a specification without a fault', () => {
  writeFileSync(join(folder, 'example.equi'), example);
  const { status, stdout, stderr } = noether('describe', 'example.equi');
  expect(`${stdout}${stderr}`).not.toMatch(/^error /m);
  expect(status).toBe(0);
});

test('every command on one’s own model runs', () => {
  const commands = [...readme.matchAll(/`noether ([^`]+)`/g)].map((match) => match[1]!.split(' '));
  expect(commands.map(([name]) => name)).toEqual(['describe', 'describe', 'check']);
  for (const command of commands) {
    const { status, stderr } = noether(...command);
    expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({
      command,
      status: 0,
      stderr: '',
    });
  }
}, 120_000);

test('links lead somewhere, and npm scripts exist', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(
    [...readme.matchAll(/^ {4}npm (?:run )?(\w+)/gm)].filter((match) => !(match[1]! in scripts)),
  ).toEqual([]);
});
