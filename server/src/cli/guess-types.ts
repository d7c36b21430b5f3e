/** Types of inputs and outputs, guessed from names and shapes. A guess is a start: only the author knows. */
import { type FieldType, typeText } from '@noether/engine/catalog';

/** What a file says of an input or output; `undefined` where it says nothing. */
export interface GuessedPort {
  readonly name: string;
  readonly dtype: string | undefined;
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

export interface Guess {
  readonly type: FieldType;
  /** Why, as a phrase. */
  readonly why: string;
}

const words = {
  position: /(^|_)(pos|position|positions|coord|coords|coordinates|xyz|x|r|points?|loc)(_|$)/i,
  species: /(^|_)(z|species|atomic_numbers?|numbers|elements?|types?|atom_types?|kinds?|labels?|class)(_|$)/i,
  momentum: /(^|_)(p4|momenta|momentum|four_?momenta|four_?vectors?|jets?|particles?)(_|$)/i,
  vector: /(^|_)(forces?|velocit(y|ies)|vel|v|normals?|dipoles?|fields?|displacements?|vectors?)(_|$)/i,
  image: /(^|_)(images?|img|pixels?|photo)(_|$)/i,
  pairs: /(^|_)(adj|adjacency|distances?|pairs?|kernel|edges?|bonds?)(_|$)/i,
};

/** Atoms, particles, nodes or points: what the model seems to be about. */
export function indexSetOf(ports: readonly GuessedPort[]): string {
  const has = (pattern: RegExp) => ports.some(({ name }) => pattern.test(name));
  if (ports.some(({ name, dims }) => words.momentum.test(name) && (!dims || dims.at(-1) === 4)))
    return 'particle';
  if (has(words.species) || has(/energ|forces?/i)) return 'atom';
  if (has(words.pairs)) return 'node';
  return 'point';
}

/** Whether the first axis of all arrays is one of samples. */
export function isBatched(ports: readonly GuessedPort[]): boolean {
  const known = ports.filter(({ dims }) => dims !== undefined);
  if (known.length === 0) return false;
  return known.every(({ dims }) => {
    const [first] = dims!;
    if (dims!.length === 0) return false;
    return typeof first === 'string'
      ? /batch|sample|^[bn]$/i.test(first)
      : first === undefined || first === 1;
  });
}

export function guessType(
  port: GuessedPort,
  direction: 'input' | 'output',
  { index, batched }: { readonly index: string; readonly batched: boolean },
): Guess {
  const { name, dtype, dims } = port;
  if (!dims) return byName(name, direction, index);
  const own = batched ? dims.slice(1) : [...dims];
  const integers = dtype !== undefined && /int|bool/.test(dtype);
  const axes = (count: number) => own.slice(0, own.length - count).map((dim) => axisOf(dim, index));
  const last = own.at(-1);
  if (integers) {
    const kind = words.species.test(name) ? categories : scalar;
    return { type: { ...kind, axes: axes(0) }, why: `${dtype}, called \`${name}\`` };
  }
  if (
    own.length === 3 &&
    (last === 1 || last === 3) &&
    (words.image.test(name) || !words.position.test(name))
  ) {
    const size = (at: number) =>
      typeof own[at] === 'number' ? { size: own[at] as number } : { index: 'hw'[at]! };
    if (words.image.test(name)) {
      return {
        type: { representation: { kind: 'image' }, axes: [size(0), size(1), { size: last as number }] },
        why: `rows, columns and ${last} channels`,
      };
    }
  }
  if (last === 3 && own.at(-2) === 3) {
    return {
      type: { representation: { kind: 'tensor', rank: 2, dim: 3 }, axes: axes(2) },
      why: 'ends in 3 x 3',
    };
  }
  if (last === 4 && words.momentum.test(name)) {
    return {
      type: { representation: { kind: 'fourvector' }, axes: axes(1) },
      why: 'four numbers: E, px, py, pz',
    };
  }
  if (last === 3 || last === 2) {
    const kind = words.position.test(name) ? 'position' : 'vector';
    if (last === 3 || kind === 'position' || words.vector.test(name)) {
      return {
        type: { representation: { kind, dim: last }, axes: axes(1) },
        why: `${last === 3 ? 'three' : 'two'} numbers each, called \`${name}\``,
      };
    }
  }
  // Exporters write a single number as one of one.
  const trailing = own.length > 0 && last === 1 ? 1 : 0;
  return { type: { ...scalar, axes: axes(trailing) }, why: 'numbers that no motion changes' };
}

const scalar = { representation: { kind: 'scalar' } } as const;
/** As many as there are chemical elements, and one for none. */
const categories = { representation: { kind: 'category', count: 119 } } as const;

function byName(name: string, direction: 'input' | 'output', index: string): Guess {
  const axes = [{ index }];
  const why = `its name; nothing is known of its shape`;
  if (words.position.test(name)) return { type: { representation: { kind: 'position', dim: 3 }, axes }, why };
  if (words.momentum.test(name)) return { type: { representation: { kind: 'fourvector' }, axes }, why };
  if (words.vector.test(name)) return { type: { representation: { kind: 'vector', dim: 3 }, axes }, why };
  if (words.species.test(name)) return { type: { ...categories, axes }, why };
  if (direction === 'output') return { type: { ...scalar, axes: [] }, why: 'nothing is known of it' };
  return { type: { ...scalar, axes }, why: 'nothing is known of its shape' };
}

function axisOf(dim: number | string | undefined, index: string) {
  if (typeof dim === 'string' && /^[a-z_]\w*$/i.test(dim)) return { index: dim };
  // A short fixed size is a number of features, a long one the size that the model was exported with.
  if (typeof dim === 'number') return { size: dim };
  return { index };
}

/** A group that the guessed inputs make sense under, as the language writes it; `undefined` when none is plain. */
export function guessGroup(inputs: readonly Guess[]): string | undefined {
  const kinds = new Set(inputs.map(({ type }) => type.representation.kind));
  const planar = inputs.some(
    ({ type: { representation } }) => 'dim' in representation && representation.dim === 2,
  );
  const sets = new Set(
    inputs.flatMap(({ type }) => type.axes.flatMap((axis) => ('index' in axis ? [axis.index] : []))),
  );
  if (kinds.has('image')) return 'C(4)';
  const space = kinds.has('fourvector')
    ? 'Lorentz()'
    : kinds.has('position')
      ? planar
        ? 'SE(2)'
        : 'SE(3)'
      : kinds.has('vector') || kinds.has('tensor')
        ? planar
          ? 'SO(2)'
          : 'SO(3)'
        : undefined;
  const factors = [...(space ? [space] : []), ...[...sets].map((index) => `S(${index})`)];
  return factors.length > 0 ? factors.join(' * ') : undefined;
}

/** `position[atom]`, as the language writes it. */
export function guessText({ type }: Guess): string {
  return typeText(type);
}
