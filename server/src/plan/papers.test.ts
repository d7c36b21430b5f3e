/** The executable papers are sound: everything in them is planned, and nothing is said against them but hints. */
import { fileURLToPath } from 'node:url';
import { URI } from 'langium';
import { NodeFileSystem } from 'langium/node';
import { expect, test } from 'vitest';
import { builtInDefaults, createEquiServices } from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { buildPlan } from './index.ts';

test.each([
  'rapidash/paper.equi',
  'rapidash/full.equi',
  'rapidash/generation.equi',
  'lloca/paper.equi',
  'equitabpfn/paper.equi',
  'peng-cde/paper.equi',
  'peng-cde/links.equi',
  'peng-cde/ordering.equi',
])('%s', async (name) => {
  const services = createEquiServices(NodeFileSystem);
  const { LangiumDocuments, DocumentBuilder } = services.shared.workspace;
  const file = fileURLToPath(new URL(`../../../test-fixtures/${name}`, import.meta.url));
  const document = await LangiumDocuments.getOrCreateDocument(URI.file(file));
  await DocumentBuilder.build([document], { validation: true });
  const { plan, findings } = buildPlan(document, services.equi, builtInDefaults);
  // The data of full.equi is the user's own.
  const wrong = findings.filter(({ severity, code }) =>
    severity === 'error' || severity === 'warning' ? code !== 'data/no-such-file' : false,
  );
  expect(wrong).toEqual([]);
  const { checks, trainings, benchmarks, claims } = plan!;
  const declared = specificationOf(document)!.items.filter(({ $type }) =>
    ['Check', 'Train', 'Benchmark', 'Claim'].includes($type),
  );
  expect(checks.length + trainings.length + benchmarks.length + claims.length).toBe(declared.length);
  expect(declared.length).toBeGreaterThan(3);
});

test('a model is trained for what stands below its training, and for nothing above', async () => {
  const services = createEquiServices(NodeFileSystem);
  const { LangiumDocumentFactory, LangiumDocuments, DocumentBuilder } = services.shared.workspace;
  const text = `
data d from "d.npz" { positions: position[p]  e: scalar }
model m is Rapidash { space: R3 }
check m on d under E(3)
train m on d { loss: l1(e)  steps: 7  save: "runs/m.safetensors" }
check m on d under E(3)
train m on d { loss: mse(e)  steps: 9  schedule: step(3, 0.5)  augment: [SO(3), S(p)] }
claim "x" { parameters(m) < 2 * mae(m, rotated d) }
`;
  const document = LangiumDocumentFactory.fromString(text, URI.file('/labs/x.equi'));
  LangiumDocuments.addDocument(document);
  await DocumentBuilder.build([document], { validation: false });
  const { plan } = buildPlan(document, services.equi, builtInDefaults);
  const trainedOf = (model: unknown) =>
    (model as { trained?: { options: { steps: number }; before?: unknown } }).trained;
  expect(plan!.checks.map(({ id, model }) => [id, trainedOf(model)?.options.steps])).toEqual([
    ['m on d under E(3)', undefined],
    ['m (trained) on d under E(3)', 7],
  ]);
  const [first, second] = plan!.trainings;
  expect(first).toMatchObject({ id: 'train m on d', save: '/labs/runs/m.safetensors' });
  expect(trainedOf(first!.model)).toBeUndefined();
  // The second goes on from the first.
  expect(second).toMatchObject({
    id: 'train m on d (2)',
    options: {
      steps: 9,
      every: 1,
      schedule: { kind: 'step', every: 3, factor: 0.5 },
      augment: {
        kind: 'product',
        factors: [
          { kind: 'SO', dim: 3 },
          { kind: 'S', index: 'p' },
        ],
      },
    },
  });
  expect(trainedOf(second!.model)!.options.steps).toBe(7);
  const [claim] = plan!.claims;
  expect(claim).toMatchObject({
    text: 'parameters(m) < 2 * mae(m, rotated d)',
    comparison: '<',
    measures: [
      { measure: 'parameters', data: { name: 'd' } },
      { measure: 'mae', move: { kind: 'SO', dim: 3 } },
    ],
  });
  expect(trainedOf(claim!.measures[1]!.model)).toMatchObject({
    options: { steps: 9 },
    before: { options: { steps: 7 } },
  });
});
