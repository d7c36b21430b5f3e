/**
 * The signature of everything that can be verified: named inputs and outputs, each with a representation and a
 * shape over named index sets. Pure data; no tensor code is reached from here.
 *
 * | written                       | shape of the array                         |
 * |-------------------------------|--------------------------------------------|
 * | `position[atom]`              | [atom, 3] (`position(2)[atom]`: [atom, 2]) |
 * | `scalar[node, node]`          | [node, node]                               |
 * | `tensor(2)[atom]`             | [atom, 3, 3]                               |
 * | `irreps("8x0e + 4x1o")[atom]` | [atom, 20]                                 |
 * | `fourvector[particle]`        | [particle, 4]: (E, px, py, pz)             |
 * | `category(4)[point]`          | [point], int32 in 0..3                     |
 * | `image[h, w, 3]`              | [h, w, 3]                                  |
 */

/** One block `mul x l p` of an e3nn irreps string: multiplicity, degree, parity (+1 even, -1 odd). */
export interface Irrep {
  readonly multiplicity: number;
  readonly degree: number;
  readonly parity: 1 | -1;
}

/** How a group acts on the trailing axes of a field. `dim` is the dimension of space (2 or 3). */
export type Representation =
  | { readonly kind: 'scalar' }
  | { readonly kind: 'pseudoscalar' }
  | { readonly kind: 'position'; readonly dim: 2 | 3 }
  | { readonly kind: 'vector'; readonly dim: 2 | 3 }
  | { readonly kind: 'pseudovector' }
  | { readonly kind: 'fourvector' }
  | { readonly kind: 'tensor'; readonly rank: number; readonly dim: 2 | 3 }
  | { readonly kind: 'irreps'; readonly irreps: readonly Irrep[] }
  | { readonly kind: 'category'; readonly count: number }
  | { readonly kind: 'label' }
  | { readonly kind: 'image' }
  | { readonly kind: 'constant' };

export type RepresentationKind = Representation['kind'];

/** One axis in brackets: a named index set, or a fixed size. */
export type Axis = { readonly index: string } | { readonly size: number };

export interface FieldType {
  readonly representation: Representation;
  readonly axes: readonly Axis[];
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

export interface Signature {
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
}

/** Sizes of the named index sets of one sample: `{ atom: 9 }`. */
export type IndexSizes = Readonly<Record<string, number>>;

/** Number of numbers that one irreps feature has: sum of mul (2l + 1). */
export function irrepsDimension(irreps: readonly Irrep[]): number {
  return irreps.reduce((sum, { multiplicity, degree }) => sum + multiplicity * (2 * degree + 1), 0);
}

/** Trailing axes that a representation adds behind the bracketed ones. */
export function trailingShape(representation: Representation): readonly number[] {
  switch (representation.kind) {
    case 'position':
    case 'vector':
      return [representation.dim];
    case 'pseudovector':
      return [3];
    case 'fourvector':
      return [4];
    case 'tensor':
      return Array.from({ length: representation.rank }, () => representation.dim);
    case 'irreps':
      return [irrepsDimension(representation.irreps)];
    default:
      return [];
  }
}

/** `8x0e+4x1o`, e3nn's notation. */
export function irrepsText(irreps: readonly Irrep[]): string {
  return irreps.map((i) => `${i.multiplicity}x${i.degree}${i.parity === 1 ? 'e' : 'o'}`).join('+');
}

/** A type as the language writes it: `position[atom]`. */
export function typeText({ representation, axes }: FieldType): string {
  const brackets = axes.length
    ? `[${axes.map((axis) => ('index' in axis ? axis.index : axis.size)).join(', ')}]`
    : '';
  return `${representationText(representation)}${brackets}`;
}

function representationText(representation: Representation): string {
  switch (representation.kind) {
    case 'position':
    case 'vector':
      return representation.dim === 2 ? `${representation.kind}(2)` : representation.kind;
    case 'tensor':
      return representation.dim === 2
        ? `tensor(${representation.rank}, 2)`
        : `tensor(${representation.rank})`;
    case 'irreps':
      return `irreps("${irrepsText(representation.irreps)}")`;
    case 'category':
      return `category(${representation.count})`;
    default:
      return representation.kind;
  }
}
