/**
 * The groups that `discover` looks inside: those of the language, and larger ones that no check is made under. A product
 * here only spans: its factors need not commute.
 */
import { defaultScale, type GroupDescription, groupDescriptions } from './description.ts';
import type { GroupSpec } from './group.ts';
import { groupText } from './text.ts';

/** One factor of an ambient group. */
export type AmbientFactor =
  | Exclude<GroupSpec, { kind: 'product' }>
  /** All invertible linear maps of the plane, of space, or of four-vectors. */
  | { readonly kind: 'GL'; readonly dim: 2 | 3 | 4 }
  /** The same with translations. */
  | { readonly kind: 'affine'; readonly dim: 2 | 3 | 4; readonly scale: number }
  /** The Lorentz group and translations of four-vectors. */
  | { readonly kind: 'Poincare'; readonly scale: number }
  /** Positive multiples of everything that is geometric. */
  | { readonly kind: 'scaling' };

/** Plain JSON, as a plan holds it. */
export interface AmbientSpec {
  readonly factors: readonly AmbientFactor[];
}

/** `affine(3) * S(point)`. */
export function ambientText({ factors }: AmbientSpec): string {
  return factors.map(factorText).join(' * ');
}

function factorText(factor: AmbientFactor): string {
  switch (factor.kind) {
    case 'GL':
      return `GL(${factor.dim})`;
    case 'affine':
      return `affine(${factor.dim}${factor.scale === defaultScale ? '' : `, scale: ${factor.scale}`})`;
    case 'Poincare':
      return factor.scale === defaultScale ? 'Poincare' : `Poincare(scale: ${factor.scale})`;
    case 'scaling':
      return 'scaling';
    default:
      return groupText(factor);
  }
}

const scale = groupDescriptions.find(({ name }) => name === 'T')!.parameters[1]!;
const dim = {
  name: 'dim',
  type: 'integer',
  positional: true,
  required: true,
  choices: [2, 3, 4],
  doc: 'Dimension: 2 for the plane, 3 for space, 4 for four-vectors.',
} as const;

/** A group as {@link GroupDescription} has it, of a name that only `discover` takes. */
export type AmbientDescription = Omit<GroupDescription, 'name'> & { readonly name: AmbientFactor['kind'] };

/** Groups that only stand behind `within` of a discovery. */
export const ambientOnly: readonly AmbientDescription[] = [
  {
    name: 'GL',
    usage: 'GL(dim)',
    doc: 'All invertible linear maps: rotations, scaling, stretches and shears; in four dimensions boosts too. For `discover` only.',
    example: 'discover net on scans within GL(3)',
    parameters: [dim],
  },
  {
    name: 'affine',
    usage: `affine(dim, scale: ${defaultScale})`,
    doc: 'GL(dim) and translations. In four dimensions translations move four-vectors. For `discover` only.',
    example: 'discover net on scans within affine(3)',
    parameters: [dim, scale],
  },
  {
    name: 'Poincare',
    usage: `Poincare(scale: ${defaultScale})`,
    doc: 'The Lorentz group and translations of four-vectors, as of points in space-time. For `discover` only.',
    example: 'discover tagger on jets within Poincare * scaling',
    parameters: [scale],
  },
  {
    name: 'scaling',
    usage: 'scaling',
    doc: 'Everything that is geometric times one positive number. For `discover` only.',
    example: 'discover tagger on jets within Lorentz * scaling',
    parameters: [],
  },
];

/** Every group that may stand behind `within`. */
export const ambientDescriptions: readonly AmbientDescription[] = [...ambientOnly, ...groupDescriptions];
