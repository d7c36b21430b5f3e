/** One number about a model, for a claim. */
import {
  benchmark,
  createGroup,
  type Dataset,
  Fault,
  judge,
  type LossSpec,
  largestGap,
  type Model,
  type Standardisation,
  splitOf,
} from '@noether/engine';
import { canonicalJson } from '../plan/canonical.ts';
import { innermostPlan } from '../plan/innermost.ts';
import type { DataPlan, MeasurePlan, RunSettings, TrainPlan } from '../plan/plan.ts';
import type { ExecuteContext } from './execute.ts';
import { candidateOf } from './execute-benchmark.ts';
import { openModel, runtimes, sourcesOf } from './open-model.ts';
import { readTrained, trainedWeights } from './trained-weights.ts';

export interface MeasureContext {
  readonly plan: MeasurePlan;
  /** The training that the model has been through. */
  readonly training: TrainPlan | undefined;
  readonly dataset: Dataset | undefined;
  readonly seed: number;
  readonly settings: RunSettings;
  readonly context: ExecuteContext;
}

/** Elements drawn for each sample of a `gap`. */
const gapElements = 16;

/** @throws Fault `claim/…` for what cannot be measured, and those of what is measured */
export async function measureNow(request: MeasureContext): Promise<number> {
  const { plan, dataset, seed, settings } = request;
  const model = await openModel(plan.model, dataset?.fields ?? [], settings, { seed });
  try {
    return await evaluate(request, model);
  } finally {
    model.dispose();
  }
}

async function evaluate(request: MeasureContext, model: Model): Promise<number> {
  const { plan, dataset, seed, settings, context } = request;
  switch (plan.measure) {
    case 'parameters':
      return known(model.parameterCount, plan);
    case 'gap':
      return largestGap(
        {
          model,
          dataset: dataset!,
          group: createGroup(plan.move!),
          sources: sourcesOf(plan.model),
          signal: context.signal,
        },
        gapElements,
        seed,
      );
    case 'flops':
    case 'time':
    case 'memory': {
      const quick = plan.measure === 'time' ? { repeats: 15, warmup: 3 } : { repeats: 1, warmup: 0 };
      const { runs } = await benchmark({
        candidates: [candidateOf(plan.model, model, dataset!)],
        dataset: dataset!,
        options: { batches: [dataset!.samples.length], training: false, seconds: 60, ...quick },
        runtime: (await runtimes(settings)).float32,
        signal: context.signal,
      });
      const { forward, flops, memory } = runs[0]!.entries[0]!;
      return plan.measure === 'time'
        ? forward.median
        : known(plan.measure === 'flops' ? flops : memory.tensors, plan);
    }
    default: {
      const { loss, standardisation } = await taskOf(request);
      const metrics = await judge({
        model,
        dataset: dataset!,
        loss,
        ...(standardisation ? { standardisation } : {}),
        ...heldOut(request),
        ...(plan.move ? { move: plan.move } : {}),
        seed,
        sources: sourcesOf(plan.model),
      });
      const value = metrics[plan.measure];
      if (value !== undefined) return value;
      throw new Fault({
        code: 'claim/no-such-metric',
        message: `\`${plan.text}\` cannot be measured: the model was trained with ${loss.name}(${loss.field})`,
        expected: Object.keys(metrics).join(', '),
        found: plan.measure,
        advice: 'Claim about one of the metrics that go with the loss.',
      });
    }
  }
}

/** What the model was trained for, from the training in the file, or from what the file of weights says. */
async function taskOf({
  plan,
  training,
  settings,
}: MeasureContext): Promise<{ loss: LossSpec; standardisation?: Standardisation }> {
  const model = innermostPlan(plan.model);
  if (model.kind === 'family') {
    if (training) return (await trainedWeights(model, settings)).training;
    const found = model.weights === undefined ? undefined : readTrained(model.weights);
    if (found) return found.training;
  }
  throw new Fault({
    code: 'claim/no-target',
    message: `\`${plan.text}\` needs to know what \`${model.name}\` predicts, and the model was not trained here`,
    expected: `a \`train ${model.name} on …\` before the claim, or weights that Noether has saved`,
    found: 'neither',
    advice: 'Train the model in this file.',
  });
}

/** On the very data of the training only samples count that it has not seen: those for testing, else those for validation. */
function heldOut({ plan, training, dataset }: MeasureContext): { samples?: readonly number[] } {
  if (!training || !sameData(training.data, plan.data!)) return {};
  const { test, validation } = splitOf(dataset!.samples.length, training.options);
  const samples = test.length > 0 ? test : validation;
  return samples.length > 0 ? { samples } : {};
}

function sameData({ name: _, ...a }: DataPlan, { name: __, ...b }: DataPlan): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function known(value: number | undefined, { text, model }: MeasurePlan): number {
  if (value !== undefined) return value;
  throw new Fault({
    code: 'claim/not-known',
    message: `\`${text}\` is not known for ${model.kind === 'family' ? `the family of \`${model.name}\`` : model.kind === 'wrapped' ? 'a wrapped model' : 'a model from elsewhere'}`,
    expected: 'a model that states it',
    found: model.name,
    advice: 'Leave it out of the claim.',
  });
}
