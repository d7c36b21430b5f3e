/** PENG-CDE as training sees it. */
import type { Values } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Trainable } from '../trainable.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble, checkedSizes, groupsOf } from './batch.ts';
import { signatureOf } from './description.ts';
import { predictions } from './evaluate.ts';
import { slicesOf } from './slices.ts';
import type { PengCdeSpecification } from './specification.ts';

export function pengCdeTrainable(
  specification: PengCdeSpecification,
  weights: WeightArrays,
  runtime: Runtime,
): Trainable {
  const signature = signatureOf(specification);
  const { outputs } = specification.shapes;
  const { name } = signature.outputs[0]!;
  return {
    title: specification.title,
    signature,
    runtime,
    names: Object.keys(weights),
    weights,
    chunks(batch) {
      for (const values of batch) checkedSizes(specification, values);
      return groupsOf(specification, batch, runtime.precision);
    },
    prepare(batch: readonly Values[]) {
      for (const values of batch) checkedSizes(specification, values);
      const groups = groupsOf(specification, batch, runtime.precision).map((indices) => ({
        indices,
        host: assemble(
          specification,
          indices.map((index) => batch[index]!),
        ),
      }));
      return (changing) => {
        const { tf } = runtime;
        const rows: Tensor[] = Array(batch.length);
        for (const { indices, host } of groups) {
          const samples = slicesOf(runtime, predictions(runtime, specification, changing, host));
          indices.forEach((index, i) => {
            rows[index] = samples[i]!;
          });
        }
        const all = tf.concat(rows, 0);
        return { [name]: outputs > 1 ? all : tf.reshape(all, [-1]) };
      };
    },
  };
}
