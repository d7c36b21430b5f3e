/** The equivariant maps of a matrix path applied to rows, in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** Whether the transpose of the matrix is meant. */
export type EquivariantProductAttributes = { readonly turned: boolean };

/**
 * y = F m with F = E + diag(v) + u 1^T + 1 w^T, or y = F^T m when `turned`. A and D are sums of the knots' matrices by their first and second
 * weights. E = entries_0 A + entries_1 D + (entries_2 A + entries_3 D)^T; (v, u, w) = [statistics of A, statistics of D, 1] vectors.
 * @param inputs m `[B, n, d]`; entries `[4]`; vectors `[2 S + 1, 3]`; weights `[K, B, 2]`; then the statistics `[B, n, S]` of K knots, and their
 *   matrices `[B, n, n]`
 * @returns `[B, n, d]`
 */
export function equivariantProductReference(
  { tf }: Pick<Runtime, 'tf'>,
  [messages, entries, vectors, weights, ...knots]: readonly Tensor[],
  { turned }: EquivariantProductAttributes,
): Tensor {
  const count = knots.length / 2;
  const [batch, nodes] = messages!.shape as [number, number];
  const weight = (knot: number, part: number): Tensor =>
    tf.reshape(tf.slice(weights!, [knot, 0, part], [1, batch, 1]), [batch, 1, 1]);
  const sum = (of: readonly Tensor[], factor: (knot: number) => Tensor): Tensor =>
    of.map((x, knot) => tf.mul(x, factor(knot))).reduce((a, b) => tf.add(a, b));
  const entry = (place: number): Tensor => tf.reshape(tf.slice(entries!, place, 1), [1, 1, 1]);
  const matrices = knots.slice(count);
  const made = (place: number): Tensor =>
    sum(matrices, (knot) =>
      tf.add(tf.mul(weight(knot, 0), entry(place)), tf.mul(weight(knot, 1), entry(place + 1))),
    );
  const [straight, transposed] = [made(0), made(2)];
  const product = tf.add(
    tf.matMul(straight, messages!, turned, false),
    tf.matMul(transposed, messages!, !turned, false),
  );
  const statistics = knots.slice(0, count);
  const all = tf.concat(
    [...[0, 1].map((part) => sum(statistics, (knot) => weight(knot, part))), tf.ones([batch, nodes, 1])],
    2,
  );
  const rows = tf.matMul(tf.reshape(all, [batch * nodes, -1]), vectors!);
  const [v, ...sides] = tf.split(tf.reshape(rows, [batch, nodes, 3]), 3, 2) as [Tensor, Tensor, Tensor];
  const [u, w] = turned ? [sides[1]!, sides[0]!] : sides;
  const everywhere = tf.add(tf.mul(u!, tf.sum(messages!, 1, true)), tf.sum(tf.mul(w!, messages!), 1, true));
  return tf.add(tf.add(product, tf.mul(v, messages!)), everywhere);
}
