/** What one call of an operation costs, for `benchmark` and for choosing what is worth fusing. */
export interface Cost {
  /** Floating-point additions and multiplications, each counted as one. */
  readonly flops: number;
  /** Bytes read and written, when nothing stays in a cache. */
  readonly bytes: number;
}

/** Bytes of a real number and of an index. */
export const bytesOf = { float32: 4, float64: 8, int32: 4 } as const;
