/** Where steps end. Pure. */

/** Equal steps from `from` to `to`, as few as make none longer than `step`. @returns rising times, both ends included */
export function constantMesh(from: number, to: number, step: number): number[] {
  // Where the step divides the time, rounding must not make one step more.
  const count = Math.max(0, Math.ceil((to - from) / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
}

/** Every interval between knots in so many equal steps: steps end at the knots, where paths have kinks. */
export function intervalMesh(knots: readonly number[], steps: number): number[] {
  const mesh = [knots[0]!];
  for (let k = 0; k + 1 < knots.length; k++) {
    const [left, right] = [knots[k]!, knots[k + 1]!];
    for (let i = 1; i < steps; i++) mesh.push(left + ((right - left) * i) / steps);
    mesh.push(right);
  }
  return mesh;
}
