/** Names, shapes and starting values of EquiTabPFN's weights. Pure data. */
import { constantSpec, type WeightSpec } from '../weights.ts';
import type { BaselineConfig, NetConfig } from './config.ts';

/**
 * Xavier-uniform matrices, biases 0, norms 1 and 0, the token of the queries normal, as the official code starts.
 */
export function weightSpecs(config: NetConfig): WeightSpec[] {
  const { width, blocks, columns, decoderHidden, widening } = config;
  const blockSpecs = Array.from({ length: blocks }, (_, block) =>
    ['cross_feature_attention', 'cross_sample_attention'].flatMap((layer) =>
      encoderLayerSpecs(`transformer.layers.${block}.${layer}.`, width, widening),
    ),
  ).flat();
  return [
    { name: 'target_token', shape: [1, 1, 1, width], start: { deviation: 1 } },
    ...xavierSpecs('y_encoder', 1, width),
    ...xavierSpecs('encoder.layer', 2 * columns, width),
    ...blockSpecs,
    ...xavierSpecs('decoder.pointwise_mlp.0', 1, decoderHidden),
    ...normSpecs('decoder.pointwise_mlp.1', decoderHidden),
    ...xavierSpecs('decoder.pointwise_mlp.4', decoderHidden, 1),
  ];
}

/** One masked encoder layer: 8 d^2 + ... weights for a widening of 2. */
export function encoderLayerSpecs(prefix: string, width: number, widening: number): WeightSpec[] {
  const inner = width * widening;
  return [
    xavier(`${prefix}self_attn.in_proj_weight`, width, 3 * width),
    constantSpec(`${prefix}self_attn.in_proj_bias`, [3 * width], 0),
    ...xavierSpecs(`${prefix}self_attn.out_proj`, width, width),
    ...xavierSpecs(`${prefix}linear1`, width, inner),
    ...xavierSpecs(`${prefix}linear2`, inner, width),
    ...normSpecs(`${prefix}norm1`, width),
    ...normSpecs(`${prefix}norm2`, width),
  ];
}

/** A linear map [out, in] and its bias. */
export function xavierSpecs(name: string, inputs: number, outputs: number): WeightSpec[] {
  return [xavier(`${name}.weight`, inputs, outputs), constantSpec(`${name}.bias`, [outputs], 0)];
}

/** Uniform in +-sqrt(6 / (in + out)) (Glorot & Bengio 2010). */
function xavier(name: string, inputs: number, outputs: number): WeightSpec {
  return { name, shape: [outputs, inputs], start: { fanIn: inputs + outputs, gain: Math.sqrt(6) } };
}

function normSpecs(name: string, width: number): WeightSpec[] {
  return [constantSpec(`${name}.weight`, [width], 1), constantSpec(`${name}.bias`, [width], 0)];
}

/** Of the TabPFN-style network: a column of `y_encoder` and a row of `decoder.2` for each class. */
export function baselineSpecs({ width, layers, widening, columns, classes }: BaselineConfig): WeightSpec[] {
  return [
    ...xavierSpecs('encoder.layer', 2 * columns, width),
    ...xavierSpecs('y_encoder', classes, width),
    ...Array.from({ length: layers }, (_, i) =>
      encoderLayerSpecs(`transformer_encoder.layers.${i}.`, width, widening),
    ).flat(),
    ...xavierSpecs('decoder.0', width, 2 * width),
    ...xavierSpecs('decoder.2', 2 * width, classes),
  ];
}
