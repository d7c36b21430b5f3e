/** Gradients of GatherNd, ScatterNd, TensorScatterUpdate and SparseToDense, which the library has on no backend. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';

/** Registers them all. Indices have a gradient of zero, because the library asks for one. */
export function fixIndexedGradients(tf: TensorLibrary): void {
  const none = (indices: Tensor) => () => tf.cast(tf.zerosLike(indices), 'float32');
  tf.registerGradient({
    kernelName: 'GatherNd',
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, saved) => {
      const [params, indices] = saved as [Tensor, Tensor];
      return { params: () => addAt(tf, indices, dy as Tensor, params.shape), indices: none(indices) };
    },
  });
  tf.registerGradient({
    kernelName: 'ScatterNd',
    inputsToSave: ['indices'],
    gradFunc: (dy, [indices]) => ({
      indices: none(indices!),
      updates: () => tf.gatherND(dy as Tensor, indices!),
    }),
  });
  tf.registerGradient({
    kernelName: 'TensorScatterUpdate',
    inputsToSave: ['indices', 'updates'],
    gradFunc: (dy, [indices, updates]) => ({
      tensor: () => tf.mul(dy as Tensor, untouched(tf, indices!, updates!, (dy as Tensor).shape)),
      indices: none(indices!),
      updates: () => tf.gatherND(dy as Tensor, indices!),
    }),
  });
  tf.registerGradient({
    kernelName: 'SparseToDense',
    inputsToSave: ['sparseIndices', 'sparseValues'],
    gradFunc: (dy, [sparseIndices, sparseValues]) => {
      const d = dy as Tensor;
      // One index is a number, several are a row each; a list of numbers is one index a value.
      const rows = tf.reshape(sparseIndices!, [-1, d.rank]);
      const at = (t: Tensor): Tensor => tf.gatherND(t, rows);
      return {
        sparseIndices: none(sparseIndices!),
        sparseValues: () => {
          const gradient = at(d);
          return sparseValues!.rank === 0 ? tf.sum(gradient) : tf.reshape(gradient, sparseValues!.shape);
        },
        defaultValue: () => tf.sum(tf.mul(d, untouched(tf, rows, at(d), d.shape))),
      };
    },
  });
}

/** Zeros of a shape, to which each slice of `values` is added where its row of `indices` points. */
function addAt(tf: TensorLibrary, indices: Tensor, values: Tensor, shape: readonly number[]): Tensor {
  const depth = indices.shape.at(-1)!;
  const [outer, inner] = [shape.slice(0, depth), shape.slice(depth)].map((sizes) =>
    tf.util.sizeFromShape(sizes),
  ) as [number, number];
  const steps = shape.slice(0, depth).map((_, i) => tf.util.sizeFromShape(shape.slice(i + 1, depth)));
  const rows = tf.reshape(indices, [-1, depth]);
  const ids = tf.sum(tf.mul(rows, tf.tensor1d(steps, 'int32')), 1);
  const sums = tf.unsortedSegmentSum(
    tf.reshape(values, [rows.shape[0]!, inner]),
    tf.cast(ids, 'int32') as never,
    outer,
  );
  return tf.reshape(sums, [...shape]);
}

/** One where no index points, else zero. */
function untouched(tf: TensorLibrary, indices: Tensor, values: Tensor, shape: readonly number[]): Tensor {
  const counts = addAt(tf, indices, tf.ones(values.shape), shape);
  return tf.cast(tf.equal(counts, 0), 'float32');
}
