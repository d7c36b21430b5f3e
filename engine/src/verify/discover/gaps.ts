/** The gaps of finite elements: |f(g x) - g f(x)| held against rounding, with outputs that may have no declared action. */
import type { GroupElement } from '../../group/group.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import { perturbationMeter } from '../floor.ts';
import { distance } from '../gap.ts';
import { evaluatePairs } from '../pairs.ts';
import { classify, toleranceFor } from '../verdict.ts';
import type { Verdict } from '../verification.ts';
import { type DefectSetting, rms } from './defects.ts';

/** What is known of the model on the samples, unmoved. */
export interface Base {
  readonly values: readonly Values[];
  readonly scales: ReadonlyMap<string, number>;
  /** Rounding of one evaluation relative to the scale; where it is not known each pair measures its own. */
  readonly rounding?: ReadonlyMap<string, number>;
  readonly within: number | 'auto';
}

export interface Move {
  readonly sample: number;
  readonly element: GroupElement;
  /** What outputs become whose action is fitted; by the output's name. */
  readonly fitted?: ReadonlyMap<string, (value: NdArray, output: Field) => NdArray>;
}

export interface ElementGap {
  /** Relative to the output's scale, or to the moved output where that is larger. */
  readonly gap: number;
  readonly tolerance: number;
  readonly verdict: Verdict;
}

const rank: Readonly<Record<Verdict, number>> = { holds: 0, inconclusive: 1, violated: 2 };

/** The worse of two: by verdict, then by how far above the tolerance. */
export function worse(a: ElementGap, b: ElementGap): ElementGap {
  const order = rank[a.verdict] - rank[b.verdict];
  if (order !== 0) return order > 0 ? a : b;
  return a.gap / a.tolerance >= b.gap / b.tolerance ? a : b;
}

/** The worst output of every move. */
export async function gapsOf(
  request: DefectSetting,
  base: Base,
  moves: readonly Move[],
): Promise<ElementGap[]> {
  const { setting, outputs, actionOn, precision, onEvaluated, signal } = request;
  const found: ElementGap[] = [];
  for (let first = 0; first < moves.length; first += 128) {
    const chunk = moves.slice(first, first + 128);
    const results = await evaluatePairs(setting, chunk, precision);
    signal?.throwIfAborted();
    onEvaluated(chunk.length);
    const measured = base.rounding
      ? undefined
      : await perturbationMeter(setting, base.values, precision).measure(
          chunk.map((move, i) => ({ ...move, number: first + i })),
          results,
        );
    chunk.forEach(({ sample, element, fitted }, i) => {
      let worst: ElementGap | undefined;
      for (const output of outputs) {
        const { name, type } = output;
        const scale = base.scales.get(name);
        if (scale === undefined) continue;
        const before = base.values[sample]![name]!;
        const action = actionOn(output);
        const wanted =
          action === 'declared'
            ? act(element, before, type)
            : action === 'fitted'
              ? (fitted?.get(name)?.(before, output) ?? before)
              : before;
        const unit = Math.max(scale, type.representation.kind === 'position' ? 0 : rms(wanted.data));
        const gap = distance(results[i]![name]!, wanted) / unit;
        const floor = measured ? measured[i]!.floor[name]! / unit : 2 * base.rounding!.get(name)!;
        const own: ElementGap = {
          gap,
          tolerance: toleranceFor(floor, base.within),
          verdict: classify({ gap, floor }, base.within),
        };
        worst = worst ? worse(worst, own) : own;
      }
      found.push(worst!);
    });
  }
  return found;
}

/** A value again from its rows of features, in the order of {@link featureRows}. */
export function fromRows(rows: readonly (readonly number[])[], { type }: Field, { shape }: NdArray): NdArray {
  const named = shape.map((_, i) => type.axes[i] !== undefined && 'index' in type.axes[i]);
  const data = new Float64Array(shape.reduce((n, size) => n * size, 1));
  const next = new Map<string, { readonly row: readonly number[]; at: number }>();
  const at = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    const key = at.filter((_, axis) => named[axis]).join();
    let cursor = next.get(key);
    if (!cursor) {
      cursor = { row: rows[next.size]!, at: 0 };
      next.set(key, cursor);
    }
    data[i] = cursor.row[cursor.at++]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
  return real(shape, data);
}
