/**
 * Seeded, counter-based random numbers: the n-th draw of a stream is a pure function of (seed, path, n), so a result
 * depends neither on the order in which streams are used nor on how work is split over processes.
 */
export interface Random {
  /** An independent stream named by a path: `random.stream('check', 3, 'element', 17)`. */
  stream(...path: readonly (string | number)[]): Random;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n), without modulo bias. */
  integer(n: number): number;
  /** A uniform permutation of 0..n-1 (Fisher-Yates). */
  permutation(n: number): number[];
}
