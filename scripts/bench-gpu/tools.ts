/** What cases are made of. */
import type { Attributes } from '../../engine/src/kernel/fused.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/index.ts';

export interface Case {
  readonly name: string;
  readonly size: string;
  /** Bytes that any implementation reads and writes at least once. */
  readonly bytes: number;
  /** Additions and multiplications. */
  readonly flops: number;
  fused(): void;
  /** The same in the library's operations, where it has them. */
  plain?(): void;
}

export type Tools = ReturnType<typeof toolsOf>;

/** `scale` 1 is the full size. */
export function toolsOf(runtime: Runtime, scale: number) {
  const { tf } = runtime;
  const many = (n: number) => Math.max(64, Math.round(n * scale));
  const random = (...shape: number[]) => tf.randomNormal(shape);
  const indices = (length: number, below: number) => tf.randomUniform([length], 0, below, 'int32');
  const run = (name: string, inputs: readonly Tensor[], attributes: Attributes = {}) =>
    tf.engine().runKernel(name, inputs as never, attributes as never) as unknown as Tensor | Tensor[];
  /** Forward and backward in plain operations. */
  const backward = (f: (...xs: Tensor[]) => Tensor, xs: Tensor[], dy: Tensor) => () => {
    tf.grads(f)(xs, dy);
  };
  return { runtime, tf, many, random, indices, run, backward };
}
