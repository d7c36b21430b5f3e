/** `rotated scans`: from a word to the group whose elements move the data. */
import { type Field, type GroupSpec, groupDescriptions } from '@noether/engine/catalog';
import { indexSetsOf } from './validation/static-check.ts';

/** `undefined` for a word that is none, or one that has nothing to act on in such fields. */
export function motionOf(qualifier: string, fields: readonly Field[]): GroupSpec | undefined {
  const dim = dimensionOf(fields);
  switch (qualifier) {
    case 'rotated':
      return { kind: 'SO', dim };
    case 'reflected':
      return { kind: 'O', dim };
    case 'translated':
      return { kind: 'T', dim, scale: defaultOf('T', 'scale') };
    case 'boosted':
      return { kind: 'Lorentz', rapidity: defaultOf('Lorentz', 'rapidity') };
    case 'permuted': {
      const factors = indexSetsOf(fields).map((index): GroupSpec => ({ kind: 'S', index }));
      if (factors.length === 0) return undefined;
      return factors.length === 1 ? factors[0] : { kind: 'product', factors };
    }
    default:
      return undefined;
  }
}

/** Of the space that positions and vectors live in; images lie in the plane. */
function dimensionOf(fields: readonly Field[]): 2 | 3 {
  for (const { type } of fields) {
    const { representation } = type;
    if (representation.kind === 'position' || representation.kind === 'vector') return representation.dim;
  }
  return fields.some(({ type }) => type.representation.kind === 'image') ? 2 : 3;
}

function defaultOf(group: string, parameter: string): number {
  const described = groupDescriptions.find(({ name }) => name === group);
  return described!.parameters.find(({ name }) => name === parameter)!.default as number;
}
