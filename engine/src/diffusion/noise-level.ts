/** How a denoiser is told of the noise: an input of this name beside those of its signature. */
import type { Field } from '../signature.ts';

/** The standard deviation of the noise in each coordinate, in the unit of the positions; one number for each sample. */
export const noiseLevel: Field = {
  name: 'noise_level',
  type: { representation: { kind: 'scalar' }, axes: [] },
};

/** The name of a denoiser's output. */
export const denoisedName = 'denoised';

/** What training and sampling know of a denoiser. */
export interface Denoising {
  /** The input that noise is added to and taken off: `position[…]`. */
  readonly field: Field;
  readonly dim: 2 | 3;
  /** Standard deviation of the clean data's coordinates. */
  readonly scale: number;
}
