import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import type { Options } from '../description.ts';
import { lloca } from './description.ts';
import { forwardFlops } from './flops.ts';
import { specificationOf } from './specification.ts';
import { charge, momenta, species } from './testing.ts';
import { constantSpecs, weightSpecs } from './weights.ts';

const text = (options: Options, fields: readonly Field[] = [momenta]): string => {
  try {
    specificationOf(options, fields);
  } catch (error) {
    if (error instanceof Fault) return `${error.finding.code}: ${error.finding.message}`;
    throw error;
  }
  return 'fine';
};

describe('faults', () => {
  it.each<[Options, readonly Field[], string]>([
    [{}, [charge], 'model/no-momenta: LLoCa needs four-momenta of particles'],
    [
      {},
      [
        { ...momenta, name: 'a' },
        { ...momenta, name: 'b' },
      ],
      'model/ambiguous-momenta: several data fields hold four-momenta: a, b',
    ],
    [
      { scalars: ['mass'] },
      [momenta],
      'model/missing-field: `scalars` needs the data field `mass`, which is not declared',
    ],
    [
      { scalars: ['momenta'] },
      [momenta],
      'model/field-type: `scalars` cannot take `momenta: fourvector[particle]`',
    ],
    [
      { representation: [0, 0] },
      [momenta],
      'model/option-length: `representation` takes one to four numbers that are not all 0: scalars, four-vectors, tensors of order two and three',
    ],
    [
      { representation: [1, 1, 1, 1, 1] },
      [momenta],
      'model/option-length: `representation` takes one to four numbers that are not all 0: scalars, four-vectors, tensors of order two and three',
    ],
    [{ scalar_outputs: 0 }, [momenta], 'model/option-conflict: the network has no outputs'],
    [{ features: [] }, [momenta], 'model/option-conflict: the backbone has no inputs'],
    [
      { backbone: 'particlenet', level: 'particle' },
      [momenta],
      'model/option-conflict: ParticleNet gives numbers of whole events only',
    ],
    [
      { backbone: 'particle_transformer', vector_outputs: 1 },
      [momenta],
      'model/option-conflict: the Particle Transformer gives numbers of whole events only',
    ],
    [
      { rest_frame: true, vector_outputs: 1 },
      [momenta],
      'model/option-conflict: `rest_frame` changes the frame that vector outputs would be given in',
    ],
    [
      { pooling: 'token', backbone: 'graphnet' },
      [momenta],
      'model/option-conflict: a class token gives numbers of whole events, in transformers',
    ],
    [
      { frames_pair_masses: false },
      [momenta],
      'model/option-conflict: the net that weighs pairs has no inputs',
    ],
    [
      { attention_factor: 3 },
      [momenta],
      'model/option-conflict: `attention_factor` 3 does not divide the width of attention, 64',
    ],
    [
      { frames: 'other' },
      [momenta],
      "model/option-type: LLoCa's option `frames` takes one of polar, minkowski, rest, so3, z, so2, identity, not other",
    ],
  ])('%j', (options, fields, expected) => {
    expect(text(options, fields)).toBe(expected);
  });
});

describe('the signature', () => {
  it('names inputs and outputs', () => {
    const fields = [momenta, charge, species];
    const { inputs, outputs } = lloca.signature(
      { scalars: ['species'], level: 'particle', scalar_outputs: 2, vector_outputs: 1 },
      fields,
    );
    expect(inputs.map(({ name }) => name)).toEqual(['momenta', 'species']);
    expect(outputs).toEqual([
      {
        name: 'scalars',
        type: { representation: { kind: 'scalar' }, axes: [{ index: 'particle' }, { size: 2 }] },
      },
      { name: 'vectors', type: { representation: { kind: 'fourvector' }, axes: [{ index: 'particle' }] } },
    ]);
  });
});

const paper = { frames_hidden: 128, heads: 8, representation: [8, 2] };
const amplitudes = { ...paper, blocks: 8, scalars: ['species'] };
const scalars = Array.from({ length: 10 }, (_, i): Field => ({ ...charge, name: `s${i}` }));
const jets = {
  ...paper,
  blocks: 10,
  widening: 4,
  scalars: scalars.map(({ name }) => name),
  features: ['kinematics'],
  frames_features: 'all',
  references: ['beams', 'time'],
  scalar_outputs: 10,
};

const particleTransformer = {
  ...jets,
  backbone: 'particle_transformer',
  blocks: 8,
  class_blocks: 2,
  pair_channels: 64,
};

describe('parameters', () => {
  it.each<[string, Options, readonly Field[], number]>([
    ['amplitude transformer', amplitudes, [momenta, species], 1_056_897 + 17_923],
    ['jet tagger', jets, [momenta, ...scalars], 1_981_194 + 21_507],
    [
      'jet tagger by the Particle Transformer',
      particleTransformer,
      [momenta, ...scalars],
      2_143_486 + 21_507,
    ],
    [
      'amplitude graph net',
      {
        ...paper,
        backbone: 'graphnet',
        representation: [64, 16],
        blocks: 3,
        message_layers: 3,
        scalars: ['species'],
      },
      [momenta, species],
      248_833 + 17_923,
    ],
  ])("%s: as many as the authors' code has", (_, options, fields, count) => {
    expect(lloca.parameterCount(options, fields)).toBe(count);
  });

  it('have names of their own', () => {
    for (const backbone of [
      'transformer',
      'transformer_v2',
      'graphnet',
      'particlenet',
      'particle_transformer',
    ]) {
      const specification = specificationOf({ backbone }, [momenta]);
      const names = [...weightSpecs(specification), ...constantSpecs(specification)].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

it('operations of the amplitude transformer: 14.9 M without frames, 16.3 M with them, as published', () => {
  const { frames, backbone, transforms } = forwardFlops(specificationOf(amplitudes, [momenta, species]), 7);
  expect(backbone / 1e6).toBeCloseTo(14.9, 0);
  expect((frames + backbone) / 1e6).toBeCloseTo(16.3, 0);
  expect(transforms).toBe(8 * 8 * 7 * 4 * 2 * 16 * 2);
});

it('operations of the Particle Transformer on 50 particles: 211 M without frames, as published', () => {
  const { backbone } = forwardFlops(specificationOf(particleTransformer, [momenta, ...scalars]), 50);
  expect(Math.round(backbone / 1e6)).toBe(211);
});
