/**
 * The algebra of symmetries: null space of the matrix of defects on some samples, cut down on others, made readable, followed
 * to finite elements, and tried for closure.
 */
import { Matrix } from 'ml-matrix';
import { Fault, type Finding } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import { leastFloors } from '../floor.ts';
import { short } from '../verdict.ts';
import { chooseStep, type Defect, type DefectSetting, generatorDefects } from './defects.ts';
import type { AlgebraDirection, DirectionRate, SingularValue } from './discovery.ts';
import { type Base, fromRows, gapsOf, type Move, worse } from './gaps.ts';
import { combined, exponential, type Motion, matrixExponential } from './generators.ts';
import { distanceFromSpan, echelon, singularDirections, spectralNorm } from './null-space.ts';
import {
  type AffineMap,
  applyAffine,
  featureRows,
  featureWidth,
  fitAffine,
  rowsPerUnknown,
} from './output-fit.ts';
import { closureError, motionText } from './recognise.ts';

/** Held-out samples that finite elements of the basis are tried on. */
const farSamples = 4;

/** A bracket that leaves the algebra by more than this, or by more than the directions are known. */
const closedWithin = 1e-3;

export interface AlgebraResult {
  /** Those whose finite elements hold, too. */
  readonly motions: readonly Motion[];
  readonly shares: readonly (readonly number[])[];
  readonly basis: readonly AlgebraDirection[];
  readonly singularValues: readonly SingularValue[];
  readonly directions: readonly DirectionRate[];
  readonly closure: number;
  readonly closed: boolean;
  readonly gap?: number;
  readonly step: number;
  readonly floor: number;
  /** Angle up to which directions are known. */
  readonly noise: number;
  /** Length of one natural unit of translation. */
  readonly unit: number;
  readonly undecided: boolean;
  contains(generator: string): boolean;
  /** What exp(X) does to fitted outputs, for X with these shares. */
  fittedFlow(shares: readonly number[]): Move['fitted'];
}

/** Rows of defects: of the derivative itself, and of what half the step changes. */
interface Rows {
  readonly value: Matrix;
  readonly error: Matrix;
}

/** @throws Fault `discover/too-few-samples`, `discover/no-derivative` */
export async function findAlgebra(
  request: DefectSetting,
  base: Base,
  fitted: readonly number[],
  held: readonly number[],
  findings: Finding[],
): Promise<AlgebraResult> {
  const { list, precision, setting } = request;
  const { within } = base;
  const outputs = request.outputs.filter(({ name }) => base.values[0]![name]!.data instanceof Float64Array);
  if (outputs.length === 0) throw noDerivative();
  requireRows(request, base, outputs, fitted);
  const step = await chooseStep(
    request,
    fitted,
    new Map(outputs.map(({ name }) => [name, base.scales.get(name)!])),
  );
  const samples = [...new Set([...fitted, ...held])];
  const defects = await generatorDefects(request, samples, step);
  const of = (chosen: readonly number[], k: number) => chosen.map((i) => defects[k]![samples.indexOf(i)]!);
  const maps = fitMaps(request, base, outputs, fitted, (k) => of(fitted, k));
  const errorMaps = fitMaps(request, base, outputs, fitted, (k) => of(fitted, k), 'error');
  const rowsOf = (chosen: readonly number[]): Rows => ({
    value: matrixOf(request, base, outputs, chosen, (k) => of(chosen, k), 'value', maps),
    error: matrixOf(request, base, outputs, chosen, (k) => of(chosen, k), 'error', errorMaps),
  });
  const own = rowsOf(fitted);
  const others = rowsOf(held);
  const rounding = Math.max(
    leastFloors[setting.model.precisions[0] ?? precision],
    ...outputs.map(({ name }) => base.rounding?.get(name) ?? 0),
  );
  const floor = Math.max(rounding, spectralNorm(own.error));
  const heldFloor = Math.max(rounding, spectralNorm(others.error));
  const found = singularDirections(own.value, floor, within);
  const rateOn = (rows: Matrix, shares: readonly number[]) =>
    rows.mmul(Matrix.columnVector([...shares])).norm('frobenius');

  const candidates = found.filter(({ verdict }) => verdict === 'holds').map(({ shares }) => shares);
  const survivors = heldOut(others.value, candidates, heldFloor, within);
  if (survivors.lost > 0) {
    findings.push({
      code: 'discover/not-on-held-out',
      severity: 'warning',
      message: `${survivors.lost} of ${candidates.length} directions hold on the samples that they were found on and not on the others`,
      advice: 'Use more samples: a model may have a symmetry on few inputs by accident.',
    });
  }
  const broken = found.filter(({ verdict }) => verdict !== 'holds').map(({ value }) => value);
  const largestNull = Math.max(
    floor,
    ...found.filter(({ verdict }) => verdict === 'holds').map(({ value }) => value),
  );
  const noise = Math.min(0.05, Math.max(1e-7, (10 * largestNull) / Math.max(Math.min(1, ...broken), 1e-12)));
  const unit = Math.max(1e-300, ...list.generators.map(({ translation }) => Math.hypot(...translation))) || 1;
  const length = list.generators.some(({ translation }) => translation.some((x) => x !== 0)) ? unit : 1;
  const rows = echelon(survivors.vectors, noise);
  const motions = rows.map((shares) => combined(list, shares));
  const far = await farGaps(request, base, rows, held.slice(0, farSamples), (shares) =>
    flowOf(outputs, request, maps, shares),
  );
  const basis = rows.map((shares, k): AlgebraDirection => {
    const coefficients = Object.fromEntries(
      shares.flatMap((share, i) => (share === 0 ? [] : [[list.generators[i]!.name, share]])),
    );
    const texts = outputTexts(request, outputs, maps, shares, noise);
    return {
      name: motionText(motions[k]!, coefficients, list.dim, noise, length),
      coefficients,
      heldOut: rateOn(others.value, shares) / Math.hypot(...shares),
      verdict: far[k]!.verdict,
      gap: far[k]!.gap,
      ...(texts ? { outputs: texts } : {}),
    };
  });
  for (const { name, verdict, gap } of basis) {
    if (verdict !== 'violated') continue;
    findings.push({
      code: 'discover/only-nearby',
      severity: 'warning',
      message: `${name} is a symmetry to first order only: elements far along it have a gap of ${short(gap)}`,
      advice:
        'A break that only large motions show: look for thresholds, boxes, cut-offs and periodic images.',
    });
  }
  const holding = rows.filter((_, k) => far[k]!.verdict === 'holds');
  const heldMotions = motions.filter((_, k) => far[k]!.verdict === 'holds');
  const closure = closureError(heldMotions, length);
  const closed = closure <= Math.max(closedWithin, 10 * noise);
  if (!closed) {
    findings.push({
      code: 'discover/not-closed',
      severity: 'warning',
      message: `the directions that hold are no algebra: a bracket of two of them lies outside by ${short(closure)}`,
      advice:
        'Their brackets have to hold, too, if they hold for all inputs. Use more samples, or a larger ambient group.',
    });
  }
  return {
    motions: heldMotions,
    shares: holding,
    basis,
    singularValues: found.map(({ value, verdict, shares }) => ({
      value,
      verdict,
      heldOut: rateOn(others.value, shares),
      direction: sharesText(shares, list.generators),
    })),
    directions: list.generators.map(({ name }, k) => ({
      direction: name,
      rate: rateOn(
        own.value,
        list.generators.map((_, i) => (i === k ? 1 : 0)),
      ),
    })),
    closure,
    closed,
    ...(broken.length > 0 && broken.length < found.length ? { gap: Math.min(...broken) / largestNull } : {}),
    step,
    floor,
    noise,
    unit: length,
    undecided:
      !closed ||
      survivors.undecided ||
      found.some(({ verdict }) => verdict === 'inconclusive') ||
      basis.some(({ verdict }) => verdict === 'inconclusive'),
    contains: (name) => {
      const axis = list.generators.map((one) => (one.name === name ? 1 : 0));
      return distanceFromSpan(axis, holding) <= Math.max(noise, 1e-6);
    },
    fittedFlow: (shares) => flowOf(outputs, request, maps, shares),
  };
}

/** Each sample brings as many rows as its outputs have entries; those that a fit uses up tell nothing. */
function requireRows(
  { list, actionOn }: DefectSetting,
  { values }: Base,
  outputs: readonly Field[],
  chosen: readonly number[],
): void {
  let rows = 0;
  let each = 0;
  for (const output of outputs) {
    const { name } = output;
    const own = chosen.reduce((sum, i) => sum + values[i]![name]!.data.length, 0);
    const width = featureWidth(output, values[chosen[0]!]![name]!);
    const fit = actionOn(output) === 'fitted';
    if (fit && own / Math.max(1, width) < rowsPerUnknown * (width + 1))
      throw tooFew(
        chosen.length,
        (rowsPerUnknown * (width + 1) * chosen.length * width) / Math.max(1, own),
        `to fit how \`${name}\` changes`,
      );
    rows += own - (fit ? width * (width + 1) : 0);
    each += own / chosen.length;
  }
  const wanted = list.generators.length;
  if (rows < wanted)
    throw tooFew(
      chosen.length,
      chosen.length + Math.ceil((wanted - rows) / each),
      `for ${wanted} directions`,
    );
}

function tooFew(found: number, wanted: number, what: string): Fault {
  const samples = 2 * Math.ceil(wanted);
  return new Fault({
    code: 'discover/too-few-samples',
    message: `there are too few samples ${what}: outputs have fewer entries than there are unknowns`,
    expected: `at least ${samples} samples, half of which are held out`,
    found: `${2 * found}`,
    advice: 'Use more samples (`samples` of the discovery and of the data), or a smaller ambient group.',
  });
}

function noDerivative(): Fault {
  return new Fault({
    code: 'discover/no-derivative',
    message:
      'no output of the model is a real number, so continuous directions cannot be found by derivatives',
    expected: 'an output of real numbers',
    advice: 'Look within finite groups: S(index), shift(index), C(n), D(n).',
  });
}

type Part = keyof Defect;

/** For each fitted output, the affine map of each generator. */
function fitMaps(
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
function matrixOf(
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

/** What of a null space is one on other samples, too. */
function heldOut(
  rows: Matrix,
  candidates: readonly (readonly number[])[],
  floor: number,
  within: number | 'auto',
): { readonly vectors: readonly (readonly number[])[]; readonly lost: number; readonly undecided: boolean } {
  if (candidates.length === 0) return { vectors: [], lost: 0, undecided: false };
  const span = new Matrix(candidates as number[][]).transpose();
  const inside = singularDirections(rows.mmul(span), floor, within);
  const vectors = inside
    .filter(({ verdict }) => verdict === 'holds')
    .map(({ shares }) => span.mmul(Matrix.columnVector([...shares])).to1DArray());
  return {
    vectors,
    lost: candidates.length - vectors.length,
    undecided: inside.some(({ verdict }) => verdict === 'inconclusive'),
  };
}

/** The worst gap of elements far along each basis vector. */
async function farGaps(
  request: DefectSetting,
  base: Base,
  rows: readonly (readonly number[])[],
  samples: readonly number[],
  flow: (shares: readonly number[]) => Move['fitted'],
) {
  const { list } = request;
  const moves = rows.map((shares) => {
    const largest = shares.reduce(
      (best, share, i) => (Math.abs(share) > Math.abs(shares[best]!) ? i : best),
      0,
    );
    return list.generators[largest]!.reach.flatMap((t) => {
      const far = shares.map((share) => share * t);
      const fitted = flow(far);
      return samples.map(
        (sample): Move => ({
          sample,
          element: exponential(combined(list, far), 1),
          ...(fitted ? { fitted } : {}),
        }),
      );
    });
  });
  const gaps = await gapsOf(request, base, moves.flat());
  let next = 0;
  return moves.map((own) => {
    const some = gaps.slice(next, next + own.length);
    next += own.length;
    return some.reduce(worse);
  });
}

/** The affine map of a combination of generators. */
function mapOf(maps: readonly AffineMap[], shares: readonly number[]): AffineMap {
  return maps[0]!.map((row, i) =>
    row.map((_, j) => shares.reduce((sum, share, k) => sum + share * maps[k]![i]![j]!, 0)),
  );
}

/** exp of the fitted map, as what it does to a value. */
function flowOf(
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

function outputTexts(
  { actionOn }: DefectSetting,
  outputs: readonly Field[],
  maps: ReadonlyMap<string, readonly AffineMap[]>,
  shares: readonly number[],
  noise: number,
): Record<string, string> | undefined {
  const fitted = outputs.filter((output) => actionOn(output) === 'fitted');
  if (fitted.length === 0) return undefined;
  const tolerance = Math.max(1e-6, noise);
  return Object.fromEntries(
    fitted.map(({ name }) => {
      const map = mapOf(maps.get(name)!, shares);
      const width = map.length;
      const degree = map.reduce((sum, row, i) => sum + row[i]!, 0) / width;
      const isMultiple = map.every((row, i) =>
        row.every((x, j) => j === width || Math.abs(x - (i === j ? degree : 0)) <= tolerance),
      );
      const adds = map.some((row) => Math.abs(row[width]!) > tolerance);
      if (isMultiple && Math.abs(degree) <= tolerance && !adds) return [name, 'invariant'];
      if (isMultiple && !adds) return [name, `times exp(${Number(degree.toFixed(3))} t)`];
      return [name, 'a linear map'];
    }),
  );
}

/** The generators that make most of a direction. */
function sharesText(shares: readonly number[], generators: readonly { readonly name: string }[]): string {
  const order = [...shares.keys()].sort((a, b) => Math.abs(shares[b]!) - Math.abs(shares[a]!));
  const large = order.filter((k) => Math.abs(shares[k]!) > 0.1).slice(0, 3);
  if (large.length === 1 && Math.abs(shares[large[0]!]!) > 0.999) return generators[large[0]!]!.name;
  const texts = large.map((k) => `${shares[k]!.toFixed(2)} ${generators[k]!.name}`);
  const more = order.filter((k) => Math.abs(shares[k]!) > 0.1).length - large.length;
  return `${texts.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}
