/** How much memory a forward pass takes, to choose which events go through together. */
import { bytesOf } from '../../kernel/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { LLoCaSpecification } from './config.ts';
import { dimensionOf } from './representation.ts';

/** Intermediate arrays may take so much. Small enough that what one operation writes is still cached for the next. */
const budgetBytes = 32 * 2 ** 20;

/**
 * Indices of events in groups that fit into the budget when all are padded to the largest of the group. Events of about one
 * size go together.
 */
export function groupsOf(
  specification: LLoCaSpecification,
  sizes: readonly number[],
  precision: Precision,
): number[][] {
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]! || a - b);
  const groups: number[][] = [];
  let group: number[] = [];
  for (const index of order) {
    // Sizes rise, so the newcomer is the largest.
    const bytes = (group.length + 1) * forwardBytes(specification, sizes[index]!, precision);
    const alike = group.length === 0 || sizes[index]! <= 1.25 * sizes[group[0]!]!;
    if (group.length > 0 && (bytes > budgetBytes || !alike)) {
      groups.push(group);
      group = [];
    }
    group.push(index);
  }
  return group.length > 0 ? [...groups, group] : groups;
}

/** About the bytes that are alive at once for one event: the net on all pairs, and a block of the backbone. */
export function forwardBytes(
  { net, widths, scalarInputs }: LLoCaSpecification,
  particles: number,
  precision: Precision,
): number {
  const seen = particles + net.preparation.references.length;
  const frames = net.frames === 'identity' ? 0 : seen ** 2 * (2 * scalarInputs + 8 + 3 * widths.framesHidden);
  const { backbone } = net;
  let layers: number;
  if (backbone.kind === 'transformer') {
    const { representation, heads } = backbone.config;
    const width = dimensionOf(representation) * heads;
    layers = particles * width * (8 + 2 * widths.widening) + 3 * heads * particles ** 2;
  } else if (backbone.kind === 'particletransformer') {
    const { representation, heads } = backbone.config;
    const width = dimensionOf(representation) * heads;
    const own = particles * width * (8 + 2 * widths.widening);
    layers = own + particles ** 2 * (4 * heads + 2 * widths.pairChannels);
  } else if (backbone.kind === 'graphnet') {
    layers = particles ** 2 * (6 * dimensionOf(backbone.config.representation) + 16);
  } else {
    layers = particles * backbone.config.layers[0]!.neighbours * (6 * backbone.config.width! + 16);
  }
  return bytesOf[precision] * Math.max(frames, layers);
}
