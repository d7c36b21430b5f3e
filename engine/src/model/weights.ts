/** Names, shapes and starting values of a network's weights, whatever the network. Pure data. */
import { type NdArray, sizeOf } from '../tensor/array.ts';

/** Weights and constants by official name. */
export type WeightArrays = Readonly<Record<string, NdArray>>;

/**
 * How a weight starts out: PyTorch's Linear default over `fanIn` inputs, times `gain`, a constant, or normal with a mean of 0.
 */
export type Start =
  | { readonly fanIn: number; readonly gain?: number }
  | { readonly constant: number }
  | { readonly deviation: number };

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
}

/** Number of numbers. */
export function weightCount(specs: readonly WeightSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** A linear layer's weight [out, in] and bias [out]: y = x W^T + b. */
export function linearSpecs(
  name: string,
  inputs: number,
  outputs: number,
  { bias = true, gain }: { readonly bias?: boolean; readonly gain?: number } = {},
): WeightSpec[] {
  const start = { fanIn: inputs, ...(gain === undefined ? {} : { gain }) };
  const weight: WeightSpec = { name: `${name}.weight`, shape: [outputs, inputs], start };
  return bias ? [weight, { name: `${name}.bias`, shape: [outputs], start }] : [weight];
}

export function constantSpec(name: string, shape: readonly number[], value: number): WeightSpec {
  return { name, shape, start: { constant: value } };
}
