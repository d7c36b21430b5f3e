/** shift(index): cyclic shifts along an axis. */
import type { IndexSizes } from '../signature.ts';
import type { GroupElement } from './group.ts';
import { elementFault, elementOf, indexSize, type Law } from './law.ts';

/** Uniform over the shifts; entry i moves to entry i + by, round the end. */
export function shiftLaw(index: string): Law {
  const sizeFrom = (sizes: IndexSizes) => indexSize(sizes, index, `shift(${index})`);
  const element = (by: number, size: number): GroupElement => ({
    kind: 'shift',
    index,
    by: size > 0 ? ((by % size) + size) % size : 0,
    size,
  });
  const checked = (g: GroupElement) => {
    const s = elementOf(g, 'shift');
    if (s.index !== index) throw elementFault(`a shift along ${index}`, `one along ${s.index}`);
    return s;
  };
  return {
    compact: true,
    order: (sizes) => Math.max(1, sizeFrom(sizes)),
    identity: (sizes) => element(0, sizeFrom(sizes)),
    sample(random, sizes) {
      const size = sizeFrom(sizes);
      return element(size > 0 ? random.integer(size) : 0, size);
    },
    generators: (sizes) => (sizeFrom(sizes) > 1 ? [element(1, sizeFrom(sizes))] : []),
    compose(first, second) {
      const g = checked(first);
      const h = checked(second);
      if (g.size !== h.size) throw elementFault(`a shift of ${g.size} entries`, `one of ${h.size}`);
      return element(g.by + h.by, g.size);
    },
    inverse(g) {
      const { by, size } = checked(g);
      return element(-by, size);
    },
    describe(g) {
      const { by } = checked(g);
      return by === 0 ? 'identity' : `shifted by ${by} along ${index}`;
    },
  };
}
