/** `soft` and `loss` of a check as a user meets them. */
import { join } from 'node:path';
import { randomFromSeed, writeSafetensors } from '@noether/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = createWorkspace();
  workspace.copy('quickstart/models/potential.onnx', 'potential.onnx');
  const random = randomFromSeed(1);
  const numbers = (scale: number) => Float64Array.from({ length: 8 * 10 * 3 }, () => scale * random.normal());
  await writeSafetensors(join(workspace.folder, 'objects.safetensors'), {
    positions: { shape: [8, 10, 3], data: numbers(0.05) },
    normals: { shape: [8, 10, 3], data: numbers(1) },
  });
});
afterAll(() => workspace.remove());

const head = `data objects from "objects.safetensors" { positions: position[point]  normals: vector[point] }
model potential from onnx "potential.onnx" {
  input  positions: position[point]
  output forces:    vector[point]
}
`;

it('says how soft a symmetry is, and what that costs', async () => {
  workspace.write(
    'soft.equi',
    `${head}check potential on objects under SO(3) { elements: 8  loss: mse(normals) }\n`,
  );
  const ended = await run(workspace, 'check', 'soft.equi', '--json', '-');
  const report = reportIn(ended.stdout);
  const { soft } = report.checks[0]!.verification!;
  expect(soft).toMatchObject({ elements: 8, exact: false, loss: { loss: 'mse(normals)' } });
  // It is equivariant: nothing spreads, and averaging gains nothing.
  expect(soft!.outputs[0]!.spread.mean).toBeLessThan(1e-5);
  expect(Math.abs(soft!.loss!.gap.mean)).toBeLessThan(1e-9 * soft!.loss!.asIs);
  const shown = await run(workspace, 'check', 'soft.equi');
  expect(shown.stdout).toMatch(/verify\/soft/);
}, 60_000);

it('says beforehand that there are no such labels', async () => {
  workspace.write(
    'wrong.equi',
    `${head}check potential on objects under SO(3) { loss: mse(normal) }\ncheck potential on objects under SO(3) as other { loss: cross_entropy(normals) }\n`,
  );
  const ended = await run(workspace, 'check', 'wrong.equi');
  expect(ended.code).toBe(2);
  expect(ended.stdout).toContain('`objects` has no field `normal`; did you mean `normals`?');
  expect(ended.stdout).toContain('`cross_entropy` is no loss for `normals: vector[point]`');
}, 60_000);
