/**
 * What a result depends on, as one hash: the canonical plan, the bytes of every file that it names, the engine, the
 * machine, and the backend that was asked for. Names that people give, comments, limits and places on disk are left
 * out: renaming a model or moving a folder keeps its results.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { basename, isAbsolute } from 'node:path';
import { canonicalJson } from '../plan/canonical.ts';
import { innermostPlan, type PlainModelPlan } from '../plan/innermost.ts';
import type { DataPlan, ModelPlan, RunSettings, Task, TrainingRecipe } from '../plan/plan.ts';
import type { FileHasher } from './file-hash.ts';
import { engineFingerprint } from './version.ts';

export interface Inputs {
  /** SHA-256 in hex. */
  readonly hash: string;
  /** The same without engine, machine and backend: names a training wherever it was run. */
  readonly recipe: string;
  /** Absolute path and content hash of every file that the task reads. */
  readonly files: ReadonlyMap<string, string>;
}

/** @throws Fault `job/unreadable-input` when one of the files cannot be read. */
export async function inputsOf(task: Task, settings: RunSettings, hasher: FileHasher): Promise<Inputs> {
  const files = new Map<string, string>();
  // One after the other: the files are on one disk, and hashing is quick compared with it.
  for (const file of filesOf(task)) files.set(file, await hasher.hash(file));
  const interpreters: string[] = [];
  for (const model of modelsOf(task)) {
    for (const file of await furtherFiles(model, files)) files.set(file, await hasher.hash(file));
    if (model.kind === 'python') interpreters.push(await interpreterOf(model, settings));
  }
  const own = {
    task: substance(task),
    // Names in the model's folder tell which hash is whose; the files themselves are named inside the model.
    files: [...files].map(([file, hash]) => [basename(file), hash]),
  };
  const ran = {
    backend: settings.backend,
    engine: engineFingerprint(),
    machine: [platform(), arch(), cpus()[0]?.model ?? ''],
    ...(interpreters.length > 0 ? { interpreters } : {}),
  };
  return { hash: hashOf({ ...own, ...ran }, files), recipe: hashOf(own, files), files };
}

/** A file counts by its content, and by its last name, since reports name samples after it. */
function hashOf(value: unknown, files: ReadonlyMap<string, string>): string {
  const placeless = canonicalJson(value).replace(pathPattern, (quoted) => {
    const path = JSON.parse(quoted) as string;
    const hash = files.get(path);
    return hash ? JSON.stringify([basename(path), hash]) : quoted;
  });
  return createHash('sha256').update(placeless).digest('hex');
}

/** Files that a model leads to without naming them in the plan: weights beside a graph, sources of a Python module. */
async function furtherFiles(
  model: PlainModelPlan,
  hashes: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  switch (model.kind) {
    case 'onnx':
      return weightFiles(model.file, hashes.get(model.file)!);
    case 'tfjs': {
      const { tfjsShards } = await import('@noether/engine/inspect');
      return tfjsShards(model.file).catch(() => []);
    }
    case 'python':
      return sourcesOfPython(model);
    case 'family':
      return [];
  }
}

type PythonPlan = Extract<ModelPlan, { kind: 'python' }>;

async function sourcesOfPython({ target, folder }: PythonPlan): Promise<string[]> {
  const { parseTarget, pythonSources } = await import('@noether/engine/inspect');
  return pythonSources(folder, parseTarget(target).module);
}

/** Which interpreter it is, with its packages. @throws Fault `model/python-no-interpreter` */
async function interpreterOf({ python, folder }: PythonPlan, settings: RunSettings): Promise<string> {
  const { findPython, interpreterFingerprint } = await import('@noether/engine/inspect');
  return interpreterFingerprint((await findPython({ python, setting: settings.python, folder })).file);
}

/** All files that the task reads, as far as they can be known without running it; what cannot be read is left out. */
export async function filesReadBy(task: Task): Promise<string[]> {
  const files = new Set(filesOf(task));
  const { picturesIn } = await import('@noether/engine/inspect');
  for (const { file } of dataOf(task)) {
    const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder) for (const picture of picturesIn(file)) files.add(picture);
  }
  for (const model of modelsOf(task)) {
    // The hash only keys what is remembered, and is nothing that a list of names depends on.
    const further = model.kind === 'onnx' ? [] : await furtherFiles(model, new Map()).catch(() => []);
    for (const file of further) files.add(file);
  }
  return [...files];
}

/** Other files that an ONNX file keeps its arrays in, by the hash of its content: reading that takes its time. */
const knownWeightFiles = new Map<string, readonly string[]>();

async function weightFiles(file: string, hash: string): Promise<readonly string[]> {
  const key = `${hash} ${file}`;
  let known = knownWeightFiles.get(key);
  if (!known) {
    const { onnxWeightFiles } = await import('@noether/engine/inspect');
    // What is no ONNX file names no others; the run says what is wrong with it.
    known = await onnxWeightFiles(file).catch(() => []);
    knownWeightFiles.set(key, known);
  }
  return known;
}

const pathPattern = /"(?:[^"\\]|\\.)*"/g;

/** Absolute paths of all files that the task names. A model may name more in its turn: see {@link inputsOf}. */
export function filesOf(task: Task): string[] {
  const files = new Set<string>();
  for (const data of dataOf(task)) files.add(data.file);
  for (const model of modelsOf(task)) {
    if (model.kind === 'python') {
      if (model.checkpoint) files.add(model.checkpoint);
      continue;
    }
    if (model.kind !== 'family') {
      files.add(model.file);
      continue;
    }
    if (model.weights) files.add(model.weights);
    for (let recipe = model.trained; recipe; recipe = recipe.before) files.add(recipe.data.file);
    // Options that name a file hold an absolute path in a plan, and no other option does.
    for (const value of Object.values(model.options)) {
      if (typeof value === 'string' && isAbsolute(value)) files.add(value);
    }
  }
  return [...files];
}

/** The models that have files, without what is wrapped around them. */
function modelsOf(task: Task): readonly PlainModelPlan[] {
  switch (task.kind) {
    case 'benchmark':
      return task.models.map(innermostPlan);
    case 'compare':
      return (task.other ? [task.model, task.other] : [task.model]).map(innermostPlan);
    case 'claim':
      return task.measures.map(({ model }) => innermostPlan(model));
    default:
      return task.model ? [innermostPlan(task.model)] : [];
  }
}

function dataOf(task: Task): readonly DataPlan[] {
  if (task.kind === 'claim') return task.measures.flatMap(({ data }) => data ?? []);
  return task.data ? [task.data] : [];
}

/** The part of a task that its outcome depends on. */
function substance(task: Task): unknown {
  const { kind } = task;
  switch (kind) {
    case 'check': {
      const { group, options } = task;
      const own = { group, options: { ...options, expect: undefined } };
      return { kind, model: modelSubstance(task.model), data: dataSubstance(task.data), ...own };
    }
    case 'describe':
      return {
        kind,
        model: task.model && modelSubstance(task.model),
        data: task.data && dataSubstance(task.data),
      };
    case 'train':
      return {
        kind,
        model: modelSubstance(task.model),
        data: dataSubstance(task.data),
        options: task.options,
      };
    case 'benchmark':
      // Results name the models.
      return { kind, models: task.models.map(named), data: dataSubstance(task.data), options: task.options };
    case 'compare': {
      const { model, other, data, options } = task;
      return { kind, model: named(model), other: other && named(other), data: dataSubstance(data), options };
    }
    case 'discover': {
      const { model, data, ambient, options } = task;
      return { kind, model: named(model), data: dataSubstance(data), ambient, options };
    }
    case 'claim': {
      const { left, comparison, right, measures, seeds, seed, confidence } = task;
      const parts = measures.map(({ model, data, ...own }) => ({
        ...own,
        model: modelSubstance(model),
        data: data && dataSubstance(data),
      }));
      return { kind, left, comparison, right, seeds, seed, confidence, measures: parts };
    }
  }
}

function named(model: ModelPlan): unknown {
  return { name: model.name, model: modelSubstance(model) };
}

function modelSubstance(model: ModelPlan): unknown {
  const { name: _, ...own } = model;
  if (own.kind === 'wrapped') return { ...own, model: modelSubstance(own.model) };
  if (own.kind === 'python') {
    // Sources count by what is in them, and the interpreter by what it is, wherever they lie.
    const { folder: __, python: ___, ...rest } = own;
    return rest;
  }
  return 'trained' in own && own.trained ? { ...own, trained: recipeSubstance(own.trained) } : own;
}

function recipeSubstance({ data, options, before }: TrainingRecipe): unknown {
  return { data: dataSubstance(data), options, before: before && recipeSubstance(before) };
}

function dataSubstance({ name: _, ...own }: DataPlan): unknown {
  return own;
}
