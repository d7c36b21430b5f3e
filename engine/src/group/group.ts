/**
 * What a group is to the rest of the engine. Elements are plain data in float64, so a witness can be written into a
 * report and replayed from it. A group knows how to sample, compose, invert and name its elements; how an element
 * acts on a value is the business of `representation/`.
 */
import type { IndexSizes } from '../signature.ts';
import type { Random } from '../tensor/random.ts';

/** A group as a plan writes it: plain JSON. Scales are in the data's own units. */
export type GroupSpec =
  | { readonly kind: 'trivial' }
  /** All permutations of a named index set. */
  | { readonly kind: 'S'; readonly index: string }
  /** Translations, uniform in the cube [-scale, scale]^dim. */
  | { readonly kind: 'T'; readonly dim: 2 | 3; readonly scale: number }
  | { readonly kind: 'SO'; readonly dim: 2 | 3 }
  | { readonly kind: 'O'; readonly dim: 2 | 3 }
  | { readonly kind: 'SE'; readonly dim: 2 | 3; readonly scale: number }
  | { readonly kind: 'E'; readonly dim: 2 | 3; readonly scale: number }
  /** Proper orthochronous Lorentz group: a Haar rotation and a boost of rapidity uniform in [0, rapidity]. */
  | { readonly kind: 'Lorentz'; readonly rapidity: number }
  /** Sign flips: one sign for all (no index: inversion), or one for each entry of an index set. */
  | { readonly kind: 'Z2'; readonly index?: string }
  /** Rotations by multiples of 360/n degrees, in the image plane or about z. */
  | { readonly kind: 'C'; readonly n: number }
  /** C(n) and the mirror of the horizontal axis. */
  | { readonly kind: 'D'; readonly n: number }
  /** Cyclic shifts along an axis. */
  | { readonly kind: 'shift'; readonly index: string }
  | { readonly kind: 'product'; readonly factors: readonly GroupSpec[] };

/** One element. Matrices are row-major; a permutation `order` means: entry i of g x is entry order[i] of x. */
export type GroupElement =
  | { readonly kind: 'identity' }
  /** x -> matrix x + translation on positions; the matrix is orthogonal. */
  | {
      readonly kind: 'euclidean';
      readonly dim: 2 | 3;
      readonly matrix: readonly number[];
      readonly translation: readonly number[];
    }
  /** x -> matrix x + translation for any invertible matrix, of the plane, of space or of space-time: what `discover` tries. */
  | {
      readonly kind: 'affine';
      readonly dim: 2 | 3 | 4;
      readonly matrix: readonly number[];
      readonly translation: readonly number[];
    }
  /** Acts on (E, px, py, pz); keeps the metric (+,-,-,-). */
  | { readonly kind: 'lorentz'; readonly matrix: readonly number[] }
  | { readonly kind: 'permutation'; readonly index: string; readonly order: readonly number[] }
  | { readonly kind: 'sign'; readonly index?: string; readonly signs: readonly (1 | -1)[] }
  /** Rotation by turns * 360/n degrees, after the mirror if mirrored. */
  | { readonly kind: 'dihedral'; readonly n: number; readonly turns: number; readonly mirrored: boolean }
  | { readonly kind: 'shift'; readonly index: string; readonly by: number; readonly size: number }
  | { readonly kind: 'product'; readonly factors: readonly GroupElement[] };

/** A group, ready to use. All methods are pure; `sizes` gives the index sets of the sample that is acted on. */
export interface Group {
  readonly spec: GroupSpec;
  /** As the language writes it: `SE(3) * S(atom)`. */
  readonly text: string;
  /** True when the group is compact, so that samples are Haar; otherwise they come from the declared range. */
  readonly compact: boolean;
  /** Number of elements for finite groups, else `undefined`. */
  order(sizes: IndexSizes): number | undefined;
  identity(sizes: IndexSizes): GroupElement;
  /** Haar where compact, the declared range where not. */
  sample(random: Random, sizes: IndexSizes): GroupElement;
  /** A finite set that generates the group, or a dense subgroup of it, from the declared range. */
  generators(sizes: IndexSizes): readonly GroupElement[];
  /** g after h: act(compose(g, h), x) = act(g, act(h, x)). */
  compose(g: GroupElement, h: GroupElement): GroupElement;
  inverse(g: GroupElement): GroupElement;
  /** In words and numbers: "137.2 degrees about (0.20, 0.90, 0.38), moved by (1.2, -0.4, 3.0)". */
  describe(g: GroupElement): string;
}
