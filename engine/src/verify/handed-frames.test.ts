/** A known truth: frames of principal axes whose handedness is arbitrary fail exactly on the handed half of the elements. */
import { expect, it } from 'vitest';
import { createGroup } from '../group/index.ts';
import { determinant, multiplyVector } from '../group/matrix.ts';
import { cloudOf } from '../model/wrap/cloud.ts';
import { principalAxes } from '../model/wrap/principal-axes.ts';
import { act } from '../representation/index.ts';
import { real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { dataOf, defaults, functionModel, number, position, SE3, scalar, type } from './testing.ts';
import { verify } from './verify.ts';

const x = type(position, 'point');

/** Rows are axes, each with its largest component positive, as eigenvectors come out of a library: left- or right-handed. */
function framed(points: Float64Array) {
  const cloud = cloudOf({ x: real([points.length / 3, 3], points) }, [{ name: 'x', type: x }], 3, true);
  const axes = principalAxes(cloud.scatter, 3).axes.map((axis) => {
    const largest = axis.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    return largest < 0 ? axis.map((v) => 0 - v) : [...axis];
  });
  const matrix = axes.flat();
  const rows = Array.from({ length: points.length / 3 }, (_, i) =>
    multiplyVector(
      matrix,
      [0, 1, 2].map((k) => points[3 * i + k]! - cloud.centre[k]!),
    ),
  );
  return { rows, handed: determinant(matrix) > 0 };
}

/** Moments in that frame. The last one turns round with the handedness, and with nothing else that signs of axes can do. */
function energy(points: Float64Array): number {
  const { rows } = framed(points);
  const mean = (of: (row: readonly number[]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  return mean(([a]) => a! ** 4) + mean(([a, b, c]) => a! * b! * c!);
}

it('a pair is violated where, and only where, the two frames differ in handedness', async () => {
  const dataset = dataOf({ x }, { count: 5 });
  const group = createGroup(SE3);
  const random = randomFromSeed(11);
  let turned = 0;
  for (const [s, { values }] of dataset.samples.entries()) {
    const points = Float64Array.from(values.x!.data);
    const before = framed(points).handed;
    for (let draw = 0; draw < 40; draw++) {
      const element = group.sample(random.stream('element', s, draw), {});
      const moved = Float64Array.from(act(element, values.x!, x).data);
      const gap = Math.abs(energy(moved) - energy(points));
      const same = framed(moved).handed === before;
      if (same) expect(gap).toBeLessThan(1e-11);
      else expect(gap).toBeGreaterThan(1e-4);
      if (!same) turned++;
    }
  }
  expect(turned).toBeGreaterThan(60);
  expect(turned).toBeLessThan(140);

  const model = functionModel(
    { x },
    { energy: { type: type(scalar), compute: ({ x: points }) => number(energy(points!)) } },
    ['float64'],
  );
  const options = { ...defaults, elements: 40, within: 1e-9 };
  const { verdict, outputs } = await verify({ model, dataset, group, options });
  expect(verdict).toBe('violated');
  const { count, draws } = outputs[0]!.exceedance;
  expect(draws).toBe(200);
  // Half of 200, within four standard deviations.
  expect(Math.abs(count - 100)).toBeLessThan(4 * Math.sqrt(50));
});
