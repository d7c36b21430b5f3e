/**
 * The functions of engine/assembly as JavaScript calls them; what they compute stands there. Addresses are bytes, sizes and
 * strides numbers of entries. Functions that take indices return the place of the first wrong one, or -1.
 */
type Address = number;

export interface SimdExports {
  /** An absent bias is at address 0. */
  matmul(
    a: Address,
    b: Address,
    bias: Address,
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
  /** Where the module may keep its constants; called before all else. */
  useConstants(at: Address): void;
  /** Bytes of the constants. */
  constantsSize(): number;
  /** Whether products take 16 columns at a time. */
  useWidePanels(on: boolean): void;

  unary(f: number, x: Address, out: Address, size: number): void;
  binary(f: number, a: Address, b: Address, out: Address, ...sizesAndStrides: number[]): void;
  sumAxis(x: Address, out: Address, outer: number, size: number, inner: number, factor: number): void;
  transpose(x: Address, out: Address, ...sizesAndStrides: number[]): void;
  copyRuns(x: Address, out: Address, ...sizesAndStrides: number[]): void;
  spreadRuns(x: Address, out: Address, count: number, size: number, step: number): void;

  convolutionScratch(inner: number, outputs: number, places: number): number;
  /** x, filter, bias (absent: 0), out; sizes; scratch. Sizes: batch, h, w, c, oh, ow, n, kh, kw, strides, dilations, top, left. */
  convolution(...addressesAndSizes: number[]): void;
  /** dy, filter, out; sizes; scratch. */
  convolutionInputGradient(...addressesAndSizes: number[]): void;
  /** x, dy, out; sizes; scratch. */
  convolutionFilterGradient(...addressesAndSizes: number[]): void;
  depthwiseScratch(h: number, w: number, c: number, m: number, kh: number, kw: number): number;
  /** x, filter, out; sizes; scratch. Sizes: batch, h, w, c, m, oh, ow, kh, kw, strides, dilations, top, left. */
  depthwise(...addressesAndSizes: number[]): void;
  /** dy, filter, out; sizes; scratch. */
  depthwiseInputGradient(...addressesAndSizes: number[]): void;
  /** x, dy, out; sizes; scratch. */
  depthwiseFilterGradient(...addressesAndSizes: number[]): void;

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
  /** Scratch of `count` floats. */
  segmentMean(
    x: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): number;
  /** Scratch of `count` floats. */
  segmentMeanGradient(
    dy: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): void;
  /** Scratch of `count` bytes. */
  segmentMax(
    x: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): number;
  /** Scratch of `count` rows. */
  segmentMaxGradient(
    x: Address,
    y: Address,
    dy: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): void;
  /** Scratch of twice `count` rows and `count` bytes. */
  segmentSoftmax(
    x: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): number;
  /** Scratch of `count` rows. */
  segmentSoftmaxGradient(
    y: Address,
    dy: Address,
    segments: Address,
    scratch: Address,
    out: Address,
    rows: number,
    count: number,
    width: number,
  ): void;
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

  softmax(x: Address, out: Address, rows: number, size: number): void;
  softmaxGradient(y: Address, dy: Address, out: Address, rows: number, size: number): void;
  /** Absent weights and biases are at address 0, here and in the gradient. */
  normalise(
    x: Address,
    weight: Address,
    bias: Address,
    out: Address,
    statistics: Address,
    rows: number,
    size: number,
    epsilon: number,
    centred: boolean,
  ): void;
  normaliseGradient(
    x: Address,
    weight: Address,
    dy: Address,
    statistics: Address,
    dx: Address,
    dweight: Address,
    dbias: Address,
    rows: number,
    size: number,
    centred: boolean,
  ): void;
  activation(x: Address, bias: Address, out: Address, rows: number, size: number, silu: boolean): void;
  activationGradient(
    x: Address,
    bias: Address,
    dy: Address,
    dx: Address,
    dbias: Address,
    rows: number,
    size: number,
    silu: boolean,
  ): void;

  sphericalHarmonicsScratch(degree: number): number;
  /** Normalisation by number: 0 norm, 1 component, 2 integral. */
  sphericalHarmonics(
    vectors: Address,
    out: Address,
    count: number,
    degree: number,
    normalize: boolean,
    normalization: number,
    scratch: Address,
  ): void;
  sphericalHarmonicsGradient(
    vectors: Address,
    dy: Address,
    out: Address,
    count: number,
    degree: number,
    normalize: boolean,
    normalization: number,
    scratch: Address,
  ): void;
  tensorProductScratch(sources: number, targets: number, links: number): number;
  tensorProduct(
    x: Address,
    y: Address,
    table: Address,
    out: Address,
    n: number,
    channels: number,
    sources: number,
    size: number,
    targets: number,
    scratch: Address,
  ): void;
  tensorProductRightGradient(
    x: Address,
    dz: Address,
    table: Address,
    out: Address,
    n: number,
    channels: number,
    sources: number,
    size: number,
    targets: number,
    scratch: Address,
  ): void;

  pairwiseScratch(m: number, d: number): number;
  pairwiseDistances(
    x: Address,
    y: Address,
    out: Address,
    n: number,
    m: number,
    d: number,
    scratch: Address,
  ): void;
  pairwiseGradient(
    x: Address,
    y: Address,
    r: Address,
    dr: Address,
    dx: Address,
    dy: Address,
    n: number,
    m: number,
    d: number,
    scratch: Address,
  ): void;

  attentionScratch(keys: number, d: number, e: number): number;
  /** q, k, v, mask, out, logSum; batch, n, m, d, e, factor, share, maskStep, maskSize; heads, rowQ, rowK, rowV, rowOut; scratch. */
  attention(...addressesAndSizes: number[]): void;
  attentionGradientScratch(keys: number, d: number, e: number): number;
  /** q, k, v, mask, y, logSum, dy, dq, dk, dv; sizes as in `attention`; scratch. */
  attentionGradient(...addressesAndSizes: number[]): void;

  /** w, g, m, v, new w, new m, new v; count, beta1, beta2, size, root, epsilon, keep, decay. */
  adam(...addressesAndNumbers: number[]): void;

  frameTransform(
    x: Address,
    frames: Address,
    out: Address,
    rows: number,
    copies: number,
    scalars: number,
    vectors: number,
    turned: boolean,
  ): void;
  frameTransformGradient(
    x: Address,
    dy: Address,
    out: Address,
    rows: number,
    copies: number,
    scalars: number,
    vectors: number,
  ): void;

  spatialScratch(channels: number, functions: number): number;
  spatialStep(
    x: Address,
    basis: Address,
    weight: Address,
    senders: Address,
    receivers: Address,
    out: Address,
    edges: number,
    orientations: number,
    channels: number,
    functions: number,
    size: number,
    count: number,
    lenient: boolean,
    scratch: Address,
  ): number;
  /** x, dy, basis, weight, senders, receivers, dbasis, dweight; edges, orientations, channels, functions; scratch. */
  spatialGradient(...addressesAndSizes: number[]): void;
  fibreStep(
    x: Address,
    kernel: Address,
    out: Address,
    points: number,
    from: number,
    to: number,
    channels: number,
    turned: boolean,
  ): void;
  fibreKernelGradient(
    x: Address,
    dy: Address,
    out: Address,
    points: number,
    from: number,
    to: number,
    channels: number,
  ): void;

  equivariantScratch(n: number, d: number, count: number): number;
  /**
   * m, entries, vectors, weights, three addresses of statistics and three of matrices (0 for none), out; batch, n, d, count, turned (0 or 1);
   * scratch.
   */
  equivariantProduct(...addressesAndSizes: number[]): void;
  /** m, g, weights, statistics and matrices as above, dentries, dvectors; batch, n, d, count; scratch. */
  equivariantProductGradient(...addressesAndSizes: number[]): void;
}
