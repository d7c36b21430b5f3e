import { expect, test } from 'vitest';
import { toleranceOnGpu } from '../../tensor/gpu/tolerance.ts';
import { openRuntime, type Runtime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { attention } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  { batch: 2, queries: 70, keys: 35, d: 16, e: 16, mask: undefined },
  { batch: 4, queries: 33, keys: 65, d: 7, e: 5, mask: [2, 33] },
  { batch: 2, queries: 66, keys: 40, d: 64, e: 32, mask: [2, 1] },
  { batch: 2, queries: 5, keys: 3, d: 8, e: 8, mask: [1, 5] },
])('$batch x $queries queries, $keys keys, $d and $e components, mask $mask', async (shape) => {
  const { batch, queries, keys, d, e, mask } = shape;
  const random = randomFromSeed(queries);
  const inputs = [
    normals(random, batch, queries, d),
    normals(random, batch, keys, d),
    normals(random, batch, keys, e),
  ];
  const masks = mask ? [normals(random, mask[0]!, mask[1]!, keys)] : [];
  // A fifth of the keys is hidden, never the first.
  masks[0]?.data.forEach((value, i) => {
    if (i % keys > 0 && value > 0.85) masks[0]!.data[i] = Number.NEGATIVE_INFINITY;
  });
  // The mask has no gradient: it is part of the operation here.
  const call = (runtime: Runtime, [q, k, v]: readonly Tensor[]) =>
    attention(runtime, q!, k!, v!, masks[0] ? { mask: runtime.tensor(masks[0]) } : {});
  // Gradients of gradients run through the reference: once is enough.
  const result = await agreement(gpu, call, inputs, queries < 10);
  expect(worst(result)).toBeLessThan(toleranceOnGpu(gpu) / 10);
  expect(Math.max(result.value, ...result.gradients)).toBeLessThan(toleranceOnGpu(gpu) / 100);
  expect(gpu.tf.getKernel('NoetherAttentionKeyGradient', 'webgpu')).toBeDefined();
});
