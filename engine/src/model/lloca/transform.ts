/** How hidden features change with the frame: rho(L), one factor L for every index of a tensor. */
import { frameTransform } from '../../kernel/index.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { determinant } from './lorentz.ts';
import { blockSize, isInvariant, type TensorRepresentation } from './representation.ts';

/**
 * rho(L) x (section 2.4 of the method).
 *
 * Both parities of one order may occur together; the official code transforms only the last of them then.
 * @param x [M, dim] or [M, C, dim]: C copies of the representation, such as attention heads
 * @param frames [M, 4, 4], one for each row
 * @returns the shape of x
 */
export function transform(
  runtime: Runtime,
  x: Tensor,
  frames: Tensor,
  representation: TensorRepresentation,
): Tensor {
  if (isInvariant(representation)) return x;
  const { tf } = runtime;
  const shape = x.shape;
  const dimension = shape.at(-1)!;
  const count = frames.shape[0]!;
  const copies = x.rank === 3 ? shape[1]! : 1;
  const rows = tf.reshape(x, [count, copies, dimension]);
  if (representation.every(({ order, odd }) => order < 2 && !odd)) {
    const of = (wanted: number): number =>
      representation.find(({ order }) => order === wanted)?.multiplicity ?? 0;
    return tf.reshape(frameTransform(runtime, rows, frames, { scalars: of(0), vectors: of(1) }), shape);
  }
  const parts: Tensor[] = [];
  let sign: Tensor | undefined;
  let from = 0;
  for (const block of representation) {
    const size = blockSize(block);
    let part: Tensor = tf.slice(rows, [0, 0, from], [count, copies, size]);
    from += size;
    if (block.order > 0) part = contracted(runtime, part, frames, block.order);
    if (block.odd) {
      sign ??= tf.reshape(tf.sign(determinant(runtime, frames)), [count, 1, 1]);
      part = tf.mul(part, sign);
    }
    parts.push(part);
  }
  return tf.reshape(parts.length === 1 ? parts[0]! : tf.concat(parts, 2), shape);
}

/**
 * L on each of `order` indices. The last index is contracted and moved to the front, so that after `order` rounds all are
 * transformed and stand where they were.
 */
function contracted({ tf }: Runtime, x: Tensor, frames: Tensor, order: number): Tensor {
  const count = frames.shape[0]!;
  const others = 4 ** (order - 1);
  let tensors: Tensor = tf.reshape(x, [count, -1, 4]);
  for (let index = 0; index < order; index++) {
    tensors = tf.matMul(tensors, frames, false, true);
    if (order === 1) break;
    const apart = tf.reshape(tensors, [count, -1, others, 4]);
    tensors = tf.reshape(tf.transpose(apart, [0, 1, 3, 2]), [count, -1, 4]);
  }
  return tf.reshape(tensors, x.shape);
}
