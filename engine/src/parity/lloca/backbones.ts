/** Attention and the backbones, with given frames. */
import { attention, prepareFrames, toGlobal } from '../../model/lloca/attention.ts';
import { type GraphNetConfig, graphNet } from '../../model/lloca/graph-net.ts';
import { layoutOf, masked } from '../../model/lloca/layout.ts';
import { pairFeatures, unorderedPairs } from '../../model/lloca/pair-features.ts';
import { particleNet } from '../../model/lloca/particle-net.ts';
import { particleTransformer } from '../../model/lloca/particle-transformer.ts';
import { parseRepresentation } from '../../model/lloca/representation.ts';
import { transformer } from '../../model/lloca/transformer.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner } from '../runner.ts';

export const attentionRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module === 'LLoCaAttention',
  compute(runtime, { hyper, inputs: stored }, inputs) {
    const { tf } = runtime;
    const [events, heads, size] = inputs.q!.shape as [number, number, number];
    const representation = parseRepresentation(hyper.reps as string);
    const layout = layoutOf(Array<number>(events).fill(size));
    const rows = (x: Tensor): Tensor => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [events * size, heads, -1]);
    const official = (x: Tensor): Tensor =>
      tf.transpose(tf.reshape(x, [events, size, heads, -1]), [0, 2, 1, 3]);
    const mask = stored.get('mask');
    const added =
      mask &&
      runtime.tensor(
        real(
          mask.shape,
          Float64Array.from(mask.data, (seen) => (seen ? 0 : masked)),
        ),
      );
    const frames = prepareFrames(runtime, tf.reshape(inputs.frames!, [-1, 4, 4]), hyper.is_global as boolean);
    const local = { q: rows(inputs.q!), k: rows(inputs.k!), v: rows(inputs.v!) };
    const global = toGlobal(runtime, local, frames, representation);
    return {
      outputs: { out: official(attention(runtime, local, frames, representation, layout, added)) },
      intermediates: {
        q_global: official(global.q),
        k_global_lowered: official(global.k),
        v_global: official(global.v),
      },
    };
  },
};

export const transformerRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => /^backbone\/transformer(_v2)?\.Transformer$/.test(module),
  compute(runtime, { module, hyper }, { x, frames }, weights) {
    const { tf } = runtime;
    const [events, size] = x!.shape as [number, number];
    const config = {
      version: module.includes('_v2') ? 2 : 1,
      representation: parseRepresentation(hyper.attn_reps as string),
      blocks: hyper.num_blocks as number,
      heads: hyper.num_heads as number,
      multiQuery: (hyper.multi_query as boolean | undefined) ?? false,
    } as const;
    const { intermediates, probe } = probeIn((value) => tf.reshape(value, [events, size, -1]));
    const y = transformer(
      runtime,
      config,
      weights,
      '',
      tf.reshape(x!, [events * size, -1]),
      prepareFrames(runtime, tf.reshape(frames!, [-1, 4, 4]), false),
      layoutOf(Array<number>(events).fill(size)),
      probe,
    );
    return { outputs: { y: tf.reshape(y, [events, size, -1]) }, intermediates };
  },
};

export const graphNetRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('backbone/graphnet.GraphNet'),
  compute(runtime, { hyper, inputs: stored }, { x, frames, edge_attr: attributes }, weights) {
    const edges = arrayOf(stored, 'edge_index');
    const count = edges.shape[1]!;
    const links = {
      senders: Int32Array.from(edges.data.subarray(0, count)),
      receivers: Int32Array.from(edges.data.subarray(count)),
      rows: x!.shape[0]!,
    };
    const { intermediates, probe } = probeIn((value) => value);
    const config = {
      representation: parseRepresentation(hyper.hidden_reps as string),
      blocks: hyper.num_blocks as number,
      aggregate: officialAggregate(hyper.aggr),
    };
    const y = graphNet(
      runtime,
      config,
      weights,
      '',
      x!,
      prepareFrames(runtime, frames!, false),
      links,
      attributes,
      probe,
    );
    return { outputs: { y }, intermediates };
  },
};

export const particleNetRunner: Runner = {
  system: 'lloca',
  handles: ({ module, hyper }) =>
    module === 'backbone/particlenet.ParticleNet' && String(hyper.mode).startsWith('evaluation'),
  compute(runtime, parityCase, { features, points, frames }, weights) {
    const { tf } = runtime;
    const [events, , size] = features!.shape as [number, number, number];
    const rows = (x: Tensor): Tensor => tf.reshape(tf.transpose(x, [0, 2, 1]), [events * size, -1]);
    const { intermediates, probe } = probeIn((value) => value);
    const logits = particleNet(
      runtime,
      officialParticleNet(parityCase),
      weights,
      '',
      { features: rows(features!), points: rows(points!), present: presentRows(runtime, parityCase) },
      prepareFrames(runtime, frames!, false),
      layoutOf(Array<number>(events).fill(size)),
      probe,
    );
    return { outputs: { logits }, intermediates };
  },
};

export const particleTransformerRunner: Runner = {
  system: 'lloca',
  handles: ({ module, hyper }) =>
    module === 'backbone/particletransformer.ParticleTransformer' &&
    String(hyper.mode).startsWith('evaluation'),
  compute(runtime, { hyper, inputs: stored }, { x, v, frames }, weights) {
    const { tf } = runtime;
    const [events, , most] = x!.shape as [number, number, number];
    const seen = arrayOf(stored, 'mask').data;
    // Padding stands behind the particles of its event.
    const places = Array.from({ length: events * most }, (_, place) => place).filter((place) => seen[place]);
    const sizes = Array.from({ length: events }, (_, event) =>
      places.reduce((size, place) => size + (Math.floor(place / most) === event ? 1 : 0), 0),
    );
    const rows = (table: Tensor): Tensor =>
      tf.gather(tf.reshape(table, [events * most, ...table.shape.slice(2)]), tf.tensor1d(places, 'int32'));
    const channelsLast = (table: Tensor): Tensor => rows(tf.transpose(table, [0, 2, 1]));
    // (px, py, pz, E) in the official code.
    const momenta = tf.gather(channelsLast(v!), tf.tensor1d([3, 0, 1, 2], 'int32'), 1);
    const layout = layoutOf(sizes);
    const pairs = unorderedPairs(layout);
    const { intermediates, probe } = probeIn((value) => value);
    const logits = particleTransformer(
      runtime,
      {
        representation: parseRepresentation(hyper.attn_reps as string),
        blocks: hyper.num_layers as number,
        classBlocks: hyper.num_cls_layers as number,
        heads: hyper.num_heads as number,
      },
      weights,
      '',
      channelsLast(x!),
      { ...pairs, features: pairFeatures(runtime, momenta, pairs) },
      prepareFrames(runtime, rows(frames!), false),
      layout,
      probe,
    );
    // Of the first event, which has no padding: what padded rows get is of no use to anyone.
    const shown = Object.entries(intermediates).map(([name, value]) => {
      if (name.startsWith('after_class')) return [name, value] as const;
      const count = name === 'pair_bias' ? 1 : sizes[0]!;
      const rest = value.shape.slice(1);
      return [name, tf.slice(value, [0, ...rest.map(() => 0)], [count, ...rest])] as const;
    });
    return { outputs: { logits }, intermediates: Object.fromEntries(shown) };
  },
};

export function officialAggregate(name: unknown): GraphNetConfig['aggregate'] {
  return name === 'mean' || name === 'max' ? name : 'sum';
}

function officialParticleNet({ hyper }: ParityCase) {
  const representations = hyper.hidden_reps as string[];
  return {
    layers: (hyper.conv_params as [number, number[]][]).map(([neighbours], i) => ({
      neighbours,
      representation: parseRepresentation(representations[i]!),
    })),
    useCounts: hyper.use_counts as boolean,
  };
}

function presentRows(runtime: Runtime, { inputs }: ParityCase): Tensor {
  const { data } = arrayOf(inputs, 'mask');
  return runtime.tensor(real([data.length, 1], Float64Array.from(data)));
}

function probeIn(shaped: (value: Tensor) => Tensor) {
  const intermediates: Record<string, Tensor> = {};
  const probe = (name: string, value: Tensor): void => {
    intermediates[name] = shaped(value);
  };
  return { intermediates, probe };
}
