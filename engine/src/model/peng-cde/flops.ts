/** What a forward pass costs, counted from shapes. Pure. */
import { equivariantProductCost } from '../../kernel/equivariant-product/cost.ts';
import type { IndexSizes } from '../../signature.ts';
import { methods } from './solver/methods.ts';
import type { PengCdeSpecification } from './specification.ts';
import { statisticNames } from './statistics.ts';
import { decodedWidth } from './weights.ts';

/**
 * Multiplications and additions of norms, linear maps and what mixes the nodes, over all stages of all steps, for one graph; encoder
 * and decoder included. Undefined where the number of steps depends on the data (`constant` and `adaptive`).
 */
export function forwardFlops(specification: PengCdeSpecification, sizes: IndexSizes): number | undefined {
  const { solver, shapes, field, timeIndex, nodeIndex, queries, features, rectilinear, predict, level } =
    specification;
  if (solver.stepping.kind !== 'interval') return undefined;
  const [times, nodes] = [sizes[timeIndex]!, sizes[nodeIndex]!];
  const axis = queries?.type.axes[0];
  const asked = axis && 'index' in axis ? sizes[axis.index]! : undefined;
  const intervals = (times - 1) * (rectilinear ? 2 : 1) + (asked ?? 0);
  const steps = intervals * solver.stepping.steps;
  const method = methods[solver.method];
  const stages = steps * (method.c.length - (method.reusesLast ? 1 : 0));
  const linear = (from: number, to: number): number => 2 * nodes * from * to;
  const { hidden, layers, outputs } = field;
  const layer = (to: number): number =>
    4 * nodes * hidden + linear(hidden, to) + mixing(specification, nodes, to) + 2 * nodes * to;
  const contraction = features ? linear(outputs, 1) : 0;
  const slope = field.kind === 'const' ? 0 : (layers - 1) * layer(hidden) + layer(outputs) + contraction;
  const coder = (from: number, to: number): number => {
    if (shapes.coder === 'linear') return linear(from, to);
    const { coderWidth: width, coderDepth: depth } = shapes;
    return depth === 0
      ? linear(from, to)
      : linear(from, width) + (depth - 1) * linear(width, width) + linear(width, to);
  };
  const width = decodedWidth(shapes);
  const pairs = level === 'link' ? nodes * nodes * (width + 8 * shapes.outputs) : 0;
  const predicted = predict === 'final' ? 1 : (asked ?? times);
  const combining = stages * 2 * nodes * hidden * method.c.length;
  return (
    coder(shapes.inputs, hidden) + stages * slope + combining + predicted * (coder(hidden, width) + pairs)
  );
}

/** One product of what mixes the nodes with `channels` columns; the path between knots is part of it. */
function mixing({ field }: PengCdeSpecification, nodes: number, channels: number): number {
  const knots = field.interpolation === 'hermite' ? 3 : 2;
  const product = 2 * nodes * nodes * channels;
  const path = 2 * nodes * nodes * knots;
  switch (field.kind) {
    case 'equivariant':
      return equivariantProductCost(
        { batch: 1, nodes, channels, knots, statistics: statisticNames.length },
        'float32',
      ).flops;
    case 'premult':
      return 4 * product + 2 * path;
    case 'gnode_floor':
      return product;
    default:
      return product + path;
  }
}
