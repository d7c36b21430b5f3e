/**
 * The random perceptron behind a structural causal model: all its draws as plain arrays, and what a table reads from it.
 * EquiTabPFN (Arbel et al. 2025, arXiv 2502.06684) trains on tables of this kind, as TabPFN (Hollmann et al. 2023) did.
 */

export type Activation = 'tanh' | 'identity' | 'relu';

/** y = W x + b, weight [outputs, inputs] row-major. */
export interface Affine {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** All random numbers of one table. */
export interface NetworkDraws {
  readonly rows: number;
  readonly activation: Activation;
  /** [rows, inputs of the first map] */
  readonly causes: ArrayLike<number>;
  /** The first map has neither activation nor noise. */
  readonly first: Affine;
  /** Activation, map, then noise [rows, outputs] that is scaled already. */
  readonly stages: readonly { readonly map: Affine; readonly noise: ArrayLike<number> }[];
  readonly readout: Readout;
  /** Features are shifted cyclically: feature i is the unrotated feature (i + rotation) mod p. */
  readonly rotation: number;
}

export type Readout =
  /** Features are the causes, the target is the last stage's only unit. */
  | { readonly kind: 'regression' }
  /** Numbers of units among all stages' outputs side by side. */
  | { readonly kind: 'causal'; readonly features: readonly number[]; readonly target: number };

/** A table with a real target. */
export interface RealTable {
  /** Features. */
  readonly features: number;
  /** [rows, features] */
  readonly x: Float64Array;
  /** [rows] */
  readonly y: Float64Array;
}

/** Runs the network and reads the table from it. */
export function tableOf(draws: NetworkDraws): RealTable {
  const { rows, causes, first, stages, readout, rotation } = draws;
  let hidden: ArrayLike<number> = affine(rows, causes, first);
  const outputs: Float64Array[] = [];
  for (const { map, noise } of stages) {
    const next = affine(rows, activated(hidden, draws.activation), map);
    for (let i = 0; i < next.length; i++) next[i]! += noise[i]!;
    outputs.push(next);
    hidden = next;
  }
  if (readout.kind === 'regression') {
    return { ...rotated(rows, first.inputs, causes, rotation), y: outputs.at(-1)! };
  }
  const widths = stages.map(({ map }) => map.outputs);
  const unit = (row: number, index: number): number => {
    let at = index;
    for (const [stage, width] of widths.entries()) {
      if (at < width) return outputs[stage]![row * width + at]!;
      at -= width;
    }
    throw new RangeError(`unit ${index} of ${widths.reduce((a, b) => a + b, 0)}`);
  };
  const p = readout.features.length;
  const x = new Float64Array(rows * p);
  const y = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    readout.features.forEach((index, i) => {
      x[row * p + i] = unit(row, index);
    });
    y[row] = unit(row, readout.target);
  }
  return { ...rotated(rows, p, x, rotation), y };
}

function affine(rows: number, x: ArrayLike<number>, { inputs, outputs, weight, bias }: Affine): Float64Array {
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let out = 0; out < outputs; out++) {
      let sum = bias[out]!;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * weight[out * inputs + i]!;
      y[row * outputs + out] = sum;
    }
  }
  return y;
}

function activated(x: ArrayLike<number>, activation: Activation): ArrayLike<number> {
  if (activation === 'identity') return x;
  const f = activation === 'tanh' ? Math.tanh : (value: number) => Math.max(value, 0);
  return Float64Array.from(x, f);
}

function rotated(
  rows: number,
  p: number,
  x: ArrayLike<number>,
  by: number,
): Pick<RealTable, 'features' | 'x'> {
  const turned = new Float64Array(rows * p);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < p; i++) turned[row * p + i] = x[row * p + ((i + by) % p)]!;
  }
  return { features: p, x: turned };
}
