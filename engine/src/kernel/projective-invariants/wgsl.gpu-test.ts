import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { projectiveInvariants } from './index.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });

test.each([2, 3, 8])(
  'invariants of %i channels and their gradients agree with the twin',
  async (channels) => {
    const jets = normals(randomFromSeed(channels), 90, channels, 5);
    const result = await agreement(gpu, (runtime, [x]) => projectiveInvariants(runtime, x!), [jets]);
    expect(worst(result)).toBeLessThan(2e-6);
    expect(gpu.tf.getKernel('NoetherProjectiveInvariantsGradient', 'webgpu')).toBeDefined();
  },
);
