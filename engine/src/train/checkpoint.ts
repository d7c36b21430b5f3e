/** The state of a run on disk: enough to go on as if it had never stopped. */
import { existsSync, rmSync } from 'node:fs';
import { readSafetensors, writeSafetensors } from '../data/index.ts';
import { Fault } from '../fault.ts';
import { type NdArray, real } from '../tensor/array.ts';
import { type Layout, unflatten } from './flat.ts';
import type { CurvePoint } from './training.ts';

export interface RunState {
  /** Steps done. */
  readonly done: number;
  /** Vectors in the layout's order. */
  readonly weights: NdArray;
  readonly first: NdArray;
  readonly second: NdArray;
  readonly average?: NdArray;
  readonly best?: NdArray;
  readonly bestStep?: number;
  readonly bestLoss?: number;
  /** Validations since the best one. */
  readonly waited: number;
  readonly curve: readonly CurvePoint[];
  /** Losses since the last point of the curve. */
  readonly losses: readonly number[];
  /** Seconds of wall time so far. */
  readonly seconds: number;
}

/** Where a run keeps its state. */
export interface CheckpointPlace {
  /** Absolute path of a safetensors file; it is this run's own, and replaced as the run goes on. */
  readonly file: string;
  /** Names the run: model, data, options, engine. A state of another run is not taken up. */
  readonly identity: string;
}

const format = 'noether-checkpoint-1';

/**
 * Writes the state, whole or not at all. The weights lie in it under their official names, so that a checkpoint can be
 * opened like final weights; the vectors have the prefix `noether.`.
 * @throws Fault `data/not-written`
 */
export function writeCheckpoint(place: CheckpointPlace, layout: Layout, state: RunState): void {
  const { weights, first, second, average, best, ...rest } = state;
  const tensors = {
    ...unflatten(layout, weights),
    'noether.first': first,
    'noether.second': second,
    ...(average ? { 'noether.average': average } : {}),
    ...(best ? { 'noether.best': best } : {}),
  };
  const metadata = { format, identity: place.identity, state: JSON.stringify(rest) };
  writeSafetensors(place.file, tensors, metadata, { real: 'F32' });
}

/**
 * The state of this run; `undefined` when there is none, or only one of another run.
 * @throws Fault `train/bad-checkpoint` for a file that is damaged
 */
export function readCheckpoint(place: CheckpointPlace, layout: Layout): RunState | undefined {
  if (!existsSync(place.file)) return undefined;
  try {
    const { tensors, metadata } = readSafetensors(place.file);
    if (metadata.format !== format || metadata.identity !== place.identity) return undefined;
    const vector = (name: string): NdArray => {
      const tensor = tensors.get(`noether.${name}`);
      if (tensor?.data.length !== layout.size) throw new RangeError(`the checkpoint lacks ${name}`);
      return tensor;
    };
    const rest = JSON.parse(metadata.state!) as Omit<RunState, 'weights' | 'first' | 'second'>;
    const data = new Float64Array(layout.size);
    let at = 0;
    for (const name of layout.names) {
      const { data: part } = tensors.get(name)!;
      data.set(part, at);
      at += part.length;
    }
    return {
      ...rest,
      weights: real([layout.size], data),
      first: vector('first'),
      second: vector('second'),
      ...(tensors.has('noether.average') ? { average: vector('average') } : {}),
      ...(tensors.has('noether.best') ? { best: vector('best') } : {}),
    };
  } catch (error) {
    throw new Fault({
      code: 'train/bad-checkpoint',
      message: `the checkpoint cannot be read: ${(error as Error).message}`,
      place: { file: place.file },
      advice: 'Remove the file; training then starts from the beginning.',
    });
  }
}

/** A finished run needs no checkpoint. */
export function removeCheckpoint({ file }: CheckpointPlace): void {
  rmSync(file, { force: true });
}
