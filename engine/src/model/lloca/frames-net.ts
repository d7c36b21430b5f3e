/**
 * Frames-Net: from momenta to frames. Momenta, pair masses and frames are in double precision, the net between them in
 * the precision of the model.
 */
import { meanOfRows, rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { inDouble, type Operand, type Precisions } from './double.ts';
import { type EquivectorConfig, equivectors, logPairMasses } from './equivectors.ts';
import { type Framed, type FrameOptions, type LearnedKind, learnedFrames } from './frames.ts';
import { type Neighbourhood, unorderedPairs } from './links.ts';
import { mlp, type Weights } from './mlp.ts';

export interface FramesNetConfig {
  readonly kind: LearnedKind;
  readonly equivectors: EquivectorConfig;
  /** One frame for each event, of its particles' mean vectors. */
  readonly global: boolean;
  readonly frames: FrameOptions;
}

/** What the net reads. */
export interface Event {
  readonly momenta: Operand;
  /** From the given momenta to the ones that are used: reference vectors, masses, rest frame. Double precision. */
  readonly prepare: (runtime: Runtime, momenta: Tensor) => Tensor;
  /** Invariants of the prepared particles, [M, S]. */
  readonly scalars: Tensor | undefined;
  readonly pairs: Neighbourhood;
  /** Event of each prepared particle, [M], and how many there are in each. */
  readonly events: Int32Array;
  readonly sizes: readonly number[];
}

/** In double precision, for reading features off. */
export interface Geometry extends Framed {
  /** Prepared momenta, [M, 4]. */
  readonly momenta: Tensor;
  /** [M, K, 4], before any averaging. */
  readonly vectors: Tensor;
}

/**
 * Computes the geometry and hands it to `read`, in double precision.
 * @param prefix of the weights: `framesnet.` or empty
 * @param constants more operands for `read`
 * @returns what `read` returns, in the model's precision
 */
export function framesNet(
  precisions: Precisions,
  config: FramesNetConfig,
  weights: Weights,
  prefix: string,
  event: Event,
  read: (runtime: Runtime, geometry: Geometry, constants: Tensor[]) => Tensor[],
  constants: readonly Tensor[] = [],
): Tensor[] {
  const { prepare, pairs } = event;
  const logits = edgeLogits(precisions, config, weights, `${prefix}equivectors.block`, event);
  const operands = [event.momenta, ...[logits, ...constants].map((tensor) => ({ tensor }))];
  return inDouble(precisions, operands, (runtime, [given, edges, ...more]) => {
    const momenta = prepare(runtime, given!);
    let vectors = equivectors(runtime, config.equivectors, momenta, edges!, pairs);
    if (pairs.empty) vectors = runtime.tf.mul(vectors, 0);
    const [own, learned] = config.global
      ? [eventMeans(runtime, momenta, event), eventMeans(runtime, vectors, event)]
      : [momenta, vectors];
    const framed = learnedFrames(runtime, config.kind, learned, own, config.frames);
    return read(runtime, { ...framed, momenta, vectors }, more);
  });
}

/** What the net says of each pair and vector, [E, K]. */
function edgeLogits(
  precisions: Precisions,
  { equivectors: { pairMasses } }: FramesNetConfig,
  weights: Weights,
  prefix: string,
  { momenta, prepare, scalars, pairs, sizes }: Event,
): Tensor {
  const { runtime } = precisions;
  // Without scalars, the net sees of a pair what is the same in both directions, and is asked once.
  const once = scalars || pairs.empty ? undefined : unorderedPairs(sizes);
  const links = once?.links ?? pairs;
  const features: Tensor[] = [];
  if (scalars) {
    features.push(rowsAt(runtime, scalars, pairs.receivers), rowsAt(runtime, scalars, pairs.senders));
  }
  if (pairMasses) {
    const operands: Operand[] = [
      momenta,
      { tensor: weights[`${prefix}.edge_mean`]! },
      { tensor: weights[`${prefix}.edge_std`]! },
    ];
    features.push(
      ...inDouble(precisions, operands, (double, [given, mean, deviation]) => {
        const masses = logPairMasses(double, prepare(double, given!), links);
        return [double.tf.div(double.tf.sub(masses, mean!), deviation!)];
      }),
    );
  }
  const logits = mlp(runtime, runtime.tf.concat(features, 1), weights, `${prefix}.mlp`);
  return once ? rowsAt(runtime, logits, once.places) : logits;
}

/** Every row replaced by the mean over its event. */
function eventMeans(runtime: Runtime, x: Tensor, { events, sizes }: Event): Tensor {
  return rowsAt(runtime, meanOfRows(runtime, x, events, sizes.length), events);
}
