/** What the equivariant product costs. Pure: it is also counted where no tensor library may be loaded. */
import type { Precision } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';

/**
 * E is made of its knots and their transposes, multiplied, and a few products for each node and channel. Matrices are read twice, straight and
 * by columns.
 */
export function equivariantProductCost(
  {
    batch,
    nodes,
    channels,
    knots,
    statistics,
  }: Readonly<Record<'batch' | 'nodes' | 'channels' | 'knots' | 'statistics', number>>,
  precision: Precision,
): Cost {
  const entries = nodes * nodes;
  const vectors = nodes * (6 * knots * statistics + 7 * channels);
  return {
    flops: batch * (2 * entries * (2 * knots + channels) + vectors),
    bytes: batch * (2 * knots * entries + nodes * (knots * statistics + 2 * channels)) * bytesOf[precision],
  };
}
