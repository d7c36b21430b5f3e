/** Link prediction by PENG-CDE from a specification: trained, judged by the area under the curve, claimed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run } from './testing/run-noether.ts';

const contacts = fileURLToPath(new URL('../../../test-fixtures/peng-cde/data/contacts.npz', import.meta.url));

it('trains on graphs with times of their own and says how well links are foreseen', async () => {
  const workspace = createWorkspace();
  try {
    workspace.write('contacts.npz', readFileSync(contacts));
    workspace.write(
      'links.equi',
      `
data contacts from "contacts.npz" {
  adjacency: scalar[time, node, node]
  times:     constant[time]
  initial:   scalar[node] from "degree"
  asked:     constant[query]
  contact:   category(2)[node, node]
  samples:   8
}
model meeting is PENGCDE { level: link  outputs: 2  predict: final  outputs_at: asked  operator: none  hidden: 4  solver: heun }
train meeting on contacts { loss: cross_entropy(contact)  steps: 2  batch: 4  test: 2 }
check meeting on contacts under S(node) { elements: 1 }
claim "scored" { auc(meeting, contacts) <= 1  seeds: 1 }
`,
    );
    const { code, stdout } = await run(workspace, 'run', 'links.equi', '--json', '-');
    const report = reportIn(stdout);
    expect(JSON.stringify(report.trainings)).toMatch(/"auc":0\.\d+/);
    expect(report.checks[0]).toMatchObject({ verification: { verdict: 'holds' } });
    expect(report.claims![0]).toMatchObject({ status: 'done' });
    expect(code).toBe(0);
  } finally {
    workspace.remove();
  }
});
