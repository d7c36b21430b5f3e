/** Writes a built-in model to files: its graph as ONNX, run against the original before it is published; its weights. */
import {
  type AgreementEntry,
  agreementOf,
  encodeSafetensors,
  evaluateRun,
  exportOnnx,
  type FamilyRequest,
  Fault,
  loadDataset,
  type Model,
  openFamily,
  openOnnx,
  type Precision,
  roundingBetween,
  typeText,
} from '@noether/engine';
import type { RunSettings } from '../plan/plan.ts';
import type { ExportAnswer, ExportRequest } from './export-request.ts';
import { runtimes } from './open-model.ts';
import { settingsFor } from './settings-for.ts';
import { trainedWeights } from './trained-weights.ts';
import { type Draft, draft, expectFree } from './whole-file.ts';

type Dataset = Awaited<ReturnType<typeof loadDataset>>;

/** Samples that the written file is run on. */
const mostSamples = 16;

/** @throws Fault `export/…`, and what loading the data and opening the model throw. Nothing is left behind then. */
export async function executeExport(request: ExportRequest): Promise<ExportAnswer> {
  const { model: plan, data, onnx, safetensors, force } = request;
  const settings = settingsFor({ kind: 'describe', id: plan.name, model: plan }, request.settings);
  for (const file of [onnx, safetensors]) if (file) expectFree(file, force);
  const dataset = await loadDataset(data, { maxBytes: settings.maxDataBytes });
  if (plan.kind === 'wrapped') throw wrapped(plan.name);
  if (plan.kind !== 'family') throw notBuiltIn(plan.name, plan.kind);
  const weights = plan.trained ? (await trainedWeights(plan, settings)).file : plan.weights;
  const family: FamilyRequest = {
    family: plan.family,
    options: plan.options,
    fields: dataset.fields,
    ...(weights === undefined ? {} : { weights }),
  };
  const drafts: Draft[] = [];
  const model = await openFamily(family, await runtimes(settings));
  try {
    const answer: { -readonly [Key in keyof ExportAnswer]: ExportAnswer[Key] } = { title: model.title };
    if (onnx) {
      const graph = await writeGraph(family, model, dataset, settings, onnx);
      drafts.push(graph.draft);
      answer.onnx = graph.answer;
    }
    if (safetensors) {
      const own = (await model.trainable!()).weights;
      const metadata = { family: plan.family, options: JSON.stringify(plan.options) };
      drafts.push(draft(safetensors, encodeSafetensors(own, metadata, { real: 'F32' })));
      const numbers = Object.values(own).reduce((sum, { data }) => sum + data.length, 0);
      answer.safetensors = { tensors: Object.keys(own).length, numbers };
    }
    for (const one of drafts) one.publish(force);
    return answer;
  } finally {
    for (const one of drafts) one.discard();
    model.dispose();
  }
}

async function writeGraph(
  family: FamilyRequest,
  original: Model,
  dataset: Dataset,
  settings: RunSettings,
  file: string,
): Promise<{ draft: Draft; answer: NonNullable<ExportAnswer['onnx']> }> {
  const exported = await exportOnnx(family, dataset, await runtimes(settings));
  const { bytes, open, sizes, fixed, operations, variations } = exported;
  const own = draft(file, bytes);
  try {
    // With fixed sizes, only samples of those sizes can go through the file.
    const samples = dataset.samples
      .filter((sample) => Object.entries(sizes).every(([name, size]) => sample.sizes[name] === size))
      .slice(0, mostSamples);
    const { inputs, outputs } = original.signature;
    const copy = await openOnnx({ file: own.file, inputs, outputs }, { runtime: 'onnxruntime-web' });
    const others = variations.map((one, i) => ({ id: `variation ${i + 1} of ${samples[0]!.id}`, ...one }));
    const fields = dataset.fields.filter(({ name }) => inputs.some((input) => input.name === name));
    const checked = { ...dataset, fields, samples: [...samples, ...others] };
    const differences = await compared(original, copy, checked);
    copy.dispose();
    return {
      draft: own,
      answer: {
        bytes: bytes.length,
        operations,
        open,
        sizes,
        ...(fixed === undefined ? {} : { fixed }),
        runtime: copy.backend,
        samples: checked.samples.length,
        outputs: differences,
        ports: [
          ...inputs.map(({ name, type }) => `input ${name}: ${typeText(type)}`),
          ...outputs.map(({ name, type }) => `output ${name}: ${typeText(type)}`),
        ],
      },
    };
  } catch (error) {
    own.discard();
    throw error;
  }
}

/** How far the file is from the original, output by output. @throws Fault `export/differs` */
async function compared(original: Model, copy: Model, dataset: Dataset) {
  const run = async (model: Model, name: string, precision: Precision) => {
    const { values, repeat } = await evaluateRun({ model, dataset, precision, rounding: false });
    return { model: name, precision, outputs: original.signature.outputs, values, repeat };
  };
  const single = await run(original, 'original', 'float32');
  const double = await run(original, 'original', 'float64');
  const written = await run(copy, 'file', 'float32');
  const rounding = roundingBetween([single], double);
  return original.signature.outputs.map((output) => {
    const { entries } = agreementOf({
      runs: [single, written].map((one) => ({ ...one, outputs: [output] })),
      rounding: { original: rounding, file: rounding },
      samples: dataset.samples.map(({ id }) => id),
      within: 'auto',
    });
    const [entry] = entries as [AgreementEntry, ...AgreementEntry[]];
    if (entry.verdict !== 'agree') throw differs(original.title, entry);
    const { difference, floor, tolerance } = entry;
    return { name: output.name, difference, floor, tolerance };
  });
}

function differs(title: string, { output, sample, difference, tolerance }: AgreementEntry): Fault {
  return new Fault({
    code: 'export/differs',
    message: `${title} computes something else as a graph: \`${output}\` of ${sample} is ${difference.toPrecision(2)} away, relative to its size, so no file is written`,
    expected: `at most ${tolerance.toPrecision(2)}, ten times what float32 rounds of it`,
    found: difference.toPrecision(2),
    advice:
      'Export the weights with --safetensors. A graph that differs is a defect of Noether: please report it.',
  });
}

function wrapped(name: string): Fault {
  return new Fault({
    code: 'export/wrapped',
    message: `\`${name}\` is a model with another one around it, which is not written`,
    expected: 'a model of one of the families',
    found: 'a wrapped model',
    advice: 'Export the model inside, and wrap it where it is used.',
  });
}

function notBuiltIn(name: string, kind: string): Fault {
  return new Fault({
    code: 'export/not-built-in',
    message: `\`${name}\` is a file or a callable of your own already`,
    expected: 'a model of one of the families',
    found: kind,
    advice: 'Export a model that is written `model NAME is FAMILY { … }`.',
  });
}
