import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed, real } from '../../tensor/index.ts';
import { projectiveInvariants, projectiveInvariantsCost } from './index.ts';

const random = randomFromSeed(4);
const channels = 4;
const points = 20;
const jets = Float64Array.from({ length: points * channels * 5 }, () => random.normal());

/**
 * Jets after a homography: g~ = A^T g and H~ = A^T (H + psi g^T + g psi^T) A, with A the derivative of the inverse map and
 * psi the covector that a projective change of coordinates adds, the same for all channels of a point.
 */
function moved(): { jets: Float64Array; determinants: number[] } {
  const result = new Float64Array(jets.length);
  const determinants: number[] = [];
  for (let point = 0; point < points; point++) {
    const [a, b, c, d, p, q] = Array.from({ length: 6 }, () => random.normal()) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    determinants.push(a * d - b * c);
    for (let i = 0; i < channels; i++) {
      const at = (point * channels + i) * 5;
      const [x, y, xx, xy, yy] = jets.subarray(at, at + 5) as unknown as [
        number,
        number,
        number,
        number,
        number,
      ];
      const [hxx, hxy, hyy] = [xx + 2 * p * x, xy + p * y + q * x, yy + 2 * q * y];
      result.set(
        [
          a * x + c * y,
          b * x + d * y,
          a * a * hxx + 2 * a * c * hxy + c * c * hyy,
          a * b * hxx + (a * d + b * c) * hxy + c * d * hyy,
          b * b * hxx + 2 * b * d * hxy + d * d * hyy,
        ],
        at,
      );
    }
  }
  return { jets: result, determinants };
}

test('under a homography they change by their weights only', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  const of = async (data: Float64Array) =>
    (await runtime.array(projectiveInvariants(runtime, runtime.tensor(real([points, channels, 5], data)))))
      .data;
  const image = moved();
  const [before, after] = [await of(jets), await of(image.jets)];
  const width = 5 * channels - 5;
  expect(before.length).toBe(points * width);
  before.forEach((value, i) => {
    const weight = i % width < 3 * channels - 2 ? 2 : 1;
    const expected = value * image.determinants[Math.floor(i / width)]! ** weight;
    expect(Math.abs(after[i]! - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)));
  });
});

test('two channels have five', async () => {
  const runtime = await openRuntime({ precision: 'float64' });
  expect(projectiveInvariants(runtime, runtime.tf.ones([3, 2, 5])).shape).toEqual([3, 5]);
});

test('another shape is refused', async () => {
  const runtime = await openRuntime({ precision: 'float32' });
  expect(() => projectiveInvariants(runtime, runtime.tf.ones([3, 1, 5]))).toThrow(
    'projectiveInvariants takes jets [N, C, 5] with C >= 2, not [3,1,5]',
  );
});

test('its cost', () => {
  expect(projectiveInvariantsCost(7, 4, 'float32').bytes).toBe(7 * (20 + 15) * 4);
});
