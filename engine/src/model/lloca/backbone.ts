/** The backbones behind one door. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { prepareFrames } from './attention.ts';
import { type GraphNetConfig, graphNet } from './graph-net.ts';
import { type Layout, layoutOf, toTable } from './layout.ts';
import type { Links } from './links.ts';
import type { Weights } from './mlp.ts';
import type { UnorderedPairs } from './pair-features.ts';
import { type ParticleNetConfig, particleNet, presenceColumn } from './particle-net.ts';
import { type ParticleTransformerConfig, particleTransformer } from './particle-transformer.ts';
import { type Probe, type TransformerConfig, transformer } from './transformer.ts';

export type Backbone =
  | { readonly kind: 'transformer'; readonly config: TransformerConfig }
  | { readonly kind: 'graphnet'; readonly config: GraphNetConfig }
  | { readonly kind: 'particletransformer'; readonly config: ParticleTransformerConfig }
  | { readonly kind: 'particlenet'; readonly config: ParticleNetConfig };

export interface BackboneInput {
  /** [rows, in], each row in its particle's frame. */
  readonly x: Tensor;
  /** [rows, 4, 4] */
  readonly frames: Tensor;
  /** All particles of an event share one frame. */
  readonly global: boolean;
  readonly layout: Layout;
  /** Edges and their attributes, for graph nets. */
  readonly links: Links | undefined;
  readonly attributes: Tensor | undefined;
  /** [rows, 7]: ParticleNet looks for its first neighbours in the angles. */
  readonly kinematics: Tensor | undefined;
  /** Pairs of particles and their features, [pairs, 4]: what the Particle Transformer's attention is biased by. */
  readonly pairs: (UnorderedPairs & { readonly features: Tensor }) | undefined;
}

export type BackboneOutput =
  | { readonly kind: 'particles'; readonly tensor: Tensor }
  | { readonly kind: 'events'; readonly tensor: Tensor };

/** @returns one row for each particle, or for each event where the backbone pools by itself */
export function runBackbone(
  runtime: Runtime,
  backbone: Backbone,
  weights: Weights,
  { x, frames, global, layout, links, attributes, kinematics, pairs }: BackboneInput,
  probe?: Probe,
): BackboneOutput {
  const { tf } = runtime;
  if (backbone.kind === 'transformer') {
    const ready = prepareFrames(runtime, frames, global);
    const tensor = transformer(runtime, backbone.config, weights, 'net.', x, ready, layout, probe);
    return { kind: 'particles', tensor };
  }
  if (backbone.kind === 'graphnet') {
    const ready = prepareFrames(runtime, frames, global);
    const tensor = graphNet(runtime, backbone.config, weights, 'net.', x, ready, links!, attributes, probe);
    return { kind: 'particles', tensor };
  }
  if (backbone.kind === 'particletransformer') {
    const ready = prepareFrames(runtime, frames, global);
    const { config } = backbone;
    const tensor = particleTransformer(runtime, config, weights, 'net.', x, pairs!, ready, layout, probe);
    return { kind: 'events', tensor };
  }
  // Room for as many neighbours as a layer asks for, whatever else is in the batch.
  const most = Math.max(...backbone.config.layers.map(({ neighbours }) => neighbours)) + 1;
  const table = layoutOf(layout.sizes, most);
  const padded = (rows: Tensor): Tensor =>
    tf.reshape(toTable(runtime, rows, table), [layout.sizes.length * table.most, ...rows.shape.slice(1)]);
  const angles = tf.slice(kinematics!, [0, 4], [kinematics!.shape[0]!, 2]);
  const input = { features: padded(x), points: padded(angles), present: presenceColumn(runtime, table) };
  const ready = prepareFrames(runtime, padded(frames), global);
  const tensor = particleNet(runtime, backbone.config, weights, 'net.', input, ready, table, probe);
  return { kind: 'events', tensor };
}
