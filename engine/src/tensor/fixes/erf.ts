/** The error function to the last digits of a double; the library's is a formula good to seven. */
import type { TensorLibrary } from '../runtime.ts';
import { type HostBackend, type HostData, registerHostKernel } from './host-kernel.ts';

const step = 1 / 16;
const nodes = 97;
const terms = 10;

/** Beyond the last node, 1 - erf(x) is less than 2.2e-17, half of a double's last digit at 1. */
const saturation = (nodes - 1) * step;

/** Taylor coefficients of erf at node i * step, `terms` for each node. */
const table = taylorTable();

/**
 * erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, by the Taylor polynomial at the nearest node of a
 * grid. Error below 3e-16, also relative to erf(x) near 0. NaN gives NaN.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude >= saturation) return x > 0 ? 1 : -1;
  if (Number.isNaN(x)) return x;
  const node = Math.round(magnitude / step);
  const distance = magnitude - node * step;
  const first = node * terms;
  let value = table[first + terms - 1]!;
  for (let k = terms - 2; k >= 0; k--) value = value * distance + table[first + k]!;
  return x < 0 ? -value : value;
}

/** Puts this erf in the place of the library's on one backend. */
export function fixErf(tf: TensorLibrary, backend: HostBackend): void {
  registerHostKernel(tf, backend, 'Erf', ({ x }) => {
    if (x?.dtype !== 'float32') return undefined;
    return { shape: x.shape, dtype: x.dtype, reads: [x], run: (out, data) => erfLoop(out, data!) };
  });
}

function erfLoop(out: HostData, x: HostData): void {
  for (let i = 0; i < out.length; i++) out[i] = erf(x[i]!);
}

function taylorTable(): Float64Array {
  const result = new Float64Array(nodes * terms);
  for (let i = 0; i < nodes; i++) {
    const x = i * step;
    result[i * terms] = erfSeries(x);
    // The n-th derivative of exp(-x^2) is (-1)^n H_n(x) exp(-x^2), with H_{n+1} = 2 x H_n - 2 n H_{n-1}.
    let factor = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    let hermite = 1;
    let before = 0;
    for (let n = 0; n + 1 < terms; n++) {
      factor /= n + 1;
      result[i * terms + n + 1] = factor * hermite * (n % 2 === 0 ? 1 : -1);
      [hermite, before] = [2 * x * hermite - 2 * n * before, hermite];
    }
  }
  return result;
}

/**
 * Small x: erf(x) = 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms are all positive (DLMF 7.6.2).
 * Large x: 1 - erfc(x) with the continued fraction of erfc (DLMF 7.9.1), from the inside out.
 */
function erfSeries(x: number): number {
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-18; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return 1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
