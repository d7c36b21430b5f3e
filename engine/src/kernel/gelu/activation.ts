/** What GELU and SiLU share. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import type { ActivationAttributes } from './reference.ts';
import { activationsOnWasm } from './simd.ts';

/** An activation whose kernels are `name` and `name` with Gradient behind. */
export function activationOf(
  name: string,
  reference: FusedOperation<ActivationAttributes>['reference'],
): FusedOperation<ActivationAttributes> {
  return {
    name,
    reference,
    gradient(tf, dy, [x, ...bias]) {
      const gradients = runKernel<Tensor[]>(tf, `${name}Gradient`, [x!, dy, ...bias]);
      return gradients.map((gradient) => () => gradient);
    },
    kernels: [activationsOnWasm],
  };
}

/** @throws RangeError for a bias of another length */
export function activate(
  runtime: Runtime,
  operation: FusedOperation<ActivationAttributes>,
  x: Tensor,
  bias: Tensor | undefined,
): Tensor {
  if (bias && (bias.rank !== 1 || bias.shape[0] !== x.shape.at(-1))) {
    throw new RangeError(
      `an activation takes a bias [${x.shape.at(-1)}] for x [${x.shape}], not [${bias.shape}]`,
    );
  }
  // Rows have a last axis.
  if (x.rank === 0) {
    const { tf } = runtime;
    return tf.tidy(() => tf.reshape(activate(runtime, operation, tf.reshape(x, [1]), bias), []));
  }
  return runFused(runtime, operation, bias ? [x, bias] : [x], { hasBias: bias !== undefined });
}

/** The sum with the bias, the function (counted as one) and a product for each entry. */
export function activationCost(rows: number, columns: number, precision: Precision): Cost {
  return { flops: 3 * rows * columns, bytes: (2 * rows * columns + columns) * bytesOf[precision] };
}
