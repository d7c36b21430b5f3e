/** `noether init MODEL`: writes a starter specification. What is guessed is marked; nothing is overwritten. */
import { writeFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { inspectDataFile, inspectOnnx, inspectTfjs, parseTarget } from '@noether/engine/inspect';
import { askPython } from '../jobs/index.ts';
import { exitCodes } from './exit-codes.ts';
import { commandLineFault } from './faults.ts';
import type { GuessedPort } from './guess-types.ts';
import { starterText } from './starter-text.ts';
import type { Terminal } from './terminal.ts';

export interface InitFlags {
  readonly output?: string;
  readonly data?: string;
  readonly checkpoint?: string;
  readonly python?: string;
  readonly verbose?: boolean;
}

/** What a model says about itself. */
export interface ModelFacts {
  readonly source: 'onnx' | 'tfjs' | 'python';
  /** As the specification writes it: a path relative to it, or `package.module:callable`. */
  readonly path: string;
  readonly inputs: readonly GuessedPort[];
  readonly outputs: readonly GuessedPort[];
  /** Path of a Python model's checkpoint, relative to the specification. */
  readonly checkpoint?: string;
  /** The interpreter that was asked for. */
  readonly python?: string;
}

/** Returns the exit code. @throws Fault for a model that cannot be read; `spec/file-exists` where a file would be lost. */
export async function initCommand(model: string, flags: InitFlags, terminal: Terminal): Promise<number> {
  const name = nameOf(model);
  const output = resolve(flags.output ?? `${name}.equi`);
  const facts = await factsOf(model, flags, output, terminal);
  const data = flags.data === undefined ? undefined : await dataOf(flags.data, output);
  const text = starterText({ name, command: `noether init ${model}`, facts, ...(data ? { data } : {}) });
  try {
    writeFileSync(output, text, { flag: 'wx' });
  } catch (error) {
    throw notWritten(output, (error as NodeJS.ErrnoException).code ?? '');
  }
  terminal.out(
    `Wrote ${flags.output ?? `${name}.equi`}. Look at the lines marked "guess", then: noether check ${relativePath(process.cwd(), output)}\n`,
  );
  return exitCodes.ok;
}

async function factsOf(
  model: string,
  flags: InitFlags,
  output: string,
  terminal: Terminal,
): Promise<ModelFacts> {
  const kind = extname(model).toLowerCase();
  const file = resolve(model);
  const path = relativePath(dirname(output), file);
  if (kind === '.onnx') {
    const { inputs, outputs } = await inspectOnnx(file);
    return { source: 'onnx', path, inputs, outputs };
  }
  if (kind === '.json') {
    const { inputs, outputs } = await inspectTfjs(file);
    return { source: 'tfjs', path, inputs, outputs };
  }
  if (!model.includes(':')) throw noModel(model);
  parseTarget(model);
  const checkpoint = flags.checkpoint === undefined ? undefined : resolve(flags.checkpoint);
  const question = {
    target: model,
    folder: dirname(output),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(flags.python === undefined ? {} : { python: flags.python }),
  };
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const { inputs } = await askPython(question, log);
  return {
    source: 'python',
    path: model,
    inputs: inputs
      .filter(({ optional }) => !optional)
      .map((input) => ({ name: input.name, dtype: undefined, dims: undefined })),
    // What it returns is known when it has run.
    outputs: [{ name: 'output', dtype: undefined, dims: undefined }],
    ...(checkpoint === undefined ? {} : { checkpoint: relativePath(dirname(output), checkpoint) }),
    ...(flags.python === undefined ? {} : { python: flags.python }),
  };
}

/** @throws Fault when the data file cannot be read. */
async function dataOf(data: string, output: string) {
  const file = resolve(data);
  return { path: relativePath(dirname(output), file), arrays: await inspectDataFile(file) };
}

/** A name for the model: letters, digits and underscores. */
function nameOf(model: string): string {
  const base =
    model.includes(':') && !extname(model).match(/\.(onnx|json)$/i) ? model.split(':').at(-1)! : model;
  const stem = basename(base, extname(base));
  const own = stem === 'model' && dirname(base) !== '.' ? basename(dirname(base)) : stem;
  const name = own.replace(/\W+/g, '_').replace(/^(?=\d|$)/, '_');
  return [
    'build',
    'model',
    'data',
    'check',
    'use',
    'train',
    'benchmark',
    'compare',
    'discover',
    'claim',
  ].includes(name)
    ? 'net'
    : name;
}

/** With forward slashes, as specifications write paths. */
function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}

function noModel(model: string) {
  return commandLineFault('spec/no-model', {
    message: `${model} is no model that a starter can be written for`,
    expected: 'a file.onnx, a model.json of TensorFlow.js, or package.module:callable',
    found: model,
    advice: 'A Python callable is written with a colon: models.net:build',
  });
}

function notWritten(file: string, code: string) {
  if (code === 'EEXIST') {
    return commandLineFault('spec/file-exists', {
      message: 'There is a file already, and it stays as it is',
      expected: 'a name that is free',
      found: file,
      place: { file },
      advice: 'Name another file with --output FILE, or move this one.',
    });
  }
  return commandLineFault('spec/not-written', {
    message: 'The specification cannot be written',
    expected: 'a folder that may be written to',
    found: code,
    place: { file },
    advice: 'Name another file with --output FILE.',
  });
}
