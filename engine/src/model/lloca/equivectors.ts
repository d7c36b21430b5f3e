/** Equivariant vectors: sums over pairs of particles with invariant weights (section 2.1 of the method). */
import { maxOfRows, rowsAt, softmaxOfRows } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { byReceiver, type Links, type Neighbourhood, presence } from './links.ts';
import { squaredMass } from './lorentz.ts';

export interface EquivectorConfig {
  /** What a pair contributes: the sum of its momenta, their difference, or the sender's alone. */
  readonly pair: 'add' | 'diff' | 'single';
  /** How weights come from the net's numbers. Only softmax and softplus keep sums of timelike vectors timelike for sure. */
  readonly weighting: 'softmax' | 'exp' | 'softplus';
  readonly aggregate: 'sum' | 'mean' | 'max';
  /** Divide what a pair contributes by its mass. */
  readonly pairNorm: boolean;
  /** Divide the vectors of a particle by their common mass. */
  readonly vectorNorm: boolean;
  /** Whether the net sees the pair's mass. */
  readonly pairMasses: boolean;
}

export const baseEquivectors: EquivectorConfig = {
  pair: 'add',
  weighting: 'softmax',
  aggregate: 'sum',
  pairNorm: true,
  vectorNorm: true,
  pairMasses: true,
};

/** log max((p_i + p_j)^2, 1e-10) on each edge, [E, 1]. To be computed in double precision. @param momenta [M, 4] */
export function logPairMasses(runtime: Runtime, momenta: Tensor, { senders, receivers }: Links): Tensor {
  const { tf } = runtime;
  const sum = tf.add(rowsAt(runtime, momenta, receivers), rowsAt(runtime, momenta, senders));
  return tf.expandDims(tf.log(tf.maximum(squaredMass(runtime, sum), 1e-10)), 1);
}

/**
 * @param momenta [M, 4]
 * @param logits what the net says of each edge and vector, [E, K]
 * @returns [M, K, 4]; zero for particles that are alone
 */
export function equivectors(
  runtime: Runtime,
  config: EquivectorConfig,
  momenta: Tensor,
  logits: Tensor,
  neighbourhood: Neighbourhood,
): Tensor {
  const { tf } = runtime;
  const { rows, width, receivers } = neighbourhood;
  const weights = weightsOf(runtime, config.weighting, logits, neighbourhood);
  const pairs = contributions(runtime, config, momenta, neighbourhood);
  let vectors: Tensor;
  if (config.aggregate === 'max') {
    // Component by component, which no boost or rotation respects: an option of the official code.
    const products = tf.mul(tf.expandDims(weights, 2), tf.expandDims(pairs, 1));
    vectors = maxOfRows(runtime, products, receivers, rows);
  } else {
    const present = presence(runtime, neighbourhood);
    const table = tf.reshape(byReceiver(runtime, weights, neighbourhood), [rows, width, logits.shape[1]!]);
    vectors = tf.matMul(
      present ? tf.mul(table, present) : table,
      byReceiver(runtime, pairs, neighbourhood),
      true,
      false,
    );
    if (config.aggregate === 'mean') {
      vectors = tf.mul(
        vectors,
        receiving(runtime, neighbourhood, (degree) => 1 / Math.max(1, degree)),
      );
    }
  }
  return config.vectorNorm ? normalised(runtime, vectors) : vectors;
}

/** [E, 4] */
function contributions(
  runtime: Runtime,
  { pair, pairNorm }: EquivectorConfig,
  momenta: Tensor,
  { senders, receivers }: Links,
): Tensor {
  const { tf } = runtime;
  const sent = rowsAt(runtime, momenta, senders);
  const own = pair === 'single' ? undefined : rowsAt(runtime, momenta, receivers);
  const vector = own ? (pair === 'add' ? tf.add(own, sent) : tf.sub(own, sent)) : sent;
  if (!pairNorm) return vector;
  return tf.div(vector, tf.expandDims(tf.maximum(mass(runtime, vector), 1e-6), 1));
}

/** On each edge, [E, K]; a softmax is over the edges of a receiver. */
function weightsOf(
  runtime: Runtime,
  weighting: EquivectorConfig['weighting'],
  logits: Tensor,
  { receivers, rows }: Links,
): Tensor {
  const { tf } = runtime;
  if (weighting === 'softmax') return softmaxOfRows(runtime, logits, receivers, rows);
  return weighting === 'exp' ? tf.exp(tf.clipByValue(logits, -10, 10)) : tf.softplus(logits);
}

/** All vectors of a particle by one number, so that their relative sizes stay. @param vectors [M, K, 4] */
function normalised(runtime: Runtime, vectors: Tensor): Tensor {
  const { tf } = runtime;
  const common = tf.sqrt(tf.maximum(tf.abs(tf.sum(squaredMass(runtime, vectors), 1)), tiny));
  return tf.div(vectors, tf.reshape(tf.maximum(common, 1e-5), [-1, 1, 1]));
}

function mass(runtime: Runtime, vectors: Tensor): Tensor {
  const { tf } = runtime;
  return tf.sqrt(tf.maximum(tf.abs(squaredMass(runtime, vectors)), tiny));
}

/** Keeps the gradient of a root finite at zero; still a number in float32. */
const tiny = 1e-37;

function receiving(runtime: Runtime, { degrees }: Neighbourhood, of: (degree: number) => number): Tensor {
  return runtime.tensor(real([degrees.length, 1, 1], Float64Array.from(degrees, of)));
}
