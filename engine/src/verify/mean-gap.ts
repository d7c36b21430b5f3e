/** The mean gap with an interval: soft symmetry is a number with an error bar. */
import type { Random } from '../tensor/random.ts';
import type { MeanGap } from './verification.ts';

/** Samples from which on they are what is drawn again; with fewer, the pairs are. */
const enoughSamples = 8;
const mostResamples = 1000;
const leastResamples = 200;
/** Numbers that are drawn in all, at most about so many. */
const effort = 4e6;

/**
 * The percentile bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Gaps on one sample
 * are alike, so whole samples are drawn again where there are eight or more; the interval then says what other samples of
 * the kind would give. With fewer it is about other elements on these samples.
 *
 * @param gaps relative gaps, and the sample of each
 * @param over what to draw again, where that is not for their number to say
 */
export function meanGapOf(
  gaps: readonly number[],
  sampleOf: (index: number) => number,
  confidence: number,
  random: Random,
  wanted?: MeanGap['over'],
): MeanGap {
  const sums = new Map<number, { sum: number; count: number }>();
  gaps.forEach((gap, i) => {
    const own = sums.get(sampleOf(i)) ?? { sum: 0, count: 0 };
    sums.set(sampleOf(i), { sum: own.sum + gap, count: own.count + 1 });
  });
  const means = [...sums.values()].map(({ sum, count }) => sum / count);
  const over = wanted ?? (means.length >= enoughSamples ? 'samples' : 'elements');
  const values = over === 'samples' ? means : gaps;
  const mean = average(values);
  const resamples = Math.max(leastResamples, Math.min(mostResamples, Math.floor(effort / values.length)));
  const found = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)]!;
    return sum / values.length;
  }).sort();
  const tail = (1 - confidence) / 2;
  return {
    mean,
    low: found[Math.floor(tail * (resamples - 1))]!,
    high: found[Math.ceil((1 - tail) * (resamples - 1))]!,
    over,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
