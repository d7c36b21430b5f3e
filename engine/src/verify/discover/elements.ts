/** Finite elements tried on samples: given ones, and random ones of the algebra that was found. */

import type { Sample } from '../../data/dataset.ts';
import type { GroupElement } from '../../group/group.ts';
import { act } from '../../representation/index.ts';
import type { Field } from '../../signature.ts';
import type { NdArray } from '../../tensor/array.ts';
import { clopperPearsonUpper } from '../exceedance.ts';
import { distance } from '../gap.ts';
import { evaluatePairs, type Setting } from '../pairs.ts';
import type { AlgebraResult } from './algebra.ts';
import type { DefectSetting } from './defects.ts';
import type { FiniteDraws } from './discovery.ts';
import type { ElementFor } from './finite.ts';
import { type Base, type ElementGap, fromRows, gapsOf, type Move, worse } from './gaps.ts';
import { combined, exponential } from './generators.ts';
import { applyAffine, featureRows, fitAffine, rowsPerUnknown } from './output-fit.ts';

/** Elements of the algebra that are drawn to bound how many break. */
const drawn = 64;

/** Whether an element changes some input of some sample. */
export function movesInputs(
  { bindings }: Setting,
  element: GroupElement,
  samples: readonly Sample[],
): boolean {
  return samples.some(({ values }) =>
    bindings.some(({ field }) => {
      const value = values[field.name]!;
      return distance(act(element, value, field.type), value) > 0;
    }),
  );
}

/** The worst gap of each element over the samples that have it; none where it moves no input of any. */
export async function measureElements(
  request: DefectSetting,
  base: Base,
  samples: readonly number[],
  elements: readonly ElementFor[],
): Promise<(ElementGap | undefined)[]> {
  const { setting, outputs, actionOn, precision } = request;
  const moves = elements.flatMap((elementFor, k) => {
    const own = samples.flatMap((sample) => {
      const element = elementFor(setting.dataset.samples[sample]!.sizes);
      return element ? [{ k, sample, element }] : [];
    });
    const moving = own.some(({ sample, element }) =>
      movesInputs(setting, element, [setting.dataset.samples[sample]!]),
    );
    return moving ? own : [];
  });
  const unknown = outputs.filter((output) => actionOn(output) === 'fitted');
  // A finite element has no derivative to fit: its map is fitted to values, on every other sample.
  const fits =
    unknown.length === 0
      ? undefined
      : await Promise.all(
          elements.map((_, k) =>
            fitElement(
              request,
              base,
              moves.filter((move) => move.k === k),
              unknown,
              precision,
            ),
          ),
        );
  const gaps = await gapsOf(
    request,
    base,
    moves.map(({ k, sample, element }) => ({ sample, element, ...(fits?.[k] ? { fitted: fits[k] } : {}) })),
  );
  return elements.map((_, k) => {
    const own = gaps.filter((_, i) => moves[i]!.k === k);
    return own.length > 0 ? own.reduce(worse) : undefined;
  });
}

/** The affine map of outputs that an element makes, fitted on every other sample. */
async function fitElement(
  { setting }: DefectSetting,
  base: Base,
  moves: readonly { readonly sample: number; readonly element: GroupElement }[],
  outputs: readonly Field[],
  precision: 'float32' | 'float64',
): Promise<NonNullable<Move['fitted']> | undefined> {
  const chosen = moves.filter((_, i) => i % 2 === 0);
  if (chosen.length === 0) return undefined;
  const moved = await evaluatePairs(setting, chosen, precision);
  return new Map(
    outputs.flatMap((output) => {
      const { name } = output;
      const x = chosen.flatMap(({ sample }) => featureRows(output, base.values[sample]![name]!));
      const y = moved.flatMap((values) => featureRows(output, values[name]!));
      // Too few rows would fit anything; then the output is asked to be invariant.
      if (x.length < rowsPerUnknown * ((x[0]?.length ?? 0) + 1)) return [];
      const [map] = fitAffine(x, [y]);
      return [
        [
          name,
          (value: NdArray) => fromRows(applyAffine(map!, featureRows(output, value)), output, value),
        ] as const,
      ];
    }),
  );
}

/** Random elements of the algebra on held-out samples: how many break. */
export async function drawElements(
  request: DefectSetting,
  base: Base,
  found: AlgebraResult,
  held: readonly number[],
  confidence: number,
): Promise<FiniteDraws | undefined> {
  if (held.length === 0) return undefined;
  const { list, setting } = request;
  const random = setting.random.stream('discover', 'draws');
  const moves = Array.from({ length: drawn }, (_, i): Move => {
    const weights = found.shares.map(() => random.normal() / Math.sqrt(found.shares.length));
    const shares = list.generators.map((_, k) =>
      found.shares.reduce((sum, row, r) => sum + weights[r]! * row[k]!, 0),
    );
    const fitted = found.fittedFlow(shares);
    return {
      sample: held[i % held.length]!,
      element: exponential(combined(list, shares), 1),
      ...(fitted ? { fitted } : {}),
    };
  });
  const gaps = await gapsOf(request, base, moves);
  const above = gaps.filter(({ verdict }) => verdict !== 'holds').length;
  return { draws: drawn, above, confidence, upperBound: clopperPearsonUpper(above, drawn, confidence) };
}
