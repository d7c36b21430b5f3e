/** `noether run`, `train` and `bench` as processes, on a small file with a little of everything. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors, randomFromSeed } from '@noether/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportIn } from './testing/report.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const net = 'space: R3  hidden: 4  layers: 1  basis: 4  graph: knn(4)  length_scale: 0.05';
const specification = `
data objects from "objects.safetensors" { positions: position[point]  heights: scalar[point]  samples: 6 }
model steady is Rapidash { ${net}  level: point }
model leaky is Rapidash { ${net}  level: point  features: coordinates }
check steady on objects under E(3) { elements: 2 }
train steady on objects { loss: mse(heights)  steps: 4  batch: 2  validation: 2  save: "runs/steady.safetensors" }
train leaky on objects { loss: mse(heights)  steps: 4  batch: 2  validation: 2 }
check steady on objects under E(3) { elements: 2 }
benchmark steady, leaky on objects { batch: 2  repeats: 3  warmup: 1 }
claim "leaking costs parameters" { parameters(leaky) > parameters(steady) }
claim "rotation changes nothing" { mse(steady, rotated objects) <= 1.001 * mse(steady, objects) }
claim "more work" { flops(leaky, objects) < flops(steady, objects)  expect: fails }
`;

/** Six clouds of ten points, and how far each point is from the origin. */
function clouds(): Uint8Array {
  const random = randomFromSeed(1);
  const positions = Float64Array.from({ length: 6 * 10 * 3 }, () => 0.05 * random.normal());
  const heights = Float64Array.from({ length: 60 }, (_, i) =>
    Math.hypot(...positions.subarray(3 * i, 3 * i + 3)),
  );
  return encodeSafetensors({
    positions: { shape: [6, 10, 3], data: positions },
    heights: { shape: [6, 10], data: heights },
  });
}

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  workspace.write('objects.safetensors', clouds());
  workspace.write('all.equi', specification);
});
afterAll(() => workspace.remove());

const weights = () => join(workspace.folder, 'runs/steady.safetensors');

it('does everything in order, and the second time only what has to be done again', async () => {
  const early = await run(workspace, 'check', 'all.equi', '--json', '-');
  expect(early.code).toBe(3);
  const untrained = reportIn(early.stdout).checks[1]!;
  expect(untrained).toMatchObject({ status: 'failed', id: 'steady (trained) on objects under E(3)' });
  expect(untrained.findings[0]).toMatchObject({ code: 'train/not-trained', found: 'no weights' });

  const first = await run(workspace, 'run', 'all.equi', '--json', 'report.json');
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/train steady on objects +4 steps/);
  expect(first.stdout).toMatch(/steady \(trained\) on objects under E\(3\) +holds/);
  expect(first.stdout).toMatch(/leaking costs parameters +holds/);
  expect(first.stdout).toMatch(/more work +fails, as expected/);
  const order = first.stderr.split('\n').filter((line) => /^(running|checking)/.test(line));
  // The first check, of the untrained model, may come from the cache.
  expect(order.map((line) => line.split(' ')[1]).slice(-7)).toEqual([
    'train',
    'train',
    'steady',
    'benchmark',
    'leaking',
    'rotation',
    'more',
  ]);
  const report = reportIn(readFileSync(join(workspace.folder, 'report.json'), 'utf8'));
  expect(report.trainings!.flatMap(({ findings }) => findings)).toEqual([]);
  expect(report.trainings!.map(({ weights: own }) => own!.reused)).toEqual([false, false]);
  expect(report.trainings![0]!.weights!.file).toBe(weights());
  expect(report.benchmarks![0]!.benchmark!.runs[0]!.entries.map(({ model }) => model)).toEqual([
    'steady',
    'leaky',
  ]);
  const turned = report.claims!.find(({ id }) => id === 'rotation changes nothing')!;
  expect(turned.decision!.left.values).toHaveLength(3);

  const saved = statSync(weights()).mtimeMs;
  const second = reportIn((await run(workspace, 'run', 'all.equi', '--json', '-')).stdout);
  expect(second.trainings!.flatMap(({ findings }) => findings)).toEqual([]);
  expect(second.trainings!.map(({ weights: own }) => own!.reused)).toEqual([true, true]);
  expect(second.trainings!.map(({ training }) => training)).toEqual(
    report.trainings!.map(({ training }) => training),
  );
  expect(second.checks.every(({ cached }) => cached)).toBe(true);
  expect(second.claims!.every(({ cached }) => cached)).toBe(true);
  expect(second.benchmarks![0]!.cached).toBe(false);
  expect(statSync(weights()).mtimeMs).toBe(saved);
}, 120_000);

it('never replaces other weights unasked', async () => {
  workspace.write('other.equi', specification.replaceAll('steps: 4', 'steps: 5'));
  const before = readFileSync(weights());
  const refused = await run(workspace, 'train', 'other.equi', '--only', 'steady', '--json', '-');
  expect(refused.code).toBe(3);
  expect(reportIn(refused.stdout).trainings![0]!.findings[0]).toMatchObject({
    code: 'train/would-overwrite',
    message: 'the file to save to exists, and holds something else than this training gives',
    place: { file: weights() },
  });
  expect(readFileSync(weights()).equals(before)).toBe(true);
  const allowed = await run(workspace, 'train', 'other.equi', '--only', 'steady', '--overwrite');
  expect(allowed.code).toBe(0);
  expect(readFileSync(weights()).equals(before)).toBe(false);
}, 120_000);

it('runs one kind alone, by name, and keeps nothing when told so', async () => {
  const bench = await run(workspace, 'bench', 'all.equi', '--no-cache', '--only', 'leaky', '--json', '-');
  const report = reportIn(bench.stdout);
  expect([report.checks, report.trainings, report.claims]).toEqual([[], undefined, undefined]);
  // The models are trained earlier in the file, and nothing that was kept may be looked at.
  expect(bench.code).toBe(3);
  expect(report.benchmarks![0]!.findings[0]!.code).toBe('train/not-trained');
  const unknown = await run(workspace, 'train', 'all.equi', '--only', 'stedy');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('There is nothing named "stedy" to run');
  expect(unknown.stderr).toContain('Did you mean "steady"?');
  expect(existsSync(join(workspace.folder, 'runs/leaky.safetensors'))).toBe(false);
}, 120_000);
