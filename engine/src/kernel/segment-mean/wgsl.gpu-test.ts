import { expect, test } from 'vitest';
import { integer, openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { segmentMean } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { shape: [700, 64], count: 50, sorted: true },
  { shape: [300, 2, 3], count: 40, sorted: false },
  { shape: [500], count: 3, sorted: false },
  // More segments than rows: most of them have none.
  { shape: [20, 300], count: 60, sorted: false },
])('rows $shape in $count segments (sorted: $sorted)', async ({ shape, count, sorted }) => {
  const random = randomFromSeed(count);
  const at = Int32Array.from({ length: shape[0]! }, () => random.integer(count + 1) - 1);
  // Squared, so that the gradient depends on the rows.
  const result = await agreement(
    gpu,
    (runtime, [x, to]) => runtime.tf.square(segmentMean(runtime, x!, to!, count)),
    [normals(random, ...shape), integer([shape[0]!], sorted ? at.sort() : at)],
  );
  expect(worst(result)).toBeLessThan(3e-6);
  expect(gpu.tf.getKernel('NoetherSegmentMeanGradient', 'webgpu')).toBeDefined();
});
