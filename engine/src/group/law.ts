/** What one kind of group has to know about itself, and the checks that all kinds share. */
import { Fault } from '../fault.ts';
import type { IndexSizes } from '../signature.ts';
import type { Group, GroupElement } from './group.ts';

/** A group without its name. */
export type Law = Omit<Group, 'spec' | 'text'>;

/** Orders above 2^53 are not exact numbers any more; they are reported as Infinity. */
export const largestOrder = 2 ** 53;

/** An order as a number, or Infinity when it is beyond exact integers. */
export function orderAsNumber(order: number): number {
  return order > largestOrder ? Infinity : order;
}

type ElementOf<Kind extends GroupElement['kind']> = Extract<GroupElement, { kind: Kind }>;

/**
 * The element as one of a given kind. A witness read from a report may belong to another group than the check's, so
 * a mismatch is told as a user's mistake.
 * @throws Fault `group/element-does-not-fit`
 */
export function elementOf<Kind extends GroupElement['kind']>(
  element: GroupElement,
  kind: Kind,
): ElementOf<Kind> {
  if (element.kind === kind) return element as ElementOf<Kind>;
  throw elementFault(`a group element of kind ${kind}`, `one of kind ${element.kind}`);
}

/** The fault of an element that belongs to another group, or to a sample of another size. */
export function elementFault(expected: string, found: string): Fault {
  return new Fault({
    code: 'group/element-does-not-fit',
    message: `A group element does not fit here: expected ${expected}, found ${found}`,
    expected,
    found,
    advice: 'Use an element that was drawn from this group for a sample of this size.',
  });
}

/**
 * The size of a named index set.
 * @throws Fault `group/unknown-index` when no field of the data has that index.
 */
export function indexSize(sizes: IndexSizes, index: string, group: string): number {
  const size = sizes[index];
  if (size !== undefined) return size;
  const known = Object.keys(sizes);
  throw new Fault({
    code: 'group/unknown-index',
    message: `${group} acts on the index set "${index}", which no field of the data has`,
    expected: known.length
      ? `one of the index sets ${known.join(', ')}`
      : 'a field with a named index set in brackets',
    found: index,
    advice: known.length
      ? `Write one of ${known.join(', ')}, or name an axis of the data "${index}".`
      : `Name an axis of the data in brackets, for example "positions: position[${index}]".`,
  });
}
