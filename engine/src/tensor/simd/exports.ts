/** The functions of engine/assembly as JavaScript calls them: addresses are bytes, sizes are numbers of floats. */
export interface SimdExports {
  /** out = a b for `batch` pairs; see engine/assembly/matmul.ts. */
  matmul(
    a: number,
    b: number,
    out: number,
    batch: number,
    m: number,
    k: number,
    n: number,
    transposeA: boolean,
    transposeB: boolean,
    stepA: number,
    stepB: number,
    scratch: number,
  ): void;
  /** Bytes of scratch that `matmul` needs. */
  matmulScratch(n: number, k: number): number;
}
