/** A list of contacts as SocioPatterns publishes them, from the file to links that are foreseen, through the command line. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomFromSeed } from '@noether/engine';
import { afterAll, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { createWorkspace, run } from './testing/run-noether.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());
const page = fileURLToPath(new URL('../../../docs/models/peng-cde.md', import.meta.url));

/** Ten people at two tables, who now and then visit the other one: "t i j" each 20 s for 12 hours, seconds from 8 o'clock. */
function drawContacts(): string {
  const random = randomFromSeed(5).stream('contacts');
  const lines: string[] = [];
  const met = new Set<number>();
  for (let t = 28_800; t < 72_000; t += 20) {
    for (let i = 0; i < 10; i++) {
      for (let j = i + 1; j < 10; j++) {
        const pair = 10 * i + j;
        const starts = i % 2 === j % 2 ? 0.003 : 0.0001;
        const stays = met.has(pair) ? random.uniform() < 0.9 : random.uniform() < starts;
        if (!stays) met.delete(pair);
        else {
          met.add(pair);
          lines.push(`${t}\t${1000 + i}\t${1000 + j}`);
        }
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of the page about real contact networks, with a training short enough for a test. */
function specification(): string {
  const section = readFileSync(page, 'utf8').split('### Real contact networks\n')[1]!.split('\n### ')[0]!;
  const lines = section.split('\n').filter((line) => line.startsWith('    '));
  return `${lines.join('\n').replace('steps: 400', 'steps: 3  batch: 2  test: 2').replace('snapshot: 3600', 'snapshot: 900')}
claim "scored" { auc(next, office) <= 1  seeds: 1 }
`;
}

it('checks and trains the page on link prediction from a list of contacts', async () => {
  workspace.write('office.contacts', drawContacts());
  workspace.write('office.equi', specification());
  const { code, stdout, stderr } = await run(workspace, 'run', 'office.equi', '--json', '-');
  expect(stderr).not.toMatch(/error/i);
  const report = JSON.parse(stdout) as Report;
  expect(report.checks[0]).toMatchObject({ verification: { verdict: 'holds' } });
  expect(report.checks[0]!.data).toMatchObject({ samples: 7, available: 7 });
  expect(JSON.stringify(report.trainings)).toMatch(/"auc":0\.\d+/);
  expect(code).toBe(0);
});

it('says what a list of contacts needs, and whom `window` is for', async () => {
  workspace.write('bare.equi', specification().replace('snapshot: 900  window: 6', ''));
  const bare = await run(workspace, 'check', 'bare.equi');
  expect(bare.stdout + bare.stderr).toContain('`snapshot` says how long each of them lasts');
  expect(bare.code).not.toBe(0);
  workspace.write('window.equi', specification().replace('snapshot: 900', ''));
  const window = await run(workspace, 'check', 'window.equi');
  expect(window.stdout + window.stderr).toContain(
    '`window` counts graphs, and without `snapshot` there are none',
  );
});
