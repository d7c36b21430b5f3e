/** SiLU with a bias, in one pass over the memory. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { activate, activationOf } from '../gelu/activation.ts';
import { siluReference } from './reference.ts';

const operation = activationOf('NoetherSilu', siluReference);

/**
 * u / (1 + exp(-u)), u = x + bias (Elfwing et al. 2018).
 * @param x `[..., C]`
 * @param bias `[C]`
 * @returns `[..., C]`
 * @throws RangeError for a bias of another length
 */
export function silu(runtime: Runtime, x: Tensor, bias?: Tensor): Tensor {
  return activate(runtime, operation, x, bias);
}
