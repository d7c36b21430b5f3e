/**
 * Operations that have kernels of their own on some backends. Each is defined by a reference in plain operations, which
 * is also what runs where there is no kernel (the float64 twin, cpu), and what its gradient is differentiated by.
 */
import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { Runtime, Tensor, TensorLibrary } from '../tensor/runtime.ts';

/** Attributes of one call: plain data. */
export type Attributes = Readonly<Record<string, number | boolean | string | readonly number[]>>;

/** Makes an operation's kernels for one library; none where they cannot be had. Called once for each backend. */
export type KernelMaker = (tf: TensorLibrary) => readonly KernelConfig[];

export interface FusedOperation<A extends Attributes> {
  /** Of the kernel, in the library's registry: `Noether…`. */
  readonly name: string;
  /** The operation in plain, differentiable operations: the contract. Inputs in the order of the call. */
  reference(runtime: Pick<Runtime, 'tf'>, inputs: readonly Tensor[], attributes: A): Tensor;
  /**
   * Which results of the kernel its gradient reads; the kernel may return more than the one that callers see, such as
   * the statistics of a normalisation. Inputs are always kept.
   */
  readonly keeps?: readonly boolean[];
  /**
   * One function for each input, called only where its gradient is wanted. Runs kernels. What several of them share is
   * made before they are returned: of what a function makes, only its result outlives it. Absent where the plain
   * operations are good enough.
   */
  gradient?(
    tf: TensorLibrary,
    dy: Tensor,
    inputs: readonly Tensor[],
    results: readonly Tensor[],
    attributes: A,
  ): readonly (() => Tensor)[];
  /** Whether `gradient` is made of plain operations and can be differentiated itself. */
  readonly plainGradient?: boolean;
  /** Whether the kernel of this backend takes inputs of these shapes; otherwise the reference runs. */
  takes?(backend: string, inputs: readonly Tensor[]): boolean;
  /** From simd.ts and wgsl.ts: forward under `name`, and whatever `gradient` runs. */
  readonly kernels: readonly KernelMaker[];
}

/**
 * Runs an operation by its kernel on the active backend where there is one, else by its reference. Gradients of
 * gradients go through the reference.
 */
export function runFused<A extends Attributes>(
  runtime: Runtime,
  operation: FusedOperation<A>,
  inputs: readonly Tensor[],
  attributes: A,
): Tensor {
  const { tf } = runtime;
  const isTaken = operation.takes?.(tf.getBackend(), inputs) ?? true;
  if (!isTaken || !hasKernel(tf, operation))
    return tf.tidy(() => operation.reference(runtime, inputs, attributes));
  const results = tf.engine().runKernel(operation.name, inputs as never, attributes as never) as unknown as
    | Tensor
    | Tensor[];
  if (!Array.isArray(results)) return results;
  const [first, ...more] = results;
  // What only the gradient reads is kept by the tape where there is one.
  tf.dispose(more);
  return first!;
}

/** Runs a kernel of an operation's gradient. */
export function runKernel<T extends Tensor | Tensor[] = Tensor>(
  tf: TensorLibrary,
  name: string,
  inputs: readonly Tensor[],
  attributes: Attributes = {},
): T {
  return tf.engine().runKernel(name, inputs as never, attributes as never) as unknown as T;
}

const registered = new WeakMap<TensorLibrary, Set<string>>();

/** Registers the kernels and the gradient when the operation is first run on a backend. */
function hasKernel<A extends Attributes>(tf: TensorLibrary, operation: FusedOperation<A>): boolean {
  const backend = tf.getBackend();
  const seen = registered.get(tf) ?? new Set();
  registered.set(tf, seen);
  const key = `${operation.name} ${backend}`;
  if (!seen.has(key)) {
    seen.add(key);
    const kernels = operation.kernels.flatMap((make) => [...make(tf)]);
    for (const kernel of kernels) {
      // Two operations may use one kernel.
      if (kernel.backendName === backend && !tf.getKernel(kernel.kernelName, backend))
        tf.registerKernel(kernel);
    }
    tf.registerGradient({
      kernelName: operation.name,
      saveAllInputs: true,
      outputsToSave: [...(operation.keeps ?? [])],
      gradFunc: (dy, saved, attrs) => gradients(tf, operation, dy, saved, attrs as unknown as A) as never,
    });
  }
  return tf.getKernel(operation.name, backend) !== undefined;
}

function gradients<A extends Attributes>(
  tf: TensorLibrary,
  operation: FusedOperation<A>,
  dys: Tensor | Tensor[],
  saved: Tensor[],
  attributes: A,
): readonly (() => Tensor)[] {
  const dy = Array.isArray(dys) ? dys[0]! : dys;
  const kept = (operation.keeps ?? []).filter(Boolean).length;
  const inputs = saved.slice(0, saved.length - kept);
  // Kernels cannot be differentiated: while a tape runs, this gradient is an operand of another one.
  const isDifferentiated = (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
  if (operation.gradient && (operation.plainGradient || !isDifferentiated)) {
    return operation.gradient(tf, dy, inputs, saved.slice(inputs.length), attributes);
  }
  const real = inputs.flatMap((input, i) => (input.dtype === 'float32' ? [i] : []));
  const all = tf.grads((...xs: Tensor[]) => {
    const at = [...inputs];
    real.forEach((i, place) => {
      at[i] = xs[place]!;
    });
    return operation.reference({ tf }, at, attributes);
  })(
    real.map((i) => inputs[i]!),
    dy,
  );
  return inputs.map((input, i) => () => {
    const place = real.indexOf(i);
    return place < 0 ? tf.zerosLike(input) : all[place]!;
  });
}
