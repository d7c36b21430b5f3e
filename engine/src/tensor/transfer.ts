/** Host arrays to tensors and back. NaN and infinities pass through: it is for the caller to judge them. */
import { integer, isReal, type NdArray, real } from './array.ts';
import type { Precision, Tensor, TensorLibrary } from './runtime.ts';

/** Uploads a copy of a host array: reals in the library's precision, integers as int32. */
export function upload(tf: TensorLibrary, precision: Precision, array: NdArray): Tensor {
  const shape = array.shape as number[];
  // The library keeps a reference to what it is given where the types agree, hence the copies.
  if (!isReal(array)) return tf.tensor(array.data.slice() as Int32Array, shape, 'int32');
  const data = precision === 'float32' ? Float32Array.from(array.data) : array.data.slice();
  return tf.tensor(data, shape, 'float32');
}

/** Downloads a tensor into memory of its own: float types as Float64Array, int32 and bool as Int32Array. */
export async function download(tensor: Tensor): Promise<NdArray> {
  const data = await tensor.data();
  if (tensor.dtype === 'float32') return real(tensor.shape, Float64Array.from(data));
  if (tensor.dtype === 'int32' || tensor.dtype === 'bool')
    return integer(tensor.shape, Int32Array.from(data));
  throw new TypeError(`a ${tensor.dtype} tensor has no host array`);
}
