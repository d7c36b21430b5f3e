/** Uploads of batches; and which runtime does what. */
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { HostEvents } from './batch.ts';
import type { LLoCaSpecification } from './config.ts';
import type { Precisions } from './double.ts';
import type { Events } from './net.ts';

export type Runtimes = Readonly<Record<Precision, Runtime>>;

/** The double-precision momenta go along, unless all is to be in the network's precision. */
export function deviceEvents(runtime: Runtime, { precision }: LLoCaSpecification, host: HostEvents): Events {
  return {
    momenta: {
      tensor: runtime.tensor(host.momenta),
      ...(precision === 'double' ? { exact: host.momenta } : {}),
    },
    scalars: host.scalars && runtime.tensor(host.scalars),
    sizes: host.sizes,
  };
}

/** Which runtime does the geometry. */
export function precisionsOf(
  { precision }: LLoCaSpecification,
  runtime: Runtime,
  runtimes: Runtimes,
): Precisions {
  return { runtime, double: precision === 'double' ? runtimes.float64 : runtime };
}
