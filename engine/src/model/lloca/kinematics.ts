/** The seven kinematic features of a jet's particle (jet tagging). To be run in double precision. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { components } from './lorentz.ts';

/** log pt, log E, log pt/pt_jet, log E/E_jet, dphi, deta, dr: (value - mean) * factor. */
const standards = [
  [1.7, 0.7],
  [2, 0.7],
  [-4.7, 0.7],
  [-4.7, 0.7],
  [0, 1],
  [0, 1],
  [0.2, 4],
] as const;

/** Which features the Frames-Net may see of the lab frame, by what they leave intact. */
export const selections = {
  all: [0, 1, 2, 3, 4, 5, 6],
  /** Invariant under rotations about the beam and, up to log pt, boosts along it. */
  zinvariant: [0, 2, 4, 5, 6],
  /** Invariant under rotations. */
  so3invariant: [1, 3],
} as const;

export type Selection = keyof typeof selections;

/** Numbers of the same name in the sheet: what logarithms, roots and angles are kept away from. */
const least = 1e-10;

/**
 * @param particles [M, 4]
 * @param jets the momentum of each particle's jet in the same frame as the particle, [M, 4]
 * @returns [M, 7], standardised by fixed numbers
 */
export function kinematics(runtime: Runtime, particles: Tensor, jets: Tensor): Tensor {
  const { tf } = runtime;
  const own = angles(runtime, particles);
  const jet = angles(runtime, jets);
  const turn = 2 * Math.PI;
  const apart = tf.add(tf.sub(own.phi, jet.phi), Math.PI);
  const dphi = tf.sub(tf.sub(apart, tf.mul(tf.floor(tf.div(apart, turn)), turn)), Math.PI);
  const deta = tf.sub(jet.eta, own.eta);
  const dr = tf.sqrt(tf.maximum(tf.add(tf.square(dphi), tf.square(deta)), least));
  const values = [
    own.logPt,
    own.logE,
    tf.sub(own.logPt, jet.logPt),
    tf.sub(own.logE, jet.logE),
    dphi,
    deta,
    dr,
  ];
  const standardised = values.map((value, i) => {
    const [mean, factor] = standards[i]!;
    return tf.mul(tf.sub(value, mean), factor);
  });
  return tf.stack(standardised, 1);
}

/** The columns of a selection. @param features [M, 7] */
export function selected({ tf }: Runtime, features: Tensor, selection: Selection): Tensor {
  const columns = tf.unstack(features, 1);
  return tf.stack(
    selections[selection].map((column) => columns[column]!),
    1,
  );
}

function angles(runtime: Runtime, p: Tensor): { logPt: Tensor; logE: Tensor; phi: Tensor; eta: Tensor } {
  const { tf } = runtime;
  const [e, px, py, pz] = components(runtime, p) as [Tensor, Tensor, Tensor, Tensor];
  const transverse = tf.add(tf.square(px), tf.square(py));
  const length = tf.sqrt(tf.maximum(tf.add(transverse, tf.square(pz)), least));
  const cosine = tf.div(pz, length);
  const logOf = (x: Tensor): Tensor => tf.log(tf.maximum(x, least));
  const offZero = (x: Tensor): Tensor => tf.where(tf.less(tf.abs(x), least), tf.fill(x.shape, least), x);
  return {
    logPt: tf.log(tf.sqrt(tf.maximum(transverse, least))),
    logE: logOf(e),
    phi: tf.atan2(offZero(py), offZero(px)),
    eta: tf.mul(tf.sub(logOf(tf.add(1, cosine)), logOf(tf.sub(1, cosine))), 0.5),
  };
}
