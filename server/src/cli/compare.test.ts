/** `noether compare` as a process: real backends, each in a process of its own. */

import { join } from 'node:path';
import { randomFromSeed, writeSafetensors } from '@noether/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const net = 'space: R3  hidden: 4  layers: 1  basis: 4  graph: knn(4)  length_scale: 0.05';
const head = `
data objects from "objects.safetensors" { positions: position[point]  samples: 2 }
model steady is Rapidash { ${net} }
model leaky is Rapidash { ${net}  features: coordinates }
model potential from onnx "potential.onnx" {
  input  positions: position[point]
  output energy:    scalar
}
`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = createWorkspace();
  const random = randomFromSeed(1);
  const data = Float64Array.from({ length: 2 * 10 * 3 }, () => 0.05 * random.normal());
  await writeSafetensors(join(workspace.folder, 'objects.safetensors'), {
    positions: { shape: [2, 10, 3], data },
    heights: { shape: [2, 10], data: data.slice(0, 20) },
  });
  workspace.copy('quickstart/models/potential.onnx', 'potential.onnx');
});
afterAll(() => workspace.remove());

it('compares backends and precisions, and says what could not run', async () => {
  workspace.write(
    'same.equi',
    `${head}compare steady on objects { backends: [wasm, cpu, tfjs_node_gpu] }\ncompare potential on objects { backends: onnxruntime_web }\n`,
  );
  const ended = await run(workspace, 'compare', 'same.equi', '--json', '-');
  const [steady, potential] = reportIn(ended.stdout).comparisons!;
  expect(ended.code).toBe(0);
  const { runs, entries, verdict, floors } = steady!.agreement!;
  expect(verdict).toBe('agree');
  expect(runs.map(({ backend, precision }) => `${backend} ${precision}`)).toEqual([
    'wasm float32',
    'cpu float32',
    'tfjs-node-gpu float32',
    'float64 float64',
  ]);
  expect(runs[0]!.description).toMatch(/^wasm/);
  expect(runs[1]!.description).toMatch(/^cpu/);
  expect(runs[2]!.reason).toMatch(/^the backend tfjs-node-gpu cannot be had here/);
  expect(entries.map(({ a, b }) => `${a}${b}`)).toEqual(['01', '03', '13']);
  expect(entries.every(({ floor }) => floor > 0)).toBe(true);
  expect(floors).toEqual([{ model: 'steady', method: 'float64 twin' }]);
  expect(potential!.agreement).toMatchObject({
    verdict: 'agree',
    floors: [{ model: 'potential', method: 'one-ulp perturbation' }],
  });
}, 120_000);

it('tells another model apart, and counts what is not as expected', async () => {
  workspace.write('other.equi', `${head}compare steady with leaky on objects { backends: cpu }\n`);
  const ended = await run(workspace, 'compare', 'other.equi');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('compare steady with leaky on objects: differ, expected agree');
  expect(ended.stdout).toMatch(/error other\.equi:\d+ compare\/differ/);
  expect(ended.stdout).toContain('1 comparison: 1 not as expected');
  workspace.write('names.equi', `${head}compare steady with potential on objects { backends: cpu }\n`);
  const names = reportIn((await run(workspace, 'compare', 'names.equi', '--json', '-')).stdout);
  expect(names.comparisons![0]).toMatchObject({ status: 'failed' });
  expect(names.comparisons![0]!.findings[0]!.code).toBe('compare/no-shared-output');
}, 120_000);

it('takes a trained model with its weights to every backend', async () => {
  const train = 'train steady on objects { loss: mse(heights)  steps: 2  batch: 1  validation: 0 }';
  const level = head.replace(`steady is Rapidash { ${net} }`, `steady is Rapidash { ${net}  level: point }`);
  const fields = level.replace(
    'position[point]  samples',
    'position[point]  heights: scalar[point]  samples',
  );
  workspace.write('trained.equi', `${fields}${train}\ncompare steady on objects { backends: [wasm, cpu] }\n`);
  const early = reportIn((await run(workspace, 'compare', 'trained.equi', '--json', '-')).stdout);
  expect(early.comparisons![0]).toMatchObject({ status: 'failed' });
  expect(early.comparisons![0]!.findings[0]!.code).toBe('train/not-trained');
  const trained = reportIn((await run(workspace, 'run', 'trained.equi', '--json', '-')).stdout);
  expect(trained.comparisons![0]!.findings).toEqual([]);
  expect(trained.comparisons![0]!.agreement!.verdict).toBe('agree');
  expect(trained.comparisons![0]!.agreement!.runs.every(({ reason }) => reason === undefined)).toBe(true);
}, 120_000);

it('says beforehand that there is nothing to compare', async () => {
  workspace.write(
    'one.equi',
    `${head}compare steady with steady on objects\ncompare steady on objects { backends: cpu  precisions: float32 }\ncompare potential on objects { backends: wasm }\n`,
  );
  const report = reportIn(
    (await run(workspace, 'compare', 'one.equi', '--only', 'compare steady on objects', '--json', '-'))
      .stdout,
  );
  const codes = report.findings.map(({ code }) => code);
  expect(codes).toContain('spec/repeated-name');
  expect(codes).toContain('compare/one-run');
  expect(codes).toContain('compare/backend-unused');
}, 120_000);
