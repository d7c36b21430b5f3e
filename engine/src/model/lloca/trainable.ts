/** LLoCa as training sees it. */
import type { Values } from '../../tensor/array.ts';
import { uploadWeights } from '../device-weights.ts';
import type { Trainable } from '../trainable.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble, checkedSize } from './batch.ts';
import type { LLoCaSpecification } from './config.ts';
import { groupsOf } from './cost.ts';
import { signatureOf } from './description.ts';
import { deviceEvents, precisionsOf, type Runtimes } from './device.ts';
import { forward } from './net.ts';
import { readOut } from './readout.ts';
import { weightSpecs } from './weights.ts';

/** Standardisations and running statistics are constants: stored with the weights and never changed. */
export function llocaTrainable(
  specification: LLoCaSpecification,
  weights: WeightArrays,
  runtimes: Runtimes,
): Trainable {
  const runtime = runtimes.float32;
  const names = weightSpecs(specification).map(({ name }) => name);
  const constants = Object.fromEntries(Object.entries(weights).filter(([name]) => !names.includes(name)));
  const precisions = precisionsOf(specification, runtime, runtimes);
  return {
    title: specification.title,
    signature: signatureOf(specification),
    runtime,
    names,
    weights,
    chunks: (batch) =>
      groupsOf(
        specification,
        batch.map((values) => checkedSize(specification, values)),
        runtime.precision,
      ),
    prepare(batch: readonly Values[]) {
      for (const values of batch) checkedSize(specification, values);
      const host = assemble(specification, batch);
      return (changing) => {
        const all = { ...uploadWeights(runtime, constants), ...changing };
        const result = forward(
          precisions,
          specification.net,
          all,
          deviceEvents(runtime, specification, host),
        );
        return readOut(runtime, specification, result, host.sizes);
      };
    },
  };
}
