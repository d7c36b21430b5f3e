import { expect, test } from 'vitest';
import { gradientError } from '../../tensor/fixes/differences.ts';
import { openRuntime, type Runtime, randomFromSeed, real, type Tensor } from '../../tensor/index.ts';
import { agreement, normals, worst } from '../agreement.ts';
import { lorentzFrames, lorentzFramesCost } from './index.ts';
import { lorentzFramesReference } from './reference.ts';

test('the unit vectors give the identity, and their order and lengths do not matter', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const { tf } = runtime;
  const vectors = tf.tensor3d([
    [
      [3, 0, 0, 0],
      [1, 2, 0, 0],
      [5, 7, 0.5, 0],
    ],
  ]);
  const { data } = await runtime.array(tf.sub(lorentzFrames(runtime, vectors), tf.eye(4)));
  for (const entry of data) expect(Math.abs(entry)).toBeLessThan(1e-13);
});

/** Timelike, spacelike and mixed triples, and one whose vectors are nearly parallel. */
const triples = (() => {
  const vectors = normals(randomFromSeed(5), 20, 3, 4);
  for (let row = 0; row < 30; row++) vectors.data[4 * row]! += 3;
  for (let i = 0; i < 4; i++) vectors.data[4 + i] = vectors.data[i]! + 1e-3 * vectors.data[4 + i]!;
  // What float32 holds exactly, so that all start from the same.
  vectors.data.set(new Float32Array(vectors.data));
  return vectors;
})();

test('the kernel gives what the definition gives, and so does its gradient', async () => {
  const { tf, array, tensor } = await openRuntime({ precision: 'float64' });
  const x = tensor(triples);
  const weights = tensor(normals(randomFromSeed(6), 20, 4, 4));
  const of = (call: (t: Tensor) => Tensor) =>
    tf.valueAndGrad((t) => tf.sum(tf.mul(call(t), weights)))(x).grad;
  const kernel = (t: Tensor) => lorentzFrames({ tf } as Runtime, t);
  const reference = (t: Tensor) => lorentzFramesReference({ tf }, [t]);
  const pairs = [
    [kernel(x), reference(x)],
    [of(kernel), of(reference)],
  ] as const;
  for (const [found, expected] of pairs) {
    const scale = tf.add(tf.abs(expected), 1);
    const difference = await array(tf.max(tf.div(tf.abs(tf.sub(found, expected)), scale)));
    expect(difference.data[0]).toBeLessThan(1e-9);
  }
  expect(tf.getKernel('NoetherLorentzFrames', 'cpu')).toBeDefined();
});

test('central differences, and the gradient of the gradient by the definition', async () => {
  const few = real([4, 3, 4], triples.data.slice(36, 84) as Float64Array);
  const value = (tf: Runtime['tf'], t: Tensor): Tensor => {
    const y = lorentzFrames({ tf } as Runtime, t);
    return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(0, y.size)), y.shape)));
  };
  expect(await gradientError(value, few)).toBeLessThan(1e-6);
  const ofGradient = (tf: Runtime['tf'], t: Tensor): Tensor =>
    tf.sum(tf.sin(tf.grad((u) => value(tf, u))(t)));
  expect(await gradientError(ofGradient, few)).toBeLessThan(1e-5);
});

test.each(['cpu', 'wasm'] as const)('float32 on %s agrees with the twin', async (backend) => {
  const runtime = await openRuntime({ precision: 'float32', backend });
  const found = await agreement(runtime, (r, [x]) => lorentzFrames(r, x!), [triples], false);
  expect(worst(found)).toBeLessThan(1e-6);
});

test('equal, zero and lightlike vectors give numbers, so do their gradients', async () => {
  const { tf, array } = await openRuntime({ precision: 'float64' });
  const vectors = tf.tensor3d([
    [
      [2, 1, 0, 0],
      [2, 1, 0, 0],
      [2, 1, 0, 0],
    ],
    [
      [0, 0, 0, 0],
      [1, 1, 0, 0],
      [1, 0, 1, 0],
    ],
  ]);
  const { value, grad } = tf.valueAndGrad((t) => tf.sum(lorentzFrames({ tf } as Runtime, t)))(vectors);
  for (const tensor of [value, grad]) {
    for (const entry of (await array(tensor)).data) expect(Number.isFinite(entry)).toBe(true);
  }
});

test('another shape is refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  expect(() => lorentzFrames(runtime, runtime.tf.ones([2, 4, 3]))).toThrow(
    'lorentzFrames takes vectors [M, 3, 4], not [2,4,3]',
  );
});

test('its cost', () => {
  expect(lorentzFramesCost(10, 'float32').bytes).toBe(10 * (12 + 16) * 4);
});
