/** What the tests of Rapidash share. */
import type { GroupElement } from '../../group/group.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import { real, type Values } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import type { Model } from '../model.ts';
import { openRapidash, type RapidashModel, type RapidashRequest, type Runtimes } from './model.ts';

export const positions: Field = {
  name: 'positions',
  type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] },
};

export const normals: Field = {
  name: 'normals',
  type: { representation: { kind: 'vector', dim: 3 }, axes: [{ index: 'point' }] },
};

export const pose: Field = {
  name: 'pose',
  type: { representation: { kind: 'vector', dim: 3 }, axes: [{ size: 3 }] },
};

export function field(name: string, type: Field['type']): Field {
  return { name, type };
}

export async function bothRuntimes(): Promise<Runtimes> {
  return {
    float32: await openRuntime({ precision: 'float32' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
}

export async function open(
  options: Options,
  fields: readonly Field[] = [positions],
  rest: Partial<RapidashRequest> = {},
): Promise<RapidashModel> {
  return openRapidash({ options, fields, seed: 1, ...rest }, await bothRuntimes());
}

/** Normally distributed positions and normals of a cloud. */
export function cloud(points: number, seed: number): Values {
  const random = randomFromSeed(seed);
  const normal = () =>
    real(
      [points, 3],
      Float64Array.from({ length: points * 3 }, () => random.normal()),
    );
  return { positions: normal(), normals: normal() };
}

/** max over clouds of |f(g x) - g f(x)| relative to |f|, both root mean squares over all outputs. */
export async function gap(
  model: Model,
  clouds: readonly Values[],
  element: GroupElement,
  precision: Precision = 'float64',
  fixed: readonly string[] = [],
): Promise<number> {
  const { inputs, outputs } = model.signature;
  const moved = clouds.map((values) =>
    Object.fromEntries(
      inputs.map(({ name, type }) => [
        name,
        fixed.includes(name) ? values[name]! : act(element, values[name]!, type),
      ]),
    ),
  );
  const before = await model.evaluate(clouds, precision);
  const after = await model.evaluate(moved, precision);
  let off = 0;
  let scale = 0;
  for (const { name, type } of outputs) {
    before.forEach((result, i) => {
      const expected = act(element, result[name]!, type).data;
      const found = after[i]![name]!.data;
      expected.forEach((value, k) => {
        off += (found[k]! - value) ** 2;
        scale += value ** 2;
      });
    });
  }
  return Math.sqrt(off / scale);
}
