import { describe, expect, it } from 'vitest';
import type { Options } from '../description.ts';
import { blockPlans } from './config.ts';
import { rapidash } from './description.ts';
import { specificationOf } from './specification.ts';
import { field, positions } from './testing.ts';
import { deadWeightCount, parameterCountOf, weightSpecs } from './weights.ts';

const elements = field('elements', {
  representation: { kind: 'category', count: 11 },
  axes: [{ index: 'point' }],
});
const qm9: Options = {
  layers: [7],
  hidden: [256],
  basis: 256,
  basis_hidden: 128,
  orientations: 8,
  scalars: ['elements'],
};

describe('parameter counts of the QM9 network (section 2.8)', () => {
  // Published counts include the square matrices that nothing reads.
  const published = [
    { name: 'R3xS2', options: qm9, count: 5_132_161 },
    { name: 'R3 SE', options: { ...qm9, space: 'R3' }, count: 4_638_465 },
    { name: 'R3 T', options: { ...qm9, space: 'R3', invariants: 'T' }, count: 4_643_073 },
    {
      name: 'R3 T, 512 channels',
      options: { ...qm9, space: 'R3', invariants: 'T', hidden: [512] },
      count: 17_505_537,
    },
  ];
  for (const { name, options, count } of published) {
    it(`${name}: ${count} with ${name.includes('512') ? 7 * 512 ** 2 : 458_752} dead ones`, () => {
      const { config } = specificationOf(options, [positions, elements]);
      expect(parameterCountOf(config) + deadWeightCount(config)).toBe(count);
      expect(deadWeightCount(config)).toBe(7 * config.hidden[0]! ** 2);
      expect(rapidash.parameterCount(options, [positions, elements])).toBe(parameterCountOf(config));
    });
  }
});

it('counts the matrix for edge attributes where it is used', () => {
  const bonds = field('bonds', {
    representation: { kind: 'scalar' },
    axes: [{ index: 'point' }, { index: 'point' }],
  });
  const fields = [positions, bonds];
  const { config } = specificationOf({ edge_attributes: ['bonds'], layers: [2], hidden: [8] }, fields);
  expect(deadWeightCount(config)).toBe(0);
  expect(weightSpecs(config).filter(({ name }) => name.endsWith('pre_linear.weight'))).toEqual([
    { name: 'layers.0.conv.pre_linear.weight', shape: [8, 9], start: { fanIn: 9 } },
    { name: 'layers.1.conv.pre_linear.weight', shape: [8, 9], start: { fanIn: 9 } },
  ]);
});

describe('blocks', () => {
  it('go down and, for outputs per point, the mirrored way up', () => {
    const options = { layers: [1, 2], hidden: [5, 6] };
    const down = [
      { inputs: 5, outputs: 5, from: 0, to: 0 },
      { inputs: 5, outputs: 6, from: 0, to: 1 },
      { inputs: 6, outputs: 6, from: 1, to: 1 },
      { inputs: 6, outputs: 6, from: 1, to: 1 },
    ];
    expect(blockPlans(specificationOf(options, [positions]).config)).toEqual(down);
    expect(blockPlans(specificationOf({ ...options, level: 'point' }, [positions]).config)).toEqual([
      ...down,
      { inputs: 6, outputs: 6, from: 1, to: 1 },
      { inputs: 6, outputs: 6, from: 1, to: 1 },
      { inputs: 6, outputs: 5, from: 1, to: 0 },
      { inputs: 5, outputs: 5, from: 0, to: 0 },
    ]);
  });

  it('are as many as asked for at one scale', () => {
    const { config } = specificationOf({ layers: [3], level: 'point' }, [positions]);
    expect(blockPlans(config)).toHaveLength(3);
  });
});
