/** `noether repair` as a process: before, after, and what becomes of the file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npyBytes } from '../../../scripts/fixtures/write-npz.ts';
import { writeRepairs } from './repair-files.ts';
import { stepsOf } from './testing/doc-steps.ts';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const url = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  workspace.copy('onnx/leaky.onnx', 'leaky.onnx');
  workspace.copy('onnx/recurrent.onnx', 'recurrent.onnx');
  points([2, 8, 3]);
});
afterEach(() => workspace.remove());

function points(shape: readonly number[], value = (i: number) => Math.sin(1.7 * i)): void {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i));
  workspace.write('points.npy', npyBytes({ descr: '<f4', shape, data: new Uint8Array(data.buffer) }));
}

const data = 'data points from "points.npy" { positions: position[atom] from "points" }';
const leaky = `${data}
model leaky from onnx "leaky.onnx" { input positions: position[atom]  output energy: scalar  output forces: vector[atom] }
`;

function specification(text: string): string {
  workspace.write('spec.equi', text);
  return text;
}

const text = (name = 'spec.equi') => readFileSync(join(workspace.folder, name), 'utf8');

describe('noether repair', () => {
  it('stacks wrappers for a product, takes the one that is picked, and writes a report', async () => {
    points([2, 3, 3]);
    specification(`${data}
model gru from onnx "recurrent.onnx" { input positions: position[atom]  output energy: scalar }
check gru on points under SE(3) * S(atom) {
  elements: 8
  within:   1e-5
}
`);
    const flags = ['--pick', 'gru_framed_2', '--write', '--json', 'report.json'];
    const { code, stdout, stderr } = await run(workspace, 'repair', 'gru', 'spec.equi', ...flags);
    expect(code, `${stdout}${stderr}`).toBe(0);
    const report = reportIn(readFileSync(join(workspace.folder, 'report.json'), 'utf8'));
    expect(
      report.checks.map(({ model, verification }) => `${model!.name}: ${verification!.verdict}`),
    ).toEqual(['gru: violated', 'gru_framed: holds', 'gru_framed_one: holds', 'gru_framed_2: holds']);
    expect(text()).toContain(`model gru_averaged = averaged(gru, S(atom))
model gru_framed_2 = framed(gru_averaged, SE(3))
check gru_framed_2 on points under SE(3) * S(atom) {
  elements: 8
  within:   1e-5
}`);
    expect((await run(workspace, 'check', 'spec.equi', '--only', 'gru_framed_2')).code).toBe(0);
  });

  it('averages over a finite group, and makes frames of momenta', async () => {
    cpSync(url('test-fixtures/tfjs/layers'), join(workspace.folder, 'layers'), { recursive: true });
    // Massive momenta: E^2 = p^2 + 1.
    const momenta = new Float64Array(2 * 5 * 4);
    for (let row = 0; row < 10; row++) {
      const p = [0, 1, 2].map((k) => Math.sin(3.1 * row + 1.3 * k));
      momenta.set([Math.sqrt(1 + p.reduce((sum, x) => sum + x * x, 0)), ...p], 4 * row);
    }
    const bytes = new Uint8Array(momenta.buffer);
    workspace.write('events.npy', npyBytes({ descr: '<f8', shape: [2, 5, 4], data: bytes }));
    specification(`${data}
model deepsets from tfjs "layers/model.json" { input positions: position[atom]  output energy: scalar }
check deepsets on points under C(4) { elements: 4 }
data events from "events.npy" { momenta: fourvector[particle] from "events" }
model tagger is LLoCa { blocks: 1  heads: 1  representation: [4, 1]  frames: identity }
check tagger on events under Lorentz { elements: 4  within: 1e-4 }
`);
    const finite = await run(workspace, 'repair', 'deepsets', '--write');
    expect(finite.code, finite.stderr).toBe(0);
    expect(finite.stdout).toMatch(/^deepsets_averaged +holds +\S+ +\S+ +4 +\S+x$/m);
    const boosts = await run(workspace, 'repair', 'tagger', '--write');
    expect(boosts.code, boosts.stderr).toBe(0);
    expect(boosts.stdout).toMatch(/^tagger_lloca +holds +\S+ +\S+ +1 +\S+x$/m);
    expect(text()).toContain('model deepsets_averaged = averaged(deepsets, C(4))\n');
    expect(text()).toContain('model tagger_lloca = lloca(tagger)\n');
  });

  it('says which inputs determine no frame, and ends with 1 where nothing holds', async () => {
    // The corners of a cube.
    points([2, 8, 3], (i) => (((Math.floor(i / 3) % 8) >> (i % 3)) & 1) - 0.5);
    const before = specification(`${leaky}check leaky on points under SE(3) { elements: 4  within: 1e-6 }\n`);
    const { code, stdout } = await run(workspace, 'repair', 'leaky', '--write');
    expect(code).toBe(1);
    expect(stdout).toContain('model/frame-degenerate');
    expect(stdout).toMatch(
      /leaky_framed: no frame is determined by 2 of 2 samples: points\.npy\[0\], .*: has equal moments/,
    );
    expect(stdout).toContain('None of them holds');
    expect(text()).toBe(before);
  });

  it('leaves what holds, and keeps line breaks as they are', async () => {
    specification(
      `${leaky}check leaky on points under S(atom) { elements: 4 }\ncheck leaky on points under T(3) { elements: 4 }`.replaceAll(
        '\n',
        '\r\n',
      ),
    );
    const { code, stdout } = await run(workspace, 'repair', 'leaky', '--write');
    expect(code).toBe(0);
    expect(stdout).toContain('leaky on points under S(atom): holds, nothing to repair');
    expect(text()).toContain(
      '\r\n\r\nmodel leaky_framed = framed(leaky, T(3))\r\ncheck leaky_framed on points under T(3) { elements: 4 }\r\n',
    );
    expect(text()).not.toMatch(/[^\r]\n/);
  });

  it.each([
    [['leaki', 'spec.equi'], 'repair/no-check', 'did you mean `leaky`?'],
    [['leaky', 'spec.equi', '--pick', 'nobody'], 'repair/no-proposal', 'leaky_framed'],
    [['absent'], 'repair/no-file', 'No specification here checks `absent`'],
  ])('%j is a mistake: %s', async (args, wanted, part) => {
    specification(`${leaky}check leaky on points under SE(3) { elements: 2 }\n`);
    const { code, stderr } = await run(workspace, 'repair', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(wanted);
    expect(stderr).toContain(part);
  });
});

it('a file that has changed while its checks ran stays as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'noether-repair-'));
  const file = join(folder, 'a.equi');
  writeFileSync(file, 'new');
  expect(() => writeRepairs(file, 'old', [])).toThrow('The specification has changed while its checks ran');
  expect(readFileSync(file, 'utf8')).toBe('new');
  rmSync(folder, { recursive: true });
});

it('docs/repair.md: its commands are run; nothing changes before --write, and then only once', async () => {
  const steps = stepsOf(readFileSync(url('docs/repair.md'), 'utf8'));
  const before = steps.find((step) => step.kind === 'file')!.text;
  const printed: string[] = [];
  const texts: string[] = [];
  for (const step of steps) {
    if (step.kind === 'file') workspace.write(step.name, step.text);
    else if (step.kind === 'folder')
      cpSync(join(url('test-fixtures'), step.from), join(workspace.folder, step.name), { recursive: true });
    else {
      const { code, stdout, stderr } = await run(workspace, ...step.command.split(' ').slice(1));
      expect(code, `${step.command}\n${stdout}${stderr}`).toBe(0);
      printed.push(stdout);
      texts.push(text('check.equi'));
    }
  }
  const lines =
    'model leaky_framed = framed(leaky, SE(3))\ncheck leaky_framed on objects under SE(3) * S(point) { elements: 8 }';
  expect(printed[0]).toMatch(/^leaky +violated +\S+ +\S+ +1 +1$/m);
  expect(printed[0]).toMatch(/^leaky_framed +holds +\S+ +\S+ +4 +\S+x$/m);
  expect(printed[0]).toMatch(/^leaky_framed_one +holds +\S+ +\S+ +1$/m);
  expect(printed[0]).toContain(lines.replaceAll(/^/gm, '  '));
  expect(printed[1]).toContain('Written to check.equi: leaky_framed.');
  expect(printed[2]).toContain('2 checks: 2 as expected');
  const after = `${before.trimEnd()}\n\n${lines}\n`;
  expect(texts).toEqual([before, after, after]);
  const again = await run(workspace, 'repair', 'leaky', 'check.equi', '--write');
  expect(again.stdout).toContain('`leaky_framed` wraps `leaky`, and its check is in the file');
  expect(again.code).toBe(0);
  expect(text('check.equi')).toBe(after);
}, 120_000);
