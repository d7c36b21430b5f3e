/**
 * Double precision inside a single-precision computation. Frames need it: the squared mass of a boosted momentum loses a
 * factor gamma^2 of digits, so float32 frames are useless beyond a rapidity of about 2. The geometry is a few numbers per
 * particle or pair, so it runs in the float64 library on the host, and the gradient is that library's own.
 */
import { type NdArray, real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

/** The runtime of the model and the one for geometry; the same object in float64. */
export interface Precisions {
  readonly runtime: Runtime;
  readonly double: Runtime;
}

/** A tensor of the model, with the unrounded numbers behind it where they are known. */
export interface Operand {
  readonly tensor: Tensor;
  readonly exact?: NdArray | undefined;
}

/** A differentiable computation in whatever precision `runtime` has. */
export type Body = (runtime: Runtime, inputs: Tensor[]) => Tensor[];

/**
 * The outputs of `body`, computed in double precision from the operands and rounded at the end. Differentiable once in
 * all operands: the vector-Jacobian product is computed in double precision too.
 *
 * Reads tensors synchronously, which the WebGPU backend cannot.
 */
export function inDouble(
  { runtime, double }: Precisions,
  operands: readonly Operand[],
  body: Body,
): Tensor[] {
  if (runtime.precision === 'float64') {
    return body(
      runtime,
      operands.map(({ tensor }) => tensor),
    );
  }
  const { tf } = runtime;
  const hosts = operands.map(({ tensor, exact }) => exact ?? onHost(tensor));
  let shapes: number[][] = [];
  const packed = (inputs: Tensor[]): Tensor => {
    const outputs = body(double, inputs);
    shapes = outputs.map(({ shape }) => shape);
    return double.tf.concat(outputs.map((output) => double.tf.reshape(output, [-1])));
  };
  const forward = tf.customGrad(() => {
    let result: NdArray | undefined;
    double.tf.tidy(() => {
      result = onHost(packed(hosts.map((host) => double.tensor(host))));
    });
    return {
      value: runtime.tensor(result!),
      gradFunc: (dy: Tensor) =>
        gradients(double, hosts, packed, onHost(dy)).map((array) => runtime.tensor(array)),
    };
  });
  const flat = forward(...operands.map(({ tensor }) => tensor));
  let from = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const part = tf.reshape(tf.slice(flat, [from], [size]), shape);
    from += size;
    return part;
  });
}

function gradients(
  double: Runtime,
  hosts: readonly NdArray[],
  packed: (inputs: Tensor[]) => Tensor,
  dy: NdArray,
): NdArray[] {
  const { tf } = double;
  const results: NdArray[] = [];
  tf.tidy(() => {
    const inputs = hosts.map((host) => double.tensor(host));
    // An output may not depend on every operand: those gradients come back missing.
    const { grads } = tf.engine().gradients(() => packed(inputs), inputs, double.tensor(dy), true);
    for (const [i, input] of inputs.entries()) {
      const gradient: Tensor | null | undefined = grads[i];
      results.push(gradient ? onHost(gradient) : real(input.shape, new Float64Array(input.size)));
    }
  });
  return results;
}

function onHost(tensor: Tensor): NdArray {
  return real(tensor.shape, new Float64Array(tensor.dataSync()));
}
