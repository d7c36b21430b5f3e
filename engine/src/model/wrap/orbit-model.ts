/**
 * What all wrappers have in common: for each input x some group elements h, so that the set of all h x is the same for every
 * g x. Then F(x) = mean over h of h^-1 f(h x) is equivariant whatever f is: with the whole group it is the Reynolds operator
 * (group averaging), with h from frames of the input it is frame averaging (Puny et al., ICLR 2022), with a single h
 * canonicalisation (Kaba et al., ICML 2023).
 */
import type { Finding } from '../../fault.ts';
import type { Group, GroupElement } from '../../group/group.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { Ambiguity } from '../ambiguity.ts';
import type { Model } from '../model.ts';

export interface Orbit {
  /** `framed(potential, SE(3))`, after the wrapped model's own title. */
  readonly suffix: string;
  /** The group that the elements belong to. */
  readonly group: Group;
  /** The elements for each input of a batch; one or more for each. */
  elements(
    batch: readonly Values[],
  ): readonly (readonly GroupElement[])[] | Promise<readonly (readonly GroupElement[])[]>;
  /** What each input leaves open. */
  ambiguities?(
    batch: readonly Values[],
  ): readonly (readonly Ambiguity[])[] | Promise<readonly (readonly Ambiguity[])[]>;
  /** What was noticed about the elements so far. */
  noticed?(): readonly Finding[];
}

/** Inputs that go to the model at once: an orbit multiplies a batch, and its memory. */
const chunkSize = 512;

/**
 * The model around `inner`, with its signature and precisions. Elements are applied and results averaged in float64. It owns
 * `inner` and disposes of it. Whether the group acts on its fields is asked before: `requirements.ts`.
 */
export function orbitModel(inner: Model, orbit: Orbit): Model {
  const { inputs, outputs } = inner.signature;
  return {
    title: `${inner.title}, ${orbit.suffix}`,
    signature: inner.signature,
    parameterCount: inner.parameterCount,
    backend: inner.backend,
    precisions: inner.precisions,
    ...(inner.noTwin === undefined ? {} : { noTwin: inner.noTwin }),
    async evaluate(batch, precision) {
      const elements = await orbit.elements(batch);
      const moved = batch.flatMap((values, i) =>
        elements[i]!.map((element) => move(element, values, inputs)),
      );
      const results = await inChunks(inner, moved, precision);
      let at = 0;
      return batch.map((_, i) => {
        const back = elements[i]!.map((element) =>
          move(orbit.group.inverse(element), results[at++]!, outputs),
        );
        return mean(back, outputs);
      });
    },
    async ambiguities(batch) {
      const own = (await orbit.ambiguities?.(batch)) ?? batch.map(() => []);
      if (!inner.ambiguities) return own;
      // What is inside sees the inputs as they are handed on.
      const elements = await orbit.elements(batch);
      const seen = await inner.ambiguities(batch.map((values, i) => move(elements[i]![0]!, values, inputs)));
      return own.map((each, i) => [...each, ...seen[i]!]);
    },
    noticed: () => [...(inner.noticed?.() ?? []), ...(orbit.noticed?.() ?? [])],
    dispose: () => inner.dispose(),
  };
}

function move(element: GroupElement, values: Values, fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map(({ name, type }) => [name, act(element, values[name]!, type)]));
}

async function inChunks(model: Model, batch: readonly Values[], precision: Precision): Promise<Values[]> {
  const results: Values[] = [];
  for (let at = 0; at < batch.length; at += chunkSize) {
    results.push(...(await model.evaluate(batch.slice(at, at + chunkSize), precision)));
  }
  return results;
}

function mean(results: readonly Values[], outputs: readonly Field[]): Values {
  if (results.length === 1) return results[0]!;
  return Object.fromEntries(
    outputs.map(({ name }): [string, NdArray] => {
      const [first] = results;
      const sum = new Float64Array(first![name]!.data.length);
      for (const result of results) {
        const { data } = result[name]!;
        for (let i = 0; i < sum.length; i++) sum[i]! += data[i]!;
      }
      for (let i = 0; i < sum.length; i++) sum[i]! /= results.length;
      return [name, real(first![name]!.shape, sum)];
    }),
  );
}

/** Sizes of the index sets of one input, read off its arrays. */
export function sizesOf(values: Values, fields: readonly Field[]): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, type } of fields) {
    for (const [at, axis] of type.axes.entries()) {
      const size = values[name]?.shape[at];
      if ('index' in axis && size !== undefined) sizes[axis.index] = size;
    }
  }
  return sizes;
}
