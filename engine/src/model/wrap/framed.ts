/**
 * Frames from principal axes: the input is centred and turned onto the axes of its own second moments, and what comes out is
 * turned back. Axes have no sign, so either all choices are averaged (frame averaging, Puny et al., ICLR 2022), or the third
 * moments choose. Where moments are equal there is no axis to find, and no frame can be equivariant: that is reported.
 */
import type { GroupElement } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { determinant, identityMatrix, multiplyVector } from '../../group/matrix.ts';
import type { Field } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import type { Ambiguity } from '../ambiguity.ts';
import type { Model } from '../model.ts';
import { cloudOf } from './cloud.ts';
import { type Orbit, orbitModel } from './orbit-model.ts';
import { principalAxes } from './principal-axes.ts';
import { motionOf, wrapPlan } from './requirements.ts';
import type { WrapSpec } from './spec.ts';

/** Moments closer than this, relative to the largest, are equal: the axis between them would be rounding. */
const equal = 1e-6;

/** A spread below this part of the largest is none: second moments go with its square. */
const flat = 1e-4 ** 2;

/** Third moments below this say nothing about the sign. */
const even = 1e-6;

/** What inputs leave open. */
const remarks = {
  none: 'has no extent',
  line: 'lies on a line',
  equal: 'has equal moments',
  even: 'is as heavy at one end as at the other',
  plane: 'lies in a plane',
  thin: 'lies on one line of its plane',
} as const;

/** Remarks that leave one side open: which one, only a mirror could tell. */
const sides = new Set<string>([remarks.plane, remarks.thin]);

/** @throws Fault what {@link wrapPlan} throws. */
export function framed(inner: Model, spec: Extract<WrapSpec, { kind: 'framed' }>): Model {
  const { read: fields } = wrapPlan(inner, spec);
  const motion = motionOf(inner, spec.group);
  const { dim } = motion;
  const turns = motion.kind !== 'T';
  const mirrors = motion.kind === 'O' || motion.kind === 'E';
  const centred = motion.kind !== 'SO' && motion.kind !== 'O';
  const group = createGroup(motion);
  const wanted = { dim, turns, mirrors, centred, signs: spec.signs };
  const orbit: Orbit = {
    suffix: `framed for ${group.text.replace(/, scale: [^)]*/, '')}`,
    group,
    elements: (batch) => batch.map((values) => framesOf(values, fields, wanted).elements),
    ambiguities: (batch) =>
      batch.map((values) =>
        framesOf(values, fields, wanted).remarks.map((remark) => ambiguityOf(remark, wanted)),
      ),
  };
  return orbitModel(inner, orbit);
}

interface Wanted {
  readonly dim: 2 | 3;
  readonly turns: boolean;
  readonly mirrors: boolean;
  readonly centred: boolean;
  readonly signs: 'all' | 'one';
}

/** The elements that bring an input into its frames, and what the input leaves open. */
export function framesOf(
  values: Values,
  fields: readonly Field[],
  { dim, turns, mirrors, centred, signs }: Wanted,
): { readonly elements: readonly GroupElement[]; readonly remarks: readonly string[] } {
  const cloud = cloudOf(values, fields, dim, centred);
  const into = (matrix: readonly number[]): GroupElement => ({
    kind: 'euclidean',
    dim,
    matrix,
    translation: multiplyVector(matrix, cloud.centre).map((x) => 0 - x),
  });
  if (!turns) return { elements: [into(identityMatrix(dim))], remarks: [] };
  const { values: moments, axes } = principalAxes(cloud.scatter, dim);
  const largest = moments[0]!;
  if (!(largest > 0)) return { elements: [into(identityMatrix(dim))], remarks: [remarks.none] };
  const found: string[] = [];
  const rank = moments.filter((moment) => moment > flat * largest).length;
  if (rank === 1 && dim === 3) found.push(remarks.line);
  else if (moments.some((moment, i) => i > 0 && moments[i - 1]! - moment < equal * largest))
    found.push(remarks.equal);
  if (rank === dim - 1) found.push(dim === 3 ? remarks.plane : remarks.thin);
  if (signs === 'all') {
    const choices = signChoices(dim).map((sign) => axes.flatMap((axis, i) => axis.map((x) => x * sign[i]!)));
    return { elements: choices.filter((m) => mirrors || determinant(m) > 0).map(into), remarks: found };
  }
  let undecided = false;
  const chosen = axes.map((axis, i) => {
    // Without mirrors the last axis is given by the others.
    if (!mirrors && i === dim - 1) return axis;
    const skewness = cloud.skewness(axis);
    if (Math.abs(skewness) < even) undecided = true;
    return skewness < 0 ? axis.map((x) => 0 - x) : axis;
  });
  if (undecided) found.push(remarks.even);
  const matrix = chosen.flat();
  const right = mirrors || determinant(matrix) > 0;
  return {
    elements: [into(right ? matrix : matrix.map((x, k) => (k >= dim * (dim - 1) ? 0 - x : x)))],
    remarks: found,
  };
}

/** All vectors of +1 and -1. */
function signChoices(dim: number): number[][] {
  return Array.from({ length: 2 ** dim }, (_, n) =>
    Array.from({ length: dim }, (_, k) => ((n >> k) & 1 ? -1 : 1)),
  );
}

/** A plane leaves a side open, which handedness tells, or a mean over both; with mirrors and one frame nothing does. */
function ambiguityOf(remark: string, { mirrors, signs }: Wanted): Ambiguity {
  if (sides.has(remark) && !(mirrors && signs === 'one')) {
    return {
      code: 'model/frame-planar',
      severity: 'information',
      lead: `the side of the last axis is ${mirrors ? 'averaged over' : 'told by handedness alone'} in`,
      remark,
    };
  }
  return {
    code: 'model/frame-degenerate',
    severity: 'warning',
    lead: 'no frame is determined by',
    remark,
    expected: 'inputs whose moments all differ',
    advice:
      remark === remarks.even
        ? 'With `signs: all` all choices of sign are averaged, and only equal moments stay open.'
        : 'No frame of such an input can be equivariant; a finite group of it can be averaged over.',
  };
}
