/** Samples moved by random elements of a group: augmentation, and data seen from elsewhere. */
import type { Dataset, Sample } from '../data/dataset.ts';
import type { Group } from '../group/group.ts';
import { act } from '../representation/index.ts';
import type { Random } from '../tensor/random.ts';

/**
 * The sample under a random element: every field moves by its declared type, the target as well as the inputs.
 * @param random a stream of this sample and use alone
 * @throws Fault `group/…` where a field cannot be acted on
 */
export function moved(
  { fields }: Pick<Dataset, 'fields'>,
  sample: Sample,
  group: Group,
  random: Random,
): Sample {
  const element = group.sample(random, sample.sizes);
  const values = fields.map(({ name, type }) => [name, act(element, sample.values[name]!, type)]);
  return { ...sample, values: Object.fromEntries(values) };
}
