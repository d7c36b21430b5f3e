/** Boosts into rest frames, and limits on how strong they may be. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { squaredMass } from './lorentz.ts';

/** Nothing is divided by less, and 1 - beta^2 is no less: gamma stays below 1e5. */
const least = 1e-10;

/**
 * The pure boost that takes p to rest, [[gamma, -gamma beta^T], [-gamma beta, 1 + (gamma - 1) beta beta^T / beta^2]].
 * @param p [M, 4], timelike with positive energy
 * @returns [M, 4, 4]
 */
export function restFrameBoost({ tf }: Runtime, p: Tensor): Tensor {
  const count = p.shape[0]!;
  const energy = tf.slice(p, [0, 0], [count, 1]);
  const beta = tf.div(tf.slice(p, [0, 1], [count, 3]), tf.maximum(energy, least));
  const speed = tf.sum(tf.square(beta), 1, true);
  const gamma = tf.rsqrt(tf.maximum(tf.sub(1, speed), least));
  const mixed = tf.neg(tf.mul(gamma, beta));
  const stretch = tf.div(tf.sub(gamma, 1), tf.maximum(speed, least));
  const outer = tf.mul(tf.expandDims(beta, 2), tf.expandDims(beta, 1));
  const spatial = tf.add(tf.eye(3), tf.mul(tf.expandDims(stretch, 2), outer));
  const top = tf.expandDims(tf.concat([gamma, mixed], 1), 1);
  const rest = tf.concat([tf.expandDims(mixed, 2), spatial], 2);
  return tf.concat([top, rest], 1);
}

/** The largest gamma of a learned boost, and how softly it is approached; hard without a hardness. */
export interface GammaLimit {
  readonly max: number;
  readonly hardness?: number | undefined;
}

/** Boost factors E/m, [M]. @param p [M, 4] */
export function gammaOf(runtime: Runtime, p: Tensor): Tensor {
  const { tf } = runtime;
  return tf.div(energyOf(runtime, p), massOf(runtime, p));
}

/**
 * Slows p down to the limit, along its own direction and at its own mass. The factor is taken in the lab, so boosts are
 * no longer symmetries where it acts; rotations are.
 * @param p [M, 4]
 */
export function limitGamma(runtime: Runtime, p: Tensor, { max, hardness }: GammaLimit): Tensor {
  const { tf } = runtime;
  const mass = massOf(runtime, p);
  const gamma = tf.div(energyOf(runtime, p), mass);
  // The soft limit: max - softplus(max - gamma), with softplus(x) = log(1 + exp(hardness x)) / hardness.
  const limited =
    hardness === undefined
      ? tf.clipByValue(gamma, 1, max)
      : tf.maximum(tf.sub(max, tf.div(tf.softplus(tf.mul(tf.sub(max, gamma), hardness)), hardness)), 1);
  const spatial = tf.slice(p, [0, 1], [p.shape[0]!, 3]);
  const beta = tf.div(spatial, tf.maximum(tf.expandDims(energyOf(runtime, p), 1), least));
  const speed = tf.sqrt(tf.maximum(tf.sum(tf.square(beta), 1, true), least));
  const wanted = tf.sqrt(tf.maximum(tf.sub(1, tf.reciprocal(tf.square(limited))), least));
  const slower = tf.mul(tf.div(beta, speed), tf.expandDims(wanted, 1));
  const velocity = tf.concat([tf.onesLike(tf.expandDims(limited, 1)), slower], 1);
  return tf.mul(velocity, tf.expandDims(tf.mul(mass, limited), 1));
}

function energyOf({ tf }: Runtime, p: Tensor): Tensor {
  return tf.reshape(tf.slice(p, [0, 0], [p.shape[0]!, 1]), [-1]);
}

function massOf(runtime: Runtime, p: Tensor): Tensor {
  const { tf } = runtime;
  return tf.sqrt(tf.maximum(tf.abs(squaredMass(runtime, p)), least));
}
