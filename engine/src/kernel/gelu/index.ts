/** GELU with a bias, in one pass over the memory. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { activate, activationOf } from './activation.ts';
import { geluReference } from './reference.ts';

export { activationCost } from './activation.ts';

const operation = activationOf('NoetherGelu', geluReference);

/**
 * u Phi(u), u = x + bias, with the normal distribution function Phi (Hendrycks & Gimpel 2016; not the tanh approximation).
 * @param x `[..., C]`
 * @param bias `[C]`
 * @returns `[..., C]`
 * @throws RangeError for a bias of another length
 */
export function gelu(runtime: Runtime, x: Tensor, bias?: Tensor): Tensor {
  return activate(runtime, operation, x, bias);
}
