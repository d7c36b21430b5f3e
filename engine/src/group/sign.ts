/** Z2: inversion, or one independent sign for each entry of an index set. */
import type { IndexSizes } from '../signature.ts';
import type { GroupElement } from './group.ts';
import { elementFault, elementOf, indexSize, type Law, orderAsNumber } from './law.ts';

/** Fair signs. Without an index there is one sign for everything. */
export function signLaw(index: string | undefined): Law {
  const size = (sizes: IndexSizes) => (index === undefined ? 1 : indexSize(sizes, index, `Z2(${index})`));
  const element = (signs: readonly (1 | -1)[]): GroupElement =>
    index === undefined ? { kind: 'sign', signs } : { kind: 'sign', index, signs };
  const flips = (n: number, flipped: (i: number) => boolean) =>
    element(Array.from({ length: n }, (_, i) => (flipped(i) ? -1 : 1)));
  const checked = (g: GroupElement) => {
    const s = elementOf(g, 'sign');
    if (s.index !== index) {
      throw elementFault(signsOf(index), signsOf(s.index));
    }
    return s.signs;
  };
  return {
    compact: true,
    order: (sizes) => orderAsNumber(2 ** size(sizes)),
    identity: (sizes) => flips(size(sizes), () => false),
    sample: (random, sizes) => flips(size(sizes), () => random.uniform() < 0.5),
    generators: (sizes) => Array.from({ length: size(sizes) }, (_, k) => flips(size(sizes), (i) => i === k)),
    compose(first, second) {
      const g = checked(first);
      const h = checked(second);
      if (g.length !== h.length) throw elementFault(`${g.length} signs`, `${h.length}`);
      return element(g.map((sign, i) => (sign === h[i] ? 1 : -1)));
    },
    inverse: (g) => element(checked(g)),
    describe(g) {
      const flipped = checked(g).flatMap((sign, i) => (sign === -1 ? [i] : []));
      if (flipped.length === 0) return 'identity';
      if (index === undefined) return 'inversion';
      const shown = flipped.length > 8 ? [...flipped.slice(0, 8), '...'] : flipped;
      const noun = flipped.length === 1 ? 'the sign of entry' : 'the signs of entries';
      return `flips ${noun} ${shown.join(', ')} of ${index}`;
    },
  };
}

function signsOf(index: string | undefined): string {
  return index === undefined ? 'an inversion' : `signs of ${index}`;
}
