/** The transform against its definition, and complex numbers on wasm against the library's cpu backend. */
import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed } from '../index.ts';
import { fourier } from './fourier.ts';

test.each([1, 2, 3, 7, 16, 60, 97, 128])('%i numbers, there and back', (n) => {
  const random = randomFromSeed(n);
  const [re, im] = [0, 1].map(() => Float64Array.from({ length: n }, () => random.normal())) as [
    Float64Array,
    Float64Array,
  ];
  const [a, b] = [re.slice(), im.slice()];
  fourier(a, b, false);
  for (let k = 0; k < n; k++) {
    let [x, y] = [0, 0];
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      x += re[j]! * Math.cos(angle) - im[j]! * Math.sin(angle);
      y += re[j]! * Math.sin(angle) + im[j]! * Math.cos(angle);
    }
    expect(Math.abs(a[k]! - x) + Math.abs(b[k]! - y)).toBeLessThan(1e-12);
  }
  fourier(a, b, true);
  for (let j = 0; j < n; j++) {
    expect(Math.abs(a[j]! - re[j]!) + Math.abs(b[j]! - im[j]!)).toBeLessThan(1e-13);
  }
});

test('complex numbers on wasm: sums along axes that are repeated, products, parts', async () => {
  const { tf } = await openRuntime({ precision: 'float32', backend: 'wasm' });
  const z = tf.complex(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
  const w = tf.complex([1, 0], [0, 1]);
  const parts = (c: typeof z) => [[...tf.real(c).dataSync()], [...tf.imag(c).dataSync()]];
  expect(parts(tf.add(z, w))).toEqual([
    [2, 2, 4, 4],
    [5, 7, 7, 9],
  ]);
  expect(parts(tf.mul(z, w))).toEqual([
    [1, -6, 3, -8],
    [5, 2, 7, 4],
  ]);
  expect(parts(tf.sub(z, w))).toEqual([
    [0, 2, 2, 4],
    [5, 5, 7, 7],
  ]);
  expect(parts(tf.mul(z, 2))).toEqual([
    [2, 4, 6, 8],
    [10, 12, 14, 16],
  ]);
  expect([...tf.abs(tf.complex([3], [-4])).dataSync()]).toEqual([5]);
  expect([...tf.abs(tf.zerosLike(z)).dataSync()]).toEqual([0, 0, 0, 0]);
});
