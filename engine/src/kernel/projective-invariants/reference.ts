/** Relative projective invariants of channels by pairs (PDINet), in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/**
 * Relative differential invariants of the projective group of the plane, from the 2-jet of C scalar fields u^i at a point:
 * with g = (u_x, u_y) and Q g = (g_y, -g_x), J_ij = g_i Q g_j has weight 1, and the symmetrised T_ijk = (Q g_i) H_j (Q g_k) weight 2.
 * @param inputs jets `[N, C, 5]`: u_x, u_y, u_xx, u_xy, u_yy of each channel
 * @returns `[N, 5 C - 5]`: C of T_iii, C-1 of T_{i,i+1,i} + 2 T_{i,i,i+1}, C-1 of T_{i+1,i,i+1} + 2 T_{i+1,i+1,i}, C-2 of J_{i,i+2},
 *   C-1 of J_{i,i+1}
 */
export function projectiveInvariantsReference(
  { tf }: Pick<Runtime, 'tf'>,
  [jets]: readonly Tensor[],
): Tensor {
  const channels = jets!.shape[1]!;
  const part = (from: number, count: number) =>
    tf.unstack(tf.slice(jets!, [0, from, 0], [-1, count, 5]), 2) as Jet;
  const determinant = (a: Jet, b: Jet): Tensor => tf.sub(tf.mul(a[0], b[1]), tf.mul(a[1], b[0]));
  const all = part(0, channels);
  const [left, right] = [part(0, channels - 1), part(1, channels - 1)];
  const groups = [
    turned(tf, all, all, all),
    tf.add(turned(tf, left, right, left), tf.mul(turned(tf, left, left, right), 2)),
    tf.add(turned(tf, right, left, right), tf.mul(turned(tf, right, right, left), 2)),
  ];
  if (channels > 2) groups.push(determinant(part(0, channels - 2), part(2, channels - 2)));
  groups.push(determinant(left, right));
  return tf.concat(groups, 1);
}

type Jet = [Tensor, Tensor, Tensor, Tensor, Tensor];

/** T of the gradients of a and c and the second derivatives of b: the quadratic form of H_b in Q g_a, Q g_c. */
function turned(tf: Runtime['tf'], a: Jet, b: Jet, c: Jet): Tensor {
  const mixed = tf.add(tf.mul(a[0], c[1]), tf.mul(a[1], c[0]));
  const pure = tf.add(tf.mul(b[2], tf.mul(a[1], c[1])), tf.mul(b[4], tf.mul(a[0], c[0])));
  return tf.sub(pure, tf.mul(b[3], mixed));
}
