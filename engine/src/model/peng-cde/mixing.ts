/** Which numbers of the coefficients multiply what in the fused form of the maps. */

import type { MapSum } from '../../kernel/equivariant-product/index.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Term } from './maps.ts';
import { coefficientCount, coefficientIndex, type MatrixMap, matrixMaps } from './maps.ts';
import { statisticNames } from './statistics.ts';

const columns = { diagonal: 0, rows: 1, columns: 2 } as const;

/** The statistic that a map spreads, and where to. What is everywhere may as well be on rows. */
const spreads: Partial<Record<MatrixMap, readonly [number, number]>> = Object.fromEntries(
  matrixMaps.slice(2).map((map) => {
    const [statistic, where] = [map.split(' ')[0]!, map.split(' ').at(-1)!];
    const place = where === 'everywhere' ? 'rows' : (where as keyof typeof columns);
    return [map, [statisticNames.indexOf(statistic as 'row'), columns[place]]];
  }),
);

/** [4, 32]: the coefficients of the value, the derivative and their transposes. */
const entryRows = entrySelection();

function entrySelection(): Float64Array {
  const rows = new Float64Array(4 * coefficientCount);
  const places = (['matrix', 'transpose'] as const).flatMap((map) =>
    (['value', 'derivative'] as const).map((of) => coefficientIndex(map, of)),
  );
  places.forEach((place, row) => {
    rows[row * coefficientCount + place] = 1;
  });
  return rows;
}

/** [33, 32]: the entries of `vectors`, as they follow from the coefficients. */
const vectorRows = vectorSelection();

function vectorSelection(): Float64Array {
  const inputs = 2 * statisticNames.length + 1;
  const rows = new Float64Array(inputs * 3 * coefficientCount);
  const put = (input: number, place: number, coefficient: number): void => {
    rows[(input * 3 + place) * coefficientCount + coefficient] = 1;
  };
  for (const map of matrixMaps) {
    const spread = spreads[map];
    if (!spread) continue;
    put(spread[0], spread[1], coefficientIndex(map, 'value'));
    put(statisticNames.length + spread[0], spread[1], coefficientIndex(map, 'derivative'));
  }
  put(inputs - 1, columns.rows, coefficientCount - 2);
  put(inputs - 1, columns.diagonal, coefficientCount - 1);
  return rows;
}

/**
 * The fused form: F = E + diag(v) + u 1^T + 1 w^T, where E is a sum of the two matrices and their transposes, and v, u and w are sums of
 * statistics.
 * @param coefficients [32], see coefficientIndex; the last two are those of the biases
 */
export function mixingOf(runtime: Runtime, coefficients: Tensor): MapSum {
  const { tf } = runtime;
  const inputs = 2 * statisticNames.length + 1;
  const selection = runtime.tensor(real([inputs * 3, coefficientCount], vectorRows));
  const column = tf.reshape(coefficients, [-1, 1]);
  return {
    entries: tf.reshape(tf.matMul(runtime.tensor(real([4, coefficientCount], entryRows)), column), [4]),
    vectors: tf.reshape(tf.matMul(selection, column), [inputs, 3]),
  };
}

/**
 * The coefficients of a fusion (paper, section on equivariant fusion): the value plus its derivative, and what is learnt on top.
 * @param parameters two numbers each, in the order of the terms
 * @param biases [2] for ones and identity, where there are some
 * @returns [32]
 */
export function coefficientsOf(
  runtime: Runtime,
  terms: readonly Term[],
  parameters: readonly Tensor[],
  biases?: Tensor,
): Tensor {
  const { tf } = runtime;
  const selection = new Float64Array(coefficientCount * 2 * terms.length);
  terms.forEach(({ first, second }, i) => {
    for (const [j, [map, of]] of [first, second].entries()) {
      selection[coefficientIndex(map, of) * 2 * terms.length + 2 * i + j] = 1;
    }
  });
  const learnt = tf.matMul(
    runtime.tensor(real([coefficientCount, 2 * terms.length], selection)),
    tf.reshape(tf.concat([...parameters], 0), [-1, 1]),
  );
  const all = tf.add(tf.reshape(learnt, [coefficientCount]), additive(runtime));
  return biases ? tf.add(all, tf.pad(biases, [[coefficientCount - 2, 0]])) : all;
}

/** The fusion without anything learnt: value plus derivative. @returns [32] */
export function additive(runtime: Runtime): Tensor {
  const coefficients = new Float64Array(coefficientCount);
  coefficients[coefficientIndex('matrix', 'value')] = 1;
  coefficients[coefficientIndex('matrix', 'derivative')] = 1;
  return runtime.tensor(real([coefficientCount], coefficients));
}
