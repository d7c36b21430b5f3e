/** How much memory a forward pass takes, to choose how many clouds go through at once. */
import { bytesOf } from '../../kernel/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { blockPlans, invariantCount, polynomialCount, type RapidashConfig } from './config.ts';

/** Intermediate arrays may take so much. Small enough that what one operation writes is still cached for the next. */
const budgetBytes = 32 * 2 ** 20;

/** Number of clouds of `points` points that fit into the budget; at least 1. */
export function batchSize(config: RapidashConfig, points: number, precision: Precision): number {
  return Math.max(1, Math.floor(budgetBytes / forwardBytes(config, points, precision)));
}

/**
 * About the bytes that are alive at once for one cloud: rows of the kernel basis (pairs x orientations) with the arrays that
 * make them, and the features with a block's widened ones.
 */
export function forwardBytes(config: RapidashConfig, points: number, precision: Precision): number {
  const { orientations, basis, basisHidden, degree, graphs, widening } = config;
  const oriented = Math.max(1, orientations);
  const graph = graphs[0]!;
  const neighbours = graph.kind === 'knn' ? Math.min(points, graph.neighbours) : points;
  const perRow = polynomialCount(invariantCount(config), degree) + 3 * Math.max(basis, basisHidden) + basis;
  const channels = Math.max(...blockPlans(config).map(({ inputs }) => inputs));
  const messages = graph.kind === 'full' ? 0 : 3 * channels;
  const perPoint = channels * (2 + 3 * widening + (graph.kind === 'full' ? basis : 0));
  return bytesOf[precision] * points * oriented * (neighbours * (perRow + messages) + perPoint);
}
