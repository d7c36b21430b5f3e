/** What was found of a group that turns images off their grid: plain data. */
import type { Verdict } from '../verification.ts';

/** One output between the pixels. Numbers are root mean squares over images and elements, relative to the output. */
export interface GridGap {
  readonly output: string;
  /** On analytic images, rendered before and after the element: no input is resampled. */
  readonly gap: number;
  /** What the grid itself does: how far the output is from following shifts of the same images by half a pixel. */
  readonly floor: number;
  /** What is left of the gap without the floor: sqrt(gap^2 - floor^2), or 0. */
  readonly left: number;
  /** What bilinear resampling changes in the output, against rendering the turned image. */
  readonly resampling: number;
  /** The gap on the samples themselves, where turning them is resampling. */
  readonly dataGap: number;
  /** What turning the samples there and back changes in the output. */
  readonly dataFloor: number;
  /** The gap on finer grids, the first being that of the samples; absent where the model takes no other. */
  readonly refined?: readonly { readonly side: number; readonly gap: number }[];
  /** p of gap ~ side^-p. */
  readonly order?: number;
}

export interface GridResult {
  /** The exact subgroup, as the language writes it, and how it was judged: that is the grid's own symmetry. */
  readonly exact: string;
  readonly exactVerdict: Verdict;
  /** Analytic images, and elements that were tried on each. */
  readonly images: number;
  readonly elements: number;
  readonly gaps: readonly GridGap[];
}
