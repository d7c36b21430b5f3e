/** Real spherical harmonics in plain operations. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';

export type SphericalHarmonicsAttributes = {
  /** The largest, from 0 to 6. */
  readonly degree: number;
  /** Take the harmonics of v/|v|, else of v, growing as |v|^l. A zero vector has zeros above degree 0. */
  readonly normalize: boolean;
  /** |Y_l|^2 of a unit vector: 1 (`norm`), 2l + 1 (`component`), (2l + 1)/(4 pi) (`integral`). */
  readonly normalization: 'norm' | 'component' | 'integral';
};

/** Added to |v|^2, so that the zero vector has a gradient; 1e-30 is nothing beside any square that float32 adds it to. */
const tiny = 1e-30;

/**
 * Y_0 .. Y_degree in e3nn's convention: polar axis y, degree 1 = (x, y, z), components m = -l..l at l^2 .. (l+1)^2 - 1. For each order m,
 * (z + i x)^m gives the azimuthal parts, and the polar part follows the recursion of the associated Legendre polynomials.
 * @param inputs vectors `[n, 3]`
 * @returns `[n, (degree + 1)^2]`
 */
export function sphericalHarmonicsReference(
  { tf }: Pick<Runtime, 'tf'>,
  [vectors]: readonly Tensor[],
  { degree, normalize, normalization }: SphericalHarmonicsAttributes,
): Tensor {
  const norm = tf.add(tf.sum(tf.square(vectors!), 1, true), tiny);
  const v = normalize ? tf.div(vectors!, tf.sqrt(norm)) : vectors!;
  const [x, y, z] = tf.split(v, 3, 1) as [Tensor, Tensor, Tensor];
  const square: Tensor = tf.sum(tf.square(v), 1, true);
  const columns: Tensor[] = [];
  let cosine: Tensor = tf.onesLike(x);
  let sine: Tensor = tf.zerosLike(x);
  let diagonal = 1;
  for (let m = 0; m <= degree; m++) {
    let below: Tensor = tf.zerosLike(x);
    let polar: Tensor = tf.fill(x.shape, diagonal);
    for (let l = m; l <= degree; l++) {
      const factor = harmonicFactor(l, m, normalization);
      columns[l * l + l + m] = tf.mul(tf.mul(polar, cosine), factor);
      if (m > 0) columns[l * l + l - m] = tf.mul(tf.mul(polar, sine), factor);
      const rise = tf.mul(tf.mul(y, polar), (2 * l + 1) / (l + 1 - m));
      const next: Tensor = tf.sub(rise, tf.mul(tf.mul(square, below), (l + m) / (l + 1 - m)));
      below = polar;
      polar = next;
    }
    diagonal *= 2 * m + 1;
    [cosine, sine] = [tf.sub(tf.mul(cosine, z), tf.mul(sine, x)), tf.add(tf.mul(cosine, x), tf.mul(sine, z))];
  }
  return tf.concat(columns, 1);
}

/** sqrt(2 (l-m)!/(l+m)!), without the 2 at m = 0, times the normalisation. */
export function harmonicFactor(
  l: number,
  m: number,
  normalization: SphericalHarmonicsAttributes['normalization'],
): number {
  const size = 2 * l + 1;
  let squared = normalization === 'norm' ? 1 : normalization === 'component' ? size : size / (4 * Math.PI);
  for (let k = l - m + 1; k <= l + m; k++) squared /= k;
  return Math.sqrt(m > 0 ? 2 * squared : squared);
}
