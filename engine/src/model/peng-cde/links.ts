/** The head that predicts links: a score for each ordered pair of nodes, from their states and from what the graph was at last. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import { constantSpec, type WeightSpec } from '../weights.ts';
import { type Control, controlAt, knotSum } from './control.ts';
import type { PengCdeSpecification } from './specification.ts';

/** Of the pair's weights: its entry in the graph, the one of the pair turned round, and whether both are the same node. */
const pairTerms = 3;

export function linkSpecs(outputs: number): WeightSpec[] {
  return [
    { name: 'links.graph', shape: [outputs, pairTerms], start: { fanIn: pairTerms } },
    constantSpec('links.bias', [outputs], 0),
  ];
}

/**
 * score_k(i, j) = q_ik . r_jk / sqrt(h) + a_k A_ij + b_k A_ji + c_k [i = j] + d_k, A the path at the time of the prediction. q and r are read from
 * the state by the decoder, h numbers each for every output. It commutes with relabelling, as each term does.
 * @param decoded [times, B, n, outputs 2 h]
 * @returns [B, times n n, outputs]
 */
export function linkScores(
  runtime: Runtime,
  { field, shapes }: Pick<PengCdeSpecification, 'field' | 'shapes'>,
  weights: DeviceWeights,
  control: Control,
  decoded: Tensor,
  times: readonly number[],
): Tensor {
  const { tf } = runtime;
  const [, batch, nodes] = decoded.shape as [number, number, number];
  const { outputs } = shapes;
  const { hidden } = field;
  const heads = tf.transpose(
    tf.reshape(decoded, [times.length * batch, nodes, 2, outputs, hidden]),
    [2, 0, 3, 1, 4],
  );
  const [from, to] = tf
    .split(heads, 2)
    .map((half) => tf.reshape(half, [times.length * batch * outputs, nodes, hidden])) as [Tensor, Tensor];
  const pairs = tf.mul(tf.matMul(from, to, false, true), 1 / Math.sqrt(hidden));
  const scores = tf.transpose(
    tf.reshape(pairs, [times.length, batch, outputs, nodes, nodes]),
    [1, 0, 3, 4, 2],
  );
  const graphs = tf.stack(
    times.map((t) => {
      const { moment } = controlAt(field, control, t, { from: t, to: t });
      return knotSum(runtime, control.matrices, moment, moment.value);
    }),
    1,
  );
  const same = tf.add(tf.zerosLike(graphs), tf.eye(nodes));
  const terms = tf.stack([graphs, tf.transpose(graphs, [0, 1, 3, 2]), same], -1);
  const rows = batch * times.length * nodes * nodes;
  const ofGraph = tf.matMul(tf.reshape(terms, [rows, pairTerms]), weights['links.graph']!, false, true);
  const all = tf.add(tf.add(tf.reshape(scores, [rows, outputs]), ofGraph), weights['links.bias']!);
  return tf.reshape(all, [batch, times.length * nodes * nodes, outputs]);
}
