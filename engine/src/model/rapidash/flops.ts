/** Floating-point operations of one forward pass. Pure. */
import {
  blockPlans,
  embeddingInputs,
  invariantCount,
  type PointGraph,
  polynomialCount,
  type RapidashConfig,
} from './config.ts';

/**
 * Multiplications and additions, each counted as one, of the linear maps, the messages and the fibre step on one cloud.
 * Activations, normalisation and the geometry (invariants, vectors along orientations) are not counted, as is usual. Kernels on the same pairs share their basis,
 * and so does the count. A radius graph is counted as if all points were within the radius.
 * @param points in the cloud
 */
export function forwardFlops(config: RapidashConfig, points: number): { products: number; messages: number } {
  const { orientations, dim, basis, basisHidden, degree, graphs, ratios, widening, mixing, edgeInputs } =
    config;
  const oriented = Math.max(1, orientations);
  const grid = orientations > 0 ? orientations ** 2 : 0;
  const sizes = [points];
  for (const ratio of ratios) sizes.push(Math.max(1, Math.floor(ratio * sizes.at(-1)!)));
  const pairs = (from: number, to: number): number =>
    from === to ? pairsWithin(graphs[from]!, sizes[from]!) : sizes[Math.min(from, to)]!;
  const basisNet = (rows: number, inputs: number): number =>
    2 * rows * (polynomialCount(inputs, degree) * basisHidden + basisHidden * basis);

  const { scalarInputs, vectorInputs, hidden, scalarOutputs, vectorOutputs } = config;
  const numbers = embeddingInputs(config) - vectorInputs;
  let products = 2 * points * hidden[0]! * (numbers > 0 || scalarInputs > 0 ? numbers : 0);
  products += 2 * points * oriented * vectorInputs * hidden[0]!;
  let messages = 0;
  const seen = new Set<string>();
  const fibres = new Set<number>();
  const plans = blockPlans(config);
  for (const { inputs, outputs, from, to } of plans) {
    const fine = Math.min(from, to);
    const edges = pairs(from, to);
    const rows = edges * oriented;
    const geometry = from === to ? `${from}` : `${fine}-`;
    if (!seen.has(geometry)) products += basisNet(rows, invariantCount(config));
    seen.add(geometry);
    const net = config.variant === 'shapenet' ? fine : 0;
    if (grid > 0 && !fibres.has(net)) products += basisNet(grid, 1);
    fibres.add(net);
    const receivers = sizes[to]! * oriented;
    const mixed = mixing ? inputs : 1;
    products += 2 * rows * basis * inputs;
    if (edgeInputs > 0) products += 2 * rows * (inputs + edgeInputs) * inputs;
    products += 2 * grid * inputs * mixed * (basis + sizes[to]!);
    products += 2 * receivers * widening * inputs * (inputs + outputs);
    messages += 2 * rows * inputs;
  }
  const last = plans.at(-1)!;
  const rows = config.readout === 'pooled' ? 1 : sizes[last.to]! * oriented;
  products += 2 * rows * last.outputs * (scalarOutputs + vectorOutputs);
  products += 2 * sizes[last.to]! * oriented * vectorOutputs * dim;
  return { products, messages };
}

function pairsWithin(graph: PointGraph, points: number): number {
  return points * (graph.kind === 'knn' ? Math.min(points, graph.neighbours) : points);
}
