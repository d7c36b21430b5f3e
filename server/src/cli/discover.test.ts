/** `noether discover` as a process: real files, a real report. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomFromSeed, writeSafetensors } from '@noether/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepsOf } from './testing/doc-steps.ts';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const head = `
data objects from "objects.safetensors" { positions: position[point] }
model potential from onnx "potential.onnx" {
  input  positions: position[point]
  output energy:    scalar
  output forces:    vector[point]
}
`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = createWorkspace();
  const random = randomFromSeed(1);
  const data = Float64Array.from({ length: 8 * 10 * 3 }, () => 0.05 * random.normal());
  await writeSafetensors(join(workspace.folder, 'objects.safetensors'), {
    positions: { shape: [8, 10, 3], data },
  });
  workspace.copy('quickstart/models/potential.onnx', 'potential.onnx');
});
afterAll(() => workspace.remove());

it('finds the algebra of a potential, and says which check can be written', async () => {
  workspace.write(
    'discover.equi',
    `${head}discover potential on objects within affine(3) * S(point) { expect: [E(3), S(point)] }\n`,
  );
  const json = await run(workspace, 'discover', 'discover.equi', '--json', '-');
  const [found] = reportIn(json.stdout).discoveries!;
  expect(json.code).toBe(0);
  expect(found).toMatchObject({ asExpected: true, expect: 'E(3) * S(point)' });
  expect(found!.discovery).toMatchObject({
    verdict: 'found',
    found: 'se(3) + inversion + S(point)',
    checks: ['E(3) * S(point)'],
    algebra: { name: 'se(3)', dimension: 6, ambient: 12, closed: true },
  });
  // From the cache, for people.
  const ended = await run(workspace, 'discover', 'discover.equi');
  expect(ended.stdout).toContain(
    'discover potential on objects within affine(3) * S(point): se(3) + inversion + S(point)',
  );
  expect(ended.stdout).toMatch(/singular value +held out +direction/);
  expect(ended.stdout.match(/ symmetry {2}/g)).toHaveLength(6);
  expect(ended.stdout.match(/ broken {2}/g)).toHaveLength(6);
  expect(ended.stdout).toContain('a check can be written: under E(3) * S(point)');
  expect(ended.stdout).toContain('1 discovery: 1 as expected');
}, 120_000);

it('fails when another group is expected', async () => {
  workspace.write('other.equi', `${head}discover potential on objects within T(3) { expect: trivial }\n`);
  const ended = await run(workspace, 'discover', 'other.equi');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/error other\.equi:\d+ discover\/not-expected/);
  expect(ended.stdout).toContain('t(3), expected trivial');
}, 120_000);

it('docs/discover.md: its files are written, its commands are run', async () => {
  const url = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const steps = stepsOf(readFileSync(url('docs/discover.md'), 'utf8'));
  expect(steps.filter(({ kind }) => kind === 'command')).toHaveLength(2);
  const printed: string[] = [];
  for (const step of steps) {
    if (step.kind === 'file') workspace.write(step.name, step.text);
    else if (step.kind === 'folder')
      cpSync(url(`test-fixtures/${step.from}`), join(workspace.folder, step.name), { recursive: true });
    else {
      const [, ...args] = step.command.split(' ');
      const { code, stdout, stderr } = await run(workspace, ...(args as [string]));
      expect(code, `${stdout}${stderr}`).toBe(0);
      printed.push(stdout);
    }
  }
  expect(printed[0]).toContain('se(3) + inversion + S(point)');
  expect(printed[1]).toContain('within SE(3) * scaling: se(3)');
}, 120_000);
