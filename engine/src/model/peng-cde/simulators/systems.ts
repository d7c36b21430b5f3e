/** Dynamics on graphs: what changes at a node, from its own state and its neighbours'. On the host in double precision. Pure. */

/** dx/dt of every node. @param matrix [n, n], row i holds what i receives @param x [n, channels] @returns [n, channels] */
export type System = (matrix: Float64Array, x: Float64Array) => Float64Array;

/** Where official simulators differ from the model that they cite: `official` repeats them, for comparison with stored runs. */
export type Version = 'intended' | 'official';

/** Heat: dx_i = k sum_j A_ij (x_j - x_i). */
export function heat({ k = 1 }: { readonly k?: number } = {}): System {
  return (matrix, x) => {
    const n = x.length;
    return x.map((own, i) => k * sumOver(n, (j) => matrix[i * n + j]! * (x[j]! - own)));
  };
}

/**
 * Gene regulation by Michaelis-Menten kinetics: dx_i = -b x_i^f + sum_j A_ij x_j^h / (x_j^h + 1), f = 1, h = 2 (Gao et al. 2016). The
 * official code has the node's own x_i in the denominator.
 */
export function gene({
  b = 1,
  version = 'intended',
}: {
  readonly b?: number;
  readonly version?: Version;
} = {}): System {
  return (matrix, x) => {
    const n = x.length;
    return x.map((own, i) => {
      const heard = sumOver(n, (j) => {
        const square = x[j]! ** 2;
        return (matrix[i * n + j]! * square) / ((version === 'official' ? own ** 2 : square) + 1);
      });
      return -b * own + heard;
    });
  };
}

export interface Mutualism {
  readonly b: number;
  readonly k: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly h: number;
}

/** Growth b, capacity k, Allee threshold c; saturation d, e, h. */
export const mutualism: Mutualism = { b: 0.1, k: 5, c: 1, d: 5, e: 0.9, h: 0.1 };

/**
 * Mutualism in ecology: dx_i = b + x_i (1 - x_i / k) (x_i / c - 1) + sum_j A_ij x_i x_j / (d + e x_i + h x_j) (Gao et al. 2016). The
 * official code exchanges e and h.
 */
export function mutualistic(constants: Mutualism = mutualism, version: Version = 'intended'): System {
  const { b, k, c, d } = constants;
  const [e, h] = version === 'official' ? [constants.h, constants.e] : [constants.e, constants.h];
  return (matrix, x) => {
    const n = x.length;
    return x.map((own, i) => {
      const heard = sumOver(n, (j) => (matrix[i * n + j]! * own * x[j]!) / (d + e * own + h * x[j]!));
      return b + own * (1 - own / k) * (own / c - 1) + heard;
    });
  };
}

/**
 * SIR on a network: dS_i = -beta S_i sum_j A_ij I_j, dI_i = -dS_i - gamma I_i, dR_i = gamma I_i; shares of a node's people. The official
 * generator hands beta and gamma over in exchanged places.
 */
export function sir({ beta, gamma }: { readonly beta: number; readonly gamma: number }): System {
  return (matrix, x) => {
    const n = x.length / 3;
    const slope = new Float64Array(x.length);
    for (let i = 0; i < n; i++) {
      const infections = beta * x[3 * i]! * sumOver(n, (j) => matrix[i * n + j]! * x[3 * j + 1]!);
      const recoveries = gamma * x[3 * i + 1]!;
      slope.set([-infections, infections - recoveries, recoveries], 3 * i);
    }
    return slope;
  };
}

function sumOver(n: number, term: (j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += term(j);
  return sum;
}
