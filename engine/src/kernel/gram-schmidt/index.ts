/** Orthonormal rows of small matrices by Gram-Schmidt, in double precision on every backend. Differentiable to any order. */
import type { HostKernel } from '../../tensor/fixes/host-kernel.ts';
import type { Precision, Runtime, Tensor, TensorLibrary } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { hostOperation } from '../on-host.ts';

const name = 'NoetherGramSchmidt';

/** What is left of a row, as a share of it, below which it is taken to depend on those before it. */
const least = 2 ** -44;

/** Row i of the result: row i of Q `[k, n]`, and row i of L `[k, k]`, A = L Q. */
const forward: HostKernel = ({ x }) => {
  const [count, k, n] = x!.shape as [number, number, number];
  const width = n + k;
  return {
    shape: [count, k, width],
    dtype: 'float32',
    reads: [x!],
    run(out, data) {
      // In double precision whatever the tensors hold.
      const [q, l] = [new Float64Array(k * n), new Float64Array(k * k)];
      for (let b = 0; b < count; b++) {
        for (let i = 0; i < k * n; i++) q[i] = data![b * k * n + i]!;
        orthonormalRows(q, l, k, n);
        for (let i = 0; i < k; i++) {
          const row = (b * k + i) * width;
          for (let j = 0; j < n; j++) out[row + j] = q[i * n + j]!;
          for (let j = 0; j < k; j++) out[row + n + j] = l[i * k + j]!;
        }
      }
    },
  };
};

/** A = L Q in place of A. Each row is freed of those before it twice, which is enough (Giraud et al. 2005). */
function orthonormalRows(q: Float64Array, l: Float64Array, k: number, n: number): void {
  l.fill(0);
  for (let i = 0; i < k; i++) {
    const length = norm(q, i, n);
    for (let time = 0; time < 2; time++) {
      for (let j = 0; j < i; j++) {
        let along = 0;
        for (let c = 0; c < n; c++) along += q[i * n + c]! * q[j * n + c]!;
        l[i * k + j]! += along;
        for (let c = 0; c < n; c++) q[i * n + c]! -= along * q[j * n + c]!;
      }
    }
    const left = norm(q, i, n);
    const isDependent = left <= least * length;
    l[i * k + i] = isDependent ? 0 : left;
    for (let c = 0; c < n; c++) q[i * n + c] = isDependent ? 0 : q[i * n + c]! / left;
  }
}

function norm(q: Float64Array, row: number, n: number): number {
  let largest = 0;
  for (let c = 0; c < n; c++) largest = Math.max(largest, Math.abs(q[row * n + c]!));
  if (!(largest > 0)) return largest;
  let sum = 0;
  for (let c = 0; c < n; c++) sum += (q[row * n + c]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/**
 * Rows q_i with q_i . q_j = delta_ij that span, for each i, what the first i rows of A span, and q_i . a_i > 0. A row that depends on those before
 * it (to about 1e-13 of its length) becomes zero, and passes no gradient on.
 * @param rows A `[B, k, n]`, k <= n <= 4
 * @returns Q `[B, k, n]`
 * @throws RangeError for another shape, or on a backend whose memory is not in this process
 */
export function gramSchmidt(runtime: Pick<Runtime, 'tf'>, rows: Tensor): Tensor {
  const [, k, n] = rows.shape;
  if (rows.rank !== 3 || n! > 4 || k! > n! || k! < 1) {
    throw new RangeError(`gramSchmidt takes rows [B, k, n] with k <= n <= 4, not [${rows.shape}]`);
  }
  register(runtime.tf);
  return parts(runtime.tf, run(runtime.tf, rows))[0];
}

function run(tf: TensorLibrary, x: Tensor): Tensor {
  return tf.engine().runKernel(name, { x }) as Tensor;
}

function parts(tf: TensorLibrary, packed: Tensor): [Tensor, Tensor] {
  const [, k, width] = packed.shape as [number, number, number];
  return tf.split(packed, [width - k, k], 2) as [Tensor, Tensor];
}

const register = hostOperation('gramSchmidt', { [name]: forward }, (tf) => [
  {
    kernelName: name,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const [q, l] = parts(tf, run(tf, x!));
        return gradient(tf, q, l, ...parts(tf, dy as Tensor));
      },
    }),
  },
]);

/** L^-T (dQ + sym(L^T dL - dQ Q^T) Q), sym(M) being symmetric with the lower triangle of M (Walter and Lehmann 2010; Liao et al. 2019 for rows). */
function gradient(tf: TensorLibrary, q: Tensor, l: Tensor, dq: Tensor, dl: Tensor): Tensor {
  const k = l.shape[1]!;
  const lower = tf.tensor2d(
    Array.from({ length: k * k }, (_, i) => (Math.floor(i / k) >= i % k ? 1 : 0)),
    [k, k],
  );
  const strict = tf.sub(lower, tf.eye(k));
  const m = tf.sub(tf.matMul(l, tf.mul(dl, lower), true), tf.matMul(dq, q, false, true));
  const below = tf.mul(m, strict);
  const symmetric = tf.add(tf.mul(m, tf.eye(k)), tf.add(below, tf.transpose(below, [0, 2, 1])));
  const whole = tf.add(dq, tf.matMul(symmetric, q));
  // Back substitution by rows, the last first: L^T X = whole.
  const rows = tf.unstack(whole, 1);
  const entries = tf.unstack(l, 1).map((row) => tf.split(row, k, 1) as Tensor[]);
  const solved: Tensor[] = [];
  for (let i = k - 1; i >= 0; i--) {
    let row = rows[i]!;
    for (let j = i + 1; j < k; j++) row = tf.sub(row, tf.mul(entries[j]![i]!, solved[j]!));
    const pivot = entries[i]![i]!;
    const isThere = tf.greater(pivot, 0);
    solved[i] = tf.where(
      tf.tile(isThere, [1, row.shape[1]!]),
      tf.div(row, tf.where(isThere, pivot, tf.onesLike(pivot))),
      tf.zerosLike(row),
    );
  }
  return tf.stack(solved, 1);
}

/** Twice 4 n operations for each pair of rows; k n numbers are read, k (n + k) written. */
export function gramSchmidtCost(count: number, k: number, n: number, precision: Precision): Cost {
  return {
    flops: count * (4 * n * k * (k - 1) + 3 * n * k),
    bytes: count * k * (2 * n + k) * bytesOf[precision],
  };
}
