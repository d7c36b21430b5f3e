/** Accepting results: later runs fail on worse ones, not on history. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const specification = (features: string) => `
data objects from "objects.npz" { positions: position[point]  samples: 1 }
model steady is Rapidash { space: R3  hidden: 4  layers: 1  basis: 2 }
model leaky is Rapidash { space: R3  hidden: 4  layers: 1  basis: 2${features} }
check steady on objects under E(3) { elements: 2 }
check leaky on objects under SE(3) as leak { elements: 2 }
`;
const broken = specification('  features: coordinates');

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  workspace.copy('quickstart/data/objects.npz', 'objects.npz');
  workspace.write('net.equi', broken);
});
afterAll(() => workspace.remove());

const file = () => join(workspace.folder, 'net.baseline.json');
async function check(): Promise<{ code: number | null; leak: Report['checks'][number]; report: Report }> {
  const { code, stdout } = await run(workspace, 'check', 'net.equi', '--json', '-');
  const report = JSON.parse(stdout) as Report;
  return { code, report, leak: report.checks.find(({ id }) => id === 'leak')! };
}

it('accepts, fails on worse, and forgets what is repaired', async () => {
  expect((await check()).code).toBe(1);
  const accepted = await run(workspace, 'baseline', 'net.equi');
  expect(accepted.code).toBe(0);
  expect(accepted.stderr).toContain('net.baseline.json: accepted leak\n');
  const written = JSON.parse(readFileSync(file(), 'utf8'));
  expect(Object.keys(written.checks)).toEqual(['leak']);
  expect(written.checks.leak.verdict).toBe('violated');

  const same = await check();
  expect(same.code).toBe(0);
  expect(same.leak).toMatchObject({ baseline: 'accepted', asExpected: true, expect: 'holds' });
  expect(same.report.checks.find(({ id }) => id !== 'leak')!.baseline).toBeUndefined();
  expect((await run(workspace, 'check', 'net.equi')).stdout).toMatch(/leak +violated, accepted/);

  // As if the accepted gap had been half of what it is now.
  for (const [name, gap] of Object.entries<number>(written.checks.leak.gaps))
    written.checks.leak.gaps[name] = gap / 2;
  workspace.write('net.baseline.json', JSON.stringify(written));
  const worse = await check();
  expect(worse.code).toBe(1);
  expect(worse.leak).toMatchObject({ baseline: 'worse', asExpected: false });
  const text = (await run(workspace, 'check', 'net.equi')).stdout;
  expect(text).toContain('verify/worse-than-baseline');

  workspace.write('net.equi', specification(''));
  expect((await check()).leak).toMatchObject({ asExpected: true });
  expect((await run(workspace, 'baseline', 'net.equi')).stderr).toContain('nothing to accept');
  expect(existsSync(file())).toBe(false);
});

it('says that a file is none of ours, and replaces it when asked to', async () => {
  workspace.write('net.equi', broken);
  workspace.write('net.baseline.json', '{"schema": "something else"}');
  const { code, stdout } = await run(workspace, 'check', 'net.equi');
  expect(code).toBe(2);
  expect(stdout).toContain('spec/baseline-unreadable');
  await run(workspace, 'baseline', 'net.equi');
  expect((await check()).code).toBe(0);
});
