/** What makes a network: plain data. */
import type { Basis } from './maps.ts';
import type { Interpolation } from './path.ts';
import type { Tolerance } from './solver/adaptive.ts';
import type { MethodName } from './solver/methods.ts';

/**
 * What mixes the nodes. `equivariant`: the learnt equivariant fusion of path and derivative (PENG-CDE). The others are the models that
 * it is compared with: `premult`, learnt matrices from the left (Graph Neural CDE); `additive`, the sum of path and derivative;
 * `gnode`, the path alone; `gnode_floor`, the last graph seen; `const`, no graph at all.
 */
export const fieldKinds = ['equivariant', 'premult', 'additive', 'gnode', 'gnode_floor', 'const'] as const;
export type FieldKind = (typeof fieldKinds)[number];

export interface FieldConfig {
  readonly kind: FieldKind;
  readonly layers: number;
  /** Channels of the latent state. */
  readonly hidden: number;
  /** Channels that the last layer makes: hidden, or with a second control hidden * features * 2. */
  readonly outputs: number;
  readonly basis: Basis;
  /** `official` repeats the official code where it is not what the names of its maps say. */
  readonly maps: 'intended' | 'official';
  /** Learnt constants on all entries and on the diagonal. */
  readonly biases: boolean;
  readonly interpolation: Interpolation;
  /**
   * With a clock that is not the path's parameter: `corrected` takes the derivative by the clock, so that the solution does not depend
   * on the speed at which the path is run through; `official` takes it by the parameter.
   */
  readonly warp: 'corrected' | 'official';
}

export type Stepping =
  /** Equal steps of at most this length, which go over knots. */
  | { readonly kind: 'constant'; readonly step: number }
  /** So many steps between neighbouring knots and output times. */
  | { readonly kind: 'interval'; readonly steps: number }
  /** By the estimated error; `aligned` steps end at the knots. */
  | { readonly kind: 'adaptive'; readonly tolerance: Tolerance; readonly aligned: boolean }
  /** Exactly these steps, from the first knot to the last output time. */
  | { readonly kind: 'mesh'; readonly mesh: readonly number[] };

export interface SolverConfig {
  readonly method: MethodName;
  readonly stepping: Stepping;
  /** Gradients of the discrete solution, or by the adjoint equation. */
  readonly gradient: 'discrete' | 'adjoint';
}
