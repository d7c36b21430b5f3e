/** Models that other people's tools wrote, checked as their specifications say: PyTorch's exporter, Keras's converter. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const fixtures = fileURLToPath(new URL('../../../test-fixtures', import.meta.url));

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
});
afterAll(() => workspace.remove());

async function reportOf(name: string): Promise<Report> {
  const file = join(fixtures, name, `${name}.equi`);
  const { code, stdout, stderr } = await run(workspace, 'check', file, '--json', '-');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

const broken = (report: Report) =>
  report.checks
    .filter(({ verification }) => verification!.verdict === 'violated')
    .map(({ model }) => model!.name);

it('an EGNN and a set transformer, exported by torch at two opsets, with and without what was planted', async () => {
  const report = await reportOf('torch');
  expect(report.checks).toHaveLength(11);
  expect(broken(report)).toEqual(['slanted13', 'slanted16', 'ordered13', 'ordered16', 'set16']);
  // Both opsets are the same network: the same gap to rounding.
  const gaps = report.checks
    .filter(({ model }) => /^slanted/.test(model!.name))
    .map(({ verification }) => verification!.outputs.find(({ output }) => output === 'moved')!.gap);
  expect(gaps[1]! / gaps[0]!).toBeCloseTo(1, 4);
});

it('layers models of Keras and graph models of TensorFlow, as the converter writes them', async () => {
  const report = await reportOf('keras');
  expect(report.checks).toHaveLength(6);
  expect(broken(report)).toEqual(['window_net', 'leaky', 'texture']);
  // The sum that the leaking coordinate enters, and the first kernel. Without a type, values inside are not followed through
  // permutations, so the window is seen in the output.
  const named = report.checks.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === 'verify/first-broken-layer').map(({ place }) => place!.member),
  );
  expect(named).toEqual(['logits', 'StatefulPartitionedCall/add', 'stem']);
});

it.each(['keras/potential-saved', 'keras/potential-saved/saved_model.pb'])(
  'a SavedModel, %s, is told how to become a graph model',
  async (path) => {
    workspace.write(
      'saved.equi',
      `data clouds from "${join(fixtures, 'keras/samples.npz')}" { positions: position[atom]  species: category(10)[atom] }
       model saved from tfjs "${join(fixtures, path)}" {
         input positions: position[atom]  input species: category(10)[atom]  output energy: scalar
       }
       check saved on clouds under E(3)`,
    );
    const { code, stdout } = await run(workspace, 'check', 'saved.equi');
    expect(code).toBe(3);
    expect(stdout).toMatch(/model\/tfjs-saved-model[\s\S]*tensorflowjs_converter/);
  },
);
