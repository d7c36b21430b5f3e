/** From features to scalars and vectors, per point or per cloud. */

import { linear } from '../../layer/linear.ts';
import { sumOfRows } from '../../layer/rows.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Weights } from './block.ts';
import type { RapidashConfig } from './config.ts';

export interface Outputs {
  /** [points or clouds, S] */
  readonly scalars?: Tensor;
  /** [points or clouds, V, dim] */
  readonly vectors?: Tensor;
}

/**
 * A linear map to S + V numbers r at every orientation; scalars are their mean, vectors (1/O) sum of r o. Graph tasks sum
 * over the points. The vector part's bias adds bias times the mean orientation: zero for a balanced grid only.
 * @param x [points, O, C] or [points, C]
 * @param sizes number of points of each cloud
 */
export function readOut(
  runtime: Runtime,
  x: Tensor,
  grid: Tensor | undefined,
  sizes: readonly number[],
  config: Pick<RapidashConfig, 'scalarOutputs' | 'vectorOutputs' | 'level' | 'readout'>,
  weights: Weights,
  prefix: string,
): Outputs {
  const { tf } = runtime;
  const { scalarOutputs, vectorOutputs, level } = config;
  const map = (features: Tensor): Tensor =>
    linear(runtime, features, weights[`${prefix}.weight`]!, weights[`${prefix}.bias`]!);
  const total = (rows: Tensor): Tensor => (level === 'graph' ? sumOverClouds(runtime, rows, sizes) : rows);
  const average = (values: Tensor): Tensor => (grid ? tf.mean(values, 1) : values);

  if (config.readout === 'pooled') return { scalars: map(total(average(x))) };
  const read = map(x);
  const part = (from: number, count: number): Tensor => {
    const begin = read.shape.map(() => 0);
    begin[begin.length - 1] = from;
    return tf.slice(read, begin, [...read.shape.slice(0, -1), count]);
  };
  return {
    ...(scalarOutputs > 0 ? { scalars: total(average(part(0, scalarOutputs))) } : {}),
    ...(vectorOutputs > 0 && grid
      ? {
          vectors: totalOfVectors(
            runtime,
            vectorsAlong(runtime, part(scalarOutputs, vectorOutputs), grid),
            total,
          ),
        }
      : {}),
  };
}

/** [points, O, V] and [O, dim] to [points, V, dim]. */
function vectorsAlong({ tf }: Runtime, read: Tensor, grid: Tensor): Tensor {
  const [points, orientations, count] = read.shape as [number, number, number];
  const rows = tf.reshape(tf.transpose(read, [0, 2, 1]), [points * count, orientations]);
  return tf.reshape(tf.div(tf.matMul(rows, grid), orientations), [points, count, grid.shape[1]!]);
}

function totalOfVectors({ tf }: Runtime, vectors: Tensor, total: (rows: Tensor) => Tensor): Tensor {
  const [points, count, dim] = vectors.shape as [number, number, number];
  return tf.reshape(total(tf.reshape(vectors, [points, count * dim])), [-1, count, dim]);
}

/** [points, k] to [clouds, k]. */
function sumOverClouds(runtime: Runtime, rows: Tensor, sizes: readonly number[]): Tensor {
  const { tf } = runtime;
  const size = sizes[0]!;
  if (sizes.every((other) => other === size)) {
    return tf.sum(tf.reshape(rows, [sizes.length, size, -1]), 1);
  }
  const segments = Int32Array.from(sizes.flatMap((count, cloud) => Array<number>(count).fill(cloud)));
  return sumOfRows(runtime, rows, segments, sizes.length);
}
