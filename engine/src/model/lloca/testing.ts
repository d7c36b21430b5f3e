/** What the tests of LLoCa share. */
import { createGroup } from '../../group/index.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import { integer, real, type Values } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import type { Model } from '../model.ts';
import type { Runtimes } from './device.ts';
import { type LLoCaModel, type LLoCaRequest, openLLoCa } from './model.ts';

export const momenta: Field = {
  name: 'momenta',
  type: { representation: { kind: 'fourvector' }, axes: [{ index: 'particle' }] },
};

export const charge: Field = {
  name: 'charge',
  type: { representation: { kind: 'scalar' }, axes: [{ index: 'particle' }] },
};

export const species: Field = {
  name: 'species',
  type: { representation: { kind: 'category', count: 3 }, axes: [{ index: 'particle' }] },
};

export async function bothRuntimes(): Promise<Runtimes> {
  return {
    float32: await openRuntime({ precision: 'float32' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
}

export async function open(
  options: Options,
  fields: readonly Field[] = [momenta],
  rest: Partial<LLoCaRequest> = {},
): Promise<LLoCaModel> {
  return openLLoCa({ options, fields, seed: 1, ...rest }, await bothRuntimes());
}

/** Particles of mass 0.3 with normally distributed momenta, charges and species. */
export function event(particles: number, seed: number): Values {
  const random = randomFromSeed(seed);
  const rows = Array.from({ length: particles }, () => {
    const spatial = [random.normal(), random.normal(), random.normal()];
    return [Math.hypot(0.3, ...spatial), ...spatial];
  });
  return {
    momenta: real([particles, 4], rows.flat()),
    charge: real(
      [particles],
      rows.map(() => random.normal()),
    ),
    species: integer(
      [particles],
      rows.map(() => random.integer(3)),
    ),
  };
}

/**
 * |f(g x) - g f(x)| relative to |f| over all outputs and events, both root mean squares.
 * @param rapidity of the boosts, at most; rotations and boosts are drawn anew for each event
 */
export async function gap(
  model: Model,
  events: readonly Values[],
  rapidity: number,
  precision: Precision,
): Promise<number> {
  const group = createGroup({ kind: 'Lorentz', rapidity });
  const random = randomFromSeed(11).stream(rapidity);
  const elements = events.map(() => group.sample(random, {}));
  const moved = events.map((values, i) => ({
    ...values,
    momenta: act(elements[i]!, values.momenta!, momenta.type),
  }));
  const still = await model.evaluate(events, precision);
  const after = await model.evaluate(moved, precision);
  let difference = 0;
  let size = 0;
  still.forEach((outputs, i) => {
    for (const { name, type } of model.signature.outputs) {
      const wanted = act(elements[i]!, outputs[name]!, type).data;
      wanted.forEach((value, k) => {
        difference += (value - after[i]![name]!.data[k]!) ** 2;
        size += value ** 2;
      });
    }
  });
  return Math.sqrt(difference / size);
}

/** Largest |L g L^T - g| entry of frames [..., 4, 4], relative to the largest entry of L squared. */
export function metricError(frames: ArrayLike<number>): number {
  const signs = [1, -1, -1, -1];
  let worst = 0;
  for (let first = 0; first < frames.length; first += 16) {
    let scale = 1;
    for (let i = 0; i < 16; i++) scale = Math.max(scale, frames[first + i]! ** 2);
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        let product = 0;
        for (let c = 0; c < 4; c++)
          product += frames[first + 4 * a + c]! * signs[c]! * frames[first + 4 * b + c]!;
        worst = Math.max(worst, Math.abs(product - (a === b ? signs[a]! : 0)) / scale);
      }
    }
  }
  return worst;
}
