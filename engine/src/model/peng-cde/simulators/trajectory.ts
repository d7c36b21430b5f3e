/** Trajectories by Dormand & Prince's method with fixed steps, on the host in double precision. Pure. */
import { methods } from '../solver/methods.ts';

/**
 * The state at times between steps is that of the method's continuous extension.
 * @param slope dx/dt at time t
 * @param mesh rising times of the steps, the first is where `start` holds
 * @param times rising, within the mesh
 * @returns one state for each time
 */
export function trajectory(
  slope: (t: number, x: Float64Array) => Float64Array,
  start: Float64Array,
  mesh: readonly number[],
  times: readonly number[],
): Float64Array[] {
  const { a, b, c, between } = methods.dopri5;
  const saved: Float64Array[] = [];
  let x = start;
  while (saved.length < times.length && times[saved.length]! <= mesh[0]!) saved.push(x);
  for (let step = 0; step + 1 < mesh.length; step++) {
    const [from, to] = [mesh[step]!, mesh[step + 1]!];
    const h = to - from;
    const stages: Float64Array[] = [];
    const moved = (weights: readonly number[]): Float64Array =>
      x.map((value, i) => value + h * stages.reduce((sum, k, s) => sum + (weights[s] ?? 0) * k[i]!, 0));
    for (let s = 0; s < c.length; s++) stages.push(slope(from + c[s]! * h, moved(a[s]!)));
    while (saved.length < times.length && times[saved.length]! <= to) {
      saved.push(moved(between((times[saved.length]! - from) / h)));
    }
    x = moved(b);
  }
  return saved;
}
