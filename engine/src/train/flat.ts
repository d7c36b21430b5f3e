/** All weights as one vector: an optimiser is then a dozen operations, however many weights a network has. */
import { type NdArray, real, sizeOf } from '../tensor/array.ts';
import type { Runtime, Tensor } from '../tensor/runtime.ts';

/** Where the weights lie in the vector: in the order of the names, each row-major. */
export interface Layout {
  readonly names: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  /** Length of the vector. */
  readonly size: number;
}

export function layoutOf(names: readonly string[], weights: Readonly<Record<string, NdArray>>): Layout {
  const shapes = names.map((name) => weights[name]!.shape);
  return { names, shapes, size: shapes.reduce((sum, shape) => sum + sizeOf(shape), 0) };
}

/** Host weights to one vector. */
export function flatten({ names, size }: Layout, weights: Readonly<Record<string, NdArray>>): NdArray {
  const data = new Float64Array(size);
  let at = 0;
  for (const name of names) {
    data.set(weights[name]!.data, at);
    at += weights[name]!.data.length;
  }
  return real([size], data);
}

/** One host vector to weights by name; copies. */
export function unflatten({ names, shapes }: Layout, flat: NdArray): Record<string, NdArray> {
  let at = 0;
  return Object.fromEntries(
    names.map((name, i) => {
      const length = sizeOf(shapes[i]!);
      const data = (flat.data as Float64Array).slice(at, at + length);
      at += length;
      return [name, real(shapes[i]!, data)];
    }),
  );
}

/** The weights of a vector on the device, in the layout's order. The caller disposes of them. */
export function views({ tf }: Runtime, { shapes }: Layout, flat: Tensor): Tensor[] {
  return tf.tidy(() => {
    const parts = tf.split(flat, shapes.map(sizeOf));
    return parts.map((part, i) => tf.reshape(part, shapes[i] as number[]));
  });
}

/** Gradients by weight to one vector. */
export function joined({ tf }: Runtime, parts: readonly Tensor[]): Tensor {
  return tf.tidy(() => tf.concat(parts.map((part) => tf.reshape(part, [-1]))));
}
