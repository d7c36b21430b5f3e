/** A file of structures, one sample a frame: what every reader of such files gives. */
import type { NdArray, TextArray } from '../tensor/array.ts';

/** One structure. */
export interface Frame {
  /** 0-based. */
  readonly index: number;
  /** 1-based line at which it starts. */
  readonly line: number;
  /** Number of atoms; of nodes in a graph. */
  readonly atoms: number;
  /** Names of the values whose leading axis may be of another length in the next frame: atoms, bonds. */
  readonly varying: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, NdArray | TextArray>;
  /** What it has booked in the budget. */
  readonly bytes: number;
}

export interface FrameFile {
  readonly kind: 'frames';
  /** The next frame; undefined at the end. Throws `data/syntax`, `data/truncated`, `data/not-utf8`, `data/too-large`. */
  next(): Frame | undefined;
  /** Passes over a frame as cheaply as the format allows; false at the end. */
  skip(): boolean;
  close(): void;
}
