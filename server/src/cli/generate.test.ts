/** `noether generate`, as a user runs it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
  workspace.copy('rapidash/data/molecules.npz', 'molecules.npz');
});
afterEach(() => workspace.remove());

const data = `data molecules from "molecules.npz" {
  positions: position[atom]  element: category(5)[atom]  sizes: [atom: n_atoms]  samples: 12
}
`;
const model = (name: string): string =>
  `model ${name} is RapidashDenoiser { orientations: 4  scalars: element  hidden: 4  layers: 1  basis: 4  data_scale: 1.4 }
train ${name} on molecules { loss: denoising(positions)  steps: 3  batch: 4  test: 0.25 }
`;

it('makes clouds with the sizes and atoms of the data, says how good they are, and replaces nothing', async () => {
  workspace.write('g.equi', data + model('gen'));
  const command = 'generate g.equi --output made.extxyz --count 4 --steps 3 --compare'.split(' ');
  const untrained = await run(workspace, ...command);
  expect(untrained.code).toBe(3);
  expect(untrained.stderr).toContain('train/not-trained');
  expect(existsSync(join(workspace.folder, 'made.extxyz'))).toBe(false);

  const trained = await run(workspace, 'train', 'g.equi');
  expect(trained.code, trained.stderr).toBe(0);
  const { code, stdout, stderr } = await run(workspace, ...command);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^4 clouds by gen in [\d.]+ s \(3 noise levels, seed 0\), in made\.extxyz$/m);
  expect(stdout).toMatch(/against 4 held-out clouds +neighbour accuracy/);
  expect(stdout).toMatch(/^training samples +\d\.\d{3}/m);
  const lines = readFileSync(join(workspace.folder, 'made.extxyz'), 'utf8').split('\n');
  const atoms = Number(lines[0]);
  expect(lines[1]).toBe('Properties=species:S:1:pos:R:3:element:R:1 model="gen" like="molecules.npz[0]"');
  expect(lines[2]).toMatch(/^X( -?\d+\.\d{8}){3} [0-4]$/);
  expect(lines[atoms + 2]).toMatch(/^\d+$/);

  // What was made is data again.
  workspace.write('again.equi', 'data made from "made.extxyz" { positions: position[atom] from "pos" }');
  const described = await run(workspace, 'describe', 'again.equi');
  expect(described.code, described.stdout + described.stderr).toBe(0);

  const again = await run(workspace, ...command);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('made.extxyz is there already, and is not replaced');
});

it('asks which denoiser is meant, and says where there is none', async () => {
  workspace.write('two.equi', data + model('one') + model('other'));
  const several = await run(workspace, 'generate', 'two.equi', '--output', 'x.extxyz');
  expect(several.code).toBe(2);
  expect(several.stderr).toContain('the file trains several models by `loss: denoising(…)`');
  expect(several.stderr).toContain('Name one of them: --model one.');
  workspace.write('none.equi', data);
  const none = await run(workspace, 'generate', 'none.equi', '--output', 'x.extxyz');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('the file trains no model by `loss: denoising(…)`');
});
