/** The denoiser's options: those of Rapidash that leave a choice, and its own. Pure data. */
import type { OptionDescription } from '../description.ts';
import { rapidashOptions } from '../rapidash/options.ts';

const own: readonly OptionDescription[] = [
  {
    name: 'data_scale',
    type: 'number',
    default: 1,
    min: 1e-12,
    unit: "the data's length unit",
    doc: 'Standard deviation of the coordinates of clean clouds about their centroids. The network sees clouds divided by the standard deviation that this and the noise make together: its `length_scale` and radii are in that unit.',
  },
  {
    name: 'noise',
    type: 'number',
    default: 0.5,
    min: 1e-6,
    max: 1e3,
    unit: 'data_scale',
    doc: 'The noise level at which a check or benchmark looks at the denoiser, where the data has no field `noise_level: scalar` of its own (in the unit of the positions). Training draws levels for itself.',
  },
];

/** Names of the options that Rapidash does not have. */
export const ownOptions: ReadonlySet<string> = new Set(own.map(({ name }) => name));

/** What a denoiser is: one vector for each point, told of the noise. */
const settled = new Set(['level', 'scalar_outputs', 'vector_outputs', 'readout', 'condition']);

export const denoiserOptions: readonly OptionDescription[] = [
  ...rapidashOptions.filter(({ name }) => !settled.has(name)).map(inUnits),
  ...own,
];

/** The network sees clouds of unit variance: its lengths are in that unit. */
function inUnits(option: OptionDescription): OptionDescription {
  if (option.name === 'length_scale') return { ...option, unit: 'the standard deviation of the noisy cloud' };
  return option;
}
