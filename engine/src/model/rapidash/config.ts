/**
 * What a Rapidash network is made of, as numbers: the one description that weights, topology and forward share.
 * The language's options and the official hyper-parameters (parity) are both translated into it.
 */

/** Which pairs of points talk to each other. All three include the point itself. */
export type PointGraph =
  | { readonly kind: 'full' }
  | { readonly kind: 'knn'; readonly neighbours: number }
  /** Length in the data's unit. */
  | { readonly kind: 'radius'; readonly radius: number };

export interface RapidashConfig {
  /** Dimension of space. */
  readonly dim: 2 | 3;
  /** Orientations O of the grid on the sphere or circle; 0 for features per point only. */
  readonly orientations: number;
  /** SE: the kernel sees rotation-invariant arguments. T: it sees the displacement too. */
  readonly invariants: 'SE' | 'T';
  /** `rapidash`: one basis for all scales. `shapenet`: the authors' earlier code, a basis for each scale. */
  readonly variant: 'rapidash' | 'shapenet';
  /** Channels that go in: numbers per point, arrows per point; a condition is one more scalar, the last. */
  readonly scalarInputs: number;
  readonly vectorInputs: number;
  readonly condition: boolean;
  /** Numbers per edge that are mixed into the sender's features. */
  readonly edgeInputs: number;
  /** Channels C at each scale, finest first. */
  readonly hidden: readonly number[];
  /** Blocks at each scale, finest first. */
  readonly layers: readonly number[];
  /** The graph at each scale, finest first. */
  readonly graphs: readonly PointGraph[];
  /** Share of the points that is kept between one scale and the next. */
  readonly ratios: readonly number[];
  /** Where farthest-point sampling starts. `first` is what the stored official runs do; it depends on the order. */
  readonly samplingStart: 'farthest from the centroid' | 'first';
  /** Width D of the kernel basis, and of the layer before it. */
  readonly basis: number;
  readonly basisHidden: number;
  /** Tensor powers 1 to degree + 1 of the invariants enter the basis. */
  readonly degree: number;
  /** Ratio of a block's inner width to its channels. */
  readonly widening: number;
  /** Initial layer scale; absent: none. */
  readonly layerScale: number | undefined;
  /** The fibre step mixes channels instead of treating each by itself. */
  readonly mixing: boolean;
  readonly scalarOutputs: number;
  readonly vectorOutputs: number;
  readonly level: 'graph' | 'point';
  /** `pooled`: average and sum first, one linear map afterwards (the adapted copy of the network; scalars only). */
  readonly readout: 'per point' | 'pooled';
  /** 2D only. The official code sums the components of the transverse part, which is not invariant. */
  readonly transverse: 'corrected' | 'official';
  /** What a radius graph's window multiplies. Only `basis` makes the kernel vanish at the radius. */
  readonly window: 'basis' | 'invariants';
  /** Relative positions are divided by it before they enter the kernel. */
  readonly lengthScale: number;
}

/** What is common to all, so that callers state only what differs. Sizes are those of a laptop. */
export const baseConfig: RapidashConfig = {
  dim: 3,
  orientations: 12,
  invariants: 'SE',
  variant: 'rapidash',
  scalarInputs: 0,
  vectorInputs: 0,
  condition: false,
  edgeInputs: 0,
  hidden: [32],
  layers: [3],
  graphs: [{ kind: 'full' }],
  ratios: [],
  samplingStart: 'farthest from the centroid',
  basis: 16,
  basisHidden: 16,
  degree: 2,
  widening: 4,
  layerScale: undefined,
  mixing: false,
  scalarOutputs: 1,
  vectorOutputs: 0,
  level: 'graph',
  readout: 'per point',
  transverse: 'corrected',
  window: 'basis',
  lengthScale: 1,
};

/** One block of the network. `from` and `to` are scales; they differ for pooling and un-pooling blocks. */
export interface BlockPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The blocks in order: layers[0] blocks at scale 0, a pooling block to scale 1, layers[1] blocks, and so on; when the
 * output is per point and there are several scales, the mirrored way back: sum(layers) + scales - 1 blocks, or twice that.
 */
export function blockPlans({ layers, hidden, level }: RapidashConfig): BlockPlan[] {
  // The features' scale before each block and after the last one; the width follows from the scale.
  const scales = layers.flatMap((count, scale) => Array<number>(count + 1).fill(scale));
  if (level === 'point' && layers.length > 1) scales.push(...scales.slice(0, -1).reverse());
  const width = (scale: number): number => hidden[Math.min(scale, hidden.length - 1)]!;
  return scales.slice(1).map((to, i): BlockPlan => {
    const from = scales[i]!;
    return { inputs: width(from), outputs: width(to), from, to };
  });
}

/** Length of the spatial kernel's argument: what {@link spatialInvariants} gives, and the ShapeNet code's condition. */
export function invariantCount({
  dim,
  orientations,
  invariants,
  variant,
  condition,
}: RapidashConfig): number {
  const oriented = orientations > 0 ? 2 : 0;
  const own = invariants === 'T' ? dim + oriented : orientations > 0 ? 2 : 1;
  return own + (variant === 'shapenet' && condition ? 1 : 0);
}

/** Length of the tensor powers 1 to degree + 1 of `inputs` numbers, repeats included. */
export function polynomialCount(inputs: number, degree: number): number {
  let count = 0;
  for (let power = 1; power <= degree + 1; power++) count += inputs ** power;
  return count;
}

/** Channels that the embedding takes; the constant 1 stands in where nothing goes in. */
export function embeddingInputs({ scalarInputs, vectorInputs, condition }: RapidashConfig): number {
  return Math.max(1, scalarInputs + vectorInputs + (condition ? 1 : 0));
}
