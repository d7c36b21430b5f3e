/**
 * Other ways in which a field might have been meant to transform: the usual slips of a declaration. Each gives the field
 * another type, or turns it the other way round. Pure: what the model makes of them is found out in probes.ts.
 */
import type { FindingCode } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import { transpose } from '../group/matrix.ts';
import { act } from '../representation/index.ts';
import type { Axis, FieldType, IndexSizes, Representation } from '../signature.ts';
import type { NdArray } from '../tensor/array.ts';

export interface Alternative {
  readonly code: FindingCode;
  /** How the field is treated, behind "passes when it is": "left untransformed". */
  readonly words: string;
  /** The type that says so, where one does. */
  readonly type?: FieldType;
  act(element: GroupElement, value: NdArray): NdArray;
}

/** @param sizes index sets that have the same size in every sample, with that size. */
export function alternativesOf(
  type: FieldType,
  sizes: IndexSizes,
  direction: 'input' | 'output',
): Alternative[] {
  const { representation, axes } = type;
  const retyped = (code: FindingCode, words: string, other: FieldType): Alternative => ({
    code,
    words,
    type: other,
    act: (element, value) => act(element, value, other),
  });
  const as = (code: FindingCode, words: string, other: Representation, removed = 0): Alternative =>
    retyped(code, words, { representation: other, axes: axes.slice(0, axes.length - removed) });
  const still = (...trailing: number[]): Alternative =>
    retyped('verify/passes-untransformed', 'left untransformed', {
      representation: { kind: 'scalar' },
      axes: [...axes, ...trailing.map((size): Axis => ({ size }))],
    });
  const found: Alternative[] = [];
  switch (representation.kind) {
    case 'position': {
      const { dim } = representation;
      found.push(
        as('verify/passes-as-vector', 'transformed as a vector, which does not translate', {
          kind: 'vector',
          dim,
        }),
        still(dim),
        turnedBack(type),
      );
      break;
    }
    case 'vector': {
      const { dim } = representation;
      found.push(
        as('verify/passes-as-position', 'transformed as a position, which translates', {
          kind: 'position',
          dim,
        }),
        still(dim),
        turnedBack(type),
      );
      if (sizeOfAxis(axes.at(-1)) === dim) found.push(asColumns(type));
      if (dim === 3)
        found.push(
          as(
            'verify/passes-as-other-parity',
            'transformed as a pseudovector, which mirrors do not flip alike',
            {
              kind: 'pseudovector',
            },
          ),
        );
      break;
    }
    case 'pseudovector':
      found.push(
        as('verify/passes-as-other-parity', 'transformed as a true vector', { kind: 'vector', dim: 3 }),
        still(3),
        turnedBack(type),
      );
      break;
    case 'tensor': {
      const { rank, dim } = representation;
      found.push(still(...new Array<number>(rank).fill(dim)), turnedBack(type));
      if (rank === 2)
        found.push(
          retyped('verify/passes-as-vector', 'transformed as rows that are vectors', {
            representation: { kind: 'vector', dim },
            axes: [...axes, { size: dim }],
          }),
        );
      break;
    }
    case 'fourvector':
      found.push(still(4));
      break;
    case 'pseudoscalar':
      found.push(as('verify/passes-as-other-parity', 'transformed as a true scalar', { kind: 'scalar' }));
      break;
    case 'scalar':
    case 'constant':
      found.push(...hiddenActions(type));
      if (axes.length === 0 || direction === 'output')
        found.push(
          as('verify/passes-as-other-parity', 'transformed as a pseudoscalar, which mirrors flip', {
            kind: 'pseudoscalar',
          }),
        );
      break;
  }
  return [...found, ...axisAlternatives(type, sizes)];
}

function sizeOfAxis(axis: Axis | undefined): number | undefined {
  return axis && 'size' in axis ? axis.size : undefined;
}

/** A square of vectors: declared are rows, meant may be columns. */
function asColumns(type: FieldType): Alternative {
  return {
    code: 'verify/passes-transposed',
    words: 'transformed as columns that are vectors, not rows',
    act: (element, value) => swapLast(act(element, swapLast(value), type)),
  };
}

function swapLast({ shape, data }: NdArray): NdArray {
  const n = shape.at(-1)!;
  const swapped = data.slice();
  for (let base = 0; base < data.length; base += n * n) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) swapped[base + i * n + j] = data[base + j * n + i]!;
  }
  return { shape, data: swapped };
}

/** Three numbers in a row may be a vector, three by three the rows of a cell; as declared they do not turn. */
function hiddenActions({ axes }: FieldType): Alternative[] {
  const [last, before] = [sizeOfAxis(axes.at(-1)), sizeOfAxis(axes.at(-2))];
  const outer = axes.slice(0, -1);
  const made = (representation: Representation, own: readonly Axis[], words: string): Alternative => {
    const type = { representation, axes: own };
    return {
      code: 'verify/passes-with-action',
      words,
      type,
      act: (element, value) => act(element, value, type),
    };
  };
  if (last === 4) return [made({ kind: 'fourvector' }, outer, 'transformed as a four-vector')];
  if (last !== 2 && last !== 3) return [];
  const rows = before === last ? 'transformed as rows that are vectors' : 'transformed as a vector';
  return [
    made({ kind: 'vector', dim: last }, outer, rows),
    ...(before === last
      ? [made({ kind: 'tensor', rank: 2, dim: last }, axes.slice(0, -2), 'transformed as a tensor of rank 2')]
      : []),
    made({ kind: 'position', dim: last }, outer, 'transformed as a position'),
  ];
}

/** The field turned by the transposed rotation. */
function turnedBack(type: FieldType): Alternative {
  return {
    code: 'verify/passes-transposed',
    words: 'turned the other way, by the transposed rotation',
    act: (element, value) => act(transposed(element), value, type),
  };
}

function transposed(element: GroupElement): GroupElement {
  switch (element.kind) {
    case 'euclidean':
      return { ...element, matrix: transpose(element.matrix, element.dim) };
    case 'dihedral':
      return element.mirrored ? element : { ...element, turns: (element.n - element.turns) % element.n };
    case 'product':
      return { kind: 'product', factors: element.factors.map(transposed) };
    default:
      return element;
  }
}

/** An axis that ought to have the name of an index set, or ought not to have it. */
function axisAlternatives(type: FieldType, sizes: IndexSizes): Alternative[] {
  if (type.representation.kind === 'constant') return [];
  return type.axes.flatMap((axis, at): Alternative[] => {
    const replaced = (other: Axis, code: FindingCode, words: string): Alternative => {
      const own = { ...type, axes: type.axes.with(at, other) };
      return { code, words, type: own, act: (element, value) => act(element, value, own) };
    };
    if ('index' in axis) {
      const size = sizes[axis.index];
      return size === undefined
        ? []
        : [replaced({ size }, 'verify/passes-unpermuted', `left in its order along ${axis.index}`)];
    }
    return Object.entries(sizes).flatMap(([index, size]) =>
      size === axis.size && size > 1
        ? [replaced({ index }, 'verify/passes-permuted', `moved along ${index} in its axis of ${size}`)]
        : [],
    );
  });
}
