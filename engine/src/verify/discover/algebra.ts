/**
 * The algebra of symmetries: null space of the matrix of defects on some samples, cut down on others, made readable, followed
 * to finite elements, and tried for closure.
 */
import { Matrix } from 'ml-matrix';
import type { Finding } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import { leastFloors } from '../floor.ts';
import { short } from '../verdict.ts';
import { chooseStep, type DefectSetting, generatorDefects } from './defects.ts';
import type { AlgebraDirection, DirectionRate, SingularValue } from './discovery.ts';
import { noDerivative } from './faults.ts';
import { type Base, gapsOf, type Move, worse } from './gaps.ts';
import { combined, exponential, type Motion } from './generators.ts';
import { distanceFromSpan, echelon, singularDirections, spectralNorm } from './null-space.ts';
import type { AffineMap } from './output-fit.ts';
import { motionText } from './recognise.ts';
import { fitMaps, flowOf, mapOf, matrixOf } from './rows.ts';
import { closureError } from './structure.ts';

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

/** @throws Fault `discover/no-derivative` */
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
