/** Names and shapes of the Particle Transformer's weights, as the official state dictionaries have them. Pure data. */
import { constantSpec, linearSpecs, type WeightSpec } from '../weights.ts';
import type { LLoCaSpecification } from './config.ts';
import { dimensionOf } from './representation.ts';

/** Numbers of a pair: ln m^2, ln kT, ln z, ln Delta. */
const pairFeatureCount = 4;

/** Linear maps over features of pairs before the one to the heads. */
const pairLayers = 3;

/** Inner width of the embedding, relative to the network's. */
const embeddingWidening = 4;

type Sizes = Pick<LLoCaSpecification, 'net' | 'widths'>;

function configOf({ net: { backbone } }: Sizes) {
  if (backbone.kind !== 'particletransformer') throw new Error('not a Particle Transformer');
  return backbone.config;
}

/** @param inputs channels of a particle @param outputs numbers of an event */
export function particleTransformerSpecs(sizes: Sizes, inputs: number, outputs: number): WeightSpec[] {
  const { representation, heads, blocks, classBlocks } = configOf(sizes);
  const width = dimensionOf(representation) * heads;
  const specs: WeightSpec[] = [];
  let before = inputs;
  [width, embeddingWidening * width, width].forEach((size, i) => {
    const name = `net.embed.embed.${3 * i}`;
    specs.push(...normSpecs(name, before), ...glorot(`net.embed.embed.${3 * i + 1}`, before, size));
    before = size;
  });
  pairChannels(sizes)
    .slice(1)
    .forEach((size, i) => {
      const fanIn = pairChannels(sizes)[i]!;
      const name = `net.pair_embed.embed.${3 * i + 1}`;
      specs.push(
        { name: `${name}.weight`, shape: [size, fanIn, 1], start: { fanIn } },
        { name: `${name}.bias`, shape: [size], start: { fanIn } },
      );
    });
  for (const { name, channels } of particleTransformerBatchNorms(sizes, inputs))
    specs.push(...normSpecs(name, channels));
  for (let block = 0; block < blocks; block++)
    specs.push(...blockSpecs(`net.blocks.${block}`, width, heads, sizes.widths.widening, block + 1));
  for (let block = 0; block < classBlocks; block++)
    specs.push(...blockSpecs(`net.cls_blocks.${block}`, width, heads, sizes.widths.widening));
  specs.push({ name: 'net.cls_token', shape: [1, 1, width], start: { deviation: 0.02 } });
  return [...specs, ...normSpecs('net.norm', width), ...glorot('net.fc.0', width, outputs)];
}

export function particleTransformerBatchNorms(
  sizes: Sizes,
  inputs: number,
): { name: string; channels: number }[] {
  return [
    { name: 'net.embed.input_bn', channels: inputs },
    ...pairChannels(sizes).map((channels, i) => ({
      name: `net.pair_embed.embed.${i === 0 ? 0 : 3 * i - 1}`,
      channels,
    })),
  ];
}

/** From the features of a pair to one number for each head. */
function pairChannels(sizes: Sizes): number[] {
  const { pairChannels: hidden } = sizes.widths;
  return [pairFeatureCount, ...Array<number>(pairLayers).fill(hidden), configOf(sizes).heads];
}

/** @param depth counted from 1: what deep blocks of particles add starts out smaller, as in the official code */
function blockSpecs(
  own: string,
  width: number,
  heads: number,
  widening: number,
  depth?: number,
): WeightSpec[] {
  const inner = widening * width;
  const gain = depth === undefined ? 1 : 1 / Math.sqrt(2 * depth);
  return [
    ...normSpecs(`${own}.pre_attn_norm`, width),
    // Queries, keys and values are drawn as three matrices.
    ...glorot(`${own}.attn.in_proj`, width, 3 * width, { outputs: width }),
    ...glorot(`${own}.attn.out_proj`, width, width, { gain }),
    ...normSpecs(`${own}.post_attn_norm`, width),
    ...normSpecs(`${own}.pre_fc_norm`, width),
    ...glorot(`${own}.fc1`, width, inner),
    ...normSpecs(`${own}.post_fc_norm`, inner),
    ...glorot(`${own}.fc2`, inner, width, { gain }),
    constantSpec(`${own}.c_attn`, [heads], 1),
    constantSpec(`${own}.w_resid`, [width], 1),
  ];
}

/** A linear map with weights after Glorot and Bengio (2010) and a bias of 0. @param as what its outputs count as */
function glorot(
  name: string,
  inputs: number,
  outputs: number,
  as: { readonly outputs?: number; readonly gain?: number } = {},
): WeightSpec[] {
  const gain = (as.gain ?? 1) * Math.sqrt((6 * inputs) / (inputs + (as.outputs ?? outputs)));
  const [weight] = linearSpecs(name, inputs, outputs, { gain });
  return [weight!, constantSpec(`${name}.bias`, [outputs], 0)];
}

function normSpecs(name: string, channels: number): WeightSpec[] {
  return [constantSpec(`${name}.weight`, [channels], 1), constantSpec(`${name}.bias`, [channels], 0)];
}
