/** An affine map whose bias is added while the product is written. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused } from '../fused.ts';
import { linearReference } from './reference.ts';
import { linearOnWasm } from './simd.ts';

const operation: FusedOperation<Record<string, never>> = {
  name: 'NoetherLinear',
  reference: linearReference,
  gradient: (tf, dy, [x, weight]) => [
    () => tf.matMul(dy, weight!),
    () => tf.matMul(dy, x!, true),
    () => tf.sum(dy, 0),
  ],
  plainGradient: true,
  kernels: [linearOnWasm],
};

/**
 * y = x W^T + b over rows, with PyTorch's weight layout.
 * @param x `[rows, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[rows, out]`
 * @throws RangeError for shapes that do not go together
 */
export function affine(runtime: Runtime, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const isOfRows = x.rank === 2 && weight.rank === 2 && bias.rank === 1;
  if (!isOfRows || x.shape[1] !== weight.shape[1] || bias.shape[0] !== weight.shape[0]) {
    throw new RangeError(
      `affine takes x [rows, in], weight [out, in] and bias [out], not [${x.shape}], [${weight.shape}] and [${bias.shape}]`,
    );
  }
  return runFused(runtime, operation, [x, weight, bias], {});
}

/** A product and a sum for each entry; all three are read and the result is written. */
export function affineCost(rows: number, inputs: number, outputs: number, precision: Precision): Cost {
  return {
    flops: 2 * rows * inputs * outputs + rows * outputs,
    bytes: (rows * (inputs + outputs) + outputs * (inputs + 1)) * bytesOf[precision],
  };
}
