/** Any model on four-vectors made Lorentz-equivariant: it sees each event in a frame of the event's own. */
import { createGroup } from '../../group/index.ts';
import type { Values } from '../../tensor/array.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import type { Model } from '../model.ts';
import { momentumFrames } from './momentum-frame.ts';
import { counter, type Orbit, orbitModel, shareText } from './orbit-model.ts';
import { wrapPlan } from './requirements.ts';

/**
 * F(x) = L^-1 f(L x) with the global frame L of the event's momenta: all four-vector inputs together make it. Equivariant under
 * the proper orthochronous Lorentz group; the frame does not depend on the order of the particles.
 * @param double float64, where the frames are computed
 * @throws Fault what {@link wrapPlan} throws: `model/wrap-input` where no input is a four-vector.
 */
export function lorentzFramed(inner: Model, double: Runtime): Model {
  const { read: momenta, group } = wrapPlan(inner, { kind: 'lloca' });
  const seen = counter();
  const orbit: Orbit = {
    suffix: 'in Lorentz frames',
    group: createGroup(group),
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
  return orbitModel(inner, orbit);
}

function rowsOf(values: Values, name: string): number[][] {
  const { data } = values[name]!;
  return Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
}
