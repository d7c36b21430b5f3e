/** Names and shapes of a network's weights, as the official state dictionaries have them. Pure data. */
import { constantSpec, linearSpecs, type WeightSpec } from '../weights.ts';
import type { LLoCaSpecification } from './config.ts';
import { vectorCounts } from './frames.ts';
import { selections } from './kinematics.ts';
import { particleTransformerBatchNorms, particleTransformerSpecs } from './particle-transformer-weights.ts';
import { dimensionOf } from './representation.ts';
import { inputWidth } from './specification.ts';

export const framesPrefix = 'framesnet.equivectors.block';

/** Every weight that training changes. */
export function weightSpecs(specification: LLoCaSpecification): WeightSpec[] {
  return [...framesSpecs(specification), ...backboneSpecs(specification)];
}

/** Constants that are stored with them: standardisations, measured once, and running statistics of batch norms. */
export function constantSpecs(specification: LLoCaSpecification): WeightSpec[] {
  const { net, widths } = specification;
  const standard = (name: string): WeightSpec[] => [
    constantSpec(`${name}_mean`, [], 0),
    constantSpec(`${name}_std`, [], 1),
  ];
  const specs: WeightSpec[] = [];
  if (net.frames !== 'identity' && net.frames.equivectors.pairMasses)
    specs.push(...standard(`${framesPrefix}.edge`));
  if (net.inputs.includes('momenta')) specs.push(...standard('mom'));
  if (net.backbone.kind === 'graphnet' && widths.pairMasses) specs.push(...standard('edge'));
  for (const { name, channels } of allBatchNorms(specification)) {
    specs.push(
      constantSpec(`${name}.running_mean`, [channels], 0),
      constantSpec(`${name}.running_var`, [channels], 1),
    );
  }
  return specs;
}

function allBatchNorms(specification: LLoCaSpecification): { name: string; channels: number }[] {
  const { net, scalarInputs } = specification;
  if (net.backbone.kind === 'particlenet') return batchNorms({ net, scalarInputs });
  if (net.backbone.kind !== 'particletransformer') return [];
  return particleTransformerBatchNorms(specification, inputWidth(net.inputs, scalarInputs));
}

/** What official files hold and nothing reads. */
export function isUnusedWeight(name: string): boolean {
  return /(^|\.)(edge_inited|particle_type|num_batches_tracked)$/.test(name);
}

/** Invariants that the net of the frames sees of one particle. */
function framesScalars({ net, scalarInputs }: Pick<LLoCaSpecification, 'net' | 'scalarInputs'>): number {
  return scalarInputs + (net.framesFeatures === 'none' ? 0 : selections[net.framesFeatures].length);
}

function framesSpecs(specification: LLoCaSpecification): WeightSpec[] {
  const { frames } = specification.net;
  if (frames === 'identity') return [];
  const { framesHidden, framesLayers, framesGain } = specification.widths;
  const inputs = 2 * framesScalars(specification) + (frames.equivectors.pairMasses ? 1 : 0);
  return mlpSpecs(
    `${framesPrefix}.mlp`,
    inputs,
    framesHidden,
    framesLayers,
    vectorCounts[frames.kind],
    framesGain,
  );
}

function backboneSpecs({
  net,
  widths,
  scalarInputs,
  scalarOutputs,
  vectorOutputs,
}: LLoCaSpecification): WeightSpec[] {
  const { backbone } = net;
  const inputs = inputWidth(net.inputs, scalarInputs) + (net.token ? 1 : 0);
  const outputs = scalarOutputs + 4 * vectorOutputs;
  if (backbone.kind === 'particletransformer')
    return particleTransformerSpecs({ net, widths }, inputs, outputs);
  if (backbone.kind === 'particlenet') return particleNetSpecs({ net, scalarInputs }, outputs);
  const { representation, blocks } = backbone.config;
  const channels = dimensionOf(representation);
  if (backbone.kind === 'graphnet') {
    const specs = linearSpecs('net.linear_in', inputs, channels);
    for (let block = 0; block < blocks; block++) {
      const own = `net.blocks.${block}`;
      const messages = 2 * channels + (widths.pairMasses ? 1 : 0);
      specs.push(...mlpSpecs(`${own}.mlp1`, messages, channels, widths.messageLayers, channels));
      if (widths.updateLayers > 0) {
        specs.push(...mlpSpecs(`${own}.mlp2`, channels, channels, widths.updateLayers, channels));
      }
    }
    return [...specs, ...linearSpecs('net.linear_out', channels, outputs)];
  }
  const { heads, multiQuery, version } = backbone.config;
  const attended = channels * heads;
  const width = attended / widths.attentionFactor;
  const inner = widths.widening * width;
  const specs = linearSpecs('net.linear_in', inputs, width);
  for (let block = 0; block < blocks; block++) {
    const own = `net.blocks.${block}`;
    const projections = multiQuery
      ? ([
          ['q_linear', attended],
          ['k_linear', channels],
          ['v_linear', channels],
        ] as const)
      : ([['linear', 3 * attended]] as const);
    for (const [name, size] of projections)
      specs.push(...linearSpecs(`${own}.attention.qkv_linear.${name}`, width, size));
    specs.push(...linearSpecs(`${own}.attention.out_linear`, attended, width));
    if (version === 1) {
      specs.push(...linearSpecs(`${own}.mlp.0`, width, inner), ...linearSpecs(`${own}.mlp.3`, inner, width));
    } else {
      specs.push(
        ...linearSpecs(`${own}.mlp_in.0`, width, 2 * inner),
        ...linearSpecs(`${own}.mlp_out.0`, inner, width),
      );
    }
  }
  return [...specs, ...linearSpecs('net.linear_out', width, outputs)];
}

function mlpSpecs(
  prefix: string,
  inputs: number,
  hidden: number,
  layers: number,
  outputs: number,
  gain?: number,
): WeightSpec[] {
  const specs: WeightSpec[] = [];
  for (let layer = 0; layer < layers; layer++) {
    specs.push(...linearSpecs(`${prefix}.mlp.${2 * layer}`, layer === 0 ? inputs : hidden, hidden));
  }
  return [
    ...specs,
    ...linearSpecs(`${prefix}.mlp.${2 * layers}`, hidden, outputs, gain === undefined ? {} : { gain }),
  ];
}

/** Convolutions in each ParticleNet layer. */
const convolutions = 3;

type Inputs = Pick<LLoCaSpecification, 'net' | 'scalarInputs'>;

/** Input and output channels of each layer, the last one's output last. */
function layerChannels({ net, scalarInputs }: Inputs): number[] {
  const { layers } = (net.backbone as { config: { layers: readonly unknown[] } }).config;
  return [inputWidth(net.inputs, scalarInputs), ...layers.map(() => particleNetWidth(net))];
}

/** All layers are as wide as the representation of the hidden features, which the second layer receives. */
function particleNetWidth(net: LLoCaSpecification['net']): number {
  const { backbone } = net;
  return backbone.kind === 'particlenet' ? backbone.config.width! : 0;
}

function batchNorms(inputs: Inputs): { name: string; channels: number }[] {
  const channels = layerChannels(inputs);
  const norms = [{ name: 'net.bn_fts', channels: channels[0]! }];
  for (let layer = 1; layer < channels.length; layer++) {
    const own = `net.edge_convs.${layer - 1}`;
    for (let i = 0; i < convolutions; i++)
      norms.push({ name: `${own}.bns.${i}`, channels: channels[layer]! });
    if (channels[layer] !== channels[layer - 1])
      norms.push({ name: `${own}.sc_bn`, channels: channels[layer]! });
  }
  return norms;
}

function particleNetSpecs(inputs: Inputs, outputs: number): WeightSpec[] {
  const channels = layerChannels(inputs);
  const specs: WeightSpec[] = [];
  for (let layer = 1; layer < channels.length; layer++) {
    const own = `net.edge_convs.${layer - 1}`;
    const [before, after] = [channels[layer - 1]!, channels[layer]!];
    for (let i = 0; i < convolutions; i++) {
      const fanIn = i === 0 ? 2 * before : after;
      specs.push({ name: `${own}.convs.${i}.weight`, shape: [after, fanIn, 1, 1], start: { fanIn } });
    }
    if (before !== after)
      specs.push({ name: `${own}.sc.weight`, shape: [after, before, 1], start: { fanIn: before } });
  }
  for (const { name, channels: size } of batchNorms(inputs)) {
    specs.push(constantSpec(`${name}.weight`, [size], 1), constantSpec(`${name}.bias`, [size], 0));
  }
  const width = channels.at(-1)!;
  return [...specs, ...linearSpecs('net.fc.0.0', width, width), ...linearSpecs('net.fc.1', width, outputs)];
}
