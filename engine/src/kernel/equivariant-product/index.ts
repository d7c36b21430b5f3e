/**
 * All linear maps of n x n matrices that commute with relabelling (Maron et al. 2019), of a matrix path and its derivative, applied to rows at
 * O(n^2) a channel: neither an n^4 object is made, nor the path at a time between its knots, nor the matrix of the sum of maps.
 */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { dataGradients } from './data-gradient.ts';
import { type EquivariantProductAttributes, equivariantProductReference } from './reference.ts';
import { equivariantProductOnWasm, mostKnots } from './simd.ts';

export { equivariantProductCost } from './cost.ts';

const operation: FusedOperation<EquivariantProductAttributes> = {
  name: 'NoetherEquivariantProduct',
  reference: equivariantProductReference,
  takes: (_backend, inputs) => inputs.length <= 4 + 2 * mostKnots,
  gradient(tf, dy, inputs, _results, attributes) {
    const [messages, entries, vectors, weights, ...knots] = inputs;
    const { turned } = attributes;
    // Of the transpose the gradients are those of the product with both sides exchanged.
    const [m, g] = turned ? [dy, messages!] : [messages!, dy];
    const shared = [entries!, vectors!, weights!, ...knots];
    const [ofEntries, ofVectors] = runKernel<Tensor[]>(tf, 'NoetherEquivariantProductGradient', [
      m,
      g,
      ...shared.slice(1),
    ]);
    return [
      () => runKernel(tf, operation.name, [dy, ...shared], { turned: !turned }),
      () => ofEntries!,
      () => ofVectors!,
      ...dataGradients(tf, m, g, shared),
    ];
  },
  kernels: [equivariantProductOnWasm],
};

/** The path at one time, for each graph of a batch: knots and what they are multiplied by. */
export interface KnotSum {
  /** `[B, n, n]` each. */
  readonly matrices: readonly Tensor[];
  /** `[B, n, S]` each: numbers that are linear in the matrix, such as its row sums. */
  readonly statistics: readonly Tensor[];
  /** `[K, B, 2]`: the share of each knot in the value, and in the derivative. */
  readonly weights: Tensor;
}

/** Which maps are added up. */
export interface MapSum {
  /** `[4]`: of the value, the derivative, and of their transposes. */
  readonly entries: Tensor;
  /** `[2 S + 1, 3]`: from the value's statistics, the derivative's, and 1, to what stands on the diagonal, on rows and on columns. */
  readonly vectors: Tensor;
}

/**
 * F m with F = E + diag(v) + u 1^T + 1 w^T; see reference.ts.
 * @param messages `[B, n, d]`
 * @returns `[B, n, d]`
 * @throws RangeError for shapes that do not go together
 */
export function equivariantProduct(
  runtime: Runtime,
  { matrices, statistics, weights }: KnotSum,
  { entries, vectors }: MapSum,
  messages: Tensor,
): Tensor {
  const [batch, n] = messages.shape;
  const count = statistics[0]?.shape[2] ?? 0;
  const all = (arrays: readonly Tensor[], columns: number | undefined): boolean =>
    arrays.length === matrices.length &&
    arrays.every(({ shape }) => shape.join() === [batch, n, columns].join());
  const fits =
    messages.rank === 3 &&
    matrices.length > 0 &&
    all(matrices, n) &&
    all(statistics, count) &&
    entries.size === 4;
  const mixes =
    weights.shape.join() === [matrices.length, batch, 2].join() &&
    vectors.shape.join() === [2 * count + 1, 3].join();
  if (!fits || !mixes) {
    throw new RangeError(
      `equivariantProduct takes messages [B, n, d], matrices [B, n, n], statistics [B, n, S], weights [K, B, 2], entries [4] and vectors [2 S + 1, 3], not [${messages.shape}], [${matrices.map(({ shape }) => `[${shape}]`)}], [${statistics.map(({ shape }) => `[${shape}]`)}], [${weights.shape}], [${entries.shape}] and [${vectors.shape}]`,
    );
  }
  return runFused(runtime, operation, [messages, entries, vectors, weights, ...statistics, ...matrices], {
    turned: false,
  });
}
