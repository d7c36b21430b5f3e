import { expect, test } from 'vitest';
import { toleranceOnGpu } from '../../tensor/gpu/tolerance.ts';
import { openRuntime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type AttentionAttributes, attentionReference } from './reference.ts';
import { attentionOnWebgpu } from './wgsl.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

const operation: FusedOperation<AttentionAttributes> = {
  name: 'NoetherAttention',
  reference: attentionReference,
  keeps: [true, true],
  gradient(tf, dy, inputs, [y, logSum], attributes) {
    const statistics = runKernel(tf, 'NoetherAttentionStatistics', [y!, dy, logSum!], attributes);
    const given = [dy, statistics, ...inputs];
    const [dk, dv] = runKernel<Tensor[]>(tf, 'NoetherAttentionKeyGradient', given, attributes);
    return [
      () => runKernel(tf, 'NoetherAttentionQueryGradient', given, attributes),
      () => dk!,
      () => dv!,
      () => tf.zerosLike(inputs[3]!),
    ].slice(0, inputs.length);
  },
  kernels: [attentionOnWebgpu],
};

test.each([
  { batch: 3, queries: 70, keys: 50, d: 16, e: 16, mask: undefined },
  { batch: 4, queries: 33, keys: 65, d: 7, e: 5, mask: [2, 33] },
  { batch: 4, queries: 130, keys: 40, d: 64, e: 32, mask: [4, 1] },
  { batch: 2, queries: 5, keys: 3, d: 8, e: 8, mask: [1, 5] },
])('$batch x $queries queries, $keys keys, $d and $e components, mask $mask', async (shape) => {
  const { batch, queries, keys, d, e, mask } = shape;
  const random = randomFromSeed(queries);
  const inputs = [
    normals(random, batch, queries, d),
    normals(random, batch, keys, d),
    normals(random, batch, keys, e),
  ];
  const scale = 1 / Math.sqrt(d);
  const masks = mask ? [normals(random, mask[0]!, mask[1]!, keys)] : [];
  // A fifth of the keys is hidden, never the first.
  masks[0]?.data.forEach((value, i) => {
    if (i % keys > 0 && value > 0.85) masks[0]!.data[i] = Number.NEGATIVE_INFINITY;
  });
  // The mask has no gradient: it is part of the operation here.
  const call = (runtime: typeof gpu, tensors: readonly Tensor[]) =>
    runFused(runtime, operation, [...tensors, ...masks.map((each) => runtime.tensor(each))], {
      hasMask: masks.length > 0,
      scale,
    });
  const result = await agreement(gpu, call, inputs);
  expect(worst(result)).toBeLessThan(toleranceOnGpu(gpu) / 10);
  expect(Math.max(result.value, ...result.gradients)).toBeLessThan(toleranceOnGpu(gpu) / 100);
  expect(gpu.tf.getKernel('NoetherAttentionKeyGradient', 'webgpu')).toBeDefined();
});
