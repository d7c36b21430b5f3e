/**
 * The linear maps from n x n matrices to n x n matrices that commute with every relabelling of the nodes (Maron et al. 2019):
 * 15 maps and 2 biases, and which of them each fusion of the paper uses. Pure data.
 */

/** r row sums, c column sums, d diagonal, T total, tr trace; sums carry 1/n, the total 1/n^2, so that size does not matter. */
export const matrixMaps = [
  'matrix',
  'transpose',
  'diagonal on diagonal',
  'row sums on rows',
  'row sums on columns',
  'row sums on diagonal',
  'column sums on rows',
  'column sums on columns',
  'column sums on diagonal',
  'total everywhere',
  'total on diagonal',
  'trace everywhere',
  'trace on diagonal',
  'diagonal on rows',
  'diagonal on columns',
] as const;
export type MatrixMap = (typeof matrixMaps)[number];

/** Images of a constant: the matrix of ones, and the identity. */
export const matrixBiases = ['ones', 'identity'] as const;

/** What the fusion acts on: the matrix of the path, and its derivative in time. */
export type Source = 'value' | 'derivative';

/** Where a coefficient of the fusion lies: the maps of the value, those of the derivative, the biases. */
export const coefficientCount = 2 * matrixMaps.length + matrixBiases.length;
export function coefficientIndex(map: MatrixMap, of: Source): number {
  return (of === 'value' ? 0 : matrixMaps.length) + matrixMaps.indexOf(map);
}

/** A parameter of two numbers: what the first multiplies, and what the second. */
export interface Term {
  /** As the official weights call it, behind the layer's name. */
  readonly name: string;
  readonly first: readonly [MatrixMap, Source];
  readonly second: readonly [MatrixMap, Source];
}

function term(name: string, map: MatrixMap): Term {
  return { name, first: [map, 'value'], second: [map, 'derivative'] };
}

/** The official names say nothing: they are numbered. */
const undirected: readonly Term[] = [
  term('param1', 'matrix'),
  term('param2', 'transpose'),
  term('param3', 'diagonal on diagonal'),
  term('param4', 'row sums on rows'),
  term('param5', 'row sums on columns'),
  term('param6', 'row sums on diagonal'),
  term('param7', 'total everywhere'),
  term('param8', 'total on diagonal'),
];

/** As meant: sums over either axis, on rows, on columns and on the diagonal. */
const directed: readonly Term[] = [
  ...undirected.slice(0, 3),
  term('param4', 'column sums on rows'),
  term('param4_prime', 'row sums on rows'),
  term('param5', 'column sums on columns'),
  term('param5_prime', 'row sums on columns'),
  term('param6', 'column sums on diagonal'),
  term('param6_prime', 'row sums on diagonal'),
  ...undirected.slice(6),
];

/** In the official code the derivative's share of the total is a second share of the value's. */
const officialTotal: Term = {
  name: 'param7',
  first: ['total everywhere', 'value'],
  second: ['total everywhere', 'value'],
};

/** And one parameter puts the value's row sums on columns, but the derivative's column sums. */
const officialPrime: Term = {
  name: 'param4_prime',
  first: ['row sums on columns', 'value'],
  second: ['column sums on columns', 'derivative'],
};

function withFaults(terms: readonly Term[]): Term[] {
  return terms.map((one) => {
    if (one.name === 'param7') return officialTotal;
    return one.name === 'param4_prime' ? officialPrime : one;
  });
}

/** A graph without loops that is its own transpose leaves 6 maps apart from each other. */
const symmetric: readonly MatrixMap[] = [
  'matrix',
  'row sums on rows',
  'row sums on columns',
  'row sums on diagonal',
  'total everywhere',
  'total on diagonal',
];

export const bases = ['undirected8', 'directed11', 'full15', 'symmetric6'] as const;
export type Basis = (typeof bases)[number];

/**
 * The terms of a basis. `official` repeats what the official code does where that is not what its names say; both are
 * equivariant.
 */
export function termsOf(basis: Basis, maps: 'intended' | 'official'): readonly Term[] {
  if (basis === 'undirected8') return maps === 'official' ? withFaults(undirected) : undirected;
  if (basis === 'directed11') return maps === 'official' ? withFaults(directed) : directed;
  const names = basis === 'full15' ? matrixMaps : symmetric;
  return names.map((map) => term(`maps.${map.replaceAll(' ', '_')}`, map));
}
