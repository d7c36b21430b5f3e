/** Whole networks. */
import { baseConfig, blockPlans, type PointGraph, type RapidashConfig } from '../../model/rapidash/config.ts';
import { forward } from '../../model/rapidash/net.ts';
import { type Route, routeOf, topologyOf } from '../../model/rapidash/topology.ts';
import { integer } from '../../tensor/array.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner } from '../runner.ts';

export const netRunner: Runner = {
  system: 'rapidash',
  handles: ({ module }) => module.startsWith('Rapidash'),
  // Full graphs over clouds of one size have a second, fast formulation; the stored edges belong to the plain one.
  forms: ({ hyper }) => {
    const sizes = hyper.cloud_sizes as number[];
    const full = (hyper.edge_types as string[]).includes('fc');
    return full && sizes.every((size) => size === sizes[0]) ? ['links', 'dense'] : ['links'];
  },
  compute(runtime, parityCase, inputs, weights, form) {
    const { tf } = runtime;
    const config = officialConfig(parityCase);
    const positions = inputs.pos!;
    const order = parityCase.hyper.input_order as { scalar_channels: string[]; vector_channels: string[] };
    const points = positions.shape[0]!;
    const scalars = order.scalar_channels.filter((name) => name !== 'condition').map((name) => inputs[name]!);
    const vectors = order.vector_channels.map((name): Tensor => {
      // Rows of the frame are vectors that every point sees.
      if (name === 'pose rows') return tf.tile(tf.expandDims(inputs.pose!, 0), [points, 1, 1]);
      return tf.reshape(inputs[name]!, [points, -1, config.dim]);
    });
    const host = arrayOf(parityCase.inputs, 'pos');
    const topology = topologyOf(
      config,
      { dim: config.dim, data: host.data as Float64Array },
      parityCase.hyper.cloud_sizes as number[],
      form === 'dense',
    );
    const intermediates: Record<string, Tensor> = {};
    const { scalars: scalar, vectors: vector } = forward(
      runtime,
      config,
      weights,
      {
        positions,
        scalars: scalars.length ? tf.concat(scalars, 1) : undefined,
        vectors: vectors.length ? tf.concat(vectors, 1) : undefined,
        condition: inputs.condition,
      },
      topology,
      (name, value) => {
        intermediates[name] = value;
      },
    );
    if (form === 'dense') {
      // Pairs lie in another order there.
      for (const name of Object.keys(intermediates)) if (name.endsWith('basis')) delete intermediates[name];
    } else {
      for (const [index, { from, to }] of blockPlans(config).entries()) {
        const { links } = routeOf(topology, from, to) as Route & { kind: 'links' };
        intermediates[`block_${index}_edges`] = runtime.tensor(
          integer([2, links.senders.length], [...links.senders, ...links.receivers]),
        );
      }
    }
    return {
      outputs: { ...(scalar ? { scalar } : {}), ...(vector ? { vector } : {}) },
      intermediates,
    };
  },
};

function officialConfig({ hyper, outputs, inputs }: ParityCase): RapidashConfig {
  const order = hyper.input_order as { scalar_channels: string[]; vector_channels: string[] };
  const layers = [hyper.num_layers].flat() as number[];
  const hidden = [hyper.hidden_dim].flat() as number[];
  const dim = hyper.dim as 2 | 3;
  return {
    ...baseConfig,
    dim,
    orientations: hyper.num_ori as number,
    invariants: hyper.equivariance === 'Tn' ? 'T' : 'SE',
    variant: hyper.variant === 'shapenet' ? 'shapenet' : 'rapidash',
    scalarInputs: order.scalar_channels
      .filter((name) => name !== 'condition')
      .reduce((sum, name) => sum + inputs.get(name)!.shape[1]!, 0),
    vectorInputs: order.vector_channels.reduce(
      (sum, name) =>
        sum + (name === 'pose rows' ? dim : inputs.get(name)!.data.length / inputs.get('pos')!.data.length),
      0,
    ),
    condition: hyper.last_feature_conditioning as boolean,
    hidden,
    layers,
    graphs: (hyper.edge_types as string[]).map(officialGraph),
    ratios: hyper.ratios as number[],
    samplingStart: 'first',
    basis: hyper.basis_dim as number,
    basisHidden: hyper.basis_hidden_dim as number,
    degree: hyper.degree as number,
    widening: hyper.widening_factor as number,
    layerScale: (hyper.layer_scale as number | null) ?? undefined,
    scalarOutputs: hyper.output_dim as number,
    vectorOutputs: outputs.has('vector') ? (hyper.output_dim_vec as number) : 0,
    level: hyper.task_level === 'node' ? 'point' : 'graph',
    readout: hyper.variant === 'pooled' ? 'pooled' : 'per point',
    transverse: 'official',
    window: 'invariants',
  };
}

/** `fc`, `knn-8`, `r-1.625`. */
function officialGraph(text: string): PointGraph {
  const [kind, value] = text.split('-') as [string, string | undefined];
  if (kind === 'knn') return { kind: 'knn', neighbours: Number(value) };
  if (kind === 'r') return { kind: 'radius', radius: Number(value) };
  return { kind: 'full' };
}
