/** test-fixtures/images: what is true of its networks is what comes out. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  for (const name of ['images.equi', 'tiles.npz', 'round.onnx', 'round-map.onnx', 'quarter.onnx'])
    workspace.copy(`images/${name}`, name);
});
afterAll(() => workspace.remove());

it('tells a network of quarter turns from one of all rotations', async () => {
  const ended = await run(workspace, 'run', 'images.equi', '--json', '-');
  const report = reportIn(ended.stdout);
  expect(ended.code).toBe(0);
  expect(report.checks.map(({ verification }) => verification?.verdict)).toEqual([
    'holds',
    'holds',
    'holds',
    'violated',
  ]);
  expect(report.checks[3]!.verification!.grid).toMatchObject({ exact: 'C(4)', exactVerdict: 'holds' });
  expect(report.discoveries![0]!.discovery!.found).toBe('C(4)');
  const shown = await run(workspace, 'check', 'images.equi');
  expect(shown.stdout).toMatch(/information images\.equi:\d+ verify\/between-pixels/);
}, 120_000);
