/** What an option of the language can be. */
import type { OptionDescription } from '@noether/engine/catalog';

/** A word that an option takes, with what it means. */
export interface Word {
  readonly name: string;
  readonly doc: string;
}

interface Described {
  readonly name: string;
  readonly doc: string;
  readonly unit?: string;
  readonly breaks?: undefined;
}

/** What the engine's options know, and four kinds that only the language has. */
export type LanguageOption =
  | OptionDescription
  /** A number, or a word in its place: `auto`. */
  | (Described & {
      readonly type: 'number or word';
      readonly words: readonly Word[];
      readonly default: number | string;
      readonly min?: number;
      readonly max?: number;
    })
  /** Names by names: `[atom: n_atoms]`. */
  | (Described & { readonly type: 'map'; readonly default: Readonly<Record<string, string>> })
  /** A group, or several in brackets that stand for their product: `SE(3)`, `[SO(3), S(point)]`. */
  | (Described & { readonly type: 'group'; readonly default: undefined })
  /** A function of one data field: `cross_entropy(part)`. */
  | (Described & {
      readonly type: 'function';
      readonly functions: readonly Word[];
      readonly default: undefined;
    });

export const seconds = 'seconds';
/** Seeds are 32 bits. */
export const largestSeed = 2 ** 32 - 1;

/** Losses, of trainings and of soft equivariance. */
export const lossWords: readonly Word[] = [
  { name: 'cross_entropy', doc: 'cross entropy against a category or label' },
  { name: 'l1', doc: 'mean absolute difference' },
  { name: 'mse', doc: 'mean squared difference' },
  { name: 'huber', doc: 'half the squared difference up to 1, the absolute one less a half beyond' },
  {
    name: 'denoising',
    doc: 'the noise that a denoiser leaves on these positions, weighted as in EDM; noise is drawn anew in every step',
  },
];
