/** C(n) and D(n): rotations by multiples of 360/n degrees, without and with the mirror that flips x. */
import type { GroupElement } from './group.ts';
import { elementFault, elementOf, type Law } from './law.ts';
import { planeText } from './rotation.ts';

/** Uniform over the n or 2n elements, which are kept as integers: all of the group's arithmetic is exact. */
export function dihedralLaw(n: number, mirrors: boolean): Law {
  const element = (turns: number, mirrored: boolean): GroupElement => ({
    kind: 'dihedral',
    n,
    turns: ((turns % n) + n) % n,
    mirrored,
  });
  const checked = (g: GroupElement) => {
    const d = elementOf(g, 'dihedral');
    if (d.n !== n) throw elementFault(`a turn by multiples of 360/${n} degrees`, `one of 360/${d.n}`);
    if (d.mirrored && !mirrors) throw elementFault('a rotation', 'a mirror');
    return d;
  };
  return {
    compact: true,
    order: () => (mirrors ? 2 * n : n),
    identity: () => element(0, false),
    sample: (random) => element(random.integer(n), mirrors && random.uniform() < 0.5),
    generators: () => [...(n > 1 ? [element(1, false)] : []), ...(mirrors ? [element(0, true)] : [])],
    compose(first, second) {
      const g = checked(first);
      const h = checked(second);
      // A mirror reverses the rotation that it passes.
      return element(g.turns + (g.mirrored ? -h.turns : h.turns), g.mirrored !== h.mirrored);
    },
    inverse(g) {
      const { turns, mirrored } = checked(g);
      return element(mirrored ? turns : -turns, mirrored);
    },
    describe(g) {
      const { turns, mirrored } = checked(g);
      return planeText((2 * Math.PI * turns) / n, mirrored) || 'identity';
    },
  };
}
