/** The cpu backend: plain JavaScript, always there. */
import type { Rung } from '../ladder.ts';
import type { TensorLibrary } from '../runtime.ts';

/** Opens the cpu backend, which needs nothing. */
export function cpuRung(tf: TensorLibrary): Rung {
  return {
    name: 'cpu',
    open: async () => ({ description: `cpu (plain JavaScript, 1 thread), tfjs ${tf.version_core}` }),
  };
}
