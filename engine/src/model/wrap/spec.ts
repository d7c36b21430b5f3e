/** The wrappers that make a model equivariant, as a plan writes them: plain JSON. */
import type { GroupSpec } from '../../group/group.ts';

export type WrapSpec =
  /** The mean of g^-1 f(g x) over a group; over `draws` elements, fixed by the seed, where it has more than `draws`. */
  | {
      readonly kind: 'averaged';
      readonly group: GroupSpec;
      readonly draws: number;
      readonly seed: number;
    }
  /**
   * f in a frame of the input's own principal axes. The group is SO, O, SE, E or T; SE(n), or SO(n) where no input is a
   * position, when it is not said. `signs`: the mean over all choices of the axes' signs, or the one choice that the third
   * moments make.
   */
  | { readonly kind: 'framed'; readonly group?: GroupSpec; readonly signs: 'all' | 'one' }
  /** f in a Lorentz frame of the event's own momenta. */
  | { readonly kind: 'lloca' }
  /** f on rows in an order that their values make. The group is S(index); the only index set when it is not said. */
  | { readonly kind: 'sorted'; readonly group?: GroupSpec };

export type WrapKind = WrapSpec['kind'];
