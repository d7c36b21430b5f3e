/** The types of the language: data for interpretation, hovers, completion and the documentation. */
import type { RepresentationKind } from '@noether/engine/catalog';

export interface TypeDescription {
  readonly name: RepresentationKind;
  /** How it is written, with its parameters: `tensor(k)`. */
  readonly form: string;
  /** A field as one would write it, and the shape of its array for one sample. */
  readonly example: string;
  readonly shape: string;
  /** One or two sentences: what it is and how groups act on it. */
  readonly doc: string;
}

/** In the order in which the documentation lists them. */
export const typeDescriptions: readonly TypeDescription[] = [
  {
    name: 'scalar',
    form: 'scalar',
    example: 'charge: scalar[atom]',
    shape: '[atom]',
    doc: 'A number that rotations, reflections, translations and boosts leave alone.',
  },
  {
    name: 'pseudoscalar',
    form: 'pseudoscalar',
    example: 'chirality: pseudoscalar',
    shape: '[]',
    doc: 'A number that rotations leave alone and reflections turn to its negative.',
  },
  {
    name: 'position',
    form: 'position or position(2)',
    example: 'positions: position[atom]',
    shape: '[atom, 3]',
    doc: 'A point in space. It rotates, reflects and, unlike a vector, moves with translations. `position(2)` is in the plane.',
  },
  {
    name: 'vector',
    form: 'vector or vector(2)',
    example: 'forces: vector[atom]',
    shape: '[atom, 3]',
    doc: 'A direction with a length: it rotates and reflects; translations leave it alone. `vector(2)` is in the plane.',
  },
  {
    name: 'pseudovector',
    form: 'pseudovector',
    example: 'spin: pseudovector[atom]',
    shape: '[atom, 3]',
    doc: 'An axial vector, such as an angular momentum: it rotates, and the inversion of space leaves it alone.',
  },
  {
    name: 'fourvector',
    form: 'fourvector',
    example: 'momenta: fourvector[particle]',
    shape: '[particle, 4]',
    doc: 'Energy and momentum, (E, px, py, pz), with metric (+, -, -, -). Boosts and rotations act on it.',
  },
  {
    name: 'tensor',
    form: 'tensor(k) or tensor(k, 2)',
    example: 'stress: tensor(2)',
    shape: '[3, 3]',
    doc: 'A Cartesian tensor with k indices, each of which rotates and reflects as a vector does.',
  },
  {
    name: 'irreps',
    form: 'irreps("…")',
    example: 'features: irreps("8x0e + 4x1o")[atom]',
    shape: '[atom, 20]',
    doc: "Spherical tensors in e3nn's notation: multiplicity x degree, then e (even) or o (odd under inversion). Degrees go up to 6; the components of each are in e3nn's order.",
  },
  {
    name: 'category',
    form: 'category(k)',
    example: 'element: category(5)[atom]',
    shape: '[atom]',
    doc: 'One of k classes, as an integer from 0 to k - 1. Only permutations act on it, through its index sets.',
  },
  {
    name: 'label',
    form: 'label',
    example: 'target: label',
    shape: '[]',
    doc: 'What a sample is labelled with: an integer class that no group changes. Models do not read it.',
  },
  {
    name: 'image',
    form: 'image',
    example: 'photo: image[h, w, 3]',
    shape: '[h, w, 3]',
    doc: 'Pixels: rows, columns and channels, in this order. Rotations and reflections of the plane and shifts move the pixels.',
  },
  {
    name: 'constant',
    form: 'constant',
    example: 'axis: constant[3]',
    shape: '[3]',
    doc: 'Numbers that do not transform at all, whatever the group: a fixed axis, a setting of the apparatus.',
  },
];

/** What people call these types elsewhere. */
export const typeAliases: Readonly<Record<string, string>> = {
  float: 'scalar',
  float32: 'scalar',
  float64: 'scalar',
  number: 'scalar',
  real: 'scalar',
  invariant: 'scalar',
  point: 'position',
  points: 'position',
  coordinate: 'position',
  coordinates: 'position',
  pos: 'position',
  xyz: 'position',
  vec: 'vector',
  vec3: 'vector',
  displacement: 'vector',
  axialvector: 'pseudovector',
  momentum: 'fourvector',
  lorentzvector: 'fourvector',
  matrix: 'tensor',
  int: 'category',
  int32: 'category',
  int64: 'category',
  class: 'category',
  onehot: 'category',
  species: 'category',
  spherical: 'irreps',
  pixels: 'image',
  const: 'constant',
  fixed: 'constant',
};

export function isTypeName(name: string): boolean {
  return typeDescriptions.some((type) => type.name === name);
}
