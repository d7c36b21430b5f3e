/** The distributions that the synthetic prior draws its settings from. Each function consumes draws of the stream it is given. */
import type { Random } from '../../tensor/random.ts';

/** Uniform in [low, high). */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** The nearest whole number of a uniform one: the two ends are half as likely as what lies between. */
export function roundedUniform(random: Random, low: number, high: number): number {
  return Math.round(uniform(random, low, high));
}

/** exp of a uniform number between the logarithms; both ends positive. */
export function logUniform(random: Random, low: number, high: number): number {
  return Math.exp(uniform(random, Math.log(low), Math.log(high)));
}

/** Gamma with mean shape * scale (Marsaglia & Tsang 2000). Shape and scale are positive. */
export function gamma(random: Random, shape: number, scale: number): number {
  if (shape < 1) {
    // A gamma of shape + 1 times a power of a uniform number has the smaller shape.
    const boost = (1 - random.uniform()) ** (1 / shape);
    return gamma(random, shape + 1, scale) * boost;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    const u = 1 - random.uniform();
    if (v > 0 && Math.log(u) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

/** Beta(a, b), a and b positive, as a share of two gammas. */
export function beta(random: Random, a: number, b: number): number {
  const first = gamma(random, a, 1);
  const second = gamma(random, b, 1);
  // Both can underflow for very small a and b; the law then sits at its two ends.
  return first + second > 0 ? first / (first + second) : Number(random.uniform() < a / (a + b));
}

/**
 * least + round(gamma) with a mean drawn in [0, most) and a shape exp(U(0, ln mostShape)): each table gets a law of its own.
 */
export function metaGamma(random: Random, least: number, most: number, mostShape: number): number {
  const shape = Math.exp(uniform(random, 0, Math.log(mostShape)));
  const mean = uniform(random, 0, most);
  return least + Math.round(gamma(random, shape, mean / shape));
}

/** One of the options, by the softmax of logits 1, U(-3, 5), U(-3, 5), ... that are drawn first. */
export function metaChoice<T>(random: Random, options: readonly [T, ...T[]]): T {
  const weights = options.map((_, i) => Math.exp(i === 0 ? 1 : uniform(random, -3, 5)));
  let left = random.uniform() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return options[i]!;
  }
  return options[options.length - 1]!;
}
