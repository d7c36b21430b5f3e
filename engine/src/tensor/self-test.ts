/** A computation whose result is known, before anything is entrusted to a backend. */
import { firstLine } from './ladder.ts';
import type { Tensor, TensorLibrary } from './runtime.ts';

/** Loosest right answer: software renderers take sines to 2e-4. */
const tolerance = 1e-3;

/**
 * Matrix product, exponential, sine, sum and gather on the backend `name`: one sentence on what is wrong, or undefined.
 * The sizes are above those that the library computes on the host. Leaves the selected backend as it was.
 */
export async function selfTest(tf: TensorLibrary, name: string): Promise<string | undefined> {
  const active = tf.engine().backendName;
  await tf.setBackend(name);
  const size = 40;
  const values = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  let result: Tensor | undefined;
  try {
    // On a host it is computed at once, and may fail here already.
    result = tf.tidy(() => {
      const a = tf.tensor2d(values, [size, size]);
      const product = tf.matMul(a, a, false, true);
      return tf.sum(tf.mul(tf.exp(tf.sin(tf.gather(a, tf.range(0, size, 1, 'int32')))), product), 1);
    });
    const found = await result.data();
    const worst = found.findIndex(
      (value, row) => !(Math.abs(value - expected(values, size, row)) < tolerance * size),
    );
    if (worst < 0) return undefined;
    return `it computes wrongly: ${found[worst]} instead of ${expected(values, size, worst).toFixed(4)}`;
  } catch (error) {
    return `it fails a small computation: ${firstLine(error)}`;
  } finally {
    result?.dispose();
    if (active && active !== name) await tf.setBackend(active);
  }
}

function expected(a: Float32Array, size: number, row: number): number {
  let sum = 0;
  for (let j = 0; j < size; j++) {
    let product = 0;
    for (let k = 0; k < size; k++) product += a[row * size + k]! * a[j * size + k]!;
    sum += Math.exp(Math.sin(a[row * size + j]!)) * product;
  }
  return sum;
}
