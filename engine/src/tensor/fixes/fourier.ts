/** The discrete Fourier transform of rows of complex numbers, in double precision. */

/**
 * y_k = sum over j of x_j exp(-2 pi i j k / n), in place; with a plus and divided by n when `inverse`. Lengths that are no
 * power of two go by Bluestein's chirp (IEEE Trans. Audio Electroacoust. 18, 1970).
 */
export function fourier(re: Float64Array, im: Float64Array, inverse: boolean): void {
  const n = re.length;
  // The inverse is the transform with real and imaginary parts exchanged, divided by n.
  const [a, b] = inverse ? [im, re] : [re, im];
  if ((n & (n - 1)) === 0) powerOfTwo(a, b);
  else bluestein(a, b);
  if (inverse) {
    for (let i = 0; i < n; i++) {
      re[i]! /= n;
      im[i]! /= n;
    }
  }
}

/** Radix two, entries first brought into the order of their reversed bits. */
function powerOfTwo(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let half = 1; half < n; half *= 2) {
    for (let k = 0; k < half; k++) {
      const angle = (-Math.PI * k) / half;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      for (let i = k; i < n; i += 2 * half) {
        const j = i + half;
        const x = c * re[j]! - s * im[j]!;
        const y = c * im[j]! + s * re[j]!;
        re[j] = re[i]! - x;
        im[j] = im[i]! - y;
        re[i]! += x;
        im[i]! += y;
      }
    }
  }
}

/** j k = (j^2 + k^2 - (k - j)^2) / 2 makes the transform a convolution, which transforms of a power of two do. */
function bluestein(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  let size = 1;
  while (size < 2 * n - 1) size *= 2;
  const [cosine, sine] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    // The angle repeats after 2n, and a small argument keeps its digits.
    const angle = (Math.PI * ((i * i) % (2 * n))) / n;
    cosine[i] = Math.cos(angle);
    sine[i] = Math.sin(angle);
  }
  const [ar, ai, br, bi] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < n; i++) {
    ar[i] = re[i]! * cosine[i]! + im[i]! * sine[i]!;
    ai[i] = im[i]! * cosine[i]! - re[i]! * sine[i]!;
    const mirrored = (size - i) % size;
    br[i] = br[mirrored] = cosine[i]!;
    bi[i] = bi[mirrored] = sine[i]!;
  }
  powerOfTwo(ar, ai);
  powerOfTwo(br, bi);
  for (let i = 0; i < size; i++) {
    const x = ar[i]! * br[i]! - ai[i]! * bi[i]!;
    ai[i] = ar[i]! * bi[i]! + ai[i]! * br[i]!;
    ar[i] = x;
  }
  fourier(ar, ai, true);
  for (let i = 0; i < n; i++) {
    re[i] = ar[i]! * cosine[i]! + ai[i]! * sine[i]!;
    im[i] = ai[i]! * cosine[i]! - ar[i]! * sine[i]!;
  }
}
