import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { sphericalHarmonics } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([
  [0, true, 'norm'],
  [1, false, 'integral'],
  [2, true, 'component'],
  [3, false, 'norm'],
  [6, true, 'integral'],
] as const)('degree %i, normalised: %s, %s', async (degree, normalize, normalization) => {
  const vectors = normals(randomFromSeed(degree), 150, 3);
  const result = await agreement(
    gpu,
    (runtime, [v]) => sphericalHarmonics(runtime, v!, { degree, normalize, normalization }),
    [vectors],
  );
  expect(worst(result)).toBeLessThan(1e-5);
  expect(gpu.tf.getKernel('NoetherSphericalHarmonicsGradient', 'webgpu')).toBeDefined();
});
