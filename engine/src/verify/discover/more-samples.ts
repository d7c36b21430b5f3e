/**
 * Where there are fewer samples than directions need, each is also looked at where random elements of the ambient group put
 * it: a symmetry holds there just as well.
 */
import type { Dataset, Sample } from '../../data/dataset.ts';
import type { Finding } from '../../fault.ts';
import type { InputBinding } from '../../model/binding.ts';
import { act } from '../../representation/index.ts';
import type { Random } from '../../tensor/random.ts';
import { mostSamples, tooFew } from './faults.ts';
import { combined, exponential, type GeneratorList } from './generators.ts';

/** How far samples are moved, in natural units: turned and stretched visibly, and not out of reach of the model. */
const reach = 0.3;

export interface Halves {
  readonly dataset: Dataset;
  /** Indices that the algebra is found on, and those that are held out. */
  readonly fitted: readonly number[];
  readonly held: readonly number[];
}

/**
 * Every other sample is held out, with all of its moved copies; a single sample is held out as every other copy.
 * @param needed samples in each half
 * @throws Fault `discover/too-few-samples`
 */
export function halvesOf(
  dataset: Dataset,
  bindings: readonly InputBinding[],
  list: GeneratorList,
  needed: number,
  random: Random,
  findings: Finding[],
): Halves {
  const n = dataset.samples.length;
  const own = n === 1 ? 1 : Math.floor(n / 2);
  const copies = list.generators.length === 0 ? 1 : Math.max(n === 1 ? 2 : 1, Math.ceil(needed / own));
  if (copies * n > mostSamples && copies > 1) throw tooFew(2 * needed);
  const samples = Array.from({ length: copies }, (_, copy) =>
    dataset.samples.map((sample, i) =>
      copy === 0 ? sample : movedSample(sample, bindings, list, random.stream('discover', 'moved', i, copy)),
    ),
  ).flat();
  if (copies > 1) {
    findings.push({
      code: 'discover/samples-moved',
      severity: 'information',
      message: `${n} sample${n === 1 ? ' is' : 's are'} few for ${list.generators.length} directions: each was also looked at where ${copies - 1} random element${copies === 2 ? '' : 's'} of the group put${copies === 2 ? 's' : ''} it`,
      advice: 'Give the data more samples to be sure that the symmetry is one of the data at hand.',
    });
  }
  const isHeld = (i: number) => (n === 1 ? i : i % n) % 2 === 1;
  const all = [...samples.keys()];
  return {
    dataset: { ...dataset, samples },
    fitted: all.filter((i) => !isHeld(i)),
    held: all.filter(isHeld),
  };
}

function movedSample(
  sample: Sample,
  bindings: readonly InputBinding[],
  list: GeneratorList,
  random: Random,
): Sample {
  const shares = list.generators.map(() => (reach * random.normal()) / Math.sqrt(list.generators.length));
  const element = exponential(combined(list, shares), 1);
  const moved = bindings.map(({ field }) => [
    field.name,
    act(element, sample.values[field.name]!, field.type),
  ]);
  return { ...sample, id: `${sample.id} moved`, values: { ...sample.values, ...Object.fromEntries(moved) } };
}
