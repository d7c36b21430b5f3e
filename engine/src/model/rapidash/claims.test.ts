/**
 * What section 4 of the method's description claims, at a size for laptops: float64, untrained networks, two clouds of
 * 18 points.
 */
import { describe, expect, it } from 'vitest';
import { createGroup, type GroupElement, type GroupSpec } from '../../group/index.ts';
import { real } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import { cloud, gap, normals, open, pose, positions } from './testing.ts';

const sizes = { point: 18 };
const clouds = [cloud(18, 1), cloud(18, 2)];
const small = { hidden: [16], layers: [2], basis: 8, basis_hidden: 8 };

function draw(spec: GroupSpec, seed = 5): GroupElement {
  return createGroup(spec).sample(randomFromSeed(seed), sizes);
}
const rotation = draw({ kind: 'SO', dim: 3 });
const translation = draw({ kind: 'T', dim: 3, scale: 3 });
const reflection: GroupElement = {
  kind: 'euclidean',
  dim: 3,
  matrix: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation: [0, 0, 0],
};
const permutation = draw({ kind: 'S', index: 'point' });

/** Turns by 72 degrees about an axis through a vertex of the icosahedron. */
function fivefold(): GroupElement {
  const golden = (1 + Math.sqrt(5)) / 2;
  const length = Math.hypot(1, golden);
  const [x, y, z] = [0, 1 / length, golden / length];
  const [c, s] = [Math.cos((2 * Math.PI) / 5), Math.sin((2 * Math.PI) / 5)];
  const t = 1 - c;
  return {
    kind: 'euclidean',
    dim: 3,
    matrix: [
      t * x * x + c,
      t * x * y - s * z,
      t * x * z + s * y,
      t * x * y + s * z,
      t * y * y + c,
      t * y * z - s * x,
      t * x * z - s * y,
      t * y * z + s * x,
      t * z * z + c,
    ],
    translation: [0, 0, 0],
  };
}

/** All that is exact stays below; all that is broken is far above. */
const exact = 1e-12;

describe('claim 1: which symmetries are exact', () => {
  const variants = [
    { space: 'R3', invariants: 'T', rotation: 'broken', reflection: 'broken' },
    { space: 'R3', invariants: 'SE', rotation: 'exact', reflection: 'exact' },
    { space: 'R3xS2', invariants: 'SE', rotation: 'approximate', reflection: 'approximate' },
    { space: 'R3xS2', invariants: 'T', rotation: 'broken', reflection: 'broken' },
  ] as const;
  for (const { space, invariants, ...expected } of variants) {
    it(`${space} ${invariants}`, async () => {
      const model = await open({ ...small, space, invariants, orientations: 8 });
      const gaps = {
        rotation: await gap(model, clouds, rotation),
        reflection: await gap(model, clouds, reflection),
      };
      for (const kind of ['rotation', 'reflection'] as const) {
        if (expected[kind] === 'exact') expect(gaps[kind]).toBeLessThan(exact);
        else expect(gaps[kind]).toBeGreaterThan(1e-4);
      }
      expect(await gap(model, clouds, translation)).toBeLessThan(exact);
      expect(await gap(model, clouds, permutation)).toBeLessThan(exact);
      model.dispose();
    });
  }
});

it('claim 2: the rotation gap falls with the number of orientations', async () => {
  const rotations = [1, 2, 3, 4, 5].map((seed) => draw({ kind: 'SO', dim: 3 }, seed));
  const medians: number[] = [];
  for (const orientations of [4, 16, 64]) {
    const model = await open({ ...small, orientations, scalar_outputs: 8 });
    const gaps: number[] = [];
    for (const element of rotations) gaps.push(await gap(model, [cloud(8, 3), cloud(8, 4)], element));
    medians.push(gaps.sort((a, b) => a - b)[2]!);
    model.dispose();
  }
  expect(medians[1]!).toBeLessThan(medians[0]! / 1.5);
  expect(medians[2]!).toBeLessThan(medians[1]! / 2);
  expect(medians[2]!).toBeGreaterThan(exact);
});

it('claim 3: rotating the grid together with the cloud is exact', async () => {
  const options = { ...small, orientations: 8, scalar_outputs: 2 };
  const model = await open(options);
  const weights = await model.weights();
  const matrix = (rotation as { matrix: readonly number[] }).matrix;
  const grid = weights.sphere_grid!;
  const turned = real(
    grid.shape,
    Float64Array.from(grid.data, (_, i) => {
      const row = Math.floor(i / 3);
      return [0, 1, 2].reduce((sum, k) => sum + matrix[(i % 3) * 3 + k]! * grid.data[row * 3 + k]!, 0);
    }),
  );
  const other = await open(options, [positions], { weights: { ...weights, sphere_grid: turned } });
  const [before] = await model.evaluate([clouds[0]!], 'float64');
  const moved = clouds[0]!.positions!.data.map((_, i, data) => {
    const row = Math.floor(i / 3);
    return [0, 1, 2].reduce((sum, k) => sum + matrix[(i % 3) * 3 + k]! * data[row * 3 + k]!, 0);
  });
  const [after] = await other.evaluate([{ positions: real([18, 3], moved) }], 'float64');
  const scale = Math.max(...before!.scalars!.data.map(Math.abs));
  before!.scalars!.data.forEach((value, i) => {
    expect(Math.abs(after!.scalars!.data[i]! - value) / scale).toBeLessThan(exact);
  });
});

describe('claims 4 and 5: the icosahedral grid', () => {
  for (const orientations of [12, 20, 30]) {
    it(`makes the 5-fold rotation exact with ${orientations} orientations, for scalars and vectors`, async () => {
      const model = await open(
        {
          ...small,
          grid: 'icosahedral',
          orientations,
          vectors: ['normals'],
          vector_outputs: 1,
          level: 'point',
        },
        [positions, normals],
      );
      expect(await gap(model, [clouds[0]!], fivefold())).toBeLessThan(1e-12);
      expect(await gap(model, [clouds[0]!], rotation)).toBeGreaterThan(1e-4);
      model.dispose();
    });
  }

  it('is what makes it exact: the fibonacci grid does not', async () => {
    const model = await open({ ...small, orientations: 12 });
    expect(await gap(model, [clouds[0]!], fivefold())).toBeGreaterThan(1e-5);
    model.dispose();
  });
});

describe('claim 6: what breaks the symmetry', () => {
  const options = { ...small, orientations: 20 };
  const frame = { ...clouds[0]!, pose: real([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]) };

  it('coordinates break translations, and as numbers rotations too', async () => {
    const none = await open(options);
    const scalars = await open({ ...options, features: ['coordinates'] });
    const vectors = await open({ ...options, features: ['coordinates_as_vectors'] });
    expect(await gap(none, [frame], translation)).toBeLessThan(exact);
    expect(await gap(scalars, [frame], translation)).toBeGreaterThan(1e-3);
    expect(await gap(vectors, [frame], translation)).toBeGreaterThan(1e-3);
    expect(await gap(scalars, [frame], rotation)).toBeGreaterThan(3 * (await gap(none, [frame], rotation)));
  });

  it('in R3 coordinates break rotations that are exact without them', async () => {
    const steady = await open({ ...small, space: 'R3' });
    const leaky = await open({ ...small, space: 'R3', features: ['coordinates'] });
    expect(await gap(steady, [frame], rotation)).toBeLessThan(exact);
    expect(await gap(leaky, [frame], rotation)).toBeGreaterThan(1e-3);
    expect(await gap(leaky, [frame], translation)).toBeGreaterThan(1e-3);
  });

  it('a fixed frame breaks rotations, one that moves along does not; translations hold', async () => {
    const constant = await open({ ...options, features: ['pose'] });
    const carried = await open({ ...options, features: ['pose'] }, [positions, pose]);
    expect(carried.signature.inputs.map(({ name }) => name)).toEqual(['positions', 'pose']);
    const along = await gap(carried, [frame], rotation);
    expect(await gap(carried, [frame], rotation, 'float64', ['pose'])).toBeGreaterThan(2 * along);
    expect(await gap(constant, [frame], rotation)).toBeGreaterThan(2 * along);
    expect(await gap(constant, [frame], translation)).toBeLessThan(exact);
    expect(await gap(carried, [frame], translation)).toBeLessThan(exact);
  });

  it('normals as numbers break rotations, as vectors they keep them up to the grid', async () => {
    const fields = [positions, normals];
    const scalars = await open({ ...options, features: ['normals'] }, fields);
    const vectors = await open({ ...options, features: ['normals_as_vectors'] }, fields);
    const kept = await gap(vectors, [frame], rotation);
    expect(await gap(scalars, [frame], rotation)).toBeGreaterThan(2 * kept);
    expect(await gap(scalars, [frame], translation)).toBeLessThan(exact);
  });
});

it('claim 12: pooling from the point farthest from the centroid keeps the symmetries exact', async () => {
  const model = await open({
    ...small,
    space: 'R3',
    layers: [1, 1],
    pooling: [0.5],
    graph: { call: 'knn', arguments: [4] },
    level: 'point',
  });
  for (const element of [rotation, translation, reflection, permutation]) {
    expect(await gap(model, clouds, element)).toBeLessThan(exact);
  }
});

it('claim 13: after calibration a convolution keeps the size of its input', async () => {
  // One block, so that the input of the calibrated convolution is the one that it was calibrated on.
  const { calibratedKernels } = await import('./calibrated-kernels.ts');
  const { convolution } = await import('./block.ts');
  const { bothRuntimes } = await import('./testing.ts');
  const { float64: runtime } = await bothRuntimes();
  const { tf } = runtime;
  const random = randomFromSeed(3);
  const normal = (...shape: number[]) =>
    runtime.tensor(
      real(
        shape,
        Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
      ),
    );
  const ratios = tf.tidy(() => {
    const weights = { 'kernel.weight': normal(5, 7), 'fiber_kernel.weight': normal(5, 7), bias: normal(5) };
    const route = { kind: 'dense', clouds: 1, points: 6 } as const;
    const kernels = { spatial: normal(4, 6, 6, 7), fibre: normal(4, 4, 7), route };
    const x = normal(6, 4, 5);
    const pass = (own: typeof weights) => {
      const seen: Record<string, ReturnType<typeof normal>> = {};
      convolution(runtime, x, kernels, own, '', (name, value) => {
        seen[name] = value;
      });
      return { input: seen.input!, spatial: seen.spatial!, fibre: seen.fibre! };
    };
    const { kernel, fibreKernel } = calibratedKernels(runtime, weights, '', pass(weights));
    const again = pass({ ...weights, 'kernel.weight': kernel, 'fiber_kernel.weight': fibreKernel! });
    const deviation = (value: ReturnType<typeof normal>) =>
      Math.sqrt(tf.moments(value).variance.dataSync()[0]!);
    return [
      deviation(again.spatial) / deviation(again.input),
      deviation(again.fibre) / deviation(again.input),
    ];
  });
  expect(ratios[0]).toBeCloseTo(1, 12);
  // The fibre kernel was scaled for the old spatial result, which is linear in the kernel.
  expect(ratios[1]).toBeCloseTo(1, 12);
});
