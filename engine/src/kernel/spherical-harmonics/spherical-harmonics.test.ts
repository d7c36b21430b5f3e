/** Against stored results of e3nn, in both precisions, and at vectors that have no direction. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openRuntime, real, type Tensor } from '../../tensor/index.ts';
import { simdBuilds, wasmRuntime } from '../../tensor/simd/testing.ts';
import { sphericalHarmonics } from './index.ts';

const stored = JSON.parse(
  readFileSync(
    new URL('../../../../test-fixtures/representation/spherical-harmonics.json', import.meta.url),
    'utf8',
  ),
) as Record<string, number[][]>;
const vectors = real([stored.vectors!.length, 3], stored.vectors!.flat());

describe.each(['float64', ...simdBuilds] as const)('%s', (name) => {
  const open = () => (name === 'float64' ? openRuntime({ precision: 'float64' }) : wasmRuntime(name));

  test.each([
    ['integral.unit', 4, { normalize: true, normalization: 'integral' }],
    ['component.unit', 4, { normalize: true, normalization: 'component' }],
    ['norm.solid.degree6', 6, { normalize: false, normalization: 'norm' }],
  ] as const)('e3nn: %s', async (key, degree, options) => {
    const runtime = await open();
    const found = await runtime.array(
      sphericalHarmonics(runtime, runtime.tensor(vectors), { degree, ...options }),
    );
    const columns = (degree + 1) ** 2;
    for (const [i, row] of stored[key]!.entries()) {
      // The stored rows may begin at a later degree.
      const own = found.data.slice(columns * (i + 1) - row.length, columns * (i + 1));
      const scale = Math.max(...row.map(Math.abs));
      row.forEach((value, c) => {
        expect(Math.abs(own[c]! - value) / scale, `vector ${i}, component ${c}`).toBeLessThan(
          name === 'float64' ? 1e-14 : 2e-6,
        );
      });
    }
  });

  test('the zero vector has zeros above degree 0 and a finite gradient where it is not normalised', async () => {
    const runtime = await open();
    const { tf } = runtime;
    const of = (normalize: boolean) => (v: Tensor) =>
      sphericalHarmonics(runtime, v, { degree: 6, normalize, normalization: 'norm' });
    const zero = tf.zeros([1, 3]);
    for (const normalize of [true, false]) {
      const y = [...(await of(normalize)(zero).data())];
      expect(y.map(Math.abs)).toEqual([1, ...new Array(48).fill(0)]);
    }
    const gradient = await tf
      .grad((v: Tensor) => tf.sum(of(false)(v)))(zero)
      .data();
    expect([...gradient]).toEqual([1, 1, 1]);
  });

  test('no vectors', async () => {
    const runtime = await open();
    const y = sphericalHarmonics(runtime, runtime.tf.zeros([0, 3]), {
      degree: 2,
      normalize: true,
      normalization: 'norm',
    });
    expect(y.shape).toEqual([0, 9]);
  });
});
