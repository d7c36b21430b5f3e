import { describe, expect, it } from 'vitest';
import { createGroup } from '../../group/index.ts';
import { real, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Options } from '../description.ts';
import { uploadWeights } from '../device-weights.ts';
import { deviceClouds } from './device.ts';
import { initialWeights } from './initialise.ts';
import { forward } from './net.ts';
import { specificationOf } from './specification.ts';
import { bothRuntimes, cloud, field, gap, open, positions } from './testing.ts';
import { topologyOf } from './topology.ts';

const small = { hidden: [6], layers: [2], basis: 5, basis_hidden: 5, orientations: 4 };

/** Two points at a distance. */
const apart = (distance: number): Values => ({ positions: real([2, 3], [0, 0, 0, 0, 0, distance]) });

describe('radius graphs', () => {
  it('let a pair fade out smoothly at the radius', async () => {
    const model = await open({ ...small, space: 'R3', graph: { call: 'radius', arguments: [1] } });
    const at = async (distance: number) =>
      (await model.evaluate([apart(distance)], 'float64'))[0]!.scalars!.data[0]!;
    const alone = await at(2);
    expect(await at(1.5)).toBe(alone);
    const inside = Math.abs((await at(0.5)) - alone);
    // The window falls with the third power of the distance to the radius.
    const near = Math.abs((await at(1 - 1e-2)) - alone);
    const nearer = Math.abs((await at(1 - 1e-3)) - alone);
    expect(near).toBeLessThan(1e-2 * inside);
    expect(nearer / near).toBeGreaterThan(0.5e-3);
    expect(nearer / near).toBeLessThan(2e-3);
    model.dispose();
  });
});

describe('the dense route', () => {
  it('gives what the edge list gives, gradients included, also where products are split', async () => {
    // 40 points and 40 channels are enough for the wasm backend to split its products.
    const variants: Options[] = [
      { space: 'R3', hidden: [40], basis: 6 },
      { space: 'R3', invariants: 'T', hidden: [40], basis: 6 },
      { ...small, orientations: 3, hidden: [40] },
    ];
    for (const options of variants) {
      const { config } = specificationOf({ ...options, layers: [1] }, [positions]);
      const { float32: runtime } = await bothRuntimes();
      const { tf } = runtime;
      const stored = initialWeights(config, randomFromSeed(1));
      const host = [cloud(40, 1), cloud(40, 2)].map(({ positions: xyz }) => xyz!.data as Float64Array);
      const data = Float64Array.from(host.flatMap((xyz) => [...xyz]));
      const name = 'layers.0.conv.kernel.weight';
      const results = await Promise.all(
        [true, false].map(async (dense) => {
          const topology = topologyOf(config, { dim: 3, data }, [40, 40], dense);
          const [value, gradient] = tf.tidy(() => {
            const weights = uploadWeights(runtime, stored);
            const clouds = deviceClouds(runtime, {
              positions: real([80, 3], data) as never,
              sizes: [40, 40],
            });
            const loss = (kernel: never) =>
              tf.sum(
                forward(runtime, config, { ...weights, [name]: kernel }, clouds, topology).scalars!,
              ) as never;
            return [loss(weights[name]! as never), tf.grad(loss as never)(weights[name]!)] as const;
          });
          return [...(await runtime.array(value)).data, ...(await runtime.array(gradient)).data];
        }),
      );
      const scale = Math.max(...results[1]!.map(Math.abs));
      results[0]!.forEach((entry, i) => {
        expect(Math.abs(entry - results[1]![i]!) / scale).toBeLessThan(1e-5);
      });
    }
  });
});

describe('edge attributes', () => {
  const bonds = field('bonds', {
    representation: { kind: 'scalar' },
    axes: [{ index: 'point' }, { index: 'point' }],
  });
  const values: Values = {
    positions: cloud(4, 1).positions!,
    bonds: real(
      [4, 4],
      Float64Array.from({ length: 16 }, (_, i) => Math.sin(i)),
    ),
  };

  for (const space of ['R3', 'R3xS2']) {
    it(`reach the output in ${space}, receiver first, and keep permutations exact`, async () => {
      const options = { ...small, space, edge_attributes: ['bonds'], level: 'point' };
      const model = await open(options, [positions, bonds]);
      const [before] = await model.evaluate([values], 'float64');
      const permutation = createGroup({ kind: 'S', index: 'point' }).sample(randomFromSeed(4), { point: 4 });
      expect(await gap(model, [values], permutation)).toBeLessThan(1e-13);
      // After one change at (receiver 2, sender 0) and one block, only point 2 differs.
      const one = await open({ ...options, layers: [1] }, [positions, bonds]);
      const [first] = await one.evaluate([values], 'float64');
      const changed = values.bonds!.data.slice();
      changed[2 * 4 + 0]! += 1;
      const [second] = await one.evaluate([{ ...values, bonds: real([4, 4], changed) }], 'float64');
      const moved = [0, 1, 2, 3].filter((i) => first!.scalars!.data[i] !== second!.scalars!.data[i]);
      expect(moved).toEqual([2]);
      expect(before!.scalars!.shape).toEqual([4]);
    });
  }
});

describe('conditions', () => {
  const time = field('time', { representation: { kind: 'scalar' }, axes: [] });
  it('change the output, also through the kernels of the ShapeNet variant', async () => {
    for (const variant of ['rapidash', 'shapenet']) {
      const model = await open({ ...small, variant, condition: ['time'] }, [positions, time]);
      const at = async (value: number) => {
        const { positions: xyz } = cloud(5, 1);
        const [result] = await model.evaluate([{ positions: xyz!, time: real([], [value]) }], 'float64');
        return result!.scalars!.data[0]!;
      };
      expect(await at(0)).not.toBe(await at(1));
      model.dispose();
    }
  });
});

it('length_scale measures lengths: scaling data and scale together changes nothing', async () => {
  const one = await open({ ...small, space: 'R3' });
  const ten = await open({ ...small, space: 'R3', length_scale: 10 }, [positions], {
    weights: await one.weights(),
  });
  const { positions: xyz } = cloud(6, 1);
  const [a] = await one.evaluate([{ positions: xyz! }], 'float64');
  const large = real([6, 3], xyz!.data.map((value) => 10 * value) as Float64Array);
  const [b] = await ten.evaluate([{ positions: large }], 'float64');
  expect(b!.scalars!.data[0]).toBeCloseTo(a!.scalars!.data[0]!, 10);
});
