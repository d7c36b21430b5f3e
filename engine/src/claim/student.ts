/** Student's t distribution (Biometrika 6, 1908). */

/**
 * The t below which a share of the distribution lies.
 * @param share in (0, 1)
 * @param freedom degrees of freedom, a whole number of at least 1
 */
export function studentQuantile(share: number, freedom: number): number {
  if (!(share > 0 && share < 1) || !Number.isInteger(freedom) || freedom < 1) {
    throw new RangeError(`no quantile ${share} of t with ${freedom} degrees of freedom`);
  }
  if (share < 0.5) return -studentQuantile(1 - share, freedom);
  let high = 1;
  while (studentShare(high, freedom) < share) high *= 2;
  let low = 0;
  // The distribution function rises strictly; 200 halvings reach rounding from any start.
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentShare(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T <= t) for t >= 0: the finite sums for whole degrees of freedom (Abramowitz & Stegun 26.7.3, 26.7.4). */
export function studentShare(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine = Math.cos(angle);
  const square = cosine * cosine;
  let term = 1;
  let sum = 0;
  if (freedom % 2 === 0) {
    for (let k = 0; k < freedom / 2; k++) {
      sum += term;
      term *= (square * (2 * k + 1)) / (2 * k + 2);
    }
    return 0.5 + (Math.sin(angle) * sum) / 2;
  }
  for (let k = 0; k < (freedom - 1) / 2; k++) {
    sum += term;
    term *= (square * (2 * k + 2)) / (2 * k + 3);
  }
  return 0.5 + (angle + Math.sin(angle) * cosine * sum) / Math.PI;
}
