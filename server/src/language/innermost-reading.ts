/** Through the wrappers of a reading. */
import type { ModelReading, PlainReading } from './read-model.ts';

/** The model inside of all wrappers: it has the inputs, the outputs and the weights. */
export function innermost(reading: ModelReading): PlainReading {
  return reading.kind === 'wrapped' ? innermost(reading.inner) : reading;
}
