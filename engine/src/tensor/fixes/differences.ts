/** Gradients by central differences, for the tests of gradients. */
import { type NdArray, openRuntime, real, type Tensor, type TensorLibrary } from '../index.ts';

export type Scalar = (tf: TensorLibrary, x: Tensor) => Tensor;

/** The largest difference between the twin's gradient of `f` at `x` and central differences, over the largest entry. */
export async function gradientError(f: Scalar, x: NdArray): Promise<number> {
  const { tf, tensor, array } = await openRuntime({ precision: 'float64' });
  const value = (at: NdArray) => tf.tidy(() => f(tf, tensor(at)).dataSync()[0]!);
  const gradient = (await array(tf.tidy(() => tf.grad((t) => f(tf, t))(tensor(x))))).data;
  // The error of a central difference is of order h^2 and rounding / h: both are near 1e-10 here.
  const h = 1e-5;
  let worst = 0;
  let largest = 1e-3;
  for (let i = 0; i < gradient.length; i++) {
    const shifted = (by: number) => {
      const data = Float64Array.from(x.data);
      data[i]! += by;
      return value(real(x.shape, data));
    };
    const difference = (shifted(h) - shifted(-h)) / (2 * h);
    worst = Math.max(worst, Math.abs(difference - gradient[i]!));
    largest = Math.max(largest, Math.abs(difference));
  }
  return worst / largest;
}
