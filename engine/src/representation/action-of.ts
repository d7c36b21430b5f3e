/** The static answer to "does this group act on that field?", for validation before anything is loaded. Pure. */
import type { GroupSpec } from '../group/group.ts';
import { flatten } from '../group/normalise.ts';
import { groupText } from '../group/text.ts';
import { type FieldType, typeText } from '../signature.ts';
import { type Move, refusal } from './refusal.ts';

/**
 * `inexact` is set where the action itself resamples, and says so in plain words. `reason` is a full sentence without
 * a stop: "a vector has no action under the Lorentz group: declare it as fourvector, or as ...".
 */
export type ActionAnswer =
  | { readonly acts: true; readonly inexact?: string }
  | { readonly acts: false; readonly reason: string };

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

/**
 * Whether a group acts on fields of a type. A group that leaves the field alone acts on it, trivially. Axes that are
 * not in the type are no obstacle: S(atom) acts trivially on `scalar`.
 */
export function actionOf(spec: GroupSpec, type: FieldType): ActionAnswer {
  const factors = flatten(spec);
  for (const factor of factors) {
    const reason = refusal(moveOf(factor), type);
    if (reason) return { acts: false, reason };
  }
  for (const [i, a] of factors.entries()) {
    for (const b of factors.slice(i + 1)) {
      const reason = clash(a, b, type) ?? clash(b, a, type);
      if (reason) return { acts: false, reason };
    }
  }
  for (const factor of factors) {
    const inexact = resamples(factor, type);
    if (inexact) return { acts: true, inexact };
  }
  return { acts: true };
}

function moveOf(factor: Factor): Move {
  const name = groupText(factor);
  switch (factor.kind) {
    case 'T':
      return { name, translation: factor.dim };
    case 'SO':
    case 'O':
      return { name, linear: factor.dim };
    case 'SE':
    case 'E':
      return { name, linear: factor.dim, translation: factor.dim };
    case 'C':
    case 'D':
      return { name, linear: 2 };
    case 'Lorentz':
      return { name: 'the Lorentz group', boosts: true };
    case 'Z2':
      return factor.index === undefined ? { name, inversion: true } : { name };
    default:
      return { name };
  }
}

/** Factors that commute as groups may clash on a field that ties an index set to space. */
function clash(geometric: Factor, other: Factor, type: FieldType): string | undefined {
  if (!('index' in other) || other.index === undefined) return undefined;
  const { index } = other;
  const at = type.axes.findIndex((axis) => 'index' in axis && axis.index === index);
  if (at < 0) return undefined;
  const { kind } = type.representation;
  const both = `${groupText(geometric)} and ${groupText(other)} do not commute on ${typeText(type)}`;
  if (other.kind !== 'Z2') {
    return kind === 'image' && at < 2 && moveOf(geometric).linear
      ? `${both}: both move its pixels; write one check for each of them`
      : undefined;
  }
  if (kind === 'position' && moveOf(geometric).translation) {
    return `${both}: declare it as vector if it has no origin, or write one check for each of them`;
  }
  if (kind === 'fourvector' && geometric.kind === 'Lorentz') {
    return `${both}: parity reverses boosts; write one check for each of them`;
  }
  return undefined;
}

/** Why the action resamples; undefined where it takes pixels to pixels, whatever the size of the image. */
function resamples(factor: Factor, type: FieldType): string | undefined {
  if (type.representation.kind !== 'image' || moveOf(factor).linear === undefined) return undefined;
  const n = factor.kind === 'C' || factor.kind === 'D' ? factor.n : Infinity;
  if (4 % n !== 0) {
    return `${groupText(factor)} turns the pixel grid by bilinear resampling, which is not exact`;
  }
  const [rows, columns] = type.axes.slice(0, 2);
  if (n <= 2 || JSON.stringify(rows) === JSON.stringify(columns)) return undefined;
  if ('size' in rows! && 'size' in columns!) {
    return `${groupText(factor)} turns a grid that is not square by bilinear resampling, which is not exact`;
  }
  return `${groupText(factor)} is exact on square images only; others are resampled bilinearly`;
}
