/** Group averaging: the mean over the whole group, or over elements drawn from it once and for all. */
import { elementsOf } from '../../group/elements.ts';
import type { GroupElement } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Model } from '../model.ts';
import { type Orbit, orbitModel, sizesOf } from './orbit-model.ts';
import { wrapPlan } from './requirements.ts';
import type { WrapSpec } from './spec.ts';

/**
 * F(x) = mean of g^-1 f(g x). Exactly equivariant, up to rounding, where the group has at most `draws` elements; else the
 * mean over `draws` Haar elements, the same ones for every input, whose gap falls with one over their root.
 * @throws Fault what {@link wrapPlan} throws: `model/wrap-group` for a group without a uniform distribution, such as translations.
 */
export function averaged(inner: Model, spec: Extract<WrapSpec, { kind: 'averaged' }>): Model {
  const group = createGroup(wrapPlan(inner, spec).group);
  const known = new Map<string, readonly GroupElement[]>();
  let sampled = false;
  const elementsFor = (sizes: Record<string, number>): readonly GroupElement[] => {
    const key = JSON.stringify(sizes);
    let elements = known.get(key);
    if (!elements) {
      elements = elementsOf(group, sizes, spec.draws);
      if (!elements) {
        sampled = true;
        const random = randomFromSeed(spec.seed);
        elements = Array.from({ length: spec.draws }, (_, k) =>
          group.sample(random.stream('averaged', k), sizes),
        );
      }
      known.set(key, elements);
    }
    return elements;
  };
  const orbit: Orbit = {
    suffix: `averaged over ${group.text}`,
    group,
    elements: (batch) => batch.map((values) => elementsFor(sizesOf(values, inner.signature.inputs))),
    noticed: () =>
      sampled
        ? [
            {
              code: 'model/averaged-sampled',
              severity: 'information',
              message: `${group.text} has more than ${spec.draws} elements, so the mean is over ${spec.draws} of them: the symmetry is approximate`,
              expected: `at most ${spec.draws} elements`,
              found: group.text,
              advice:
                'The gap falls with one over the root of `draws`. `framed` and `sorted` are exact, for motions and permutations.',
            },
          ]
        : [],
  };
  return orbitModel(inner, orbit);
}
