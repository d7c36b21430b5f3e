/**
 * The functions of engine/assembly as JavaScript calls them; what they compute stands there. Addresses are bytes, sizes and
 * strides numbers of entries. Functions that take indices return the place of the first wrong one, or -1.
 */
type Address = number;

export interface SimdExports {
  matmul(
    a: Address,
    b: Address,
    out: Address,
    batch: number,
    m: number,
    k: number,
    n: number,
    transposeA: boolean,
    transposeB: boolean,
    stepA: number,
    stepB: number,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `matmul` needs. */
  matmulScratch(n: number, k: number): number;

  unary(f: number, x: Address, out: Address, size: number): void;
  binary(f: number, a: Address, b: Address, out: Address, ...sizesAndStrides: number[]): void;
  sumAxis(x: Address, out: Address, outer: number, size: number, inner: number, factor: number): void;
  transpose(x: Address, out: Address, ...sizesAndStrides: number[]): void;
  copyRuns(x: Address, out: Address, ...sizesAndStrides: number[]): void;

  gatherRows(
    x: Address,
    indices: Address,
    out: Address,
    count: number,
    size: number,
    width: number,
    zeroOutside: boolean,
  ): number;
  segmentSum(x: Address, segments: Address, out: Address, rows: number, count: number, width: number): number;
  messageSum(
    x: Address,
    weights: Address,
    senders: Address,
    receivers: Address,
    out: Address,
    edges: number,
    size: number,
    count: number,
    width: number,
    single: boolean,
    lenient: boolean,
  ): number;
  messageWeightGradient(
    x: Address,
    dy: Address,
    senders: Address,
    receivers: Address,
    out: Address,
    edges: number,
    width: number,
    single: boolean,
  ): void;
}
