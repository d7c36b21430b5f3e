/** Elements near an element, inside the declared range: the steps of the search for the worst case. */
import type { Group, GroupElement, GroupSpec } from '../group/group.ts';
import { flatten } from '../group/normalise.ts';
import type { Random } from '../tensor/random.ts';
import { lawOf } from './law-of.ts';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

/**
 * A random neighbour. Continuous factors move along a random direction of their Lie algebra by about `size` of their
 * reach; finite ones take about that share of their steps, at least one half of the time.
 *
 * @param size 0 to 1
 */
export function neighbour(group: Group, element: GroupElement, size: number, random: Random): GroupElement {
  const factors = flatten(group.spec);
  if (element.kind !== 'product') return moved(factors[0]!, element, size, random, true);
  const always = random.integer(factors.length);
  return {
    kind: 'product',
    factors: element.factors.map((own, i) => moved(factors[i]!, own, size, random, i === always)),
  };
}

function moved(
  factor: Factor,
  element: GroupElement,
  size: number,
  random: Random,
  always: boolean,
): GroupElement {
  switch (element.kind) {
    case 'euclidean':
      return movedEuclidean(factor, element, size, random);
    case 'lorentz':
      return movedLorentz(factor, element, size, random);
    case 'identity':
    case 'product':
    // No group that is checked has general linear maps.
    case 'affine':
      return element;
  }
  if (!always && random.uniform() < 0.5) return element;
  switch (element.kind) {
    case 'permutation': {
      const order = [...element.order];
      const n = order.length;
      if (n < 2) return element;
      for (let swaps = Math.max(1, Math.round((size * n) / 2)); swaps > 0; swaps--) {
        const [i, j] = [random.integer(n), random.integer(n)];
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return { ...element, order };
    }
    case 'sign': {
      const one = random.integer(Math.max(1, element.signs.length));
      const signs = element.signs.map((sign, i) => (i === one || random.uniform() < size ? -sign : sign));
      return { ...element, signs: signs as (1 | -1)[] };
    }
    case 'dihedral': {
      const mirrored = factor.kind === 'D' && random.uniform() < size ? !element.mirrored : element.mirrored;
      return { ...element, mirrored, turns: stepped(element.turns, element.n, size, random) };
    }
    case 'shift':
      return { ...element, by: stepped(element.by, Math.max(1, element.size), size, random) };
  }
}

/** Some steps round a circle of n, at least one. */
function stepped(at: number, n: number, size: number, random: Random): number {
  const most = Math.max(1, Math.round((size * n) / 2));
  const steps = (1 + random.integer(most)) * (random.uniform() < 0.5 ? 1 : -1);
  return (((at + steps) % n) + n) % n;
}

type Euclidean = Extract<GroupElement, { kind: 'euclidean' }>;

function movedEuclidean(factor: Factor, element: Euclidean, size: number, random: Random): GroupElement {
  let { matrix } = element;
  let { translation } = element;
  const law = lawOf(factor);
  for (const direction of law.directions) {
    if (direction.unit !== 'radian') continue;
    const turn = direction.at(Math.PI * size * random.normal(), {}) as Euclidean;
    matrix = (
      law.group.compose(
        { ...turn, translation: zero(element) },
        { ...element, matrix, translation: zero(element) },
      ) as Euclidean
    ).matrix;
  }
  if ((factor.kind === 'O' || factor.kind === 'E') && random.uniform() < size / 4) {
    const mirror = law.directions.find(({ name }) => name.startsWith('mirror'))!.at(1, {}) as Euclidean;
    matrix = (law.group.compose(mirror, { ...element, matrix, translation: zero(element) }) as Euclidean)
      .matrix;
  }
  if ('scale' in factor) {
    const { scale } = factor;
    translation = translation.map((x) =>
      Math.max(-scale, Math.min(scale, x + scale * size * random.normal())),
    );
  }
  return { ...element, matrix, translation };
}

function zero({ dim }: Euclidean): number[] {
  return new Array<number>(dim).fill(0);
}

function movedLorentz(
  factor: Factor,
  element: Extract<GroupElement, { kind: 'lorentz' }>,
  size: number,
  random: Random,
): GroupElement {
  const limit = factor.kind === 'Lorentz' ? factor.rapidity : 0;
  const law = lawOf(factor);
  // Too fast a boost is tried again with half the step: the declared range is what was asked about.
  for (let step = size, attempt = 0; attempt < 8; attempt++, step /= 2) {
    let next: GroupElement = element;
    for (const { unit, at } of law.directions) {
      const reach = unit === 'radian' ? Math.PI : limit;
      next = law.group.compose(at(reach * step * random.normal(), {})!, next);
    }
    if (next.kind === 'lorentz' && Math.acosh(Math.max(1, next.matrix[0]!)) <= limit) return next;
  }
  return element;
}
