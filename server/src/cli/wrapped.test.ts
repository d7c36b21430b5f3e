/** Models made equivariant in the text, from the command line to the report: ONNX, TensorFlow.js, Python, momenta. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npyBytes } from '../../../scripts/fixtures/write-npz.ts';
import type { Report } from '../report/index.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const fixtures = fileURLToPath(new URL('../../../test-fixtures', import.meta.url));
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import numpy']).status === 0,
);

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  cpSync(join(fixtures, 'tfjs'), join(workspace.folder, 'tfjs'), { recursive: true });
  cpSync(join(fixtures, 'python'), workspace.folder, { recursive: true });
  workspace.copy('onnx/leaky.onnx', 'leaky.onnx');
  points([2, 12, 3]);
});
afterEach(() => workspace.remove());

function points(shape: readonly number[], value = (i: number) => Math.sin(1.7 * i)): void {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i));
  workspace.write('points.npy', npyBytes({ descr: '<f4', shape, data: new Uint8Array(data.buffer) }));
}

async function report(text: string, ...flags: string[]): Promise<{ code: number | null; report: Report }> {
  workspace.write('spec.equi', text);
  const { code, stdout, stderr } = await run(workspace, 'check', 'spec.equi', '--json', '-', ...flags);
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

const data = 'data points from "points.npy" { positions: position[atom] from "points" }';
const verdicts = ({ checks }: Report) => checks.map(({ verification }) => verification!.verdict);

describe('a wrapped model', () => {
  it('of ONNX and of TensorFlow.js has the symmetry that the model inside lacks, and shares its files', async () => {
    const { code, report: found } = await report(`${data}
      model leaky from onnx "leaky.onnx" {
        input positions: position[atom]  output energy: scalar  output forces: vector[atom]
      }
      model mended = framed(leaky)
      model deepsets from tfjs "tfjs/layers/model.json" { input positions: position[atom]  output energy: scalar }
      model turned = framed(deepsets, SO(3)) { signs: one }
      check leaky on points under SE(3) { elements: 8  expect: violated }
      check mended on points under SE(3) * S(atom) { elements: 8 }
      check deepsets on points under SO(3) { elements: 8  expect: violated }
      check turned on points under SO(3) { elements: 8 }`);
    expect(verdicts(found)).toEqual(['violated', 'holds', 'violated', 'holds']);
    expect(code).toBe(0);
    expect(found.checks[3]!.model!.parameterCount).toBe(41);
    // A file of the model inside decides what is kept.
    workspace.write('tfjs/layers/weights.bin', new Uint8Array(41 * 4));
    const { report: again } = await report(`${data}
      model deepsets from tfjs "tfjs/layers/model.json" { input positions: position[atom]  output energy: scalar }
      model turned = framed(deepsets, SO(3)) { signs: one }
      check turned on points under SO(3) { elements: 8 }`);
    expect(again.checks[0]!.cached).toBe(false);
  });

  it.skipIf(!python)('of Python runs in the same interpreter', async () => {
    const { report: found } = await report(
      `${data}
       model leaky from python "plain:leaky_energy" { input positions: position[atom]  output energy: scalar }
       model mended = framed(leaky, E(3))
       model ordered = sorted(leaky)
       check mended on points under E(3) { elements: 8 }
       check ordered on points under E(3) { elements: 8  expect: violated }`,
      '--python',
      python!,
    );
    expect(verdicts(found)).toEqual(['holds', 'violated']);
  });

  it('says which inputs determine no frame', async () => {
    // Twelve points on a line, in both samples.
    points([2, 12, 3], (i) => (i % 3 === 0 ? Math.sin(1.7 * i) : 0));
    const text = `${data}
      model leaky from onnx "leaky.onnx" {
        input positions: position[atom]  output energy: scalar  output forces: vector[atom]
      }
      model mended = framed(leaky)
      check mended on points under SE(3) { elements: 4  within: 1e-6  expect: violated }`;
    const { report: found } = await report(text);
    const finding = found.checks[0]!.findings.find(({ code }) => code === 'model/frame-degenerate');
    expect(finding!.message).toMatch(
      /^no frame is determined by 2 of 2 samples: points\.npy\[0\], points\.npy\[1\]: lies on a line$/,
    );
    const { stdout } = await run(workspace, 'check', 'spec.equi');
    expect(stdout).toContain('lies on a line');
  });

  it('is in the plan and in the description of a specification', async () => {
    workspace.write(
      'spec.equi',
      `${data}
       model leaky from onnx "leaky.onnx" { input positions: position[atom]  output energy: scalar }
       model mended = framed(leaky)
       check mended on points under SE(3)`,
    );
    const { stdout } = await run(workspace, 'describe', 'spec.equi');
    expect(stdout).toContain('framed(leaky)');
    const exported = await run(workspace, 'export', 'mended', '--in', 'spec.equi', '--onnx', 'mended.onnx');
    expect(exported.code).not.toBe(0);
    expect(exported.stderr).toContain('export/wrapped');
  });
});

it.skipIf(!python)('momenta in frames of their own are Lorentz-equivariant', async () => {
  // Massive momenta: E^2 = p^2 + 1.
  const momenta = new Float64Array(2 * 5 * 4);
  for (let row = 0; row < 10; row++) {
    const p = [0, 1, 2].map((k) => Math.sin(3.1 * row + 1.3 * k));
    momenta.set([Math.sqrt(1 + p.reduce((sum, x) => sum + x * x, 0)), ...p], 4 * row);
  }
  workspace.write(
    'events.npy',
    npyBytes({ descr: '<f8', shape: [2, 5, 4], data: new Uint8Array(momenta.buffer) }),
  );
  workspace.write(
    'rough.py',
    'def rough(momenta):\n    p = momenta\n    return (p[:, 0] * p[:, 1] + p[:, 3] ** 2).sum()\n',
  );
  const { report: found } = await report(
    `data events from "events.npy" { momenta: fourvector[particle] from "events" }
     model rough from python "rough:rough" { input momenta: fourvector[particle]  output value: scalar }
     model covariant = lloca(rough)
     check rough on events under Lorentz { elements: 8  expect: violated }
     check covariant on events under Lorentz * S(particle) { elements: 8 }`,
    '--python',
    python!,
  );
  expect(verdicts(found)).toEqual(['violated', 'holds']);
});
