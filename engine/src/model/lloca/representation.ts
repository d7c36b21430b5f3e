/** Representations of hidden features: multiples of Lorentz tensors of a given order and parity. Pure. */
import { Fault } from '../../fault.ts';

/** `multiplicity x order`, parity-normal (`n`) or parity-odd (`p`: times the sign of the frame's determinant). */
export interface TensorBlock {
  readonly multiplicity: number;
  readonly order: number;
  readonly odd: boolean;
}

/** Blocks in the order of their channels: by rising order, normal before odd. */
export type TensorRepresentation = readonly TensorBlock[];

/** Tensors of an order above it would have 4^4 components and more. */
export const highestOrder = 3;

/** Channels of one block. */
export function blockSize({ multiplicity, order }: TensorBlock): number {
  return multiplicity * 4 ** order;
}

/** Channels of a representation: the sum of multiplicity * 4^order. */
export function dimensionOf(representation: TensorRepresentation): number {
  return representation.reduce((sum, block) => sum + blockSize(block), 0);
}

/** True when nothing in it feels a change of frames. */
export function isInvariant(representation: TensorRepresentation): boolean {
  return representation.every(({ order, odd }) => order === 0 && !odd);
}

/** `8x0n+2x1n`. */
export function representationText(representation: TensorRepresentation): string {
  return representation
    .map(({ multiplicity, order, odd }) => `${multiplicity}x${order}${odd ? 'p' : 'n'}`)
    .join('+');
}

/**
 * Reads the official notation, sorts the blocks and adds up equal ones.
 * @throws Fault `model/representation`
 */
export function parseRepresentation(text: string): TensorRepresentation {
  const blocks = text.split('+').map((part) => {
    const [, multiplicity, order, parity] = /^\s*(\d+)x([0-3])([np])\s*$/.exec(part) ?? [];
    if (multiplicity === undefined || Number(multiplicity) === 0) {
      throw new Fault({
        code: 'model/representation',
        message: `\`${text}\` is no representation of Lorentz tensors`,
        expected: 'blocks like 8x0n, joined by +: multiplicity, order 0 to 3, n or p',
        found: part.trim() || 'an empty block',
        advice: 'Write scalars as 8x0n and four-vectors as 2x1n.',
      });
    }
    return { multiplicity: Number(multiplicity), order: Number(order), odd: parity === 'p' };
  });
  return sorted(blocks);
}

/**
 * Parity-normal tensors by order: [8, 2] is 8 scalars and 2 four-vectors, `8x0n+2x1n`.
 * @param multiplicities at most four numbers; zeros are left out
 */
export function representationOf(multiplicities: readonly number[]): TensorRepresentation {
  return multiplicities.flatMap((multiplicity, order) =>
    multiplicity > 0 ? [{ multiplicity, order, odd: false }] : [],
  );
}

function sorted(blocks: readonly TensorBlock[]): TensorRepresentation {
  const sums = new Map<string, TensorBlock>();
  const inOrder = [...blocks].sort((a, b) => a.order - b.order || Number(a.odd) - Number(b.odd));
  for (const block of inOrder) {
    const key = `${block.order} ${block.odd}`;
    const known = sums.get(key);
    sums.set(key, { ...block, multiplicity: block.multiplicity + (known?.multiplicity ?? 0) });
  }
  return [...sums.values()];
}
