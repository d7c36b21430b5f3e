/**
 * What a result depends on, as one hash: the canonical plan, the bytes of every file that it names, the engine, the
 * machine, and the backend that was asked for. Names that people give, comments, limits and places on disk are left
 * out: renaming a model or moving a folder keeps its results.
 */
import { createHash } from 'node:crypto';
import { arch, cpus, platform } from 'node:os';
import { basename, isAbsolute } from 'node:path';
import { canonicalJson } from '../plan/canonical.ts';
import type { CheckPlan, DescribePlan, ModelPlan, RunSettings, Task } from '../plan/plan.ts';
import type { FileHasher } from './file-hash.ts';
import { engineFingerprint } from './version.ts';

export interface Inputs {
  /** SHA-256 in hex. */
  readonly hash: string;
  /** Absolute path and content hash of every file that the task reads. */
  readonly files: ReadonlyMap<string, string>;
}

/** @throws Fault `job/unreadable-input` when one of the files cannot be read. */
export async function inputsOf(task: Task, settings: RunSettings, hasher: FileHasher): Promise<Inputs> {
  const files = new Map<string, string>();
  // One after the other: the files are on one disk, and hashing is quick compared with it.
  for (const file of filesOf(task)) files.set(file, await hasher.hash(file));
  if (task.model?.kind === 'onnx') {
    const { file } = task.model;
    for (const weights of await weightFiles(file, files.get(file)!)) {
      files.set(weights, await hasher.hash(weights));
    }
  }
  const text = canonicalJson({
    task: substance(task),
    // Names in the model's folder tell which hash is whose; the files themselves are named inside the model.
    files: [...files].map(([file, hash]) => [basename(file), hash]),
    backend: settings.backend,
    engine: engineFingerprint(),
    machine: [platform(), arch(), cpus()[0]?.model ?? ''],
  });
  // A file counts by its content, and by its last name, since reports name samples after it.
  const placeless = text.replace(pathPattern, (quoted) => {
    const path = JSON.parse(quoted) as string;
    const hash = files.get(path);
    return hash ? JSON.stringify([basename(path), hash]) : quoted;
  });
  return { hash: createHash('sha256').update(placeless).digest('hex'), files };
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
  if (task.data) files.add(task.data.file);
  if (task.model?.kind === 'onnx') files.add(task.model.file);
  if (task.model?.kind === 'family') {
    if (task.model.weights) files.add(task.model.weights);
    // Options that name a file hold an absolute path in a plan, and no other option does.
    for (const value of Object.values(task.model.options)) {
      if (typeof value === 'string' && isAbsolute(value)) files.add(value);
    }
  }
  return [...files];
}

/** The part of a task that its outcome depends on. */
function substance(task: Task): unknown {
  return task.kind === 'check' ? checkSubstance(task) : describeSubstance(task);
}

function checkSubstance({ model, data, group, options }: CheckPlan): unknown {
  return {
    kind: 'check',
    model: modelSubstance(model),
    data: { ...data, name: undefined },
    group,
    options: { ...options, expect: undefined },
  };
}

function describeSubstance({ model, data }: DescribePlan): unknown {
  return {
    kind: 'describe',
    model: model && modelSubstance(model),
    data: data && { ...data, name: undefined },
  };
}

function modelSubstance(model: ModelPlan): unknown {
  return { ...model, name: undefined };
}
