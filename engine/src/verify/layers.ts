/**
 * Which layer? On pairs that violate the symmetry, what each layer computes on g x is compared with what it computes on x:
 * by its representation where that is known, else as an invariant, else by the best linear map from the one to the other,
 * fitted on half of the rows and tested on the other half.
 */
import type { Finding } from '../fault.ts';
import type { Layer } from '../model/model.ts';
import { act } from '../representation/index.ts';
import type { NdArray, Values } from '../tensor/array.ts';
import { distance } from './gap.ts';
import { leastSquares } from './least-squares.ts';
import { inputsOf, type Pair, type Setting, transformedInputs } from './pairs.ts';
import { partOf } from './part-of.ts';
import { excessAt, type Tally, verdictAt } from './tally.ts';
import { short } from './verdict.ts';
import type { LayerGap } from './verification.ts';

/** Pairs that every layer is looked at on. */
const layerPairs = 6;

/** Floors within which a layer holds. */
const layerFactor = 10;

/** Rounding of a fit over that of what is fitted. */
const fitRounding = 30;

/** Relative change of a layer's values that float32 explains at the least. */
const leastRounding = 2 ** -23;

export interface LayerResult {
  readonly layers: readonly LayerGap[];
  readonly findings: readonly Finding[];
}

/** @param broken tallies of violated outputs */
export async function findLayer(
  setting: Setting,
  broken: readonly Tally[],
  pairs: readonly Pair[],
  within: number | 'auto',
): Promise<LayerResult> {
  const { model, dataset, random } = setting;
  if (!model.layers || broken.length === 0) return { layers: [], findings: [] };
  const chosen = violated(broken, within).map((i) => pairs[i]!);
  // Where values have no type, rows have to keep their places, so only space is moved.
  const spatial = chosen.map(({ sample, element }) => ({ sample, element: partOf(element, 'space') }));
  const inputs = [
    ...chosen.map(({ sample }) => inputsOf(setting, dataset.samples[sample]!)),
    ...chosen.map((pair) => transformedInputs(setting, pair)),
    ...spatial.map((pair) => transformedInputs(setting, pair)),
  ];
  const nearby = inputs
    .slice(0, chosen.length)
    .map((values, i) => oneUlp(values, random.stream('layers', i)));
  const seen = await model.layers([...inputs, ...nearby]);
  const movesSpace = spatial.some((pair) =>
    setting.bindings.some(({ field }) => {
      const value = dataset.samples[pair.sample]!.values[field.name]!;
      return distance(act(pair.element, value, field.type), value) > 0;
    }),
  );
  const n = chosen.length;
  const layers = seen.flatMap((layer): LayerGap[] => {
    const at = (from: number) => layer.values.slice(from * n, (from + 1) * n);
    const [base, moved, turned, near] = [at(0), at(1), at(2), at(3)] as [
      NdArray[],
      NdArray[],
      NdArray[],
      NdArray[],
    ];
    if (![...moved, ...turned, ...near].every((value, i) => value.data.length === base[i % n]!.data.length))
      return [];
    const scale = rms(base);
    if (scale === 0) return [];
    const floor = Math.max(leastRounding, ...base.map((value, i) => distance(value, near[i]!) / scale));
    if (layer.type) {
      const { type } = layer;
      const gap = largest(base, moved, (value, i) => act(chosen[i]!.element, value, type)) / scale;
      return [{ layer: layer.name, as: 'declared', gap, floor, holds: gap <= layerFactor * floor }];
    }
    if (!movesSpace) return [];
    const still = largest(base, turned, (value) => value) / scale;
    if (still <= layerFactor * floor)
      return [{ layer: layer.name, as: 'invariant', gap: still, floor, holds: true }];
    const misfit = fitGap(layer, base, turned, scale);
    if (misfit === undefined) return [];
    // A map that predicts worse than no change is no better than none.
    const fitted = Math.min(misfit, still);
    return [
      {
        layer: layer.name,
        as: 'linear',
        gap: fitted,
        floor,
        holds: fitted <= fitRounding * layerFactor * floor,
      },
    ];
  });
  return { layers, findings: findingOf(layers, seen) };
}

/** The worst pairs of each broken output. */
function violated(broken: readonly Tally[], within: number | 'auto'): number[] {
  const each = Math.max(1, Math.floor(layerPairs / broken.length));
  const chosen = broken.flatMap((tally) =>
    [...tally.gaps.keys()]
      .filter((i) => verdictAt(tally, i, within) === 'violated')
      .sort((a, b) => excessAt(tally, b, within) - excessAt(tally, a, within))
      .slice(0, each),
  );
  return [...new Set(chosen)];
}

function largest(
  base: readonly NdArray[],
  moved: readonly NdArray[],
  action: (value: NdArray, index: number) => NdArray,
): number {
  return Math.max(...base.map((value, i) => distance(moved[i]!, action(value, i))));
}

/**
 * The misfit of the best affine map of features for each element, on rows that it was not fitted to; the largest over
 * elements. `undefined` when there are too few rows to tell.
 */
function fitGap(
  { values }: Layer,
  base: readonly NdArray[],
  turned: readonly NdArray[],
  scale: number,
): number | undefined {
  const width = values[0]!.shape.at(-1) ?? 1;
  let worst: number | undefined;
  for (const [i, from] of base.entries()) {
    const rows = from.data.length / width;
    const half = Math.floor(rows / 2);
    // Twice as many rows as unknowns, so that a fit means something.
    if (half < 2 * (width + 1)) continue;
    const misfit = leastSquares(from.data, turned[i]!.data, width, rows);
    if (misfit === undefined) continue;
    worst = Math.max(worst ?? 0, misfit / scale);
  }
  return worst;
}

/**
 * The first layer whose break reaches the end. Components that are squared or sliced on the way to a sum break nothing: what
 * they are made into holds again.
 */
function findingOf(layers: readonly LayerGap[], seen: readonly Layer[]): Finding[] {
  const holds = new Map(layers.map((layer) => [layer.layer, layer.holds]));
  const users = new Map<string, string[]>();
  seen.forEach(({ name, from }, i) => {
    const previous = seen[i - 1];
    for (const source of from ?? (previous ? [previous.name] : [])) {
      users.set(source, [...(users.get(source) ?? []), name]);
    }
  });
  const known = new Map<string, boolean>();
  const reaches = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const own = users.get(name) ?? [];
    const result = holds.get(name) !== true && (own.length === 0 || own.some(reaches));
    known.set(name, result);
    return result;
  };
  const at = layers.findIndex((layer) => !layer.holds && reaches(layer.layer));
  const broken = layers[at];
  if (!broken) return [];
  const before = layers.slice(0, at).findLast((layer) => layer.holds);
  const how = {
    declared: 'equivariant',
    invariant: 'invariant',
    linear: 'invariant, nor does it turn linearly',
  };
  return [
    {
      code: 'verify/first-broken-layer',
      severity: 'information',
      message: `\`${broken.layer}\` is the first layer that is not ${how[broken.as]}: gap ${short(broken.gap)}`,
      ...(before ? { expected: `a gap as of \`${before.layer}\` before it, ${short(before.gap)}` } : {}),
      found: `${short(broken.gap / broken.floor)} x its own rounding`,
      place: { member: broken.layer },
      advice: 'Look at what this layer computes, and at what else it is fed.',
    },
  ];
}

function rms(values: readonly NdArray[]): number {
  let sum = 0;
  let count = 0;
  for (const { data } of values) {
    for (const value of data) sum += value ** 2;
    count += data.length;
  }
  return count > 0 ? Math.sqrt(sum / count) : 0;
}

function oneUlp(values: Values, random: { uniform(): number }): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, array]): [string, NdArray] => [
      name,
      array.data instanceof Float64Array
        ? {
            shape: array.shape,
            data: array.data.map(
              (x) => Math.fround(x) * (1 + (random.uniform() < 0.5 ? 2 ** -23 : -(2 ** -23))),
            ),
          }
        : array,
    ]),
  );
}
