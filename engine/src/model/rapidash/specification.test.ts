import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { type Field, typeText } from '../../signature.ts';
import type { Options } from '../description.ts';
import { rapidash } from './description.ts';
import { specificationOf } from './specification.ts';
import { field, normals, pose, positions } from './testing.ts';

const point = { index: 'point' };
const charge = field('charge', { representation: { kind: 'scalar' }, axes: [point] });
const features = field('features', { representation: { kind: 'scalar' }, axes: [point, { size: 4 }] });
const element = field('element', { representation: { kind: 'category', count: 5 }, axes: [point] });
const time = field('time', { representation: { kind: 'scalar' }, axes: [] });
const forces = field('forces', { representation: { kind: 'vector', dim: 3 }, axes: [point, { size: 2 }] });
const flat = field('places', { representation: { kind: 'position', dim: 2 }, axes: [point] });
const all = [positions, normals, pose, charge, features, element, time, forces];

const text = (fields: readonly Field[]) => fields.map(({ name, type }) => `${name}: ${typeText(type)}`);

function findingOf(options: Options, fields: readonly Field[] = all): Fault['finding'] {
  try {
    specificationOf(options, fields);
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the signature', () => {
  it('of the quick start reads the positions and gives one number', () => {
    const signature = rapidash.signature({ space: 'R3', hidden: [32], layers: [3] }, [positions, normals]);
    expect(text(signature.inputs)).toEqual(['positions: position[point]']);
    expect(text(signature.outputs)).toEqual(['scalars: scalar']);
  });

  it('has only the inputs that the options name, each once', () => {
    const signature = rapidash.signature(
      {
        scalars: ['charge', 'element'],
        vectors: ['normals'],
        features: ['normals', 'coordinates', 'pose'],
        condition: ['time'],
        level: 'point',
        scalar_outputs: 4,
        vector_outputs: 1,
      },
      all,
    );
    expect(text(signature.inputs)).toEqual([
      'positions: position[point]',
      'charge: scalar[point]',
      'element: category(5)[point]',
      'normals: vector[point]',
      'pose: vector[3]',
      'time: scalar',
    ]);
    expect(text(signature.outputs)).toEqual(['scalars: scalar[point, 4]', 'vectors: vector[point]']);
  });

  it('in the plane has vectors of the plane, and takes the only positions whatever their name', () => {
    const signature = rapidash.signature({ space: 'R2xS1', vector_outputs: 2 }, [flat, positions]);
    expect(text(signature.inputs)).toEqual(['places: position(2)[point]']);
    expect(text(signature.outputs)).toEqual(['scalars: scalar', 'vectors: vector(2)[2]']);
  });
});

it('counts the channels that fields make', () => {
  const options = {
    scalars: ['charge', 'features', 'element'],
    vectors: ['normals', 'forces'],
    features: ['coordinates', 'normals', 'coordinates_as_vectors', 'normals_as_vectors', 'pose'],
  };
  const { config } = specificationOf(options, all);
  expect(config.scalarInputs).toBe(1 + 4 + 5 + 3 + 3);
  expect(config.vectorInputs).toBe(1 + 2 + 1 + 1 + 3);
});

it('spreads one number over the scales and keeps the coarsest full', () => {
  const { config } = specificationOf(
    { layers: [0, 1, 1], graph: { call: 'knn', arguments: [8] }, hidden: [16] },
    all,
  );
  expect(config.hidden).toEqual([16, 16, 16]);
  expect(config.ratios).toEqual([0.25, 0.25]);
  expect(config.graphs.map(({ kind }) => kind)).toEqual(['knn', 'knn', 'full']);
});

describe('faults', () => {
  const cases: [string, Options, string, string][] = [
    ['unknown option', { hiden: 32 }, 'model/unknown-option', 'Rapidash has no option `hiden`'],
    [
      'wrong kind',
      { hidden: 'many' },
      'model/option-type',
      "Rapidash's option `hidden` takes a whole number, not many",
    ],
    [
      'out of range',
      { orientations: 1 },
      'model/option-range',
      "Rapidash's option `orientations` has to be 2 to 512, not 1",
    ],
    [
      'unknown word',
      { space: 'R4' },
      'model/option-type',
      "Rapidash's option `space` takes one of R3, R3xS2, R2, R2xS1, not R4",
    ],
    [
      'call without its number',
      { graph: 'knn' },
      'model/option-type',
      "Rapidash's option `graph` takes full, knn(neighbours), radius(length), not knn",
    ],
    [
      'half a neighbour',
      { graph: { call: 'knn', arguments: [2.5] } },
      'model/option-range',
      '`knn` takes a whole number of neighbours, at least 1, not 2.5',
    ],
    [
      'lengths that do not go together',
      { layers: [1, 1, 1], hidden: [8, 16] },
      'model/option-length',
      '`hidden` has 2 numbers, which does not go with the number of scales in `layers`',
    ],
    [
      'a grid that there is not',
      { grid: 'icosahedral', orientations: 16 },
      'model/grid-size',
      'an icosahedral grid does not have 16 orientations',
    ],
    [
      'vectors out of R3',
      { space: 'R3', vector_outputs: 1 },
      'model/option-conflict',
      'R3 has no orientations, so Rapidash cannot put out vectors there',
    ],
    [
      'vectors into R3',
      { space: 'R3', features: ['pose'] },
      'model/option-conflict',
      'R3 has no orientations, so Rapidash cannot take vectors there',
    ],
    ['no outputs', { scalar_outputs: 0 }, 'model/option-conflict', 'the network has no outputs'],
    [
      'pooled vectors',
      { readout: 'pooled', vector_outputs: 1 },
      'model/option-conflict',
      'the pooled read-out gives scalars of whole clouds only',
    ],
    ['no blocks', { layers: [0] }, 'model/option-conflict', 'the network has no blocks'],
    [
      'a field that is not there',
      { scalars: ['mass'] },
      'model/missing-field',
      '`scalars` needs the data field `mass`, which is not declared',
    ],
    [
      'a vector as a scalar',
      { scalars: ['normals'] },
      'model/field-type',
      '`scalars` cannot take `normals: vector[point]`',
    ],
    [
      'two conditions',
      { condition: ['time', 'charge'] },
      'model/several-conditions',
      'Rapidash takes one condition, not 2',
    ],
  ];
  for (const [name, options, code, message] of cases) {
    it(name, () => {
      const finding = findingOf(options);
      expect(finding).toMatchObject({ code, message });
      expect(finding.advice).toMatch(/\.$/);
    });
  }

  it('no positions, or several', () => {
    expect(findingOf({}, [charge])).toMatchObject({
      code: 'model/no-positions',
      message: 'Rapidash in 3 dimensions needs positions of points',
      found: 'charge: scalar[point]',
    });
    const [a, b] = ['start', 'end'].map((name) => ({ ...positions, name }));
    expect(findingOf({}, [a!, b!])).toMatchObject({
      code: 'model/ambiguous-positions',
      message: 'several data fields hold positions: start, end',
    });
  });

  it('features: normals without the field', () => {
    expect(findingOf({ features: ['normals'] }, [positions])).toMatchObject({
      code: 'model/missing-field',
      expected: 'normals: vector[point]',
    });
  });
});

describe('the documented options', () => {
  it('have defaults that make a network of a few ten thousand parameters', () => {
    expect(rapidash.parameterCount({}, [positions])).toBeLessThan(50_000);
  });
  it('explain every value that breaks a symmetry, and only values that exist', () => {
    for (const option of rapidash.options) {
      expect(option.doc).toMatch(/\.$/);
      const values = 'choices' in option ? option.choices : [];
      for (const value of Object.keys(option.breaks ?? {})) expect(values).toContain(value);
    }
  });
});
