/** Samples in memory, as a check uses them. */
import type { Field, IndexSizes } from '../signature.ts';
import type { Values } from '../tensor/array.ts';

export interface Sample {
  /** "scans.npz[3]" or "frame 12 of ethanol.extxyz": names the sample in reports and witnesses. */
  readonly id: string;
  readonly values: Values;
  /** Sizes of its named index sets, agreed over all fields. */
  readonly sizes: IndexSizes;
}

export interface Dataset {
  readonly fields: readonly Field[];
  readonly samples: readonly Sample[];
  /** Number of samples that the file holds; `samples` may be a declared part of them. */
  readonly available: number;
}

/** A data field as a plan writes it. `source` is the array, column or property in the file; default: the name. */
export interface DataField extends Field {
  readonly source?: string;
}

/** What to load, as a plan writes it: plain JSON. */
export interface DataSpec {
  /** Absolute path. */
  readonly file: string;
  readonly fields: readonly DataField[];
  /** At most so many samples, from the first. */
  readonly samples: number;
  /** Samples to leave out at the start. */
  readonly skip: number;
  /**
   * Padded arrays: { atom: "n_atoms" } says that the file's array n_atoms holds, per sample, how many entries of index
   * set `atom` are real; the rest is cut off.
   */
  readonly sizes: Readonly<Record<string, string>>;
  /** How a list of contacts is cut into samples; for no other format. */
  readonly contacts?: ContactWindows;
}

/** Contacts in time -> graphs of equal duration -> samples of several graphs in a row. */
export interface ContactWindows {
  /** Duration of one graph, in the file's unit of time; above 0. */
  readonly snapshot: number;
  /** Graphs of a sample, at least 2. */
  readonly window: number;
  /** Graphs from the start of one sample to that of the next, at least 1. */
  readonly stride: number;
}

/** What the reader allows itself. */
export interface DataLimits {
  /** Bytes that one dataset may take in memory. Headers are checked against it before anything is allocated. */
  readonly maxBytes: number;
}
