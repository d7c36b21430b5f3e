import { describe, expect, it } from 'vitest';
import { act } from '../../representation/index.ts';
import type { Options } from '../description.ts';
import { bothRuntimes, charge, event, gap, momenta, open, species } from './testing.ts';

const events = [event(8, 1), event(6, 2), event(8, 3), event(11, 4)];
const small = { representation: [4, 1], heads: 2, frames_hidden: 16 };

const exact: readonly [string, Options][] = [
  ['transformer', {}],
  ['transformer with vector outputs', { level: 'particle', vector_outputs: 2 }],
  [
    'transformer v2, vectors of the event',
    { backbone: 'transformer_v2', scalar_outputs: 3, vector_outputs: 1 },
  ],
  ['multi-query attention', { multi_query: true, attention_factor: 2 }],
  ['tensors of order two', { representation: [2, 1, 1] }],
  ['graph net', { backbone: 'graphnet', update_layers: 1, message_sum: 'mean' }],
  ['graph net, largest message', { backbone: 'graphnet', message_sum: 'max', level: 'particle' }],
  ['ParticleNet', { backbone: 'particlenet', neighbours: 4 }],
  ['Particle Transformer', { backbone: 'particle_transformer', class_blocks: 1 }],
  ['Minkowski frames', { frames: 'minkowski' }],
  ['rest frames', { frames: 'rest' }],
  ['one frame for the event', { frames_scope: 'event', vector_outputs: 1 }],
  ['kinematics in the frame', { features: ['momenta', 'kinematics'], rest_frame: true }],
  ['other weights of pairs', { weighting: 'softplus', pair: 'single', vector_sum: 'mean' }],
];

describe('exactly equivariant in float64', () => {
  for (const [what, options] of exact) {
    it(`${what}, to rapidity 5`, async () => {
      const model = await open({ ...small, ...options }, [momenta, charge, species], {});
      expect(await gap(model, events, 1, 'float64')).toBeLessThan(1e-10);
      expect(await gap(model, events, 5, 'float64')).toBeLessThan(1e-8);
      model.dispose();
    });
  }

  it('with scalar and category fields', async () => {
    const model = await open({ ...small, scalars: ['charge', 'species'] }, [momenta, charge, species]);
    expect(model.signature.inputs.map(({ name }) => name)).toEqual(['momenta', 'charge', 'species']);
    expect(await gap(model, events, 3, 'float64')).toBeLessThan(1e-9);
    const [before] = await model.evaluate(events, 'float64');
    const [after] = await model.evaluate([{ ...events[0]!, charge: event(8, 9).charge! }], 'float64');
    expect(after).not.toEqual(before);
  });
});

describe('broken on purpose', () => {
  const broken: readonly [string, Options][] = [
    ['frames: identity', { frames: 'identity' }],
    ['frames: so3', { frames: 'so3' }],
    ['frames: z', { frames: 'z' }],
    ['frames: so2', { frames: 'so2' }],
    ['references: time', { references: ['time'] }],
    ['references: beams', { references: ['beams'] }],
    ['frames_features: so3invariant', { frames_features: 'so3invariant' }],
    ['frames_features: all', { frames_features: 'all' }],
    ['vector_sum: max', { vector_sum: 'max' }],
    ['pooling: token', { pooling: 'token' }],
    ['gamma_max', { gamma_max: 1.05 }],
    ['mass_regulator', { mass_regulator: 0.5 }],
  ];
  for (const [what, options] of broken) {
    it(what, async () => {
      const model = await open({ ...small, ...options });
      expect(await gap(model, events, 2, 'float64')).toBeGreaterThan(1e-4);
      model.dispose();
    });
  }

  const turned = async (options: Options, axis: 'any' | 'z'): Promise<number> => {
    const model = await open({ ...small, ...options });
    const [s, c] = [Math.sin(1.1), Math.cos(1.1)];
    const about = axis === 'z' ? [c, -s, 0, s, c, 0, 0, 0, 1] : [c, 0, s, 0, 1, 0, -s, 0, c];
    const matrix = [1, 0, 0, 0];
    for (let i = 0; i < 3; i++) matrix.push(0, ...about.slice(3 * i, 3 * i + 3));
    const element = { kind: 'lorentz', matrix } as const;
    const moved = events.map((values) => ({ momenta: act(element, values.momenta!, momenta.type) }));
    const [a, b] = [await model.evaluate(events, 'float64'), await model.evaluate(moved, 'float64')];
    model.dispose();
    return Math.max(...a.map(({ scalars }, i) => Math.abs(scalars!.data[0]! - b[i]!.scalars!.data[0]!)));
  };

  it('and what stays: rotations for so3, about the beam for so2, z and beams', async () => {
    expect(await turned({ frames: 'so3' }, 'any')).toBeLessThan(1e-10);
    expect(await turned({ references: ['time'], frames_features: 'so3invariant' }, 'any')).toBeLessThan(
      1e-10,
    );
    const beam: Options[] = [
      { frames: 'so2' },
      { frames: 'z' },
      { references: ['beams', 'time'], frames_features: 'all' },
    ];
    for (const options of beam) {
      expect(await turned(options, 'z')).toBeLessThan(1e-10);
      expect(await turned(options, 'any')).toBeGreaterThan(1e-5);
    }
  });
});

describe('in float32', () => {
  it('frames in double precision keep the symmetry far longer than frames in float32', async () => {
    const double = await open(small);
    const single = await open({ ...small, frames_precision: 'network' });
    expect(await gap(double, events, 2, 'float32')).toBeLessThan(1e-5);
    expect(await gap(single, events, 2, 'float32')).toBeGreaterThan(
      20 * (await gap(double, events, 2, 'float32')),
    );
    expect(await gap(single, events, 5, 'float32')).toBeGreaterThan(1e-4);
  });

  it('agrees with float64', async () => {
    const model = await open({ ...small, level: 'particle', vector_outputs: 1 });
    const [a, b] = [await model.evaluate(events, 'float32'), await model.evaluate(events, 'float64')];
    a.forEach(({ vectors }, i) => {
      vectors!.data.forEach((value, k) => {
        expect(Math.abs(value - b[i]!.vectors!.data[k]!)).toBeLessThan(1e-5);
      });
    });
  });
});

describe('batches', () => {
  for (const backbone of ['transformer', 'graphnet', 'particlenet', 'particle_transformer'] as const) {
    it(`${backbone}: an event does not feel the others, whatever their sizes`, async () => {
      const model = await open({ ...small, backbone, neighbours: 6 });
      const mixed = [event(3, 5), ...events, event(1, 6), event(4, 7), event(9, 8)];
      const together = await model.evaluate(mixed, 'float64');
      for (const [i, values] of mixed.entries()) {
        const [alone] = await model.evaluate([values], 'float64');
        const scale = Math.abs(alone!.scalars!.data[0]!);
        expect(Math.abs(together[i]!.scalars!.data[0]! - alone!.scalars!.data[0]!)).toBeLessThan(
          1e-9 * Math.max(1, scale),
        );
      }
      model.dispose();
    });
  }

  it('the order of particles does not matter', async () => {
    const model = await open({ ...small, level: 'particle' });
    const values = event(7, 9);
    const order = [3, 0, 6, 1, 5, 2, 4];
    const element = { kind: 'permutation', index: 'particle', order } as const;
    const [a] = await model.evaluate([values], 'float64');
    const [b] = await model.evaluate([{ momenta: act(element, values.momenta!, momenta.type) }], 'float64');
    order.forEach((from, to) => {
      expect(b!.scalars!.data[to]).toBeCloseTo(a!.scalars!.data[from]!, 10);
    });
  });

  it('leave no tensors behind in either library', async () => {
    const model = await open({ ...small, vector_outputs: 1 });
    const { float32, float64 } = await bothRuntimes();
    for (const precision of ['float32', 'float64'] as const) await model.evaluate(events, precision);
    const count = () => [float32, float64].map(({ tf }) => tf.memory().numTensors);
    const before = count();
    for (const precision of ['float32', 'float64'] as const) {
      await model.evaluate(events, precision);
      await model.frames(events, precision);
    }
    expect(count()).toEqual(before);
    model.dispose();
    expect(count().every((tensors, i) => tensors < before[i]!)).toBe(true);
    await expect(model.evaluate(events, 'float64')).rejects.toThrow('was disposed of');
  });
});

describe('weights', () => {
  it('are the same for a seed and others for another one', async () => {
    const [a, b, c] = [await open(small), await open(small), await open(small, [momenta], { seed: 2 })];
    expect(await a.weights()).toEqual(await b.weights());
    expect(await a.weights()).not.toEqual(await c.weights());
  });

  it('opened again give the same outputs', async () => {
    const model = await open({ ...small, backbone: 'graphnet' });
    const again = await open({ ...small, backbone: 'graphnet' }, [momenta], {
      weights: await model.weights(),
      seed: 7,
    });
    expect(await again.evaluate(events, 'float64')).toEqual(await model.evaluate(events, 'float64'));
  });

  it('are standardised on the sample, whatever frame it comes in', async () => {
    const example = event(9, 3);
    const plain = await (await open(small, [momenta], { example })).weights();
    const name = 'framesnet.equivectors.block.edge_mean';
    const other = await (await open(small, [momenta], { example: event(9, 4) })).weights();
    expect(plain[name]!.data[0]).not.toBe(other[name]!.data[0]);
    const boost = [
      Math.cosh(1),
      0,
      0,
      Math.sinh(1),
      0,
      1,
      0,
      0,
      0,
      0,
      1,
      0,
      Math.sinh(1),
      0,
      0,
      Math.cosh(1),
    ];
    const moved = { momenta: act({ kind: 'lorentz', matrix: boost }, example.momenta!, momenta.type) };
    const boosted = await (await open(small, [momenta], { example: moved })).weights();
    for (const key of [name, 'mom_mean', 'mom_std']) {
      expect(boosted[key]!.data[0]).toBeCloseTo(plain[key]!.data[0]!, 5);
    }
  });

  it('of another network are refused by name', async () => {
    const { 'net.linear_in.bias': _, ...rest } = await (await open(small)).weights();
    await expect(open(small, [momenta], { weights: rest })).rejects.toThrow(
      'the weights lack `net.linear_in.bias`',
    );
    const wide = await (await open({ ...small, heads: 4 })).weights();
    await expect(open(small, [momenta], { weights: wide })).rejects.toThrow(/the options make it/);
  });
});

it('an input that is not what the signature says is refused', async () => {
  const model = await open({ ...small, scalars: ['species'] }, [momenta, species]);
  const values = event(5, 1);
  await expect(model.evaluate([{ momenta: values.momenta! }], 'float64')).rejects.toThrow(
    'LLoCa was not given its input `species`',
  );
  await expect(model.evaluate([{ ...values, species: event(4, 1).species! }], 'float64')).rejects.toThrow(
    '`species` has the shape [4]',
  );
});
