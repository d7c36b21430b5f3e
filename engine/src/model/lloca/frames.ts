/** From equivariant vectors to Lorentz frames (sections 2.2 and 2.3 of the method). To be run in double precision. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { type GammaLimit, gammaOf, limitGamma, restFrameBoost } from './boost.ts';
import { inFrame } from './lorentz.ts';
import { type Method, minkowskiFrames, orthonormalRows } from './orthonormal.ts';
import {
  isCollinear,
  isCoplanar,
  isLightlike,
  isSpacelike,
  madeIndependent,
  madeTimelike,
} from './regularise.ts';

/** Learned frames, and what they are equivariant under. */
export type LearnedKind = 'polar' | 'minkowski' | 'rest' | 'so3' | 'z' | 'so2';

/** How many vectors the net has to predict. */
export const vectorCounts: Readonly<Record<LearnedKind, number>> = {
  polar: 3,
  minkowski: 3,
  rest: 2,
  so3: 2,
  z: 2,
  so2: 1,
};

/** Rows where the vectors determined no frame, each [M] with 1 where it happened. */
export interface Flags {
  readonly lightlike: Tensor;
  readonly spacelike: Tensor;
  readonly collinear: Tensor;
  readonly coplanar: Tensor;
}

export interface Framed {
  /** [M, 4, 4] */
  readonly frames: Tensor;
  readonly flags: Flags;
  /** The boost factor before any limit, [M]. */
  readonly gamma: Tensor;
}

export interface FrameOptions {
  readonly method?: Method;
  readonly limit?: GammaLimit | undefined;
}

/**
 * @param vectors [M, K, 4] with the kind's K
 * @param momenta [M, 4], the particles' own: the rest frame's first vector
 */
export function learnedFrames(
  runtime: Runtime,
  kind: LearnedKind,
  vectors: Tensor,
  momenta: Tensor,
  options: FrameOptions = {},
): Framed {
  const { tf } = runtime;
  // The gradient of unstacking a single tensor fails in TensorFlow.js.
  const learned = vectors.shape[1] === 1 ? [tf.squeeze(vectors, [1])] : tf.unstack(vectors, 1);
  const count = vectors.shape[0]!;
  const constant = (values: number[]): Tensor => tf.tile(tf.tensor2d(values, [1, 4]), [count, 1]);
  const time = (): Tensor => constant([1, 0, 0, 0]);
  const beam = (): Tensor => constant([0, 0, 0, 1]);
  switch (kind) {
    case 'polar':
      return polarFrames(runtime, learned[0]!, [learned[1]!, learned[2]!], options);
    case 'minkowski':
      return gramSchmidtFrames(runtime, learned, options);
    case 'rest':
      return polarFrames(runtime, momenta, [learned[0]!, learned[1]!], options);
    case 'so3':
      return polarFrames(runtime, time(), [learned[0]!, learned[1]!], options);
    case 'z': {
      const alongBeam = tf.mul(learned[0]!, tf.tensor1d([1, 0, 0, 1]));
      return polarFrames(runtime, alongBeam, [learned[1]!, beam()], options);
    }
    case 'so2':
      return polarFrames(runtime, time(), [beam(), learned[0]!], options);
  }
}

/**
 * L = R B: the boost B to the rest frame of v0, then the rotation R onto the axes that the boosted references span.
 * @param v0 [M, 4], timelike with positive energy
 * @param references two of [M, 4]
 */
export function polarFrames(
  runtime: Runtime,
  v0: Tensor,
  references: readonly [Tensor, Tensor],
  { method = 'gramschmidt', limit }: FrameOptions = {},
): Framed {
  const { tf } = runtime;
  const lightlike = isLightlike(runtime, v0);
  const spacelike = isSpacelike(runtime, v0);
  const timelike = madeTimelike(runtime, v0, tf.logicalOr(lightlike, spacelike));
  const gamma = gammaOf(runtime, timelike);
  const boost = restFrameBoost(runtime, limit ? limitGamma(runtime, timelike, limit) : timelike);
  const [first, second] = references.map((vector) =>
    tf.slice(inFrame(runtime, boost, vector), [0, 1], [v0.shape[0]!, 3]),
  ) as [Tensor, Tensor];
  const collinear = isCollinear(runtime, first, second);
  const axes = orthonormalRows(runtime, ...madeIndependent(runtime, first, second, collinear), method);
  const rotation = tf.pad(axes, [
    [0, 0],
    [1, 0],
    [1, 0],
  ]);
  const corner = tf.pad(tf.tensor2d([1], [1, 1]), [
    [0, 3],
    [0, 3],
  ]);
  return {
    frames: tf.matMul(tf.add(rotation, corner), boost),
    gamma,
    flags: {
      lightlike: asNumber(runtime, lightlike),
      spacelike: asNumber(runtime, spacelike),
      collinear: asNumber(runtime, collinear),
      coplanar: tf.zeros([v0.shape[0]!]),
    },
  };
}

/**
 * By Minkowski Gram-Schmidt. Rows whose vectors are light-like or span no volume get the polar frame, which is defined for
 * any input.
 */
function gramSchmidtFrames(
  runtime: Runtime,
  vectors: readonly Tensor[],
  { method = 'gramschmidt' }: FrameOptions,
): Framed {
  const { tf } = runtime;
  const lightlike = vectors
    .map((vector) => isLightlike(runtime, vector))
    .reduce((a, b) => tf.logicalOr(a, b));
  const coplanar = isCoplanar(runtime, vectors);
  const spacelike = isSpacelike(runtime, vectors[0]!);
  const failed = tf.logicalOr(tf.logicalOr(lightlike, coplanar), spacelike);
  const column = tf.expandDims(failed, 1);
  // Harmless vectors in the failed rows keep their gradients finite.
  const sound = vectors.map((vector, axis) => {
    const harmless = tf.tensor1d([axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, 0]);
    return tf.where(column, tf.mul(tf.onesLike(vector), harmless), vector);
  });
  const fallback = polarFrames(runtime, vectors[0]!, [vectors[1]!, vectors[2]!]);
  const frames = minkowskiFrames(runtime, sound, method);
  return {
    frames: tf.where(tf.expandDims(column, 2), fallback.frames, frames),
    gamma: fallback.gamma,
    flags: {
      lightlike: asNumber(runtime, lightlike),
      spacelike: asNumber(runtime, spacelike),
      collinear: tf.zeros([vectors[0]!.shape[0]!]),
      coplanar: asNumber(runtime, coplanar),
    },
  };
}

/** Flags as numbers, off the gradient's path. */
function asNumber({ tf }: Runtime, flag: Tensor): Tensor {
  return tf.cast(flag, 'float32');
}
