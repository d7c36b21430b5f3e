/**
 * What all wrappers have in common: for each input x some group elements h, so that the set of all h x is the same for every
 * g x. Then F(x) = mean over h of h^-1 f(h x) is equivariant whatever f is: with the whole group it is the Reynolds operator
 * (group averaging), with h from frames of the input it is frame averaging (Puny et al., ICLR 2022), with a single h
 * canonicalisation (Kaba et al., ICML 2023).
 */
import { Fault, type Finding } from '../../fault.ts';
import type { Group, GroupElement } from '../../group/group.ts';
import { act, actionOf } from '../../representation/index.ts';
import { type Field, typeText } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
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
  /** What was noticed about the inputs so far. */
  noticed?(): readonly Finding[];
}

/** Inputs that go to the model at once: an orbit multiplies a batch, and its memory. */
const chunkSize = 512;

/**
 * The model around `inner`, with its signature and precisions. Elements are applied and results averaged in float64. It owns
 * `inner` and disposes of it.
 * @throws Fault `group/no-action` when the group does not act on an input or output, `model/wrap-output` when several
 * results would have to be averaged and an output is no number.
 */
export function orbitModel(inner: Model, orbit: Orbit, averages: boolean): Model {
  requireAction(inner, orbit.group, averages);
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

function requireAction({ signature, title }: Model, group: Group, averages: boolean): void {
  for (const { name, type } of [...signature.inputs, ...signature.outputs]) {
    const answer = actionOf(group.spec, type);
    if (answer.acts) continue;
    throw new Fault({
      code: 'group/no-action',
      message: `${title} cannot be wrapped for ${group.text}: \`${name}\`: ${answer.reason}`,
      expected: `fields that ${group.text} acts on`,
      found: typeText(type),
      advice: 'Wrap it for another group, or declare the field otherwise.',
    });
  }
  if (!averages) return;
  const output = signature.outputs.find(
    ({ type: { representation } }) => representation.kind === 'category' || representation.kind === 'label',
  );
  if (!output) return;
  throw new Fault({
    code: 'model/wrap-output',
    message: `the output \`${output.name}\` of ${title} is ${typeText(output.type)}, and categories have no mean`,
    expected: 'outputs that are numbers, such as scores',
    found: typeText(output.type),
    advice:
      'Wrap the model in front of the choice of a category, or with one frame instead of a mean: `signs: one`.',
  });
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

/** Counts what is noticed about inputs, for one sentence at the end. */
export interface Counter {
  readonly seen: number;
  readonly counts: ReadonlyMap<string, number>;
  see(remarks: readonly string[]): void;
}

export function counter(): Counter {
  const counts = new Map<string, number>();
  let seen = 0;
  return {
    get seen() {
      return seen;
    },
    counts,
    see(remarks) {
      seen++;
      for (const remark of remarks) counts.set(remark, (counts.get(remark) ?? 0) + 1);
    },
  };
}

/** "3 of 40 evaluated inputs". */
export function shareText(count: number, { seen }: Pick<Counter, 'seen'>): string {
  return `${count} of ${seen} evaluated inputs`;
}
