/** The singular value decomposition of 3 x 3 matrices with rotations, in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Sweeps over the three pairs of columns: convergence is quadratic, and a double is reached before the sixth. */
export const sweeps = 6;

/** Added to squares that are divided by. */
export const tiny = 1e-30;

/** A column of a matrix under way, its column of V, and the squared length by which columns are ordered. */
interface Column {
  readonly a: Tensor;
  readonly v: Tensor;
}

/**
 * F = U diag(s) V^T with det U = det V = 1 and s_1 >= s_2 >= |s_3|: what the mean rotation of a matrix Fisher distribution is made
 * of (Orbit Diffusion, arXiv 2502.09890). One-sided Jacobi rotations (Hestenes 1958) of the columns of F.
 * The rank is two or three: below, columns of U are zero. Columns 1 and 2 of U and V may change sign together; where singular values coincide the columns are not unique, and
 * gradients of anything but their symmetric functions do not exist.
 * @param inputs F `[B, 3, 3]`
 * @returns `[B, 3, 7]`: row i of U, s_i, row i of V
 */
export function properSvdReference({ tf }: Pick<Runtime, 'tf'>, [matrices]: readonly Tensor[]): Tensor {
  const inner = (a: Tensor, b: Tensor): Tensor => tf.sum(tf.mul(a, b), 1, true);
  const identity = tf.unstack(tf.tile(tf.expandDims(tf.eye(3), 0), [matrices!.shape[0]!, 1, 1]), 2);
  const columns: Column[] = tf.unstack(matrices!, 2).map((a, i) => ({ a, v: identity[i]! }));
  const rotate = (p: number, q: number) => {
    const [left, right] = [columns[p]!, columns[q]!];
    const difference = tf.sub(inner(right.a, right.a), inner(left.a, left.a));
    const mixed = inner(left.a, right.a);
    // The smaller root of t^2 + t difference/mixed = 1, in a form that a mixed part of zero does not harm.
    const root = tf.sqrt(tf.add(tf.add(tf.square(difference), tf.mul(tf.square(mixed), 4)), tiny));
    const side = tf.where(tf.less(difference, 0), tf.neg(tf.onesLike(root)), tf.onesLike(root));
    const tangent = tf.div(tf.mul(mixed, 2), tf.add(difference, tf.mul(side, root)));
    const cosine = tf.rsqrt(tf.add(tf.square(tangent), 1));
    const sine = tf.mul(cosine, tangent);
    const turned = (x: Tensor, y: Tensor): [Tensor, Tensor] => [
      tf.sub(tf.mul(cosine, x), tf.mul(sine, y)),
      tf.add(tf.mul(sine, x), tf.mul(cosine, y)),
    ];
    const [a, v] = [turned(left.a, right.a), turned(left.v, right.v)];
    columns[p] = { a: a[0], v: v[0] };
    columns[q] = { a: a[1], v: v[1] };
  };
  const order = (p: number, q: number) => {
    const [left, right] = [columns[p]!, columns[q]!];
    const swap = tf.less(inner(left.a, left.a), inner(right.a, right.a));
    columns[p] = { a: tf.where(swap, right.a, left.a), v: tf.where(swap, right.v, left.v) };
    columns[q] = { a: tf.where(swap, left.a, right.a), v: tf.where(swap, left.v, right.v) };
  };
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const;
  for (let sweep = 0; sweep < sweeps; sweep++) for (const [p, q] of pairs) rotate(p, q);
  for (const [p, q] of [pairs[0], pairs[2], pairs[0]]) order(p, q);
  const [first, second, third] = columns as [Column, Column, Column];
  const length = (a: Tensor): Tensor => tf.sqrt(tf.add(inner(a, a), tiny));
  const [s1, s2] = [length(first.a), length(second.a)];
  const [u1, u2] = [tf.div(first.a, s1), tf.div(second.a, s2)];
  const cross = (a: Tensor, b: Tensor): Tensor => {
    const [ax, ay, az] = tf.split(a, 3, 1) as [Tensor, Tensor, Tensor];
    const [bx, by, bz] = tf.split(b, 3, 1) as [Tensor, Tensor, Tensor];
    const minor = (p: Tensor, q: Tensor, r: Tensor, s: Tensor): Tensor => tf.sub(tf.mul(p, q), tf.mul(r, s));
    return tf.concat([minor(ay, bz, az, by), minor(az, bx, ax, bz), minor(ax, by, ay, bx)], 1);
  };
  const [u3, v3] = [cross(u1, u2), cross(first.v, second.v)];
  // The last column of V may have turned round with respect to the rotated one of F.
  const s3 = tf.mul(inner(u3, third.a), inner(v3, third.v));
  return tf.stack([u1, u2, u3, tf.concat([s1, s2, s3], 1), first.v, second.v, v3], 2);
}
