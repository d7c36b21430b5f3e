/** A group element as one word of a command line: its JSON in base64url, which no shell touches. */
import type { GroupElement } from '@noether/engine/catalog';

export function elementWord(element: GroupElement): string {
  return Buffer.from(JSON.stringify(element)).toString('base64url');
}

/** From such a word, or from plain JSON; `undefined` when it is neither. Whether it is of the group is for the check to say. */
export function elementIn(text: string): GroupElement | undefined {
  for (const json of [text, Buffer.from(text, 'base64url').toString()]) {
    try {
      const value: unknown = JSON.parse(json);
      if (isElement(value)) return value;
    } catch {
      // The other form may be meant.
    }
  }
  return undefined;
}

const numbers = (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === 'number');

/** The shape of the published schema. */
function isElement(value: unknown): value is GroupElement {
  if (typeof value !== 'object' || value === null) return false;
  const element = value as Record<string, unknown>;
  const has = (type: string, ...names: string[]) => names.every((name) => typeof element[name] === type);
  const named = element.index === undefined || typeof element.index === 'string';
  switch (element.kind) {
    case 'identity':
      return true;
    case 'euclidean':
      return (
        (element.dim === 2 || element.dim === 3) && numbers(element.matrix) && numbers(element.translation)
      );
    case 'lorentz':
      return numbers(element.matrix);
    case 'permutation':
      return has('string', 'index') && numbers(element.order);
    case 'sign':
      return named && numbers(element.signs);
    case 'dihedral':
      return has('number', 'n', 'turns') && has('boolean', 'mirrored');
    case 'shift':
      return has('string', 'index') && has('number', 'by', 'size');
    case 'product':
      return Array.isArray(element.factors) && element.factors.every(isElement);
    default:
      return false;
  }
}
