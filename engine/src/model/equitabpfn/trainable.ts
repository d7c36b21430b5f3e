/** EquiTabPFN and TabPFN as training sees them. */
import type { Values } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Trainable } from '../trainable.ts';
import type { WeightArrays } from '../weights.ts';
import { groupsOf, logitsOf } from './batch.ts';
import { checkedSizes, hostTable } from './host-tables.ts';
import { passesOver } from './orders.ts';
import type { TableSpecification } from './specification.ts';
import { tableSignature } from './table-fields.ts';

export function tableTrainable(
  specification: TableSpecification,
  weights: WeightArrays,
  runtime: Runtime,
): Trainable {
  const signature = tableSignature(specification.fields);
  const { name, type } = signature.outputs[0]!;
  const isWide = 'size' in type.axes[1]!;
  const { network, orders } = specification;
  const layers = network.kind === 'TabPFN' ? network.config.layers : 2 * network.config.blocks;
  const grouped = (batch: readonly Values[]) => {
    for (const values of batch) checkedSizes(specification, values);
    const tables = batch.map((values) => hostTable(specification, values));
    const passes = Math.max(0, ...tables.map(({ classes }) => passesOver(orders, classes)));
    return { tables, groups: groupsOf(specification, tables, runtime.precision, layers * passes) };
  };
  return {
    title: specification.title,
    signature,
    runtime,
    names: Object.keys(weights),
    weights,
    chunks: (batch) => grouped(batch).groups,
    prepare(batch) {
      const { tables, groups } = grouped(batch);
      return (changing) => {
        const { tf } = runtime;
        const parts: Tensor[] = Array(batch.length);
        for (const group of groups) {
          const own = group.map((index) => tables[index]!);
          const logits = logitsOf(runtime, specification, changing, own);
          const { queries, classes } = own[0]!;
          const shape = isWide ? [queries, classes] : [queries * classes];
          group.forEach((index, i) => {
            const one = tf.slice(logits, [i, 0, 0], [1, queries, classes]);
            parts[index] = tf.reshape(one, shape);
          });
        }
        return { [name]: tf.concat(parts, 0) };
      };
    },
  };
}
