/**
 * Weights of finished trainings: a folder of safetensors files, named by what they were made from, and the files that the
 * user asked for. A file says in its metadata which training it is from, so a file at the right place with other weights
 * is never taken for the right one.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault, readSafetensors, type Trained, type Training, writeSafetensors } from '@noether/engine';
import type { ModelPlan, RunSettings, TrainPlan } from '../plan/plan.ts';
import { createFileHasher } from './file-hash.ts';
import { inputsOf } from './inputs.ts';

export interface TrainedWeights {
  /** Absolute path of a safetensors file. */
  readonly file: string;
  readonly training: Training;
}

/** What a training's weights are found by. */
export interface TrainingNames {
  /** Model, data, options, engine, machine and backend: the same name, the same bits. */
  readonly inputs: string;
  /** Model, data and options: the same training, perhaps run elsewhere. */
  readonly recipe: string;
}

/** Bytes that kept weights may take together; those used longest ago go first. */
const allowance = 2 ** 30;

const hasher = createFileHasher();

export async function namesOf(plan: TrainPlan, settings: RunSettings): Promise<TrainingNames> {
  const { hash, recipe } = await inputsOf(plan, settings, hasher);
  return { inputs: hash, recipe };
}

/** The training that a model refers to, as a task. */
export function trainingOf(model: Extract<ModelPlan, { kind: 'family' }>): TrainPlan | undefined {
  const { trained, ...base } = model;
  if (!trained) return undefined;
  const { data, options, save, before } = trained;
  const title = `train ${model.name} on ${data.name}`;
  return {
    kind: 'train',
    id: title,
    title,
    model: before ? { ...base, trained: before } : base,
    data,
    options,
    ...(save ? { save } : {}),
    timeLimit: Number.POSITIVE_INFINITY,
  };
}

/** @throws Fault `train/not-trained` when the training has not been run */
export function trainedWeights(
  model: Extract<ModelPlan, { kind: 'family' }>,
  settings: RunSettings,
): Promise<TrainedWeights> {
  return weightsOf(trainingOf(model)!, settings);
}

/** @throws Fault `train/not-trained` when the training has not been run */
export async function weightsOf(plan: TrainPlan, settings: RunSettings): Promise<TrainedWeights> {
  const found = findTrained(plan, await namesOf(plan, settings), settings);
  if (found) return found;
  throw new Fault({
    code: 'train/not-trained',
    message: `\`${plan.model.name}\` is trained earlier in the file, and that training has not been run, or something in it has changed since`,
    expected: `the weights of \`${plan.title}\``,
    found: plan.save && existsSync(plan.save) ? `other weights in ${plan.save}` : 'no weights',
    advice: `Run the training first: \`noether train FILE\`, or \`noether run FILE\` for everything in order.`,
  });
}

/** Weights of an identical training: the user's own file, else kept ones. */
export function findTrained(
  { save }: Pick<TrainPlan, 'save'>,
  names: TrainingNames,
  { weightsFolder }: RunSettings,
): TrainedWeights | undefined {
  const own = save === undefined ? undefined : readTrained(save);
  if (own?.names.recipe === names.recipe) return { file: save!, training: own.training };
  if (!weightsFolder) return undefined;
  const file = keptFile(weightsFolder, names);
  const kept = readTrained(file);
  if (kept?.names.inputs !== names.inputs) return undefined;
  const now = new Date();
  utimesSync(file, now, now);
  return { file, training: kept.training };
}

/** What a file of weights says about its training; `undefined` for one that is missing, damaged or says nothing. */
export function readTrained(
  file: string,
): { readonly names: TrainingNames; readonly training: Training } | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { metadata } = readSafetensors(file);
    const { inputs, recipe, training } = JSON.parse(metadata.noether!);
    return { names: { inputs, recipe }, training };
  } catch {
    return undefined;
  }
}

export function keptFile(weightsFolder: string, { inputs }: TrainingNames): string {
  return join(weightsFolder, `${inputs}.safetensors`);
}

/** @throws Fault `data/not-written` */
export function writeTrained(file: string, names: TrainingNames, { weights, training }: Trained): void {
  mkdirSync(dirname(file), { recursive: true });
  writeSafetensors(file, weights, { noether: JSON.stringify({ ...names, training }) }, { real: 'F32' });
}

/** Keeps the folder within its allowance. Only files with the names that we give are touched. */
export function pruneKept(weightsFolder: string): void {
  const ours = readdirSync(weightsFolder).filter((name) => /^[0-9a-f]{64}(\.run)?\.safetensors$/.test(name));
  const kept = ours
    .map((name) => {
      const file = join(weightsFolder, name);
      const { size, mtimeMs } = statSync(file);
      return { file, size, used: mtimeMs };
    })
    .sort((a, b) => b.used - a.used);
  let total = 0;
  for (const { file, size } of kept) {
    total += size;
    if (total > allowance) rmSync(file, { force: true });
  }
}
