/** Symmetries that are known beforehand, of models that are plain functions. */
import { describe, expect, it } from 'vitest';
import type { AmbientSpec } from '../../group/ambient.ts';
import { real } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import {
  type Compute,
  dataOf,
  functionModel,
  number,
  pairEnergy,
  position,
  scalar,
  type,
  vector,
} from '../testing.ts';
import { type Discovered, discover } from './discover.ts';
import type { DiscoverOptions } from './discovery.ts';

const defaults: DiscoverOptions = {
  outputs: 'declared',
  within: 'auto',
  samples: 32,
  confidence: 0.95,
  seed: 0,
};
const affine3: AmbientSpec = { factors: [{ kind: 'affine', dim: 3, scale: 1 }] };
const points = { positions: type(position, 'point') };

function search(
  compute: Compute,
  ambient: AmbientSpec = affine3,
  {
    inputs = points,
    output = type(scalar),
    precisions,
    count = 32,
    size = 6,
    ...options
  }: Partial<DiscoverOptions> & {
    inputs?: Parameters<typeof dataOf>[0];
    output?: ReturnType<typeof type>;
    precisions?: readonly Precision[];
    count?: number;
    size?: number;
  } = {},
): Promise<Discovered> {
  return discover({
    model: functionModel(inputs, { energy: { type: output, compute } }, precisions),
    dataset: dataOf(inputs, { count, size }),
    ambient,
    options: { ...defaults, ...options },
  });
}

/** Something without any symmetry: a random quadratic and cubic form of all numbers. */
function shapeless(p: Float64Array): number {
  const random = randomFromSeed(5);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    sum += Math.tanh(p[i]! * random.normal() + random.normal());
    sum += random.normal() * p[i]! * p[(i * 7 + 3) % p.length]!;
  }
  return sum;
}

const squares = (weights: readonly number[]) => (p: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < p.length; i += 3) {
    let q = 0;
    for (let k = 0; k < 3; k++) q += weights[k]! * p[i + k]! ** 2;
    sum += Math.tanh(q / 3) + 0.1 * q;
  }
  return sum;
};

describe('the algebra', () => {
  it('of an energy of pairs of points is se(3), with inversion and all permutations', async () => {
    const found = await search(({ positions }, round) => number(pairEnergy(positions!, round)), {
      factors: [...affine3.factors, { kind: 'S', index: 'point' }],
    });
    expect(found.verdict).toBe('found');
    expect(found.found).toBe('se(3) + inversion + S(point)');
    expect(found.checks).toEqual(['E(3) * S(point)']);
    expect(found.algebra).toMatchObject({ dimension: 6, ambient: 12, closed: true });
    expect(found.gap).toBeGreaterThan(1e4);
    expect(found.draws).toMatchObject({ draws: 64, above: 0 });
  });

  it('is a rotation about z where z is another axis', async () => {
    const found = await search(({ positions }) => number(squares([1, 1, 0.4])(positions!)), {
      factors: [{ kind: 'SE', dim: 3, scale: 1 }],
    });
    expect(found.algebra).toMatchObject({ dimension: 1, name: 'so(2) about z' });
    expect(found.algebra!.basis.map(({ name }) => name)).toEqual(['rotation about z']);
    expect(found.checks).toEqual(['SO(2)']);
    // Half turns about the other axes are left of their rotations.
    expect(found.finite.filter(({ verdict }) => verdict === 'holds').map(({ name }) => name)).toEqual([
      'turn by 180 degrees about x',
      'turn by 180 degrees about y',
    ]);
  });

  it('is a rotation about a tilted axis through another point', async () => {
    const axis = [1, 2, 2].map((x) => x / 3);
    const centre = [0.5, -1, 0.25];
    const found = await search(
      ({ positions: p }) => {
        let sum = 0;
        for (let i = 0; i < p!.length; i += 3) {
          const d = [0, 1, 2].map((k) => p![i + k]! - centre[k]!);
          const along = d.reduce((s, x, k) => s + x * axis[k]!, 0);
          const square = d.reduce((s, x) => s + x * x, 0) - along * along;
          sum += Math.sin(along) + square * along + Math.tanh(square);
        }
        return number(sum);
      },
      { factors: [{ kind: 'SE', dim: 3, scale: 1 }] },
    );
    expect(found.algebra!.dimension).toBe(1);
    expect(found.algebra!.name).toMatch(
      /^so\(2\) about \(0\.33, 0\.67, 0\.67\) through \(0\.61, -0\.78, 0\.47\)$/,
    );
    expect(found.checks).toEqual([]);
  });

  it('keeps another quadratic form than the length', async () => {
    const found = await search(({ positions }) => number(squares([1, 1, 0.25])(positions!)), {
      factors: [{ kind: 'GL', dim: 3 }],
    });
    expect(found.algebra).toMatchObject({ dimension: 3, closed: true });
    expect(found.algebra!.name).toBe('so(3) of the quadratic form diag(1, 1, 0.25)');
  });

  it('is empty where there is no symmetry', async () => {
    const found = await search(({ positions }) => number(shapeless(positions!)), {
      factors: [...affine3.factors, { kind: 'S', index: 'point' }],
    });
    expect(found).toMatchObject({ verdict: 'none', found: 'no symmetry', checks: [] });
    expect(found.algebra).toMatchObject({ dimension: 0, name: 'none' });
    expect(found.singularValues.every(({ verdict }) => verdict === 'violated')).toBe(true);
  });

  it('of vectors turns them with the input', async () => {
    const forces: Compute = ({ positions: p }) => {
      const out = new Float64Array(p!.length);
      for (let i = 0; i < p!.length; i += 3) {
        for (let j = 0; j < p!.length; j += 3) {
          const d = [0, 1, 2].map((k) => p![i + k]! - p![j + k]!);
          const w = Math.exp(-d.reduce((s, x) => s + x * x, 0));
          for (let k = 0; k < 3; k++) out[i + k]! += w * d[k]!;
        }
      }
      return real([p!.length / 3, 3], out);
    };
    const found = await search(forces, affine3, { output: type(vector, 'point'), count: 8 });
    expect(found.found).toBe('se(3) + inversion');
    // As unknown outputs they turn linearly: the fit finds the same.
    const fitted = await search(forces, affine3, {
      output: type(vector, 'point'),
      outputs: 'fitted',
      count: 8,
    });
    expect(fitted.algebra!.name).toBe('se(3)');
    expect(fitted.algebra!.basis.map(({ outputs }) => outputs!.energy)).toEqual([
      'a linear map',
      'a linear map',
      'a linear map',
      'invariant',
      'invariant',
      'invariant',
    ]);
    expect(fitted.checks).toEqual([]);
    // As invariants only translations are left.
    const invariant = await search(forces, affine3, {
      output: type(vector, 'point'),
      outputs: 'invariant',
      count: 8,
    });
    expect(invariant.algebra!.name).toBe('t(3)');
  });

  it('has scaling with its degree, where outputs are fitted', async () => {
    const homogeneous: Compute = ({ positions: p }, round) => number(pairEnergy(p!, round) ** 1.5);
    const declared = await search(homogeneous);
    expect(declared.algebra!.name).toBe('se(3)');
    const fitted = await search(homogeneous, affine3, { outputs: 'fitted', count: 48, samples: 48 });
    expect(fitted.algebra!.name).toBe('scaling + se(3)'.split(' + ').reverse().join(' + '));
    expect(fitted.algebra!.basis.find(({ name }) => name === 'scaling')!.outputs).toEqual({
      energy: 'times exp(3 t)',
    });
  });

  it('is what invariance under scaling is', async () => {
    const found = await search(({ positions: p }) => {
      const [a, b] = [pairEnergy(p!.subarray(0, 9), (x) => x), pairEnergy(p!.subarray(9), (x) => x)];
      return number(Math.tanh(a / b) + Math.sin(p![0]! / Math.sqrt(a)));
    });
    expect(found.algebra!.name).toBe('so(2) about x + scaling + translations normal to x');
  });

  it('of four-vectors is so(1,3), with scaling where masses are compared', async () => {
    const minkowski = (p: Float64Array, i: number, j: number) =>
      p[i]! * p[j]! - p[i + 1]! * p[j + 1]! - p[i + 2]! * p[j + 2]! - p[i + 3]! * p[j + 3]!;
    const ambient: AmbientSpec = { factors: [{ kind: 'Poincare', scale: 1 }, { kind: 'scaling' }] };
    const inputs = { momenta: type({ kind: 'fourvector' }, 'point') };
    const masses: Compute = ({ momenta: p }) =>
      number(Math.tanh(minkowski(p!, 0, 4)) + minkowski(p!, 4, 8) * minkowski(p!, 0, 8));
    const lorentz = await search(masses, ambient, { inputs });
    expect(lorentz.algebra).toMatchObject({ name: 'so(1,3)', dimension: 6, ambient: 11 });
    expect(lorentz.checks).toEqual(['Lorentz']);
    const ratio: Compute = ({ momenta: p }) =>
      number(Math.tanh(minkowski(p!, 0, 4) / (minkowski(p!, 4, 8) ** 2 + minkowski(p!, 0, 0) ** 2) ** 0.5));
    const scaled = await search(ratio, ambient, { inputs });
    expect(scaled.algebra!.name).toBe('so(1,3) + scaling');
    // A detector along z at rest leaves rotations about the beam and boosts along it.
    const beam: Compute = ({ momenta: p }) =>
      number(Math.tanh(p![1]! * p![5]! + p![2]! * p![6]!) + p![0]! * p![4]! - p![3]! * p![7]!);
    const found = await search(beam, { factors: [{ kind: 'Lorentz', rapidity: 1 }] }, { inputs });
    expect(found.algebra!.basis.map(({ name }) => name)).toEqual(['rotation about z', 'boost along z']);
    expect(found.checks).toEqual(['SO(2)']);
  });

  it('is found in float32 alone, with a floor that is measured', async () => {
    const found = await search(
      ({ positions }, round) => number(round(pairEnergy(positions!, round))),
      affine3,
      {
        precisions: ['float32'],
      },
    );
    expect(found.found).toBe('se(3) + inversion');
    expect(found.precision).toBe('float32');
    expect(found.floor).toBeGreaterThan(1e-7);
    expect(found.floor).toBeLessThan(1e-3);
  });

  it('is followed to finite elements: a box that only far motions meet', async () => {
    const boxed: Compute = ({ positions: p }, round) => {
      const far = p!.reduce((most, x) => Math.max(most, Math.abs(x)), 0) > 5;
      return number(pairEnergy(p!, round) * (far ? 1.2 : 1));
    };
    const found = await search(boxed, { factors: [{ kind: 'T', dim: 3, scale: 20 }] });
    expect(found.algebra!.dimension).toBe(0);
    expect(found.findings.map(({ code }) => code)).toContain('discover/only-nearby');
    expect(found.verdict).toBe('none');
  });
});

describe('finite elements', () => {
  const S: AmbientSpec = { factors: [{ kind: 'S', index: 'point' }] };
  it('of permutations are told apart pair by pair', async () => {
    const paired: Compute = ({ positions: p }, round) => {
      // Points 2 and 4 have a bond of their own.
      let bond = 0;
      for (let k = 0; k < 3; k++) bond += (p![6 + k]! - p![12 + k]!) ** 2;
      return number(pairEnergy(p!, round) + 0.3 * Math.tanh(bond));
    };
    const found = await search(paired, S, { count: 6 });
    expect(found.found).toBe('permutations of point among 0-1, 3, 5 + permutations of point among 2, 4');
    expect(found.finite.at(-1)).toMatchObject({ verdict: 'violated' });
    expect(found.finite.at(-1)!.name).toMatch(/^swap of point/);
    expect(found.checks).toEqual([]);
  });

  it('of a ring are cyclic shifts', async () => {
    const ring: Compute = ({ values: v }) => {
      let sum = 0;
      for (let i = 0; i < v!.length; i++) sum += v![i]! ** 2 * v![(i + 1) % v!.length]!;
      return number(sum);
    };
    const inputs = { values: type(scalar, 'point') };
    const found = await search(ring, S, { inputs, count: 6 });
    expect(found.found).toBe('shift(point)');
    const every = await search(
      ({ values: v }) => number(v![0]! * v![1]! ** 2 + v![2]! * v![3]! ** 2 + v![4]! * v![5]! ** 2),
      { factors: [{ kind: 'shift', index: 'point' }] },
      { inputs, count: 6 },
    );
    expect(every.found).toBe('shifts along point by multiples of 2');
    expect(every.checks).toEqual([]);
  });

  it('of signs are flips of single entries', async () => {
    const inputs = { modes: type({ kind: 'pseudoscalar' }, 'point') };
    const ambient: AmbientSpec = { factors: [{ kind: 'Z2', index: 'point' }] };
    const even = await search(({ modes: v }) => number(v!.reduce((s, x) => s + Math.cos(x), 0)), ambient, {
      inputs,
      count: 6,
    });
    expect(even).toMatchObject({ found: 'Z2(point)', checks: ['Z2(point)'] });
    const joint = await search(({ modes: v }) => number(v![0]! * v![1]! + v![2]! ** 2), ambient, {
      inputs,
      count: 6,
      size: 3,
    });
    expect(joint.found).toBe('sign of point 2 + all signs of point');
  });
});

it('looks at moved samples where there are few, and holds out others than it fits', async () => {
  for (const count of [1, 5]) {
    const found = await search(({ positions }, round) => number(pairEnergy(positions!, round)), affine3, {
      count,
    });
    expect(found.found).toBe('se(3) + inversion');
    expect(found.findings.map(({ code }) => code)).toContain('discover/samples-moved');
  }
});

it('says what is missing', async () => {
  const flat = search(({ values: v }) => number(v![0]!), affine3, {
    inputs: { values: type(scalar, 'point') },
  });
  await expect(flat).rejects.toMatchObject({ finding: { code: 'discover/moves-nothing' } });
  const zero = search(() => number(0));
  await expect(zero).rejects.toMatchObject({ finding: { code: 'discover/zero-output' } });
  const image = search(
    ({ pixels }) => number(pixels![0]!),
    { factors: [{ kind: 'SO', dim: 2 }] },
    { inputs: { pixels: type({ kind: 'image' }, 'point', 'point') } },
  );
  await expect(image).rejects.toMatchObject({ finding: { code: 'group/no-action' } });
});
