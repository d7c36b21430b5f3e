/** Readings of the language -> the parts of a plan: absolute paths, no syntax trees. */
import { dirname } from 'node:path';
import { AstUtils, type URI } from 'langium';
import {
  absolutePath,
  type DataReading,
  type ModelReading,
  type ReadPort,
  type TrainReading,
} from '../language/index.ts';
import type { DataPlan, ModelPlan, PortPlan } from './plan.ts';

/** Paths are relative to the file that declares the model, which may be a used one. */
export function modelPlanOf(reading: ModelReading): ModelPlan {
  const { node } = reading;
  if (reading.kind === 'wrapped') {
    return { kind: 'wrapped', name: node.name, wrap: reading.spec, model: modelPlanOf(reading.inner) };
  }
  const { uri } = AstUtils.getDocument(node);
  if (reading.kind !== 'family') {
    const ports = { inputs: reading.inputs.map(portPlanOf), outputs: reading.outputs.map(portPlanOf) };
    if (reading.kind !== 'python') {
      return { kind: reading.kind, name: node.name, file: absolutePath(reading.path, uri), ...ports };
    }
    const { checkpoint, folder, python, batch, precision } = reading.options as PythonOptions;
    return {
      kind: 'python',
      name: node.name,
      target: reading.path,
      folder: folder === undefined ? dirname(uri.fsPath) : absolutePath(folder, uri),
      ...(checkpoint === undefined ? {} : { checkpoint: absolutePath(checkpoint, uri) }),
      ...(python === undefined ? {} : { python: commandOrPath(python, uri) }),
      batch: batch ?? false,
      precision: precision ?? 'auto',
      ...ports,
    };
  }
  const { family, weights } = reading;
  const files = new Set(family.options.filter(({ type }) => type === 'file').map(({ name }) => name));
  const options = Object.entries(reading.options).map(([name, value]) => [
    name,
    files.has(name) && typeof value === 'string' ? absolutePath(value, uri) : value,
  ]);
  return {
    kind: 'family',
    name: node.name,
    family: family.name,
    options: Object.fromEntries(options),
    ...(weights === undefined ? {} : { weights: absolutePath(weights, uri) }),
  };
}

/** As option-descriptions.ts describes them. */
interface PythonOptions {
  readonly checkpoint?: string;
  readonly folder?: string;
  readonly python?: string;
  readonly batch?: boolean;
  readonly precision?: 'auto' | 'float32' | 'float64';
}

/** `python3.12` is a command, `.venv/bin/python` and `envs/torch` are paths. */
function commandOrPath(python: string, uri: URI): string {
  return /^[\w.-]*python[\w.-]*$/i.test(python) && !python.startsWith('.')
    ? python
    : absolutePath(python, uri);
}

function portPlanOf({ name, type, source }: ReadPort): PortPlan {
  return { name, type, ...(source === undefined ? {} : { source }) };
}

export function dataPlanOf(reading: DataReading): DataPlan {
  const { node, path, samples, skip, sizes, contacts } = reading;
  return {
    name: node.name,
    file: absolutePath(path, AstUtils.getDocument(node).uri),
    fields: reading.fields.map(({ name, type, source }) => ({
      name,
      type,
      ...(source === undefined ? {} : { source }),
    })),
    samples,
    skip,
    sizes,
    ...(contacts === undefined ? {} : { contacts }),
  };
}

/** Where a training saves to, relative to the file that it stands in. */
export function savePathOf({ node, save }: TrainReading): string | undefined {
  return save === undefined ? undefined : absolutePath(save, AstUtils.getDocument(node).uri);
}
