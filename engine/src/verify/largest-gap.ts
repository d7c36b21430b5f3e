/** The largest gap alone, in the model's native arithmetic: for comparing models, where no verdict is wanted. */

import { randomFromSeed } from '../tensor/index.ts';
import { distance, scaleOf } from './gap.ts';
import { evaluatePairs, evaluateSamples, type Pair, pairOf, settingOf, transformedOutputs } from './pairs.ts';
import type { VerifyRequest } from './verify.ts';

/** Pairs that are evaluated between two looks at cancellation. */
const chunkSize = 64;

/**
 * max over outputs, samples and drawn elements of |f(g x) - g f(x)| / scale, as a check measures it, without its rounding
 * floor: the gap of an exact symmetry shows as rounding.
 * @param elements drawn for each sample
 * @throws Fault as `verify`; the signal's reason when aborted
 */
export async function largestGap(
  request: Pick<VerifyRequest, 'model' | 'dataset' | 'group' | 'sources' | 'signal'>,
  elements: number,
  seed: number,
): Promise<number> {
  const { model, dataset, group, sources = {}, signal } = request;
  const setting = settingOf(model, dataset, group, randomFromSeed(seed), sources);
  const base = await evaluateSamples(setting, 'float32');
  const { outputs } = model.signature;
  const scales = outputs.map((output) => scaleOf(output, base));
  const pairs: Pair[] = dataset.samples.flatMap((_, sample) =>
    Array.from({ length: elements }, (__, draw) => pairOf(setting, sample, draw)),
  );
  let largest = 0;
  for (let first = 0; first < pairs.length; first += chunkSize) {
    signal?.throwIfAborted();
    const chunk = pairs.slice(first, first + chunkSize);
    const results = await evaluatePairs(setting, chunk, 'float32');
    chunk.forEach(({ sample, element }, i) => {
      const moved = transformedOutputs(setting, element, base[sample]!);
      outputs.forEach(({ name }, output) => {
        const gap = distance(results[i]![name]!, moved[name]!);
        largest = Math.max(largest, gap === 0 ? 0 : gap / scales[output]!);
      });
    });
  }
  return largest;
}
