/** The loops under message passing: copy rows by index, add rows into numbered sums, and take the largest of them. */
import type { HostData } from './host-kernel.ts';

/** How x is seen by a gather: [batch, outer, size, width], with `picks` indices for every batch. */
export interface GatherLayout {
  readonly batch: number;
  readonly outer: number;
  readonly size: number;
  readonly width: number;
  readonly picks: number;
}

/**
 * out[b, o, i, :] = x[b, o, indices[b, i], :]. An index outside 0..size-1 gives a row of zeros when `zeroOutside`,
 * else a RangeError before anything is written.
 */
export function gatherLoop(
  out: HostData,
  x: HostData,
  indices: HostData,
  { batch, outer, size, width, picks }: GatherLayout,
  zeroOutside: boolean,
): void {
  if (!zeroOutside) checkIndices(indices, size);
  for (let b = 0; b < batch; b++) {
    for (let o = 0; o < outer; o++) {
      const source = (b * outer + o) * size;
      const target = (b * outer + o) * picks;
      for (let i = 0; i < picks; i++) {
        const index = indices[b * picks + i]!;
        const to = (target + i) * width;
        const from = (source + index) * width;
        if (index < 0 || index >= size) out.fill(0, to, to + width);
        else for (let k = 0; k < width; k++) out[to + k] = x[from + k]!;
      }
    }
  }
}

/**
 * out[s, :] = sum of the rows x[i, :] with segments[i] = s. Rows with a negative segment are left out; one that is not
 * below `count` is a RangeError, as it is in TensorFlow.
 */
export function segmentSumLoop(
  out: HostData,
  x: HostData,
  segments: HostData,
  { count, width }: { readonly count: number; readonly width: number },
): void {
  out.fill(0);
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if (segment < 0) continue;
    if (segment >= count) {
      throw new RangeError(`segment sum: segment ${segment} at position ${i} is not below ${count}`);
    }
    const to = segment * width;
    const from = i * width;
    for (let k = 0; k < width; k++) out[to + k]! += x[from + k]!;
  }
}

/**
 * out[s, k] = the largest x[i, k] with segments[i] = s, NaN where one of them is; 0 without rows. Segments as in the sum.
 */
export function segmentMaxLoop(
  out: HostData,
  x: HostData,
  segments: HostData,
  { count, width }: { readonly count: number; readonly width: number },
): void {
  const seen = new Uint8Array(count);
  out.fill(0);
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if (segment < 0) continue;
    if (segment >= count) {
      throw new RangeError(`segment max: segment ${segment} at position ${i} is not below ${count}`);
    }
    const to = segment * width;
    const from = i * width;
    for (let k = 0; k < width; k++) {
      out[to + k] = seen[segment] ? Math.max(out[to + k]!, x[from + k]!) : x[from + k]!;
    }
    seen[segment] = 1;
  }
}

function checkIndices(indices: HostData, size: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index < 0 || index >= size) {
      throw new RangeError(`gather: index ${index} at position ${i} is not in 0..${size - 1}`);
    }
  }
}
