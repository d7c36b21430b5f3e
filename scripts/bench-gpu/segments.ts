/** The cases of rows by segment: message passing, sums, means, maxima, softmax. */
import { messageSumReference } from '../../engine/src/kernel/message-sum/reference.ts';
import { segmentMeanReference } from '../../engine/src/kernel/segment-mean/reference.ts';
import { upstreamSegmentSum } from '../../engine/src/tensor/gpu/segment-sum.ts';
import type { Tensor } from '../../engine/src/tensor/index.ts';
import type { Case, Tools } from './tools.ts';

export function segmentCases({
  runtime,
  tf,
  many,
  random,
  indices,
  run,
  backward,
}: Tools): readonly (() => Case[])[] {
  return [
    () => {
      const [nodes, edges, columns] = [many(50_000), many(1_000_000), 64];
      const [x, w] = [random(nodes, columns), random(edges, columns)];
      const [senders, receivers] = [indices(edges, nodes), indices(edges, nodes)];
      const dy = random(nodes, columns);
      const count = nodes;
      const size = `${edges} edges x ${columns} -> ${nodes}`;
      const once = 4 * (2 * edges * columns + nodes * columns + 2 * edges);
      const f = (a: Tensor, b: Tensor) => messageSumReference(runtime, [a, b, senders, receivers], { count });
      return [
        {
          name: 'message sum',
          size,
          bytes: once,
          flops: 2 * edges * columns,
          fused: () => run('NoetherMessageSum', [x, w, senders, receivers], { count }),
          plain: () => f(x, w),
        },
        {
          name: 'message sum, with gradient',
          size,
          bytes: 2 * once + 4 * (3 * edges * columns + 2 * edges),
          flops: 5 * edges * columns,
          fused: () => {
            run('NoetherMessageSum', [x, w, senders, receivers], { count });
            run('NoetherMessageSum', [dy, w, receivers, senders], { count });
            run('NoetherMessageSumWeightGradient', [x, dy, senders, receivers], { perEdge: false });
          },
          plain: backward(f, [x, w], dy),
        },
        {
          name: 'segment sum',
          size,
          bytes: 4 * (edges * columns + nodes * columns + edges),
          flops: edges * columns,
          fused: () => tf.unsortedSegmentSum(w, receivers as never, count),
          plain: () =>
            run(upstreamSegmentSum, { x: w, segmentIds: receivers } as never, { numSegments: count }),
        },
      ];
    },
    () => {
      const [rows, columns, count] = [many(1_000_000), 64, many(50_000)];
      const [x, dy] = [random(rows, columns), random(count, columns)];
      const segments = indices(rows, count);
      const size = `${rows} x ${columns} -> ${count}`;
      const once = 4 * ((rows + count) * columns + rows);
      const mean = (t: Tensor) => segmentMeanReference(runtime, [t, segments], { count });
      return [
        {
          name: 'segment mean',
          size,
          bytes: once,
          flops: (rows + count) * columns,
          fused: () => run('NoetherSegmentMean', [x, segments], { count }),
          plain: () => mean(x),
        },
        {
          name: 'segment mean, with gradient',
          size,
          bytes: 2 * once,
          flops: (2 * rows + count) * columns,
          fused: () => {
            run('NoetherSegmentMean', [x, segments], { count });
            run('NoetherSegmentMeanGradient', [dy, segments], { count });
          },
          plain: backward(mean, [x], dy),
        },
        {
          name: 'segment max',
          size,
          bytes: once,
          flops: rows * columns,
          fused: () => run('NoetherSegmentMax', [x, segments], { count }),
        },
        {
          name: 'segment max, with gradient',
          size,
          // Rows are read again for their ties and for the gradient, which is written.
          bytes: once + 4 * (3 * rows * columns + 4 * count * columns + 2 * rows),
          flops: 3 * rows * columns,
          fused: () => {
            const y = run('NoetherSegmentMax', [x, segments], { count }) as Tensor;
            run('NoetherSegmentMaxGradient', [x, y, dy, segments], { count });
          },
        },
      ];
    },
    () => {
      const [rows, columns, count] = [many(1_000_000), 8, many(50_000)];
      const [x, dy] = [random(rows, columns), random(rows, columns)];
      const segments = indices(rows, count);
      return [
        {
          name: 'segment softmax',
          size: `${rows} x ${columns} -> ${count}`,
          bytes: 4 * (2 * rows * columns + rows),
          flops: 4 * rows * columns,
          fused: () => run('NoetherSegmentSoftmax', [x, segments], { count }),
          // Without the maximum, which the library has no operation for.
          plain: () => {
            const weights = tf.exp(x);
            tf.div(
              weights,
              tf.gather(tf.unsortedSegmentSum(weights, segments as never, count), segments as never),
            );
          },
        },
        {
          name: 'segment softmax, with gradient',
          size: `${rows} x ${columns} -> ${count}`,
          bytes: 4 * (5 * rows * columns + 2 * rows),
          flops: 8 * rows * columns,
          fused: () => {
            const y = run('NoetherSegmentSoftmax', [x, segments], { count }) as Tensor;
            run('NoetherSegmentSoftmaxGradient', [y, dy, segments], { count });
          },
          plain: backward(
            (t) => {
              const weights = tf.exp(t);
              const sums = tf.unsortedSegmentSum(weights, segments as never, count);
              return tf.div(weights, tf.gather(sums, segments as never));
            },
            [x],
            dy,
          ),
        },
      ];
    },
  ];
}
