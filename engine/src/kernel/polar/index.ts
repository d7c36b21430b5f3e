/** Polar factors of small matrices: the nearest rotation or orthogonal matrix. Differentiable to any order. */
import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { HostKernel } from '../../tensor/fixes/host-kernel.ts';
import type { Precision, Runtime, Tensor, TensorLibrary } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { hostOperation } from '../on-host.ts';
import { polarDerivativeOnHost, polarOnHost } from './host.ts';

const name = 'NoetherPolar';
const derivativeName = 'NoetherPolarDerivative';

const forward: HostKernel = ({ x }, { rotation }) => ({
  shape: x!.shape,
  dtype: 'float32',
  reads: [x!],
  run: (out, data) => polarOnHost(out, data!, x!.shape[2]!, rotation as boolean),
});

const derivative: HostKernel = ({ x, dx }, { rotation }) => ({
  shape: x!.shape,
  dtype: 'float32',
  reads: [x!, dx!],
  run: (out, data, change) => polarDerivativeOnHost(out, data!, change!, x!.shape[2]!, rotation as boolean),
});

/**
 * The orthogonal matrix Q that is nearest to F: F = Q P with P symmetric and, unless Q must be a rotation, positive (Kabsch 1976; Higham 1986).
 *
 * Unique, with a gradient, where no two of the singular values add up to zero, the last one counted as negative where a rotation has det F < 0: so
 * rotations also at rank n - 1. Elsewhere Q is one of the nearest ones, and its gradient leaves out the directions in which it is not determined:
 * both are finite for all finite F. Computed in double precision on every backend.
 * @param matrices F `[B, n, n]`, n from 2 to 4
 * @param options rotation: whether det Q must be 1 (the default)
 * @returns Q `[B, n, n]`
 * @throws RangeError for another shape, or on a backend whose memory is not in this process
 */
export function polarFactor(
  runtime: Pick<Runtime, 'tf'>,
  matrices: Tensor,
  { rotation = true }: { readonly rotation?: boolean } = {},
): Tensor {
  const [, n, columns] = matrices.shape;
  if (matrices.rank !== 3 || n !== columns || n! < 2 || n! > 4) {
    throw new RangeError(`polarFactor takes matrices [B, n, n] with n from 2 to 4, not [${matrices.shape}]`);
  }
  const { tf } = runtime;
  register(tf);
  return run(tf, name, { x: matrices }, { rotation });
}

function run(tf: TensorLibrary, kernel: string, inputs: Record<string, Tensor>, attrs: NamedAttrMap): Tensor {
  return tf.engine().runKernel(kernel, inputs, attrs) as Tensor;
}

const register = hostOperation('polarFactor', { [name]: forward, [derivativeName]: derivative }, (tf) => [
  {
    kernelName: name,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => run(tf, derivativeName, { x: x!, dx: dy as Tensor }, attrs),
    }),
  },
  {
    kernelName: derivativeName,
    inputsToSave: ['x', 'dx'],
    gradFunc: (dy, [x, dx], attrs) => {
      const of = (change: Tensor): Tensor => run(tf, derivativeName, { x: x!, dx: change }, attrs);
      // The map is its own adjoint in dx.
      return {
        x: () => second(tf, x!, dx!, dy as Tensor, run(tf, name, { x: x! }, attrs), of),
        dx: () => of(dy as Tensor),
      };
    },
  },
]);

/**
 * The gradient by F of <K, H(F, G)>, H being the derivative. H(F, G) = Q X with X P + P X = Q^T G - G^T Q and P = Q^T F; varying this equation, and with Y that
 * solves it for half of K, gives H(F, K X^T - 2 G Y + F S) + Q S with S = X Y + Y X.
 */
function second(
  tf: TensorLibrary,
  f: Tensor,
  g: Tensor,
  k: Tensor,
  q: Tensor,
  of: (change: Tensor) => Tensor,
): Tensor {
  const x = tf.matMul(q, of(g), true);
  const y = tf.mul(tf.matMul(q, of(k), true), 0.5);
  const s = tf.add(tf.matMul(x, y), tf.matMul(y, x));
  const throughQ = tf.add(tf.sub(tf.matMul(k, x, false, true), tf.mul(tf.matMul(g, y), 2)), tf.matMul(f, s));
  return tf.add(of(throughQ), tf.matMul(q, s));
}

/** About six sweeps over pairs of columns, 14 n operations each, and the product; n^2 numbers are read and written. */
export function polarFactorCost(count: number, n: number, precision: Precision): Cost {
  const pairs = (n * (n - 1)) / 2;
  return { flops: count * (6 * pairs * 14 * n + 2 * n ** 3), bytes: count * 2 * n * n * bytesOf[precision] };
}
