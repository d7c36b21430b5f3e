/** Which tables go through a network together, and how they get there. */
import { real } from '../../tensor/array.ts';
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { DeviceTables } from '../table-network.ts';
import { baselineLogits } from './baseline.ts';
import type { HostTable } from './host-tables.ts';
import { forward } from './net.ts';
import { classOrders } from './orders.ts';
import type { TableSpecification } from './specification.ts';

/** Of what a group of tables takes at once. */
const budgetBytes = 256 * 2 ** 20;
/** Tensors of the size of the tokens that a layer makes, about. */
const tensorsOfLayer = 20;

/** Bytes of one table on its way through a layer. */
export function tableBytes({ network }: TableSpecification, table: HostTable, precision: Precision): number {
  const slots = network.kind === 'TabPFN' ? 1 : 1 + table.classes;
  const tokens = slots * (table.known + table.queries) * network.config.width;
  return tokens * tensorsOfLayer * (precision === 'float64' ? 8 : 4);
}

/** Whether a table is worked off in pieces. */
export function isLarge(specification: TableSpecification, table: HostTable, precision: Precision): boolean {
  return (
    specification.network.kind === 'EquiTabPFN' && tableBytes(specification, table, precision) > budgetBytes
  );
}

/**
 * Indices of tables that go through together: of one size, all with missing values or none, and no more than memory takes.
 * @param kept layers of which everything is kept, for gradients
 */
export function groupsOf(
  specification: TableSpecification,
  tables: readonly HostTable[],
  precision: Precision,
  kept = 1,
): number[][] {
  const groups = new Map<string, number[]>();
  tables.forEach(({ known, queries, features, classes, codes }, index) => {
    const key = [known, queries, features, classes, codes !== undefined].join();
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()].flatMap((group) => {
    const bytes = tableBytes(specification, tables[group[0]!]!, precision) * kept;
    const most = Math.max(1, Math.floor(budgetBytes / bytes));
    return Array.from({ length: Math.ceil(group.length / most) }, (_, i) =>
      group.slice(i * most, (i + 1) * most),
    );
  });
}

/** @param tables of one size */
export function upload(runtime: Runtime, tables: readonly HostTable[]): DeviceTables {
  const { known, queries, features, classes, codes } = tables[0]!;
  const stacked = (shape: readonly number[], part: (table: HostTable) => Float64Array): Tensor => {
    const parts = tables.map(part);
    const all = new Float64Array(parts.length * parts[0]!.length);
    parts.forEach((one, i) => {
      all.set(one, i * one.length);
    });
    return runtime.tensor(real([tables.length, ...shape], all));
  };
  return {
    values: stacked([known + queries, features], (table) => table.values),
    codes: codes && stacked([known + queries, features], (table) => table.codes!),
    labels: stacked([known, classes], (table) => table.labels),
  };
}

/**
 * Scores of one group, averaged over the orders of the classes. Runs inside tf.tidy.
 * @returns [tables, queries, classes]
 */
export function logitsOf(
  runtime: Runtime,
  { network, orders }: TableSpecification,
  weights: DeviceWeights,
  tables: readonly HostTable[],
): Tensor {
  const { tf } = runtime;
  const given = upload(runtime, tables);
  if (network.kind === 'EquiTabPFN') return forward(runtime, network.config, weights, given);
  const all = classOrders(orders, tables[0]!.classes).map((order) => {
    // Column c of the reordered labels is that of class order[c].
    const labels = tf.gather(given.labels, order, 2);
    const scores = baselineLogits(runtime, network.config, weights, { ...given, labels });
    return tf.gather(scores, inverse(order), 2);
  });
  return all.length === 1 ? all[0]! : tf.div(tf.addN(all), all.length);
}

function inverse(order: readonly number[]): number[] {
  const back = Array<number>(order.length);
  order.forEach((item, at) => {
    back[item] = at;
  });
  return back;
}
