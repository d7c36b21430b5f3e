/** The whole network on one batch of clouds. */
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { kernelBasis } from './basis.ts';
import { block, type Kernels, type Probe, type Weights } from './block.ts';
import { blockPlans, type RapidashConfig } from './config.ts';
import { fibreInvariant, length, spatialInvariants } from './invariants.ts';
import { embed } from './lift.ts';
import { apart, type MutualPairs, mutualPairs, type PointData, pairsOf } from './pairs.ts';
import { radialWindow } from './polynomial.ts';
import { type Outputs, readOut } from './readout.ts';
import { type Geometry, geometryOf, routeOf, type Topology } from './topology.ts';
import { weightNames } from './weights.ts';

/** A batch of clouds, one after the other along the first axis. */
export interface Clouds {
  /** [points, dim] */
  readonly positions: Tensor;
  /** [points, S] */
  readonly scalars?: Tensor | undefined;
  /** [points, V, dim] */
  readonly vectors?: Tensor | undefined;
  /** [points, 1]: one more scalar, the last; the ShapeNet code feeds it to the kernels too. */
  readonly condition?: Tensor | undefined;
  /** [edges, A] in the order of the links; networks of one scale only. */
  readonly edgeAttributes?: Tensor | undefined;
}

/**
 * @param topology the batch's graphs, from {@link topologyOf} on the same positions
 * @param probe sees `after_embedding`, and for every block i `block_i_spatial_basis`, `block_i_output` and, with the prefix
 *   `block_i.`, what the block itself shows
 * @returns tensors of the caller's; call inside tf.tidy
 */
export function forward(
  runtime: Runtime,
  config: RapidashConfig,
  weights: Weights,
  clouds: Clouds,
  topology: Topology,
  probe?: Probe,
): Outputs {
  const { tf } = runtime;
  const names = weightNames(config);
  const grid = config.orientations > 0 ? weights[names.grid]! : undefined;
  const kernels = kernelsOf(runtime, config, weights, clouds, topology, grid);

  const { scalars, vectors, condition } = clouds;
  const numbers = scalars && condition ? tf.concat([scalars, condition], 1) : (scalars ?? condition);
  const points = clouds.positions.shape[0]!;
  let x = embed(runtime, { scalars: numbers, vectors }, points, grid, weights['x_embedder.weight']!);
  probe?.('after_embedding', x);

  const skips: Tensor[] = [];
  for (const [index, { from, to }] of blockPlans(config).entries()) {
    const own = kernels(from, to);
    probe?.(`block_${index}_spatial_basis`, own.spatial);
    if (to > from) skips.push(x);
    const inner = probe && ((name: string, value: Tensor) => probe(`block_${index}.${name}`, value));
    x = block(runtime, x, own, weights, `${names.block(index)}.`, inner);
    probe?.(`block_${index}_output`, x);
    if (to < from) x = tf.add(x, skips.pop()!);
  }
  const { sizes } = topology.scales[config.level === 'graph' ? topology.scales.length - 1 : 0]!;
  return readOut(runtime, x, grid, sizes, config, weights, names.readout);
}

/** Kernel bases, each computed once and shared by the blocks that use the same pairs. */
function kernelsOf(
  runtime: Runtime,
  config: RapidashConfig,
  weights: Weights,
  clouds: Clouds,
  topology: Topology,
  grid: Tensor | undefined,
): (from: number, to: number) => Kernels {
  const { tf } = runtime;
  const { mixing, orientations } = config;
  const names = weightNames(config);
  const atScale = coarsened(runtime, clouds, topology);
  const spatial = new Map<Geometry, Tensor>();
  const fibre = new Map<string, Tensor>();

  const spatialBasis = (geometry: Geometry): Tensor => {
    const known = spatial.get(geometry);
    if (known) return known;
    const prefix = names.spatialBasis(geometry.from);
    const basis = basisOnPairs(runtime, config, weights, prefix, geometry, atScale, grid);
    spatial.set(geometry, basis);
    return basis;
  };
  const fibreBasis = (scale: number): Tensor | undefined => {
    if (!grid) return undefined;
    const prefix = names.fibreBasis(scale);
    const known = fibre.get(prefix);
    if (known) return known;
    const basis = kernelBasis(runtime, [fibreInvariant(runtime, grid)], config.degree, weights, prefix);
    fibre.set(prefix, basis);
    return basis;
  };
  const attributes =
    clouds.edgeAttributes && grid
      ? tf.tile(tf.expandDims(clouds.edgeAttributes, 1), [1, orientations, 1])
      : clouds.edgeAttributes;
  return (from, to) => {
    const geometry = geometryOf(topology, from, to);
    return {
      spatial: spatialBasis(geometry),
      fibre: fibreBasis(geometry.from),
      route: routeOf(topology, from, to),
      edgeAttributes: attributes,
      mixing,
    };
  };
}

/** Positions and condition at every scale. */
function coarsened(runtime: Runtime, { positions, condition }: Clouds, { scales }: Topology): PointData[] {
  const result: PointData[] = [{ positions, condition }];
  for (const { kept } of scales.slice(1)) {
    const finer = result.at(-1)!;
    result.push({
      positions: rowsAt(runtime, finer.positions, kept!),
      condition: finer.condition && rowsAt(runtime, finer.condition, kept!),
    });
  }
  return result;
}

/**
 * Basis values on the pairs of a geometry: [edges, O, D] or [edges, D] (links), [O, clouds, receivers, senders, D]
 * without the axes spelt out (dense).
 */
function basisOnPairs(
  runtime: Runtime,
  config: RapidashConfig,
  weights: Weights,
  prefix: string,
  geometry: Geometry,
  atScale: readonly PointData[],
  grid: Tensor | undefined,
): Tensor {
  const { tf } = runtime;
  const seesCondition = config.variant === 'shapenet' && config.condition;
  const { route } = geometry;
  if (route.kind === 'dense' && !grid && config.invariants === 'SE' && !seesCondition) {
    return distanceBasis(runtime, config, weights, prefix, mutualPairs(route), atScale[geometry.from]!);
  }
  const { relative, condition } = pairsOf(runtime, geometry, atScale);
  let invariants = spatialInvariants(runtime, tf.div(relative, config.lengthScale), grid, config);
  const window = geometry.radius && radialWindow(runtime, length(runtime, relative), geometry.radius);
  if (window && config.window === 'invariants') invariants = invariants.map((part) => tf.mul(part, window));
  if (condition && seesCondition) invariants.push(tf.add(tf.zerosLike(invariants[0]!), condition));
  if (grid && route.kind === 'links') invariants = invariants.map((part) => tf.transpose(part));
  const basis = kernelBasis(runtime, invariants, config.degree, weights, prefix);
  if (!window || config.window !== 'basis') return basis;
  return tf.mul(basis, tf.reshape(window, grid ? [-1, 1, 1] : [-1, 1]));
}

/** The same for kernels of the distance on all pairs, [clouds * receivers * senders, D]. */
function distanceBasis(
  runtime: Runtime,
  config: RapidashConfig,
  weights: Weights,
  prefix: string,
  { first, second, lookup }: MutualPairs,
  { positions }: PointData,
): Tensor {
  const relative = apart(runtime, positions, second, positions, first);
  const scaled = runtime.tf.div(relative, config.lengthScale);
  const distance = spatialInvariants(runtime, scaled, undefined, config);
  return rowsAt(runtime, kernelBasis(runtime, distance, config.degree, weights, prefix), lookup);
}
