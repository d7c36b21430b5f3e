/** Options of a `data` block. */
import type { LanguageOption } from './kinds.ts';

/** Options of a `data` block; everything else in it is a field. */
export const dataOptions: readonly LanguageOption[] = [
  {
    name: 'samples',
    type: 'integer',
    default: 16,
    min: 1,
    unit: 'samples',
    doc: 'At most so many samples are used, from the first. A check draws its group elements anew for each sample.',
  },
  {
    name: 'skip',
    type: 'integer',
    default: 0,
    min: 0,
    unit: 'samples',
    doc: 'Samples to leave out at the start of the file.',
  },
  {
    name: 'sizes',
    type: 'map',
    default: {},
    doc: "For padded arrays: `sizes: [atom: n_atoms]` says that the file's array `n_atoms` holds, for each sample, how many entries of the index set `atom` are real. The rest is cut off.",
  },
  {
    name: 'snapshot',
    type: 'number',
    default: undefined,
    min: 1e-9,
    unit: "the file's unit of time",
    doc: 'For a list of contacts (`.contacts`, `.tij`), which needs it: how long the contacts are gathered to one graph. `3600` makes graphs of an hour where times are in seconds.',
  },
  {
    name: 'window',
    type: 'integer',
    default: 6,
    min: 2,
    unit: 'graphs',
    doc: 'With `snapshot`: graphs of one sample. The contacts of the graph after them are what can be predicted.',
  },
  {
    name: 'stride',
    type: 'integer',
    default: undefined,
    min: 1,
    unit: 'graphs',
    doc: 'With `snapshot`: graphs from the start of one sample to that of the next. Default: as many as `window`, so that samples do not overlap.',
  },
];
