/**
 * Names and shapes of a network's weights, as the official state dictionaries have them: Linear weights are [out, in],
 * y = x W^T + b. Pure data.
 */
import type { NdArray } from '../../tensor/array.ts';
import {
  blockPlans,
  embeddingInputs,
  invariantCount,
  polynomialCount,
  type RapidashConfig,
} from './config.ts';

/** All weights and the orientation grid, by official name. */
export type WeightArrays = Readonly<Record<string, NdArray>>;

/** How a weight starts out: PyTorch's Linear default over `fanIn` inputs, or a constant. */
export type Start = { readonly fanIn: number } | { readonly constant: number };

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
}

/** The names that differ between the two official codes. */
export interface WeightNames {
  readonly grid: string;
  readonly spatialBasis: (scale: number) => string;
  readonly fibreBasis: (scale: number) => string;
  readonly block: (index: number) => string;
  readonly readout: string;
}

export function weightNames(config: RapidashConfig): WeightNames {
  if (config.variant === 'rapidash') {
    return {
      grid: 'sphere_grid',
      spatialBasis: () => 'spatial_basis_fn',
      fibreBasis: () => 'spherical_basis_fn',
      block: (index) => `layers.${index}`,
      readout: 'readout',
    };
  }
  return {
    grid: 'ori_grid',
    spatialBasis: (scale) => `basis_fn.${scale}`,
    fibreBasis: (scale) => `fiber_basis_fn.${scale}`,
    block: (index) => `interaction_layers.${index}`,
    readout: `read_out_layers.${blockPlans(config).length - 1}`,
  };
}

/**
 * Every trainable weight. The official convolutions also hold a `pre_linear` matrix that nothing reads unless there are
 * edge attributes; it is listed only where it is used (see {@link deadWeightCount}).
 */
export function weightSpecs(config: RapidashConfig): WeightSpec[] {
  const names = weightNames(config);
  const { basis, basisHidden, degree, orientations } = config;
  const specs: WeightSpec[] = [];
  const basisNet = (prefix: string, inputs: number): void => {
    specs.push(...linear(`${prefix}.1`, polynomialCount(inputs, degree), basisHidden));
    specs.push(...linear(`${prefix}.3`, basisHidden, basis));
  };
  const scales = config.variant === 'shapenet' ? config.layers.length : 1;
  for (let scale = 0; scale < scales; scale++) {
    basisNet(names.spatialBasis(scale), invariantCount(config));
    if (orientations > 0) basisNet(names.fibreBasis(scale), 1);
  }
  specs.push(...linear('x_embedder', embeddingInputs(config), config.hidden[0]!, false));
  const blocks = blockPlans(config);
  for (const [index, block] of blocks.entries()) {
    specs.push(...blockSpecs(`${names.block(index)}.`, block.inputs, block.outputs, config));
  }
  const outputs = config.scalarOutputs + config.vectorOutputs;
  specs.push(...linear(names.readout, blocks.at(-1)!.outputs, outputs));
  return specs;
}

/** Weights of one ConvNext block; `prefix` ends in a dot or is empty. */
export function blockSpecs(
  prefix: string,
  inputs: number,
  outputs: number,
  config: Pick<
    RapidashConfig,
    'basis' | 'orientations' | 'edgeInputs' | 'mixing' | 'widening' | 'layerScale'
  >,
): WeightSpec[] {
  const { basis, orientations, edgeInputs, mixing, widening, layerScale } = config;
  const specs = linear(`${prefix}conv.kernel`, basis, inputs, false);
  if (orientations > 0) {
    specs.push(...linear(`${prefix}conv.fiber_kernel`, basis, mixing ? inputs * inputs : inputs, false));
  }
  if (edgeInputs > 0) specs.push(...linear(`${prefix}conv.pre_linear`, inputs + edgeInputs, inputs, false));
  specs.push(constant(`${prefix}conv.bias`, inputs, 0));
  specs.push(constant(`${prefix}norm.weight`, inputs, 1), constant(`${prefix}norm.bias`, inputs, 0));
  specs.push(...linear(`${prefix}linear_1`, inputs, widening * inputs));
  specs.push(...linear(`${prefix}linear_2`, widening * inputs, outputs));
  if (layerScale !== undefined) specs.push(constant(`${prefix}layer_scale`, outputs, layerScale));
  return specs;
}

/** Number of trainable numbers that take part in the computation. */
export function parameterCountOf(config: RapidashConfig): number {
  return weightSpecs(config).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * Numbers that the official network holds on top, and never reads: a C x C `pre_linear` for each block without edge
 * attributes. Published parameter counts include them.
 */
export function deadWeightCount(config: RapidashConfig): number {
  if (config.edgeInputs > 0 || config.variant === 'shapenet') return 0;
  return blockPlans(config).reduce((sum, { inputs }) => sum + inputs ** 2, 0);
}

function linear(name: string, inputs: number, outputs: number, bias = true): WeightSpec[] {
  const start = { fanIn: inputs };
  const weight: WeightSpec = { name: `${name}.weight`, shape: [outputs, inputs], start };
  return bias ? [weight, { name: `${name}.bias`, shape: [outputs], start }] : [weight];
}

function constant(name: string, count: number, value: number): WeightSpec {
  return { name, shape: [count], start: { constant: value } };
}
