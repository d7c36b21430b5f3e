/** Runs a training, or finds that it has been run. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, Fault, findingOf, loadDataset, readSafetensors, train } from '@noether/engine';
import type { ModelPlan, RunSettings, TrainPlan } from '../plan/plan.ts';
import type { DataFacts, ModelFacts, TrainOutcome } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { dataFacts, modelFacts, placed } from './facts.ts';
import { backendOf, openModel, sourcesOf } from './open-model.ts';
import {
  findTrained,
  keptFile,
  namesOf,
  pruneKept,
  type TrainedWeights,
  writeTrained,
} from './trained-weights.ts';

/** A user's mistake ends as findings; only cancellation rejects. What was done until then is kept in a checkpoint. */
export async function executeTrain(
  plan: TrainPlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<TrainOutcome> {
  const facts: { model?: ModelFacts; data?: DataFacts } = {};
  try {
    context.onProgress(0, 1, 'loading data');
    const dataset = await loadDataset(plan.data, { maxBytes: settings.maxDataBytes });
    facts.data = dataFacts(plan.data, dataset);
    const result = await trainOnce(plan, dataset, settings, context, (model) => {
      facts.model = model;
    });
    const { training, file, reused } = result;
    return {
      status: 'done',
      training,
      weights: { file, reused },
      ...facts,
      ...(await backendOf(plan.model, settings)),
      findings: [],
    };
  } catch (error) {
    context.signal.throwIfAborted();
    return { status: 'failed', ...facts, findings: [placed(findingOf(error), plan.model, plan.data)] };
  }
}

export interface TrainedOnce extends TrainedWeights {
  /** From an identical earlier training. */
  readonly reused: boolean;
}

/**
 * The weights of a training: from an identical earlier one, else by running it, from its checkpoint where there is one.
 * @throws Fault `train/not-trainable`, `train/would-overwrite`, and those of training itself
 */
export async function trainOnce(
  plan: TrainPlan,
  dataset: Dataset,
  settings: RunSettings,
  { onProgress, signal }: ExecuteContext,
  onModel: (facts: ModelFacts) => void = () => {},
): Promise<TrainedOnce> {
  const { weightsFolder } = settings;
  const names = await namesOf(plan, settings);
  const found = findTrained(plan, names, settings);
  refuseOverwriting(plan, found);
  onProgress(0, plan.options.steps, `opening ${plan.model.name}`);
  const model = await openModel(plan.model, dataset.fields, settings, {
    seed: plan.options.seed,
    example: dataset.samples[0]!.values,
  });
  try {
    onModel(modelFacts(plan.model, model));
    if (found) {
      if (plan.save && plan.save !== found.file) copyTrained(found, plan.save);
      return { ...found, file: plan.save ?? found.file, reused: true };
    }
    if (!model.trainable) throw notTrainable(plan.model);
    if (weightsFolder) mkdirSync(weightsFolder, { recursive: true });
    const { steps, seed } = plan.options;
    const result = await train({
      trainable: await model.trainable(),
      dataset,
      options: plan.options,
      sources: sourcesOf(plan.model),
      ...(weightsFolder
        ? {
            checkpoint: {
              file: join(weightsFolder, `${names.inputs}.run.safetensors`),
              identity: names.inputs,
              seconds: 5,
            },
          }
        : {}),
      onProgress: ({ step, loss, secondsLeft, curve }) =>
        onProgress(step, steps, `training ${plan.model.name}, seed ${seed}`, { loss, secondsLeft, curve }),
      signal,
    });
    const files = [
      ...(weightsFolder ? [keptFile(weightsFolder, names)] : []),
      ...(plan.save ? [plan.save] : []),
    ];
    for (const file of files) writeTrained(file, names, result);
    if (weightsFolder) pruneKept(weightsFolder);
    return { file: files.at(-1) ?? '', training: result.training, reused: false };
  } finally {
    model.dispose();
  }

  function copyTrained({ file, training }: TrainedWeights, to: string): void {
    const { tensors } = readSafetensors(file);
    writeTrained(to, names, { weights: Object.fromEntries(tensors), training });
  }
}

/** Asked before anything is computed: a training that cannot be saved must not be run first. */
function refuseOverwriting({ save, overwrite }: TrainPlan, found: TrainedWeights | undefined): void {
  if (!save || overwrite || !existsSync(save) || found?.file === save) return;
  throw new Fault({
    code: 'train/would-overwrite',
    message: 'the file to save to exists, and holds something else than this training gives',
    expected: 'a free place, or the weights of this very training',
    found: 'other content',
    place: { file: save },
    advice: 'Save to another file, move this one away, or allow it with `noether train FILE --overwrite`.',
  });
}

function notTrainable(model: ModelPlan): Fault {
  return new Fault({
    code: 'train/not-trainable',
    message: `\`${model.name}\` cannot be trained here: it is ${model.kind === 'wrapped' ? 'wrapped' : 'a file from elsewhere'}, not one of the model families`,
    expected: 'a model of a family',
    found: model.kind,
    advice: 'Train it where it was made, and export it again.',
  });
}
