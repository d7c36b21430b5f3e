/**
 * Real spherical harmonics in e3nn's convention: polar axis y, degree 1 = (x, y, z), components m = -l..l, no
 * Condon-Shortley sign. Float64 on the host; for tests, for readers of data, and as the reference of model code.
 */
import { Fault } from '../fault.ts';
import { type NdArray, real } from '../tensor/array.ts';
import { largestDegree } from './irreps.ts';

export interface SphericalHarmonicsOptions {
  /** Take the harmonics of v/|v| (a zero vector has 0 above degree 0); else of v, growing as |v|^l. */
  readonly normalize: boolean;
  /** For unit vectors |Y_l|^2 is 1 (`norm`), 2l + 1 (`component`) or (2l + 1)/(4 pi) (`integral`), as in e3nn. */
  readonly normalization: 'norm' | 'component' | 'integral';
}

/**
 * Y_0 .. Y_maxDegree of vectors [..., 3] as [..., (maxDegree + 1)^2]; degree l is at l^2 .. (l+1)^2 - 1.
 * @throws Fault `spec/irreps-degree` outside degrees 0 to 6, `data/wrong-shape` when the last axis is not 3 long.
 */
export function sphericalHarmonics(
  vectors: NdArray,
  maxDegree: number,
  { normalize, normalization }: SphericalHarmonicsOptions,
): NdArray {
  if (!Number.isInteger(maxDegree) || maxDegree < 0 || maxDegree > largestDegree) {
    throw new Fault({
      code: 'spec/irreps-degree',
      message: `Spherical harmonics have degrees from 0 to ${largestDegree}, not ${maxDegree}`,
      expected: `an integer from 0 to ${largestDegree}`,
      found: String(maxDegree),
      advice: `Use a degree up to ${largestDegree}.`,
    });
  }
  if (vectors.shape.at(-1) !== 3) {
    throw new Fault({
      code: 'data/wrong-shape',
      message: `Spherical harmonics need vectors of 3 numbers, not an array of shape [${vectors.shape.join(', ')}]`,
      expected: 'a last axis of length 3',
      found: `[${vectors.shape.join(', ')}]`,
      advice: 'Give vectors in space.',
    });
  }
  const width = (maxDegree + 1) ** 2;
  const count = vectors.data.length / 3;
  const out = new Float64Array(count * width);
  const factors = componentFactors(maxDegree, normalization);
  for (let i = 0; i < count; i++) {
    let x = vectors.data[3 * i]!;
    let y = vectors.data[3 * i + 1]!;
    let z = vectors.data[3 * i + 2]!;
    if (normalize) {
      const r = Math.hypot(x, y, z);
      if (r > 0) {
        x /= r;
        y /= r;
        z /= r;
      }
    }
    writeHarmonics(x, y, z, maxDegree, factors, out, i * width);
  }
  return real([...vectors.shape.slice(0, -1), width], out);
}

/**
 * Solid harmonics of one vector. For each order m: (z + i x)^m gives the two azimuthal parts, and the polar part
 * follows the recursion of the associated Legendre polynomials, written without a division by r or by sin.
 */
function writeHarmonics(
  x: number,
  y: number,
  z: number,
  maxDegree: number,
  factors: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  const rr = x * x + y * y + z * z;
  let cosine = 1;
  let sine = 0;
  let diagonal = 1;
  for (let m = 0; m <= maxDegree; m++) {
    let below = 0;
    let polar = diagonal;
    for (let l = m; l <= maxDegree; l++) {
      const middle = offset + l * l + l;
      const factor = factors[l * l + l + m]!;
      out[middle + m] = factor * polar * cosine;
      if (m > 0) out[middle - m] = factor * polar * sine;
      const next = ((2 * l + 1) * y * polar - (l + m) * rr * below) / (l + 1 - m);
      below = polar;
      polar = next;
    }
    diagonal *= 2 * m + 1;
    [cosine, sine] = [cosine * z - sine * x, cosine * x + sine * z];
  }
}

/** At l^2 + l + m for m >= 0: sqrt(2 (l-m)!/(l+m)!), without the 2 at m = 0, times the normalisation. */
function componentFactors(
  maxDegree: number,
  normalization: SphericalHarmonicsOptions['normalization'],
): Float64Array {
  const factors = new Float64Array((maxDegree + 1) ** 2);
  for (let l = 0; l <= maxDegree; l++) {
    const size = 2 * l + 1;
    const squared =
      normalization === 'norm' ? 1 : normalization === 'component' ? size : size / (4 * Math.PI);
    let ratio = 1;
    for (let m = 0; m <= l; m++) {
      if (m > 0) ratio /= (l + m) * (l - m + 1);
      factors[l * l + l + m] = Math.sqrt(squared * ratio * (m > 0 ? 2 : 1));
    }
  }
  return factors;
}
