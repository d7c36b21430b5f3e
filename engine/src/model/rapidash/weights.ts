/**
 * Names and shapes of a network's weights, as the official state dictionaries have them: Linear weights are [out, in],
 * y = x W^T + b. Pure data.
 */
import { constantSpec, linearSpecs, type WeightSpec, weightCount } from '../weights.ts';
import {
  blockPlans,
  embeddingInputs,
  invariantCount,
  polynomialCount,
  type RapidashConfig,
} from './config.ts';

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
    specs.push(...linearSpecs(`${prefix}.1`, polynomialCount(inputs, degree), basisHidden));
    specs.push(...linearSpecs(`${prefix}.3`, basisHidden, basis));
  };
  const scales = config.variant === 'shapenet' ? config.layers.length : 1;
  for (let scale = 0; scale < scales; scale++) {
    basisNet(names.spatialBasis(scale), invariantCount(config));
    if (orientations > 0) basisNet(names.fibreBasis(scale), 1);
  }
  specs.push(...linearSpecs('x_embedder', embeddingInputs(config), config.hidden[0]!, { bias: false }));
  const blocks = blockPlans(config);
  for (const [index, block] of blocks.entries()) {
    specs.push(...blockSpecs(`${names.block(index)}.`, block.inputs, block.outputs, config));
  }
  const outputs = config.scalarOutputs + config.vectorOutputs;
  specs.push(...linearSpecs(names.readout, blocks.at(-1)!.outputs, outputs));
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
  const specs = linearSpecs(`${prefix}conv.kernel`, basis, inputs, { bias: false });
  if (orientations > 0) {
    specs.push(
      ...linearSpecs(`${prefix}conv.fiber_kernel`, basis, mixing ? inputs * inputs : inputs, { bias: false }),
    );
  }
  if (edgeInputs > 0)
    specs.push(...linearSpecs(`${prefix}conv.pre_linear`, inputs + edgeInputs, inputs, { bias: false }));
  specs.push(constantSpec(`${prefix}conv.bias`, [inputs], 0));
  specs.push(
    constantSpec(`${prefix}norm.weight`, [inputs], 1),
    constantSpec(`${prefix}norm.bias`, [inputs], 0),
  );
  specs.push(...linearSpecs(`${prefix}linear_1`, inputs, widening * inputs));
  specs.push(...linearSpecs(`${prefix}linear_2`, widening * inputs, outputs));
  if (layerScale !== undefined) specs.push(constantSpec(`${prefix}layer_scale`, [outputs], layerScale));
  return specs;
}

/** Number of trainable numbers that take part in the computation. */
export function parameterCountOf(config: RapidashConfig): number {
  return weightCount(weightSpecs(config));
}

/**
 * Numbers that the official network holds on top, and never reads: a C x C `pre_linear` for each block without edge
 * attributes. Published parameter counts include them.
 */
export function deadWeightCount(config: RapidashConfig): number {
  if (config.edgeInputs > 0 || config.variant === 'shapenet') return 0;
  return blockPlans(config).reduce((sum, { inputs }) => sum + inputs ** 2, 0);
}
