/** Models of the user's own, from the command line to the report: live Python and TensorFlow.js. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npyBytes, npzBytes } from '../../../scripts/fixtures/write-npz.ts';
import type { Report } from '../report/index.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const fixtures = fileURLToPath(new URL('../../../test-fixtures', import.meta.url));

function pythonWith(name: string): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import numpy, ${name}`]).status === 0,
  );
}
const python = pythonWith('numpy');
const torch = pythonWith('torch');

/** The folder of an interpreter. */
function whereIs(interpreter: string): string {
  const code = 'import os, sys; print(os.path.dirname(sys.executable))';
  return spawnSync(interpreter, ['-c', code], { encoding: 'utf8' }).stdout.trim();
}

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  cpSync(join(fixtures, 'python'), workspace.folder, { recursive: true });
  cpSync(join(fixtures, 'tfjs'), join(workspace.folder, 'tfjs'), { recursive: true });
  const positions = Float32Array.from({ length: 2 * 12 * 3 }, (_, i) => Math.sin(1.7 * i));
  workspace.write(
    'points.npy',
    npyBytes({ descr: '<f4', shape: [2, 12, 3], data: new Uint8Array(positions.buffer) }),
  );
});
afterEach(() => workspace.remove());

/** A specification with one model of one input, and one check. */
function specification(model: string, check: string): void {
  workspace.write(
    'spec.equi',
    `data points from "points.npy" { positions: position[atom] from "points" }\n${model}\n${check}\n`,
  );
}

async function report(...flags: string[]): Promise<{ code: number | null; report: Report; stderr: string }> {
  const { code, stdout, stderr } = await run(workspace, 'check', 'spec.equi', '--json', '-', ...flags);
  return { code, report: JSON.parse(stdout) as Report, stderr };
}

/** Processes that work in the folder; Linux tells, other systems are not asked. */
function processesIn(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

const ports = 'input positions: position[atom]  output energy: scalar';

describe.skipIf(!python)('a Python model', () => {
  it('has results that are kept until a source that it imports changes', async () => {
    specification(
      `model energy from python "plain:energy" { ${ports} }`,
      'check energy on points under E(3) * S(atom) { elements: 4 }',
    );
    const flags = ['--python', python!];
    const first = await report(...flags);
    expect(first.code).toBe(0);
    expect((await report(...flags)).report.checks[0]!.cached).toBe(true);
    workspace.write('constants.py', 'WIDTHS = (0.5, 2.0)\n');
    expect((await report(...flags)).report.checks[0]!.cached).toBe(false);
  });

  it('that raises is a finding at its own line, in the report and in the terminal', async () => {
    specification(
      `model bad from python "trouble:raises" { input x: position[atom]  output energy: scalar }`,
      'check bad on points under E(3)',
    );
    const { code, report: found } = await report('--python', python!);
    expect(code).toBe(3);
    expect(found.checks[0]!.findings).toMatchObject([
      {
        code: 'model/python-error',
        place: { file: expect.stringMatching(/trouble\.py$/), line: 22 },
      },
    ]);
    const { stdout, stderr } = await run(workspace, 'check', 'spec.equi', '--python', python!, '--verbose');
    expect(stdout).toContain('trouble.py:22');
    expect(stdout).not.toContain('Traceback');
    expect(stderr).toContain('Traceback');
  });

  it('that returns NaN or hangs ends as findings, and leaves no process behind', async () => {
    specification(
      `model hang from python "trouble:hangs" { input x: position[atom]  output energy: scalar }
       model nan from python "trouble:not_a_number" { input x: position[atom]  output energy: scalar }`,
      'check hang on points under E(3) { time: 2 }\ncheck nan on points under E(3)',
    );
    const { code, report: found } = await report('--python', python!);
    expect(code).toBe(3);
    expect(found.checks.map(({ findings }) => findings[0]!.code)).toEqual([
      'job/time-limit',
      'verify/non-finite',
    ]);
    expect(processesIn(workspace.folder)).toEqual([]);
  });
});

describe.skipIf(!torch)('a PyTorch model', () => {
  it('with a planted break is violated, and its layer is named', async () => {
    const species = Int32Array.from({ length: 24 }, (_, i) => i % 5);
    const positions = Float32Array.from({ length: 2 * 12 * 3 }, (_, i) => Math.sin(1.7 * i));
    workspace.write(
      'points.npz',
      npzBytes({
        positions: { descr: '<f4', shape: [2, 12, 3], data: new Uint8Array(positions.buffer) },
        species: { descr: '<i4', shape: [2, 12], data: new Uint8Array(species.buffer) },
      }),
    );
    workspace.write(
      'spec.equi',
      `data points from "points.npz" { positions: position[atom]  species: category(10)[atom] }
       model steady from python "nets:steady" { ${ports}  input species: category(10)[atom] }
       model broken from python "nets:broken" { ${ports}  input species: category(10)[atom] }
       check steady on points under E(3) * S(atom) { elements: 8 }
       check broken on points under E(3) { elements: 8 }`,
    );
    const { code, report: found } = await report('--python', torch!);
    expect(code).toBe(1);
    expect(found.checks.map(({ verification }) => verification!.verdict)).toEqual(['holds', 'violated']);
    const named = found.checks[1]!.findings.find((each) => each.code === 'verify/first-broken-layer');
    expect(named?.message).toMatch(/^`second\./);
  });

  it('is searched for its worst case along its gradients, and without them where they raise', async () => {
    specification(
      `model pose from python "gradients:pose" { input x: position[atom]  output value: scalar }
       model torn from python "gradients:broken_pose" { input x: position[atom]  output value: scalar }`,
      `check pose on points under SE(3) { elements: 4  search: worst }
       check torn on points under SE(3) { elements: 4  search: worst }`,
    );
    const { code, report: found, stderr } = await report('--python', torch!);
    expect(code, stderr).toBe(1);
    const [pose, torn] = found.checks.map(({ verification }) => verification!.outputs[0]!);
    // The peak stands at 2, and 1 is all that there is elsewhere.
    expect(pose!.gap * pose!.scale).toBeGreaterThan(0.999);
    expect(pose!.search!.gradients).toBeGreaterThan(8);
    expect(torn!.search).toMatchObject({ decides: true });
    expect(torn!.verdict).toBe('violated');
    const raised = found.checks.map(({ findings }) =>
      findings.filter((each) => each.code === 'model/python-gradient'),
    );
    expect(raised[0]).toEqual([]);
    expect(raised[1]).toMatchObject([
      { severity: 'warning', place: { file: expect.stringMatching(/gradients\.py$/), line: 44 } },
    ]);
    const { stdout } = await run(workspace, 'check', 'spec.equi', '--python', torch!);
    expect(stdout).toContain('gradients.py:44');
  });
});

describe('describe', () => {
  it('tells inputs, outputs and parameters of a model of TensorFlow.js', async () => {
    const graph = await run(workspace, 'describe', 'tfjs/graph/model.json');
    expect(graph.stdout).toMatch(/input +positions +float32 +\[\?, \?, 3\]/);
    expect(graph.stdout).toMatch(/parameters: 40\noperators: +Const, GatherV2/);
    const layers = await run(workspace, 'describe', 'tfjs/layers/model.json');
    expect(layers.stdout).toMatch(/parameters: 41\nlayers: +Dense, Dropout/);
    const broken = await run(workspace, 'describe', 'tfjs/README.md');
    expect(broken.stderr).toContain('data/unknown-format');
  });

  it.skipIf(!torch)('tells what a callable takes, and how many parameters it has', async () => {
    const { code, stdout, stderr } = await run(
      { ...workspace, env: { ...workspace.env, PATH: [whereIs(torch!), process.env.PATH].join(delimiter) } },
      'describe',
      'nets:steady',
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/input +positions/);
    expect(stdout).toMatch(/parameters: [\d,]+\nruns in: +torch/);
  });
});

describe('a model of TensorFlow.js', () => {
  it('holds under the symmetry that it has, and violates the one that it has not', async () => {
    specification(
      `model deepsets from tfjs "tfjs/layers/model.json" { ${ports} }`,
      `check deepsets on points under S(atom)
       check deepsets on points under SO(3) { expect: violated }`,
    );
    const { code, report: found } = await report();
    expect(code).toBe(0);
    expect(found.checks.map(({ verification }) => verification!.verdict)).toEqual(['holds', 'violated']);
    expect(found.checks[0]!.model).toMatchObject({ parameterCount: 41 });
  });

  it('is kept until a shard changes', async () => {
    specification(
      `model deepsets from tfjs "tfjs/layers/model.json" { ${ports} }`,
      'check deepsets on points under S(atom) { elements: 4 }',
    );
    await report();
    expect((await report()).report.checks[0]!.cached).toBe(true);
    const weights = new Uint8Array(41 * 4);
    new Float32Array(weights.buffer).fill(0.25);
    workspace.write('tfjs/layers/weights.bin', weights);
    expect((await report()).report.checks[0]!.cached).toBe(false);
  });
});
