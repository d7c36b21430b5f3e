import { expect, test } from 'vitest';
import { openRuntime } from '../../tensor/index.ts';
import { normals, relativeError, simdBuilds, valuesOf, wasmRuntime } from '../../tensor/simd/testing.ts';
import { adamStep, adamStepCost } from './index.ts';

const common = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

test.each(simdBuilds)('%s: three steps agree with the plain operations in float64', async (build) => {
  const runtimes = [await wasmRuntime(build), await openRuntime({ precision: 'float64' })] as const;
  for (const decoupled of [true, false]) {
    for (const decay of [0, 0.1]) {
      const [found, expected] = await Promise.all(
        runtimes.map(async (runtime) => {
          const { tf, tensor } = runtime;
          let state = {
            weights: tensor(normals([3, 7], 1)),
            mean: tf.zeros([3, 7]),
            square: tf.zeros([3, 7]),
          };
          for (let step = 1; step <= 3; step++) {
            const gradient = tensor(normals([3, 7], 1 + step));
            state = adamStep(runtime, state, gradient, { ...common, step, decay, decoupled }) as typeof state;
          }
          return valuesOf(runtime, Object.values(state));
        }),
      );
      expect(relativeError(found!, expected!)).toBeLessThan(1e-6);
    }
  }
});

test('the first step is as long as the rate, whatever the gradient', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf } = runtime;
  const state = { weights: tf.zeros([2]), mean: tf.zeros([2]), square: tf.zeros([2]) };
  const next = adamStep(runtime, state, tf.tensor1d([5, -0.2]), {
    ...common,
    step: 1,
    decay: 0,
    decoupled: true,
  });
  const [up, down] = await next.weights.data();
  expect(up).toBeCloseTo(-0.01, 8);
  expect(down).toBeCloseTo(0.01, 8);
});

test('arrays of other shapes are refused', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf } = runtime;
  const state = { weights: tf.zeros([2]), mean: tf.zeros([2]), square: tf.zeros([2]) };
  const attributes = { ...common, step: 1, decay: 0, decoupled: true };
  expect(() => adamStep(runtime, state, tf.zeros([3]), attributes)).toThrow('one shape, not [2],[3],[2],[2]');
});

test('its cost', () => {
  expect(adamStepCost(10, 'float32')).toEqual({ flops: 140, bytes: 280 });
});
