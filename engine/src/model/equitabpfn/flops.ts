/** What a forward pass costs, counted from shapes. Pure. */
import type { Axis, IndexSizes } from '../../signature.ts';
import type { MaskMode } from './config.ts';
import { passesOver } from './orders.ts';
import type { TableSpecification } from './specification.ts';

/** Multiplications and additions of linear maps and attention for one table. */
export function forwardFlops({ network, fields, orders }: TableSpecification, sizes: IndexSizes): number {
  const size = (axis: Axis): number => ('index' in axis ? sizes[axis.index]! : axis.size);
  const known = sizes[fields.rowIndex]!;
  const queries = sizes[fields.queryIndex]!;
  const [rows, classes, p] = [known + queries, size(fields.classAxis), size(fields.featureAxis)];
  const { width: d, widening } = network.config;
  const encoder = 2 * rows * p * d;
  const feeds = (tokens: number): number => 4 * tokens * d * d * widening;
  /** Attention in sequences of rows that all see the known ones, and the net after it. */
  const rowLayer = (slots: number): number =>
    slots * (4 * rows * d * d + 4 * known * d * d + 4 * rows * known * d) + feeds(slots * rows);
  if (network.kind === 'TabPFN') {
    const { layers, classes: columns } = network.config;
    const decoder = 4 * queries * d * d + 4 * queries * d * columns;
    const pass = encoder + 2 * known * classes * d + layers * rowLayer(1) + decoder;
    return passesOver(orders, classes) * pass;
  }
  const { blocks, mask, decoderHidden } = network.config;
  const slots = 1 + classes;
  const { projections, pairs } = componentCost(mask, classes);
  const componentLayer = rows * (2 * projections * d * d + 4 * pairs * d) + feeds(slots * rows);
  const decoder = 2 * queries * known * (slots * d + classes) + 4 * queries * classes * decoderHidden;
  return encoder + 2 * known * classes * d + blocks * (componentLayer + rowLayer(slots)) + decoder;
}

/** Of one row: d x d products, and pairs of a query and a key. Classes that see one key alone need no pairs. */
function componentCost(mask: MaskMode, q: number): { projections: number; pairs: number } {
  const slots = 1 + q;
  const keys = 2 * slots;
  switch (mask) {
    case 'Bq2Bk':
      // The covariates' query, and two outputs: theirs and the one that all classes share.
      return { projections: keys + 3, pairs: slots };
    case 'ABq2Bk':
      return { projections: 2 + 2 * slots, pairs: slots };
    case 'none':
      return { projections: keys + 2 * slots, pairs: slots * slots };
    case 'Aq2Bk':
      return { projections: keys + 2 * slots, pairs: 1 + q * slots };
    case 'Bq2Ak':
      return { projections: keys + 2 * slots, pairs: slots + q * q };
  }
}
