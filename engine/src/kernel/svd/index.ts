/** Singular value decompositions of small matrices, in double precision on every backend. Differentiable to any order. */
import type { HostKernel } from '../../tensor/fixes/host-kernel.ts';
import type { Precision, Runtime, Tensor, TensorLibrary } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { decompose, room } from '../jacobi.ts';
import { hostOperation } from '../on-host.ts';

const name = 'NoetherSvd';

export interface Decomposition<T = Tensor> {
  /** `[B, n, n]`, orthogonal. */
  readonly u: T;
  /** `[B, n]`, falling, not negative. */
  readonly s: T;
  /** `[B, n, n]`, orthogonal: F = U diag(s) V^T. */
  readonly v: T;
}

const rooms = [0, 1, 2, 3, 4].map(room);

/** Row i of the result: row i of U, s_i, row i of V. */
const forward: HostKernel = ({ x }) => {
  const [count, n] = x!.shape as [number, number];
  const width = 2 * n + 1;
  return {
    shape: [count, n, width],
    dtype: 'float32',
    reads: [x!],
    run(out, data) {
      const svd = rooms[n]!;
      const { u, s, v } = svd;
      for (let b = 0; b < count; b++) {
        let scale = 0;
        for (let i = 0; i < n * n; i++) scale = Math.max(scale, Math.abs(data![b * n * n + i]!));
        const isNumber = Number.isFinite(scale);
        // Rotations of what is no number would end as unit vectors.
        if (isNumber) {
          for (let i = 0; i < n * n; i++) u[i] = data![b * n * n + i]! / (scale || 1);
          decompose(svd);
        } else for (const part of [u, s, v]) part.fill(Number.NaN);
        for (let i = 0; i < n; i++) {
          const row = (b * n + i) * width;
          for (let j = 0; j < n; j++) {
            out[row + j] = u[i * n + j]!;
            out[row + n + 1 + j] = v[i * n + j]!;
          }
          out[row + n] = isNumber ? s[i]! * scale : Number.NaN;
        }
      }
    },
  };
};

/**
 * F = U diag(s) V^T by one-sided Jacobi rotations (Hestenes 1958). Columns of U and V are unique up to a sign that they share, where singular
 * values differ. Where some coincide they are one choice of many: the gradient leaves out what would mix them, which is right for whatever does
 * not depend on the choice. Singular values of zero: their columns of U are unit vectors that fit, and their own gradient is that of the choice.
 * @param matrices F `[B, n, n]`, n from 2 to 4
 * @throws RangeError for another shape, or on a backend whose memory is not in this process
 */
export function svd(runtime: Pick<Runtime, 'tf'>, matrices: Tensor): Decomposition {
  const [, n, columns] = matrices.shape;
  if (matrices.rank !== 3 || n !== columns || n! < 2 || n! > 4) {
    throw new RangeError(`svd takes matrices [B, n, n] with n from 2 to 4, not [${matrices.shape}]`);
  }
  register(runtime.tf);
  return unpacked(runtime.tf, run(runtime.tf, matrices));
}

function run(tf: TensorLibrary, x: Tensor): Tensor {
  return tf.engine().runKernel(name, { x }) as Tensor;
}

function unpacked(tf: TensorLibrary, packed: Tensor): Decomposition {
  const n = packed.shape[1]!;
  const [u, s, v] = tf.split(packed, [n, 1, n], 2) as [Tensor, Tensor, Tensor];
  return { u, s: tf.squeeze(s, [2]), v };
}

const register = hostOperation('svd', { [name]: forward }, (tf) => [
  {
    kernelName: name,
    inputsToSave: ['x'],
    // Made anew from x, so that a gradient of this gradient sees how it depends on x.
    gradFunc: (dy, [x]) => ({
      x: () => gradient(tf, unpacked(tf, run(tf, x!)), unpacked(tf, dy as Tensor)),
    }),
  },
]);

/**
 * U (skew(U^T dU) o E S + S skew(V^T dV) o E + diag(ds)) V^T with skew(A) = A - A^T and E_ij = 1 / (s_j^2 - s_i^2), zero where the two coincide to
 * rounding (Townsend 2016, equation 43, of square matrices).
 */
function gradient(tf: TensorLibrary, { u, s, v }: Decomposition, d: Decomposition): Tensor {
  const skew = (a: Tensor): Tensor => tf.sub(a, tf.transpose(a, [0, 2, 1]));
  const [rows, columns] = [tf.expandDims(s, 2), tf.expandDims(s, 1)];
  // As a product, which keeps the digits of values that are close together.
  const difference = tf.mul(tf.sub(columns, rows), tf.add(columns, rows));
  const least = tf.mul(tf.square(tf.max(columns, 2, true)), 2 ** -48);
  const isApart = tf.greater(tf.abs(difference), least);
  const inverse = tf.where(isApart, tf.div(1, tf.where(isApart, difference, tf.onesLike(difference))), 0);
  const left = tf.mul(tf.mul(skew(tf.matMul(u, d.u, true)), inverse), columns);
  const right = tf.mul(rows, tf.mul(skew(tf.matMul(v, d.v, true)), inverse));
  const middle = tf.add(tf.add(left, right), tf.mul(tf.eye(s.shape[1]!), tf.expandDims(d.s, 1)));
  return tf.matMul(tf.matMul(u, middle), v, false, true);
}

/** About six sweeps over pairs of columns, 14 n operations each; n^2 numbers are read, n (2 n + 1) written. */
export function svdCost(count: number, n: number, precision: Precision): Cost {
  const pairs = (n * (n - 1)) / 2;
  return { flops: count * 6 * pairs * 14 * n, bytes: count * n * (3 * n + 1) * bytesOf[precision] };
}
