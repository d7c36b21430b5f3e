/** Gradients that are taken while another gradient is being computed. */
import type { Runtime, Tensor } from '../../../tensor/runtime.ts';

/**
 * Runs code that takes gradients inside the gradient of a custom operation. TensorFlow.js 4.22 has one active tape: the inner gradient
 * clears it when it is done, and the outer one then fails to clear what is no longer there. The outer tape is put back.
 */
export function nested<T extends Tensor | readonly Tensor[] | object>({ tf }: Runtime, run: () => T): T {
  const { state } = tf.engine();
  const outer = state.activeTape;
  try {
    return run();
  } finally {
    state.activeTape = outer;
  }
}
