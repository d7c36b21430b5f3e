/** What an input leaves open, to a model that makes a frame or an order of it: there nothing can be equivariant. */
import type { Finding } from '../fault.ts';

export interface Ambiguity extends Pick<Finding, 'severity' | 'expected' | 'advice'> {
  readonly code: 'model/frame-degenerate' | 'model/frame-planar' | 'model/sorted-ties';
  /** What becomes of it, in front of the inputs: "no frame is determined by". */
  readonly lead: string;
  /** What it is about the input, behind its name: "lies on a line". */
  readonly remark: string;
}
