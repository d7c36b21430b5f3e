/** A parity case on disk: case.json, io.safetensors and, where there are weights, weights.safetensors. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '../data/index.ts';
import { Fault } from '../fault.ts';
import type { NdArray } from '../tensor/array.ts';
import {
  type CountRow,
  completed,
  countOutputs,
  gradientName,
  isShort,
  judged,
  longPrefixes,
  type Rule,
  ruleOf,
  shortPrefixes,
} from './dialect.ts';
import { type Population, populationOutputs } from './population.ts';

/** Largest allowed max|a-b| / max|reference| of a tensor. */
export interface Tolerances {
  readonly float64: { readonly outputs: number; readonly gradients: number };
  /** For each output; the official float32 run itself differs by a sixth of it from float64. */
  readonly float32: { readonly outputs: Readonly<Record<string, number>> };
  readonly conditioning: { readonly outputs: number; readonly gradients: number };
}

export interface ParityCase {
  readonly folder: string;
  /** Which model family: "rapidash". */
  readonly system: string;
  readonly name: string;
  /** Which part of it: "Conv". */
  readonly module: string;
  readonly hyper: Readonly<Record<string, unknown>>;
  readonly tolerance: Tolerances;
  /** Takes the place of the tolerances in cases that are written in the short way. */
  readonly rule?: Rule;
  /** Official weights by their official names. */
  readonly weights: ReadonlyMap<string, NdArray>;
  /** The `input.*` arrays, without the prefix; likewise the next three. */
  readonly inputs: ReadonlyMap<string, NdArray>;
  readonly outputs: ReadonlyMap<string, NdArray>;
  readonly intermediates: ReadonlyMap<string, NdArray>;
  readonly cotangents: ReadonlyMap<string, NdArray>;
  /** `grad.*`: gradients of sum(output * cotangent), by `input.NAME` and `weight.NAME`. */
  readonly gradients: ReadonlyMap<string, NdArray>;
}

/** Folders at or under `folder` that hold a case.json, sorted. Links are not followed. */
export function findCases(folder: string): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    if (existsSync(join(path, 'case.json'))) found.push(path);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(path, entry.name));
    }
  };
  visit(folder);
  return found.sort();
}

/**
 * @throws Fault `data/…` when a file is damaged, `data/parity-case` when case.json lacks what a case must say.
 */
export function readCase(folder: string): ParityCase {
  const file = join(folder, 'case.json');
  const description = parse(file);
  const { rule } = description;
  const prefixes = rule ? shortPrefixes : longPrefixes;
  const ioFile = join(folder, 'io.safetensors');
  // Cases of numbers alone have no arrays.
  const io = rule && !existsSync(ioFile) ? new Map<string, NdArray>() : readSafetensors(ioFile).tensors;
  const weightsFile = join(folder, 'weights.safetensors');
  const part = (prefix: string): Map<string, NdArray> =>
    new Map(
      [...io]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, array]) => [name.slice(prefix.length), array]),
    );
  return {
    ...description,
    folder,
    weights: existsSync(weightsFile) ? readSafetensors(weightsFile).tensors : new Map(),
    inputs: part(prefixes.inputs),
    outputs: new Map([
      ...judged(part(prefixes.outputs), 'output', rule),
      ...countOutputs((description.hyper.rows ?? []) as CountRow[]),
      ...populationOutputs(description.hyper.population as Population | undefined),
    ]),
    intermediates: judged(part(prefixes.intermediates), 'intermediate', rule),
    cotangents: part(prefixes.cotangents),
    gradients: judged(
      new Map([...part('grad.')].map(([name, array]) => [gradientName(name), array])),
      'gradient',
      rule,
    ),
  };
}

type Description = Pick<ParityCase, 'system' | 'name' | 'module' | 'hyper' | 'tolerance' | 'rule'>;

function parse(file: string): Description {
  const broken = (what: string): Fault =>
    new Fault({
      code: 'data/parity-case',
      message: `${file} does not describe a parity case: ${what}`,
      expected: 'system, case, module, hyper and tolerance',
      place: { file },
      advice: 'Write the file as the cases of test-fixtures/parity do.',
    });
  let json: Record<string, unknown>;
  try {
    json = completed(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
  for (const key of ['system', 'case', 'module'] as const) {
    if (typeof json[key] !== 'string') throw broken(`it has no \`${key}\``);
  }
  for (const key of ['hyper', 'tolerance'] as const) {
    if (typeof json[key] !== 'object' || json[key] === null) throw broken(`it has no \`${key}\``);
  }
  return {
    system: json.system as string,
    name: json.case as string,
    module: json.module as string,
    hyper: json.hyper as ParityCase['hyper'],
    tolerance: json.tolerance as Tolerances,
    ...(isShort(json.tolerance) ? { rule: ruleOf(json.tolerance) } : {}),
  };
}
