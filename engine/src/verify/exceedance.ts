/** How much a number of draws says about all elements: the Clopper-Pearson bound (Biometrika 26, 1934). */

/**
 * Upper confidence bound on a probability p after `count` successes in `draws` independent trials: the p at which at
 * most `count` successes have probability 1 - confidence. With no success it is 1 - (1 - confidence)^(1 / draws).
 *
 * @throws RangeError unless 0 <= count <= draws, draws >= 1 and 0 < confidence < 1.
 */
export function clopperPearsonUpper(count: number, draws: number, confidence: number): number {
  if (!(draws >= 1 && count >= 0 && count <= draws && confidence > 0 && confidence < 1)) {
    throw new RangeError(`no bound for ${count} of ${draws} at confidence ${confidence}`);
  }
  if (count === draws) return 1;
  const alpha = 1 - confidence;
  if (count === 0) return -Math.expm1(Math.log(alpha) / draws);
  // The binomial distribution function falls strictly in p, so bisection is safe; 60 halvings reach rounding.
  let low = count / draws;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const p = (low + high) / 2;
    if (binomialAtMost(count, draws, p) > alpha) low = p;
    else high = p;
  }
  return (low + high) / 2;
}

/** P(X <= count) for X binomial(draws, p), summed from logarithms so that no term overflows. */
function binomialAtMost(count: number, draws: number, p: number): number {
  const logOdds = Math.log(p) - Math.log1p(-p);
  let logTerm = draws * Math.log1p(-p);
  let largest = logTerm;
  const terms = [logTerm];
  for (let k = 1; k <= count; k++) {
    logTerm += Math.log((draws - k + 1) / k) + logOdds;
    terms.push(logTerm);
    largest = Math.max(largest, logTerm);
  }
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - largest);
  return Math.exp(largest) * sum;
}
