/**
 * A Lorentz frame out of an event's own momenta, without anything learned. LLoCa (arXiv 2505.20280, section 2) predicts three
 * equivariant vectors and makes the frame L = R B of them: the boost to the rest frame of the first, the rotation onto axes
 * that the other two span. Here the first is the total momentum P, and the others are sums of the momenta weighted with powers
 * of the invariants s_i = <p_i, P> / P^2, the shares of the energy in the rest frame: sum s_i p_i and sum s_i^2 p_i. They do
 * not depend on the order of the particles.
 */
import { real } from '../../tensor/array.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import { polarFrames } from '../lloca/frames.ts';

export interface MomentumFrame {
  /** L, row-major: local momenta are L p. */
  readonly matrix: readonly number[];
  /** What the momenta leave open. */
  readonly remarks: readonly string[];
}

export const frameRemarks = {
  lightlike: 'has a total momentum that is light-like or points outside of the light cone',
  collinear: 'has momenta that single out no plane in their rest frame',
} as const;

/** P^2 below this part of E^2 is none: the boost would stretch by a million. */
const massless = 1e-12;

/** The sine of the angle between the two references, below which they are one. */
const parallel = 1e-6;

const signs = [1, -1, -1, -1] as const;

/**
 * One frame for each event. Where momenta determine none, the frame is completed by fixed directions of the lab and flagged.
 * @param events the rows (E, px, py, pz) of each event, one after the other
 * @param double float64: float32 loses a factor gamma^2 of digits
 */
export async function momentumFrames(
  double: Runtime,
  events: readonly (readonly (readonly number[])[])[],
): Promise<MomentumFrame[]> {
  const vectors = events.map(referencesOf);
  const column = (k: 0 | 1 | 2) =>
    real(
      [events.length, 4],
      vectors.flatMap(({ rows }) => rows[k]!),
    );
  const { tf } = double;
  const tensor = tf.tidy(() => {
    const [total, first, second] = [column(0), column(1), column(2)].map((array) => double.tensor(array));
    return polarFrames(double, total!, [first!, second!]).frames;
  });
  const { data } = await double.array(tensor);
  tensor.dispose();
  return vectors.map(({ rows, massive, spread }, e) => {
    const matrix = Array.from(data.subarray(16 * e, 16 * (e + 1)));
    // In the frame the first reference is the x axis, and the second lies in the plane of x and y.
    const across = [0, 1, 2, 3].reduce((sum, k) => sum + matrix[8 + k]! * rows[2]![k]!, 0);
    const remarks = !massive
      ? [frameRemarks.lightlike]
      : !spread || Math.abs(across) < parallel
        ? [frameRemarks.collinear]
        : [];
    return { matrix, remarks };
  });
}

/** P over its mass, and the two references orthogonal to it, of length one. */
function referencesOf(momenta: readonly (readonly number[])[]): {
  readonly rows: readonly (readonly number[])[];
  readonly massive: boolean;
  readonly spread: boolean;
} {
  const total = sum(momenta, () => 1);
  const square = inner(total, total);
  const massive = square > massless * total[0]! ** 2 && total[0]! > 0;
  const mass = massive ? Math.sqrt(square) : Math.max(1e-300, Math.abs(total[0]!));
  const time = total.map((x) => x / mass);
  const shares = momenta.map((p) => inner(p, time) / mass);
  let spread = true;
  const references = [1, 2].map((power) => {
    const weighted = sum(momenta, (i) => shares[i]! ** power).map((x) => x / mass);
    const along = massive ? inner(weighted, time) : 0;
    const across = weighted.map((x, k) => x - along * time[k]!);
    const length = Math.sqrt(Math.max(0, massive ? -inner(across, across) : 0));
    if (!(length > 1e-9)) spread = false;
    return length > 0 ? across.map((x) => x / length) : across;
  });
  return { rows: [time, ...references], massive, spread };
}

function sum(momenta: readonly (readonly number[])[], weight: (i: number) => number): number[] {
  const result = [0, 0, 0, 0];
  for (const [i, p] of momenta.entries()) for (let k = 0; k < 4; k++) result[k]! += weight(i) * p[k]!;
  return result;
}

function inner(a: readonly number[], b: readonly number[]): number {
  return signs.reduce((total, sign, k) => total + sign * a[k]! * b[k]!, 0);
}
