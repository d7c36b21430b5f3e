/**
 * Products in normal form. Noether's products are direct ones, so factors have to commute; the one semidirect product
 * that everybody writes, rotations * translations, is the Euclidean group.
 */
import { Fault } from '../fault.ts';
import type { GroupSpec } from './group.ts';
import { checkParameters } from './parameters.ts';
import { groupText } from './text.ts';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

/**
 * Nested products become flat, trivial factors vanish, SO(n) * T(n) becomes SE(n) and O(n) * T(n) becomes E(n).
 * @throws Fault `group/bad-parameter`; `group/redundant-factor` when one factor contains another;
 * `group/factors-do-not-commute`.
 */
export function normaliseGroup(spec: GroupSpec): GroupSpec {
  const flat = flatten(spec).filter(({ kind }) => kind !== 'trivial');
  for (const factor of flat) checkParameters(factor);
  forEachPair(flat, (a, b) => {
    if (identity(a) === identity(b)) throw redundantFault(a, b, `${groupText(a)} is written twice`);
  });
  const factors = joinTranslations(flat);
  forEachPair(factors, (a, b) => {
    if (contains(a, b)) throw redundantFault(a, b);
    if (contains(b, a)) throw redundantFault(b, a);
    if (!commute(a, b)) throw commutationFault(a, b);
  });
  if (factors.length === 0) return { kind: 'trivial' };
  return factors.length === 1 ? factors[0]! : { kind: 'product', factors };
}

/** The factors of a group in the order written; itself when it is no product. */
export function flatten(spec: GroupSpec): Factor[] {
  return spec.kind === 'product' ? spec.factors.flatMap(flatten) : [spec];
}

/** What makes two factors the same group, ranges aside. */
function identity(factor: Factor): string {
  const { scale: _, rapidity: __, ...rest } = factor as Factor & { scale?: number; rapidity?: number };
  return JSON.stringify(Object.entries(rest).sort());
}

function joinTranslations(factors: readonly Factor[]): Factor[] {
  const joined = [...factors];
  for (const translation of factors) {
    if (translation.kind !== 'T') continue;
    const at = joined.findIndex((f) => (f.kind === 'SO' || f.kind === 'O') && f.dim === translation.dim);
    if (at < 0) continue;
    const { dim, scale } = translation;
    joined[at] = { kind: joined[at]!.kind === 'SO' ? 'SE' : 'E', dim, scale };
    joined.splice(joined.indexOf(translation), 1);
  }
  return joined;
}

/** A geometric group by its parts. */
interface Geometry {
  /** Number of rotations about z that it has, and whether it has all of space's. */
  readonly turns: number;
  readonly space: boolean;
  readonly mirrors: boolean;
  /** The inversion of space. */
  readonly inversion: boolean;
  readonly translations: 0 | 2 | 3;
  readonly boosts: boolean;
}

const nothing: Geometry = {
  turns: 1,
  space: false,
  mirrors: false,
  inversion: false,
  translations: 0,
  boosts: false,
};

/** Undefined for the groups of index sets. */
function geometryOf(factor: Factor): Geometry | undefined {
  switch (factor.kind) {
    case 'T':
      return { ...nothing, translations: factor.dim };
    case 'SO':
      return { ...nothing, turns: Infinity, space: factor.dim === 3 };
    case 'O':
      return { ...geometryOf({ ...factor, kind: 'SO' })!, mirrors: true, inversion: factor.dim === 3 };
    case 'SE':
      return { ...geometryOf({ kind: 'SO', dim: factor.dim })!, translations: factor.dim };
    case 'E':
      return { ...geometryOf({ kind: 'O', dim: factor.dim })!, translations: factor.dim };
    case 'Lorentz':
      return { ...nothing, turns: Infinity, space: true, boosts: true };
    case 'C':
      return { ...nothing, turns: factor.n };
    case 'D':
      return { ...nothing, turns: factor.n, mirrors: true };
    case 'Z2':
      return factor.index === undefined ? { ...nothing, inversion: true } : undefined;
    default:
      return undefined;
  }
}

function indexOf(factor: Factor): string | undefined {
  return 'index' in factor ? factor.index : undefined;
}

function contains(whole: Factor, part: Factor): boolean {
  if (whole.kind === 'S' && part.kind === 'shift') return whole.index === part.index;
  const w = geometryOf(whole);
  const p = geometryOf(part);
  if (!w || !p) return false;
  return (
    (w.turns === Infinity || w.turns % p.turns === 0) &&
    (w.space || !p.space) &&
    (w.mirrors || !p.mirrors) &&
    (w.inversion || !p.inversion) &&
    w.translations >= p.translations &&
    (w.boosts || !p.boosts)
  );
}

function commute(a: Factor, b: Factor): boolean {
  const g = geometryOf(a);
  const h = geometryOf(b);
  if (!g || !h) return indexOf(a) === undefined || indexOf(a) !== indexOf(b);
  if (g.boosts || h.boosts || g.translations || h.translations) return false;
  // Inversion is in the centre of all linear groups.
  if (a.kind === 'Z2' || b.kind === 'Z2') return true;
  if (g.space || h.space) return false;
  // In the plane rotations commute; a mirror commutes with the half turn only.
  if (!g.mirrors && !h.mirrors) return true;
  return (g.turns <= 2 && !g.mirrors) || (h.turns <= 2 && !h.mirrors);
}

function forEachPair(factors: readonly Factor[], visit: (a: Factor, b: Factor) => void): void {
  for (const [i, a] of factors.entries()) for (const b of factors.slice(i + 1)) visit(a, b);
}

function redundantFault(whole: Factor, part: Factor, message?: string): Fault {
  return new Fault({
    code: 'group/redundant-factor',
    message: message ?? `${groupText(whole)} already contains ${groupText(part)}`,
    expected: 'factors that have only the identity in common',
    found: `${groupText(whole)} * ${groupText(part)}`,
    advice: `Leave ${groupText(part)} out${message ? ' once' : ''}.`,
  });
}

function commutationFault(a: Factor, b: Factor): Fault {
  return new Fault({
    code: 'group/factors-do-not-commute',
    message: `${groupText(a)} and ${groupText(b)} do not commute, so their product is not a direct one`,
    expected: 'factors that commute',
    found: `${groupText(a)} * ${groupText(b)}`,
    advice: jointGroup(a, b) ?? jointGroup(b, a) ?? 'Write one check for each of them.',
  });
}

/** The name of the group that the two generate, where the language has one. */
function jointGroup(a: Factor, b: Factor): string | undefined {
  if (a.kind === 'Z2' && b.kind === 'SE' && b.dim === 3) {
    return `Write ${groupText({ ...b, kind: 'E' })}: it is generated by the two.`;
  }
  if (a.kind === 'SO' && a.dim === 2 && b.kind === 'D') return 'Write O(2): it is generated by the two.';
  return undefined;
}
