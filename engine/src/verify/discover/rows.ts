/** The matrix of defects: its rows, and the affine maps that are fitted for outputs of unknown action. */
import { Matrix } from 'ml-matrix';
import type { Field } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import type { Defect, DefectSetting } from './defects.ts';
import { type Base, fromRows, type Move } from './gaps.ts';
import { matrixExponential } from './generators.ts';
import {
  type AffineMap,
  applyAffine,
  featureRows,
  featureWidth,
  fitAffine,
  rowsPerUnknown,
} from './output-fit.ts';

/** Rows for each direction: as many as there are directions would just do, and leave nothing to tell noise by. */
const rowsPerDirection = 2;

/**
 * Samples that the algebra has to be found on. Each brings as many rows as its outputs have entries; those that a fit uses up
 * tell nothing.
 */
export function samplesNeeded(
  { list, actionOn, outputs }: Pick<DefectSetting, 'list' | 'actionOn' | 'outputs'>,
  values: readonly Values[],
): number {
  let each = 0;
  let used = 0;
  let least = 1;
  for (const output of outputs) {
    const { name } = output;
    const own = values.reduce((sum, one) => sum + one[name]!.data.length, 0) / values.length;
    each += own;
    if (actionOn(output) !== 'fitted') continue;
    const width = featureWidth(output, values[0]![name]!);
    used += width * (width + 1);
    least = Math.max(least, (rowsPerUnknown * (width + 1) * width) / Math.max(1, own));
  }
  const wanted = (rowsPerDirection * list.generators.length + used) / Math.max(each, 1e-9);
  return Math.ceil(Math.max(least, wanted));
}

type Part = keyof Defect;

/** For each fitted output, the affine map of each generator. */
export function fitMaps(
  { list, actionOn }: DefectSetting,
  { values }: Base,
  outputs: readonly Field[],
  chosen: readonly number[],
  defects: (generator: number) => readonly Defect[],
  part: Part = 'value',
): ReadonlyMap<string, readonly AffineMap[]> {
  return new Map(
    outputs.flatMap((output) => {
      if (actionOn(output) !== 'fitted') return [];
      const { name } = output;
      const x = chosen.flatMap((i) => featureRows(output, values[i]![name]!));
      const targets = list.generators.map((_, k) => {
        const own = defects(k);
        return chosen.flatMap((i, at) => {
          const { shape } = values[i]![name]!;
          return featureRows(output, { shape, data: own[at]![part][name]! });
        });
      });
      return [[name, fitAffine(x, targets)] as const];
    }),
  );
}

/** One column a generator; rows are weighed so that a column's length is a root mean square, relative to the output. */
export function matrixOf(
  { list, actionOn }: DefectSetting,
  { values, scales }: Base,
  outputs: readonly Field[],
  chosen: readonly number[],
  defects: (generator: number) => readonly Defect[],
  part: Part,
  maps: ReadonlyMap<string, readonly AffineMap[]>,
): Matrix {
  const columns = list.generators.map((_, k) => {
    const own = defects(k);
    return outputs.flatMap((output) => {
      const { name } = output;
      const count = chosen.reduce((sum, i) => sum + values[i]![name]!.data.length, 0);
      const weight = 1 / (scales.get(name)! * Math.sqrt(count));
      return chosen.flatMap((i, at) => {
        const data = own[at]![part][name]!;
        if (actionOn(output) !== 'fitted') return Array.from(data, (value) => value * weight);
        const { shape } = values[i]![name]!;
        const predicted = applyAffine(maps.get(name)![k]!, featureRows(output, values[i]![name]!));
        return featureRows(output, { shape, data }).flatMap((row, r) =>
          row.map((value, c) => (value - predicted[r]![c]!) * weight),
        );
      });
    });
  });
  return new Matrix(columns).transpose();
}

/** The affine map of a combination of generators. */
export function mapOf(maps: readonly AffineMap[], shares: readonly number[]): AffineMap {
  return maps[0]!.map((row, i) =>
    row.map((_, j) => shares.reduce((sum, share, k) => sum + share * maps[k]![i]![j]!, 0)),
  );
}

/** exp of the fitted map, as what it does to a value. */
export function flowOf(
  outputs: readonly Field[],
  { actionOn }: DefectSetting,
  maps: ReadonlyMap<string, readonly AffineMap[]>,
  shares: readonly number[],
): Move['fitted'] {
  const fitted = outputs.filter((output) => actionOn(output) === 'fitted');
  if (fitted.length === 0) return undefined;
  return new Map(
    fitted.map((output) => {
      const map = mapOf(maps.get(output.name)!, shares);
      const n = map.length + 1;
      const e = matrixExponential([...map.flat(), ...new Array<number>(n).fill(0)], n);
      const flow = map.map((_, i) => e.slice(i * n, (i + 1) * n));
      return [output.name, (value) => fromRows(applyAffine(flow, featureRows(output, value)), output, value)];
    }),
  );
}
