import { expect, test } from 'vitest';
import { openRuntime, real } from '../index.ts';
import { erf } from './erf.ts';

// Correct to the last digit: the series of DLMF 7.6.2 in 60-digit decimal arithmetic, rounded to a double.
const known: [number, number][] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-8, 1.1283791670955126e-8],
  [0.001, 0.0011283787909692365],
  [0.01, 0.011283415555849618],
  [0.03, 0.03384122234173543],
  [0.1, 0.1124629160182849],
  [0.2345, 0.2598336626347928],
  [0.5, 0.5204998778130465],
  [0.78, 0.7300104312985789],
  [1, 0.8427007929497149],
  [1.03125, 0.855271810442917],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [3.3, 0.9999969422902035],
  [4, 0.9999999845827421],
  [4.6, 0.999999999922504],
  [5.5, 0.9999999999999927],
  [5.9, 0.9999999999999999],
  [6, 1],
  [1e10, 1],
];

test.each(known)('erf(%d) is right to 1e-15, relative', (x, expected) => {
  expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(1e-15);
  expect(erf(-x)).toBe(-erf(x));
});

test('erf passes on what is not a number, and knows the limits', () => {
  expect([erf(Number.NaN), erf(0), erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY)]).toEqual([
    Number.NaN,
    0,
    1,
    -1,
  ]);
});

test('erf rises without a step across the whole grid', () => {
  let before = erf(-6.2);
  for (let x = -6.2; x < 6.2; x += 0.0037) {
    expect(erf(x)).toBeGreaterThanOrEqual(before);
    before = erf(x);
  }
});

test.each([
  ['float32', 'wasm', 1.2e-7],
  ['float32', 'cpu', 1.2e-7],
  ['float64', 'auto', 1e-15],
] as const)('tf.erf in %s on %s', async (precision, backend, tolerance) => {
  const { tf, tensor, array } = await openRuntime({ precision, backend });
  const inputs = known.filter(([x]) => x > 1e-30);
  const { data } = await array(
    tf.erf(
      tensor(
        real(
          [inputs.length],
          inputs.map(([x]) => x),
        ),
      ),
    ),
  );
  // The input was rounded to the precision first: that is where erf is compared.
  const at = precision === 'float32' ? Math.fround : (x: number) => x;
  inputs.forEach(([x], i) => {
    expect(Math.abs(data[i]! / erf(at(x)) - 1)).toBeLessThan(tolerance);
  });
});
