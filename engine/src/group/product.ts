/** Direct products, and the group of one element. */
import type { GroupElement } from './group.ts';
import { elementFault, elementOf, type Law, orderAsNumber } from './law.ts';

/** The group that has only the identity. */
export const trivialLaw: Law = {
  compact: true,
  order: () => 1,
  identity: () => ({ kind: 'identity' }),
  sample: () => ({ kind: 'identity' }),
  generators: () => [],
  compose: (g, h) => {
    elementOf(g, 'identity');
    return elementOf(h, 'identity');
  },
  inverse: (g) => elementOf(g, 'identity'),
  describe: (g) => {
    elementOf(g, 'identity');
    return 'identity';
  },
};

/** The direct product of factors that commute: everything goes factor by factor. */
export function productLaw(factors: readonly Law[]): Law {
  const element = (parts: readonly GroupElement[]): GroupElement => ({ kind: 'product', factors: parts });
  const parts = (g: GroupElement) => {
    const found = elementOf(g, 'product').factors;
    if (found.length !== factors.length) {
      throw elementFault(`a product of ${factors.length} elements`, `one of ${found.length}`);
    }
    return found;
  };
  return {
    compact: factors.every((factor) => factor.compact),
    order(sizes) {
      let order = 1;
      for (const factor of factors) {
        const count = factor.order(sizes);
        if (count === undefined) return undefined;
        order *= count;
      }
      return orderAsNumber(order);
    },
    identity: (sizes) => element(factors.map((factor) => factor.identity(sizes))),
    sample: (random, sizes) => element(factors.map((factor) => factor.sample(random, sizes))),
    generators: (sizes) =>
      factors.flatMap((factor, k) =>
        factor
          .generators(sizes)
          .map((generator) =>
            element(factors.map((other, i) => (i === k ? generator : other.identity(sizes)))),
          ),
      ),
    compose(first, second) {
      const g = parts(first);
      const h = parts(second);
      return element(factors.map((factor, i) => factor.compose(g[i]!, h[i]!)));
    },
    inverse: (g) => element(parts(g).map((part, i) => factors[i]!.inverse(part))),
    describe(g) {
      const texts = parts(g).map((part, i) => factors[i]!.describe(part));
      return texts.filter((text) => text !== 'identity').join('; ') || 'identity';
    },
  };
}
