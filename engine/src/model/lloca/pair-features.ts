/** What the Particle Transformer sees of a pair of particles (Qu, Li and Qian 2022, arXiv 2202.03772, equation 3). */
import { rowsAt } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Layout } from './layout.ts';
import { components, squaredMass } from './lorentz.ts';

/** Pairs of particles of one event, each once, a particle with itself too; and where a padded table finds them. Host data. */
export interface UnorderedPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** [events * most * most]: the pair at each place, 0 where one of the two is padding. */
  readonly table: Int32Array;
}

/** What logarithms are kept away from, as in the official code. */
const least = 1e-8;

export function unorderedPairs({ sizes, most }: Layout): UnorderedPairs {
  const count = sizes.reduce((sum, size) => sum + (size * (size + 1)) / 2, 0);
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const table = new Int32Array(sizes.length * most * most);
  let pair = 0;
  let row = 0;
  sizes.forEach((size, event) => {
    const start = event * most * most;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        first[pair] = row + i;
        second[pair] = row + j;
        table[start + i * most + j] = pair;
        table[start + j * most + i] = pair++;
      }
    }
    row += size;
  });
  return { first, second, table };
}

/**
 * ln m^2, ln kT, ln z and ln Delta of each pair. The momenta are those in the particles' own frames, so that all four are
 * invariants. To be computed in double precision.
 * @param momenta [M, 4]
 * @returns [pairs, 4]
 */
export function pairFeatures(
  runtime: Runtime,
  momenta: Tensor,
  { first, second }: Pick<UnorderedPairs, 'first' | 'second'>,
): Tensor {
  const { tf } = runtime;
  const { pt, rapidity, phi } = cylinder(runtime, momenta);
  const both = (x: Tensor): [Tensor, Tensor] => [rowsAt(runtime, x, first), rowsAt(runtime, x, second)];
  const [p, q] = both(momenta);
  const [pti, ptj] = both(pt);
  const [yi, yj] = both(rapidity);
  const [phii, phij] = both(phi);
  const turn = 2 * Math.PI;
  const apart = tf.add(tf.sub(phii, phij), Math.PI);
  const dphi = tf.sub(tf.sub(apart, tf.mul(tf.floor(tf.div(apart, turn)), turn)), Math.PI);
  const squared = tf.add(tf.square(tf.sub(yi, yj)), tf.square(dphi));
  // The root of 0 has no slope: a particle with itself is kept away from it, far below what the logarithms see.
  const delta = tf.sqrt(tf.maximum(squared, 1e-36));
  const softer = tf.minimum(pti, ptj);
  const logOf = (x: Tensor): Tensor => tf.log(tf.maximum(x, least));
  const columns = [
    logOf(tf.expandDims(squaredMass(runtime, tf.add(p, q)), 1)),
    logOf(tf.mul(softer, delta)),
    logOf(tf.div(softer, tf.maximum(tf.add(pti, ptj), least))),
    logOf(delta),
  ];
  return tf.concat(columns, 1);
}

/** Transverse momentum, rapidity and azimuth, [M, 1] each. */
function cylinder(runtime: Runtime, p: Tensor): Record<'pt' | 'rapidity' | 'phi', Tensor> {
  const { tf } = runtime;
  const [e, px, py, pz] = components(runtime, p) as [Tensor, Tensor, Tensor, Tensor];
  const away = (x: Tensor, bound: number): Tensor => tf.maximum(x, bound);
  const ratio = tf.add(1, tf.div(tf.mul(2, pz), away(tf.sub(e, pz), 1e-20)));
  const still = (x: Tensor): Tensor =>
    tf.where(tf.less(tf.abs(x), 1e-30), tf.fill(x.shape, 1e-30) as Tensor, x);
  const column = (x: Tensor): Tensor => tf.reshape(x, [-1, 1]);
  return {
    pt: column(tf.sqrt(away(tf.add(tf.square(px), tf.square(py)), 1e-30))),
    rapidity: column(tf.mul(0.5, tf.log(away(ratio, 1e-20)))),
    phi: column(tf.atan2(py, still(px))),
  };
}
