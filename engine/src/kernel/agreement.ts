/** How well a backend's kernels agree with their references in float64, for tests. */
import type { NdArray } from '../tensor/array.ts';
import { isReal, openRuntime, type Random, type Runtime, real, type Tensor } from '../tensor/index.ts';

/** An operation as a caller sees it. */
export type Call = (runtime: Runtime, inputs: readonly Tensor[]) => Tensor;

/** Largest differences over the largest entry: of the result, of each real input's gradient, and of its second one. */
export interface Agreement {
  readonly value: number;
  readonly gradients: readonly number[];
  readonly second: readonly number[];
}

/**
 * Runs an operation on a float32 runtime and on the twin. Gradients are those of the result's sum with fixed weights,
 * second ones (where `twice`) of the gradients' sum with fixed weights.
 */
export async function agreement(
  runtime: Runtime,
  call: Call,
  inputs: readonly NdArray[],
  twice = true,
): Promise<Agreement> {
  const twin = await openRuntime({ precision: 'float64' });
  const found = await results(runtime, call, inputs, twice);
  const expected = await results(twin, call, inputs, twice);
  const differences = (kind: 'value' | 'gradients' | 'second') =>
    expected[kind].map((array, i) => difference(found[kind][i]!, array));
  return {
    value: differences('value')[0]!,
    gradients: differences('gradients'),
    second: differences('second'),
  };
}

/** The worst number of an agreement. */
export function worst({ value, gradients, second }: Agreement): number {
  return Math.max(value, ...gradients, ...second);
}

/** Normal numbers that float32 holds exactly. */
export function normals(random: Random, ...shape: number[]): NdArray {
  const size = shape.reduce((product, n) => product * n, 1);
  return real(
    shape,
    Float64Array.from({ length: size }, () => Math.fround(random.normal())),
  );
}

interface Results {
  readonly value: NdArray[];
  readonly gradients: NdArray[];
  readonly second: NdArray[];
}

async function results(
  runtime: Runtime,
  call: Call,
  inputs: readonly NdArray[],
  twice: boolean,
): Promise<Results> {
  const { tf, tensor, array } = runtime;
  const tensors = inputs.map((input) => tensor(input));
  const places = inputs.flatMap((input, i) => (isReal(input) ? [i] : []));
  const at = (reals: readonly Tensor[]) => {
    const all = [...tensors];
    places.forEach((place, i) => {
      all[place] = reals[i]!;
    });
    return call(runtime, all);
  };
  const reals = places.map((place) => tensors[place]!);
  const weighed = (ys: readonly Tensor[]): Tensor =>
    ys.map((y, i) => tf.sum(tf.mul(y, tensor(weights(y.shape, i))))).reduce((a, b) => tf.add(a, b));
  const first = (xs: readonly Tensor[]) => tf.grads((...t: Tensor[]) => weighed([at(t)]))([...xs]);
  const all = async (ys: readonly Tensor[]) => Promise.all(ys.map((y) => array(y)));
  return {
    value: await all([tf.tidy(() => at(reals))]),
    gradients: await all(tf.tidy(() => first(reals))),
    second: twice
      ? await all(tf.tidy(() => tf.grads((...t: Tensor[]) => weighed(first(t)))([...reals])))
      : [],
  };
}

/** Fixed weights between -1 and 1, exact in float32, none near zero for long. */
function weights(shape: readonly number[], seed: number): NdArray {
  const size = shape.reduce((product, n) => product * n, 1);
  return real(
    shape,
    Float64Array.from({ length: size }, (_, i) => Math.fround(Math.sin(1 + 2.3 * i + seed))),
  );
}

function difference(found: NdArray, expected: NdArray): number {
  if (found.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  const scale = Float64Array.from(expected.data).reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    1e-3,
  );
  let most = 0;
  expected.data.forEach((value, i) => {
    const off = Math.abs(found.data[i]! - value);
    most = off <= most ? most : Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  });
  return most / scale;
}
