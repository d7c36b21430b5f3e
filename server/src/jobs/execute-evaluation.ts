/** Makes one run of a comparison, inside its own process. */
import { evaluateRun, Fault, isReal, loadDataset, type NdArray, type Values } from '@noether/engine';
import { innermostPlan } from '../plan/innermost.ts';
import type { Evaluated, EvaluateRequest, PackedArray } from './evaluate-in-worker.ts';
import { dataFacts } from './facts.ts';
import { openModel, runtimes, sourcesOf, trialOf } from './open-model.ts';

/** @throws Fault as loading, opening and evaluating do; `compare/no-precision` where the model lacks it. */
export async function executeEvaluation(request: EvaluateRequest): Promise<Evaluated> {
  const { model: plan, data, settings, precision, rounding, onnxRuntime } = request;
  const dataset = await loadDataset(data, { maxBytes: settings.maxDataBytes });
  const trial = trialOf(plan, dataset);
  const model = await openModel(plan, dataset.fields, settings, {
    trial,
    ...(onnxRuntime ? { onnxRuntime: onnxRuntime as 'onnxruntime-web' | 'onnxruntime-node' } : {}),
  });
  try {
    if (!model.precisions.includes(precision)) {
      throw new Fault({
        code: 'compare/no-precision',
        message: `\`${plan.name}\` does not run in ${precision}${model.noTwin ? `: ${model.noTwin}` : ''}`,
        expected: model.precisions.join(' or '),
        found: precision,
      });
    }
    const { kind } = innermostPlan(plan);
    const onTensors = kind === 'family' || kind === 'tfjs';
    const { values, ...found } = await evaluateRun({
      model,
      dataset,
      sources: sourcesOf(plan),
      precision,
      rounding,
    });
    return {
      ...found,
      values: values.map(packed),
      outputs: model.signature.outputs,
      samples: dataset.samples.map(({ id }) => id),
      description: onTensors ? (await runtimes(settings))[precision].backend.description : model.backend,
      data: dataFacts(data, dataset),
    };
  } finally {
    model.dispose();
  }
}

function packed(values: Values): Record<string, PackedArray> {
  return Object.fromEntries(
    Object.entries(values).map(([name, array]) => {
      const { buffer, byteOffset, byteLength } = array.data;
      const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
      return [name, { shape: array.shape, integers: !isReal(array), base64 }];
    }),
  );
}

/** The array again. */
export function unpacked({ shape, integers, base64 }: PackedArray): NdArray {
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { shape, data: integers ? new Int32Array(buffer) : new Float64Array(buffer) };
}
