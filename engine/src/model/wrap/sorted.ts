/**
 * Permutations: the model sees the entries of an index set in an order that their own values make, and what comes out goes back
 * into the order of the input. Exact whatever the model is, and not continuous: where two entries change places, the model may
 * jump. Entries that compare alike are a tie, which is harmless only if nothing tells them apart.
 */
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { type Field, trailingShape } from '../../signature.ts';
import { sizeOf, type Values } from '../../tensor/array.ts';
import type { Ambiguity } from '../ambiguity.ts';
import type { Model } from '../model.ts';
import { type Orbit, orbitModel, sizesOf } from './orbit-model.ts';
import { axesAlong, wrapPlan } from './requirements.ts';
import type { WrapSpec } from './spec.ts';

/**
 * F(x) = p^-1 f(p x) with p the permutation that sorts the entries by all their values, field by field in the order of the
 * signature. Of fields over pairs, `scalar[node, node]`, an entry has its diagonal and its sorted row and column.
 * @throws Fault what {@link wrapPlan} throws: `model/wrap-group` for an index set that no input has.
 */
export function sorted(inner: Model, spec: Extract<WrapSpec, { kind: 'sorted' }>): Model {
  const { inputs, outputs } = inner.signature;
  const plan = wrapPlan(inner, spec);
  const group = createGroup(plan.group);
  const { index } = plan.group as Extract<GroupSpec, { kind: 'S' }>;
  const keyed = plan.read;
  // A tie of entries that are the same in everything does no harm where no output tells them apart.
  const telling = outputs.some(({ type }) => axesAlong(type, index).length > 0);
  const pairs = inputs.some(({ type }) => axesAlong(type, index).length > 1);
  const orbit: Orbit = {
    suffix: `sorted along ${index}`,
    group,
    elements: (batch) =>
      batch.map((values) => {
        const size = sizesOf(values, inputs)[index] ?? 0;
        return [{ kind: 'permutation', index, order: sortingOrder(values, keyed, index, size).order }];
      }),
    ambiguities: (batch) =>
      batch.map((values) => {
        const size = sizesOf(values, inputs)[index] ?? 0;
        const { ties } = sortingOrder(values, keyed, index, size);
        return ties > 0 && (telling || pairs) ? [tied(index, group.text)] : [];
      }),
  };
  return orbitModel(inner, orbit);
}

function tied(index: string, group: string): Ambiguity {
  return {
    code: 'model/sorted-ties',
    severity: 'warning',
    lead: 'the order is left open, and the model may tell entries apart, in',
    remark: `has entries of ${index} that compare alike`,
    expected: `entries of ${index} that differ in some value`,
    advice: `Average over ${group} instead, or give the entries something that differs.`,
  };
}

/** The order that sorts the entries, and how many neighbours compare alike. Stable. */
export function sortingOrder(
  values: Values,
  fields: readonly Field[],
  index: string,
  size: number,
): { readonly order: number[]; readonly ties: number } {
  const keys = Array.from({ length: size }, (_, i) =>
    fields.flatMap((field) => keyOf(values, field, index, i)),
  );
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => compare(keys[i]!, keys[j]!) || i - j,
  );
  const ties = order.filter(
    (entry, at) => at > 0 && compare(keys[order[at - 1]!]!, keys[entry]!) === 0,
  ).length;
  return { order, ties };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [k, x] of a.entries()) if (x !== b[k]) return x - b[k]!;
  return 0;
}

/** What an entry is compared by in one field, without a trace of the order of the others. */
function keyOf(values: Values, { name, type }: Field, index: string, entry: number): number[] {
  const { shape, data } = values[name]!;
  const axes = axesAlong(type, index);
  const slices = axes.map((axis) => slice(data, shape, axis, entry));
  if (axes.length === 1) return slices[0]!;
  const feature = sizeOf(trailingShape(type.representation));
  // Sorted as numbers for plain values, so that the order of the other entries leaves no trace; features stay together.
  const parts = slices.map((own) =>
    Array.from({ length: own.length / feature }, (_, k) => own.slice(k * feature, (k + 1) * feature))
      .sort(compare)
      .flat(),
  );
  return [...diagonal(data, shape, axes, entry), ...parts.flat()];
}

/** All numbers at one entry of an axis, in the order of the array. */
function slice(data: ArrayLike<number>, shape: readonly number[], axis: number, entry: number): number[] {
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const result: number[] = [];
  for (let o = 0; o < outer; o++) {
    const base = (o * shape[axis]! + entry) * inner;
    for (let k = 0; k < inner; k++) result.push(data[base + k]!);
  }
  return result;
}

/** The numbers at one entry of all axes of the index set at once. */
function diagonal(
  data: ArrayLike<number>,
  shape: readonly number[],
  axes: readonly number[],
  entry: number,
): number[] {
  let at: number[] = [0];
  for (const [axis, length] of shape.entries()) {
    const chosen = axes.includes(axis) ? [entry] : Array.from({ length }, (_, k) => k);
    at = at.flatMap((base) => chosen.map((k) => base * length + k));
  }
  return at.map((k) => data[k]!);
}
