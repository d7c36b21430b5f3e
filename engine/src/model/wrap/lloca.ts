/** Any model on four-vectors made Lorentz-equivariant: it sees each event in a frame of the event's own. */
import { createGroup } from '../../group/index.ts';
import type { Values } from '../../tensor/array.ts';
import type { Runtime } from '../../tensor/runtime.ts';
import type { Ambiguity } from '../ambiguity.ts';
import type { Model } from '../model.ts';
import { momentumFrames } from './momentum-frame.ts';
import { type Orbit, orbitModel } from './orbit-model.ts';
import { wrapPlan } from './requirements.ts';

/**
 * F(x) = L^-1 f(L x) with the global frame L of the event's momenta: all four-vector inputs together make it. Equivariant under
 * the proper orthochronous Lorentz group; the frame does not depend on the order of the particles.
 * @param double float64, where the frames are computed
 * @throws Fault what {@link wrapPlan} throws: `model/wrap-input` where no input is a four-vector.
 */
export function lorentzFramed(inner: Model, double: Runtime): Model {
  const { read: momenta, group } = wrapPlan(inner, { kind: 'lloca' });
  const framesOf = (batch: readonly Values[]) =>
    momentumFrames(
      double,
      batch.map((values) => momenta.flatMap(({ name }) => rowsOf(values, name))),
    );
  const orbit: Orbit = {
    suffix: 'in Lorentz frames',
    group: createGroup(group),
    async elements(batch) {
      if (batch.length === 0) return [];
      return (await framesOf(batch)).map(({ matrix }) => [{ kind: 'lorentz', matrix }]);
    },
    async ambiguities(batch) {
      if (batch.length === 0) return [];
      return (await framesOf(batch)).map(({ remarks }) => remarks.map(ambiguityOf));
    },
  };
  return orbitModel(inner, orbit);
}

function rowsOf(values: Values, name: string): number[][] {
  const { data } = values[name]!;
  return Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
}

function ambiguityOf(remark: string): Ambiguity {
  return {
    code: 'model/frame-degenerate',
    severity: 'warning',
    lead: 'no Lorentz frame is determined by',
    remark,
    expected: 'three or more momenta that are not symmetric about their sum',
    advice: 'No frame of such an event can be equivariant: leave it out, or expect a gap there.',
  };
}
