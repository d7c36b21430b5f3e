/** What happens to an event before anything is learned from it: reference vectors, masses, rest frame. */
import { rowsAt, sumOfRows } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { restFrameBoost } from './boost.ts';
import { inFrame, squaredMass } from './lorentz.ts';

export interface PreparationConfig {
  /** Fixed vectors that are put before the particles of each event, for the Frames-Net only. */
  readonly references: readonly (readonly number[])[];
  /** Where the squared mass is below the square of it, E becomes sqrt(p^2 + it^2). 0 for none. */
  readonly massRegulator: number;
  /** Boost each event to the rest frame of its sum, reference vectors included. */
  readonly restFrame: boolean;
}

/** Rows of particles and references, event by event, references first. Host data. */
export interface Embedded {
  readonly sizes: readonly number[];
  readonly events: Int32Array;
  /** Row of [particles, references] that each embedded row is. */
  readonly source: Int32Array;
  /** Embedded row of each particle. */
  readonly particles: Int32Array;
}

/** @param sizes particles of each event @param references number of them */
export function embeddedRows(sizes: readonly number[], references: number): Embedded {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const rows = total + references * sizes.length;
  const events = new Int32Array(rows);
  const source = new Int32Array(rows);
  const particles = new Int32Array(total);
  let row = 0;
  let particle = 0;
  sizes.forEach((size, event) => {
    for (let i = 0; i < references + size; i++) {
      events[row] = event;
      if (i < references) source[row] = total + i;
      else {
        source[row] = particle;
        particles[particle++] = row;
      }
      row++;
    }
  });
  return { sizes: sizes.map((size) => size + references), events, source, particles };
}

/** @param momenta [particles, 4] @returns [embedded rows, 4] */
export function prepared(
  runtime: Runtime,
  momenta: Tensor,
  { references, massRegulator, restFrame }: PreparationConfig,
  rows: Embedded,
): Tensor {
  const { tf } = runtime;
  let p = momenta;
  if (references.length > 0) {
    const fixed = tf.tensor2d(references.map((reference) => [...reference]));
    p = rowsAt(runtime, tf.concat([p, fixed], 0), rows.source);
  }
  if (massRegulator > 0) p = regulated(runtime, p, massRegulator);
  if (restFrame) {
    const sums = sumOfRows(runtime, p, rows.events, rows.sizes.length);
    p = inFrame(runtime, rowsAt(runtime, restFrameBoost(runtime, sums), rows.events), p);
  }
  return p;
}

function regulated(runtime: Runtime, p: Tensor, mass: number): Tensor {
  const { tf } = runtime;
  const spatial = tf.slice(p, [0, 1], [p.shape[0]!, 3]);
  const energy = tf.sqrt(tf.add(tf.sum(tf.square(spatial), 1, true), mass ** 2));
  const light = tf.expandDims(tf.less(squaredMass(runtime, p), mass ** 2), 1);
  return tf.where(light, tf.concat([energy, spatial], 1), p);
}

/** Values of particles on embedded rows, 0 on references. @param x [particles, S] */
export function embedded(runtime: Runtime, x: Tensor, { source, particles }: Embedded): Tensor {
  if (source.length === particles.length) return x;
  const { tf } = runtime;
  const zeros = tf.zeros([1, x.shape[1]!]);
  const padded = tf.concat([x, zeros], 0);
  return rowsAt(
    runtime,
    padded,
    source.map((row) => Math.min(row, particles.length)),
  );
}
