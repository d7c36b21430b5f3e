/** The right-hand side dZ/dt: a graph network on the latent state, whose graph is the control path. */
import { equivariantProduct } from '../../kernel/equivariant-product/index.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { FieldConfig } from './config.ts';
import {
  type Control,
  controlAt,
  eventAt,
  knotStatistics,
  knotSum,
  knotsAt,
  type Shares,
  shared,
  sumOfShares,
} from './control.ts';
import { layerMixing, messageLayer, premultiplied, type Transport } from './layer.ts';
import type { Field } from './solver/step.ts';

/** Transports of all layers at one time. */
type Transports = (moment: Shares, t: number) => Transport[];

/**
 * What does not change with time (coefficients, statistics of the knots) is made here, once for a solution.
 * @param prefix of the field's weights: empty or `vector_field.`
 */
export function graphField(
  runtime: Runtime,
  config: FieldConfig,
  weights: DeviceWeights,
  prefix: string,
  control: Control,
): Field {
  const { tf } = runtime;
  if (config.kind === 'const') {
    const bias = weights[`${prefix}bias`]!;
    return (t, y, within) => {
      const { speed } = controlAt(config, control, t, within);
      return shared(runtime, tf.add(tf.zerosLike(y), bias), speed);
    };
  }
  const transports = transportsOf(runtime, config, weights, prefix, control);
  return (t, y, within) => {
    const { moment, speed } = controlAt(config, control, t, within);
    let z = y;
    for (const [layer, transport] of transports(moment, t).entries()) {
      if (layer > 0) z = tf.relu(z);
      z = messageLayer(runtime, weights, layerName(config, prefix, layer), z, transport);
    }
    const slope = control.features ? contracted(runtime, z, control, moment) : z;
    return shared(runtime, slope, speed);
  };
}

/** Where a layer's norm and linear map are. */
export function layerName({ kind }: Pick<FieldConfig, 'kind'>, prefix: string, layer: number): string {
  const fuses = kind === 'equivariant' || kind === 'premult';
  return `${prefix}gnn_layers.${layer}${fuses ? '.conv_layer' : ''}`;
}

function transportsOf(
  runtime: Runtime,
  config: FieldConfig,
  weights: DeviceWeights,
  prefix: string,
  control: Control,
): Transports {
  const { tf } = runtime;
  const layers = Array.from({ length: config.layers }, (_, layer) => `${prefix}gnn_layers.${layer}.`);
  const { matrices } = control;
  const same = (matrix: Tensor): Transport[] =>
    layers.map(() => (messages: Tensor) => tf.matMul(matrix, messages));
  switch (config.kind) {
    case 'equivariant': {
      const statistics = knotStatistics(runtime, matrices);
      const mixings = layers.map((layer) => layerMixing(runtime, config, weights, layer));
      return (moment) => {
        const knots = knotsAt(runtime, control, statistics, moment);
        return mixings.map((mixing) => (messages) => equivariantProduct(runtime, knots, mixing, messages));
      };
    }
    case 'premult':
      return (moment) => {
        const value = knotSum(runtime, matrices, moment, moment.value);
        const derivative = knotSum(runtime, matrices, moment, moment.derivative);
        return layers.map((layer) =>
          premultiplied(
            runtime,
            { value, derivative },
            weights[`${layer}fusion_1`]!,
            weights[`${layer}fusion_2`]!,
          ),
        );
      };
    case 'additive':
      return (moment) => {
        const sum = moment.value.map((weight, i) => sumOfShares(weight, moment.derivative[i]!));
        return same(knotSum(runtime, matrices, moment, sum));
      };
    case 'gnode':
      return (moment) => same(knotSum(runtime, matrices, moment, moment.value));
    default:
      return (_moment, t) => same(eventAt(control, t));
  }
}

/**
 * The second control: dZ = F dX with X the path of (time, value) of each feature and F [h, l, 2] on every node, made by the last layer.
 * @param z [B, n, h l 2]
 * @returns [B, n, h]
 */
function contracted(runtime: Runtime, z: Tensor, { features }: Control, moment: Shares): Tensor {
  const { tf } = runtime;
  const slope = knotSum(runtime, features!, moment, moment.derivative);
  const [batch, nodes, channels] = slope.shape as [number, number, number];
  const hidden = z.shape[2]! / (2 * channels);
  const parts = tf.reshape(z, [batch * nodes, hidden, channels * 2]);
  const path = tf.reshape(tf.stack([tf.onesLike(slope), slope], -1), [batch * nodes, channels * 2, 1]);
  return tf.reshape(tf.matMul(parts, path), [batch, nodes, hidden]);
}
