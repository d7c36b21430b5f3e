/**
 * Coordinates about an element: the directions of the Lie algebra of every continuous factor, in shares of their reach.
 * Moves along them stay in the declared range. Pure.
 */
import type { Group, GroupElement, GroupSpec } from '../group/group.ts';
import { flatten } from '../group/normalise.ts';
import { lawOf } from './law-of.ts';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;
type Euclidean = Extract<GroupElement, { kind: 'euclidean' }>;
type Lorentz = Extract<GroupElement, { kind: 'lorentz' }>;

/** Number of coordinates of a group: 6 for SE(3), 0 for finite groups. */
export function chartSize(group: Group): number {
  return flatten(group.spec).reduce((sum, factor) => sum + linesOf(factor).length, 0);
}

/**
 * The element at coordinates u about `element`; u = 0 is the element itself. Coordinate k moves along exp(t X_k) with
 * t = u_k times pi, the declared scale or the declared rapidity, one direction after the other: a retraction (Absil, Mahony,
 * Sepulchre 2008, chapter 4), which agrees with exp(sum of t_k X_k) to first order. Rotations of a Euclidean group leave its
 * translation where it is. What would leave the declared range ends on its border. Finite factors stay.
 *
 * @param u as many numbers as {@link chartSize} says.
 */
export function elementAt(group: Group, element: GroupElement, u: readonly number[]): GroupElement {
  const factors = flatten(group.spec);
  const parts = element.kind === 'product' ? element.factors : [element];
  let at = 0;
  const moved = parts.map((part, i) => {
    const { length } = linesOf(factors[i]!);
    const own = u.slice(at, at + length);
    at += length;
    return own.every((share) => share === 0) ? part : partAt(factors[i]!, part, own);
  });
  return element.kind === 'product' ? { kind: 'product', factors: moved } : moved[0]!;
}

/** Directions that are lines, without mirrors and generators of finite groups. */
function linesOf(factor: Factor) {
  return lawOf(factor).directions.filter(({ unit }) => unit !== undefined);
}

function partAt(factor: Factor, element: GroupElement, u: readonly number[]): GroupElement {
  if (element.kind === 'euclidean') return euclideanAt(factor, element, u);
  return element.kind === 'lorentz' ? lorentzAt(factor, element, u) : element;
}

function euclideanAt(factor: Factor, element: Euclidean, u: readonly number[]): GroupElement {
  const { group } = lawOf(factor);
  const scale = 'scale' in factor ? factor.scale : 0;
  const still = element.translation.map(() => 0);
  const translation = [...element.translation];
  let { matrix } = element;
  let axis = 0;
  for (const [k, { unit, at }] of linesOf(factor).entries()) {
    if (unit === 'radian') {
      const turn = at(Math.PI * u[k]!, {})!;
      matrix = (group.compose(turn, { ...element, matrix, translation: still }) as Euclidean).matrix;
    } else {
      const moved = translation[axis]! + scale * u[k]!;
      translation[axis++] = Math.max(-scale, Math.min(scale, moved));
    }
  }
  return { ...element, matrix, translation };
}

function lorentzAt(factor: Factor, element: Lorentz, u: readonly number[]): GroupElement {
  const { group } = lawOf(factor);
  const limit = factor.kind === 'Lorentz' ? factor.rapidity : 0;
  let next: GroupElement = element;
  for (const [k, { unit, at }] of linesOf(factor).entries()) {
    next = group.compose(at((unit === 'radian' ? Math.PI : limit) * u[k]!, {})!, next);
  }
  return slowed(group, next as Lorentz, limit);
}

/** Too fast a boost B(u) R becomes the fastest one of its direction, after the same rotation. */
function slowed(group: Group, element: Lorentz, limit: number): GroupElement {
  let slower: Lorentz = element;
  // Far beyond the limit the first attempt rounds; the next one starts beside it.
  for (let attempt = 0; attempt < 4; attempt++) {
    const { matrix } = slower;
    const velocity = [matrix[4]!, matrix[8]!, matrix[12]!];
    const speed = Math.hypot(...velocity);
    const rapidity = Math.asinh(speed);
    if (rapidity <= limit) break;
    // Back along its own direction: boosts along one line add their rapidities. A hair more, so that rounding stays inside.
    const direction = velocity.map((x) => x / speed);
    slower = group.compose(boost(direction, limit * (1 - 1e-12) - rapidity), slower) as Lorentz;
  }
  return slower;
}

/** The boost of a rapidity along a unit vector n: [[cosh, sinh n], [sinh n, 1 + (cosh - 1) n n^T]]. */
function boost(n: readonly number[], rapidity: number): Lorentz {
  const [c, s] = [Math.cosh(rapidity), Math.sinh(rapidity)];
  const rows = n.flatMap((x, i) => [s * x, ...n.map((y, j) => (i === j ? 1 : 0) + (c - 1) * x * y)]);
  return { kind: 'lorentz', matrix: [c, ...n.map((x) => s * x), ...rows] };
}
