/** Floating-point operations of one forward pass. Pure. */
import type { LLoCaSpecification } from './config.ts';
import { dimensionOf, type TensorRepresentation } from './representation.ts';
import { weightSpecs } from './weights.ts';

export interface Flops {
  /** The net that makes the frames: linear maps on all pairs. */
  readonly frames: number;
  /** Linear maps, attention and messages. */
  readonly backbone: number;
  /** Changes of frames. */
  readonly transforms: number;
}

/**
 * Multiplications and additions, each counted as one. Activations, norms and the geometry itself are not counted, as is usual.
 * @param particles of the event, without reference vectors
 */
export function forwardFlops(specification: LLoCaSpecification, particles: number): Flops {
  const { net } = specification;
  const rows = particles + (net.token ? 1 : 0);
  const seen = particles + net.preparation.references.length;
  const global = net.frames === 'identity' || net.frames.global;
  const size = (specs: ReturnType<typeof weightSpecs>): number =>
    specs.reduce(
      (sum, { name, shape }) =>
        name.endsWith('.weight') && shape.length > 1 ? sum + shape[0]! * shape[1]! : sum,
      0,
    );
  const specs = weightSpecs(specification);
  const named = (pattern: RegExp) => specs.filter(({ name }) => pattern.test(name));
  const frames = 2 * seen * (seen - 1) * size(named(/^framesnet\./));
  const { backbone } = net;
  let products = 0;
  let transforms = 0;
  if (backbone.kind === 'transformer') {
    const { representation, heads, blocks } = backbone.config;
    products =
      2 * rows * size(named(/^net\./)) + 4 * blocks * heads * rows ** 2 * dimensionOf(representation);
    transforms = global ? 0 : 4 * blocks * heads * rows * transformFlops(representation);
  } else if (backbone.kind === 'particletransformer') {
    const { representation, heads, blocks, classBlocks } = backbone.config;
    const width = heads * dimensionOf(representation);
    const pairs = (rows * (rows + 1)) / 2;
    products =
      2 * rows * size(named(/\.embed\.embed\.|^net\.blocks\./)) +
      2 * pairs * size(named(/\.pair_embed\./)) +
      4 * blocks * rows ** 2 * width +
      // The token's own row, and keys and values of all it sees.
      2 * size(named(/^net\.cls_blocks\.|^net\.fc\./)) +
      classBlocks * (2 * rows * 2 * width ** 2 + 4 * (rows + 1) * width);
    transforms = global ? 0 : 4 * blocks * heads * rows * transformFlops(representation);
  } else if (backbone.kind === 'graphnet') {
    const { representation, blocks } = backbone.config;
    const edges = rows * (rows - 1);
    products = 2 * edges * size(named(/\.mlp1\./)) + 2 * rows * size(named(/\.mlp2\.|linear_/));
    transforms = global ? 0 : blocks * (rows + edges) * transformFlops(representation);
  } else {
    const { layers } = backbone.config;
    const edges = rows * layers[0]!.neighbours;
    products =
      2 * edges * size(named(/\.convs\./)) + 2 * rows * size(named(/\.sc\./)) + 2 * size(named(/\.fc\./));
    transforms = global
      ? 0
      : layers.reduce((sum, { representation }) => sum + (rows + edges) * transformFlops(representation), 0);
  }
  return { frames, backbone: products, transforms };
}

/** rho(L) on one set of features: a 4 x 4 product for every index of every tensor. */
function transformFlops(representation: TensorRepresentation): number {
  return representation.reduce(
    (sum, { multiplicity, order }) => sum + 2 * 4 * order * multiplicity * 4 ** order,
    0,
  );
}
