/** Any model on four-vectors made Lorentz-equivariant: it sees each event in a frame of the event's own. */
import { Fault } from '../../fault.ts';
import { createGroup } from '../../group/index.ts';
import { typeText } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import type { Model } from '../model.ts';
import { momentumFrames } from './momentum-frame.ts';
import { counter, type Orbit, orbitModel, shareText } from './orbit-model.ts';

/**
 * F(x) = L^-1 f(L x) with the global frame L of the event's momenta: all four-vector inputs together make it. Equivariant under
 * the proper orthochronous Lorentz group; the frame does not depend on the order of the particles.
 * @param double float64, where the frames are computed
 * @throws Fault `model/wrap-input` where no input is a four-vector, and what {@link orbitModel} throws.
 */
export function lorentzFramed(inner: Model, double: Runtime): Model {
  const { inputs } = inner.signature;
  const momenta = inputs.filter(({ type }) => type.representation.kind === 'fourvector');
  if (momenta.length === 0) {
    throw new Fault({
      code: 'model/wrap-input',
      message: `${inner.title} has no input that a Lorentz frame could be made of`,
      expected: 'an input that is a four-vector, such as `fourvector[particle]`',
      found: inputs.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ') || 'no inputs',
      advice: 'Declare the momenta as fourvector: (E, px, py, pz).',
    });
  }
  const seen = counter();
  const orbit: Orbit = {
    suffix: 'in Lorentz frames',
    group: createGroup({ kind: 'Lorentz', rapidity: 1 }),
    async elements(batch) {
      if (batch.length === 0) return [];
      const events = batch.map((values) => momenta.flatMap(({ name }) => rowsOf(values, name)));
      const frames = await momentumFrames(double, events);
      return frames.map(({ matrix, remarks }) => {
        seen.see(remarks);
        return [{ kind: 'lorentz', matrix }];
      });
    },
    noticed: () =>
      seen.counts.size === 0
        ? []
        : [
            {
              code: 'model/frame-degenerate',
              severity: 'warning',
              message: `events that determine no Lorentz frame: ${[...seen.counts].map(([remark, count]) => `${shareText(count, seen)} ${remark}`).join('; ')}`,
              expected: 'three or more momenta that are not symmetric about their sum',
              found: 'a frame that fixed directions of the lab complete',
              advice: 'No frame of such an event can be equivariant: leave it out, or expect a gap there.',
            },
          ],
  };
  return orbitModel(inner, orbit, false);
}

function rowsOf(values: Values, name: string): number[][] {
  const { data } = values[name]!;
  return Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
}
