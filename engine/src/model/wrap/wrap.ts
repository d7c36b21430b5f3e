/** Makes a model equivariant by wrapping it: any model, built in or the user's own. */
import type { Runtime } from '../../tensor/runtime.ts';
import type { Model } from '../model.ts';
import { averaged } from './averaged.ts';
import { framed } from './framed.ts';
import { lorentzFramed } from './lloca.ts';
import { sorted } from './sorted.ts';
import type { WrapSpec } from './spec.ts';

/**
 * The wrapped model, with the signature, the precisions and the backend of `inner`, which it owns. What an input leaves open
 * (equal moments, ties) is in its `ambiguities()`.
 * @param double the float64 runtime, where Lorentz frames are computed
 * @throws Fault `model/wrap-group`, `model/wrap-input`, `model/wrap-output`, `group/no-action`
 */
export function wrapModel(inner: Model, spec: WrapSpec, double: Runtime): Model {
  switch (spec.kind) {
    case 'averaged':
      return averaged(inner, spec);
    case 'framed':
      return framed(inner, spec);
    case 'lloca':
      return lorentzFramed(inner, double);
    case 'sorted':
      return sorted(inner, spec);
  }
}
