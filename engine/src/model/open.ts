/** Opens a model of one of the families. */
import { Fault } from '../fault.ts';
import type { Field } from '../signature.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import type { Precision, Runtime } from '../tensor/runtime.ts';
import type { Options } from './description.ts';
import { openEquiTabPfn, openTabPfn } from './equitabpfn/model.ts';
import { families } from './families.ts';
import { openLLoCa } from './lloca/model.ts';
import type { Model } from './model.ts';
import { openPengCde } from './peng-cde/model.ts';
import { openRapidash, type RapidashRequest } from './rapidash/model.ts';
import { openRapidashDenoiser } from './rapidash-denoiser/model.ts';

export interface FamilyRequest {
  /** As the language writes it: `Rapidash`. */
  readonly family: string;
  readonly options: Options;
  /** Trained weights: the absolute path of a safetensors file, or the arrays by official name. */
  readonly weights?: string | Readonly<Record<string, NdArray>>;
  /** The data's fields. */
  readonly fields: readonly Field[];
  /** Seed of untrained weights; default 0. */
  readonly seed?: number;
  /**
   * A sample of the data: the network's inputs by name. Families that calibrate untrained weights do it on this one, and on
   * random values without it.
   */
  readonly example?: Values;
}

type Open = (
  request: RapidashRequest,
  runtimes: Readonly<Record<Precision, Runtime>>,
) => Model | Promise<Model>;

const openers: Readonly<Record<string, Open>> = {
  Rapidash: openRapidash,
  RapidashDenoiser: openRapidashDenoiser,
  LLoCa: openLLoCa,
  PENGCDE: openPengCde,
  EquiTabPFN: openEquiTabPfn,
  TabPFN: openTabPfn,
};

/**
 * @throws Fault `model/unknown-family`; `model/…` for options or fields that make no network; `data/…` and
 * `model/weights-…` for weights that cannot be read or belong to another network.
 */
export async function openFamily(
  { family, seed = 0, ...request }: FamilyRequest,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Promise<Model> {
  const open = Object.hasOwn(openers, family) ? openers[family] : undefined;
  if (!open) {
    const known = families.map(({ name }) => name).join(', ');
    throw new Fault({
      code: 'model/unknown-family',
      message: `there is no model family \`${family}\``,
      expected: known,
      found: family,
      advice: `Choose one of ${known}.`,
    });
  }
  return open({ ...request, seed }, runtimes);
}
