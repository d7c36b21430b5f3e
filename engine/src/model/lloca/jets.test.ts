import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadDataset } from '../../data/index.ts';
import { charge, gap, momenta, open } from './testing.ts';

const file = fileURLToPath(new URL('../../../../test-fixtures/lloca/data/jets.npz', import.meta.url));

async function jets(source: string) {
  const spec = {
    file,
    fields: [{ ...momenta, source }, charge],
    samples: 6,
    skip: 0,
    sizes: { particle: 'n_particles' },
  };
  return (await loadDataset(spec, { maxBytes: 2 ** 22 })).samples.map(({ values }) => values);
}

const options = {
  scalars: ['charge'],
  representation: [4, 1],
  heads: 2,
  frames_hidden: 16,
  momentum_scale: 10,
};

it('real jets: exact in float64 to rapidity 5, violated without frames', async () => {
  const model = await open(options, [momenta, charge]);
  const plain = await open({ ...options, frames: 'identity' }, [momenta, charge]);
  const events = await jets('momenta_at_rest');
  expect(await gap(model, events, 1, 'float64')).toBeLessThan(1e-10);
  expect(await gap(model, events, 5, 'float64')).toBeLessThan(1e-7);
  expect(await gap(plain, events, 1, 'float64')).toBeGreaterThan(1e-3);
});

it('jets of the detector frame: the boost to their rest frame keeps float32 at its own rounding', async () => {
  const model = await open({ ...options, rest_frame: true }, [momenta, charge]);
  const events = await jets('momenta');
  expect(await gap(model, events, 2, 'float32')).toBeLessThan(2e-5);
  for (const { flags } of await model.frames(events, 'float64')) {
    expect(flags.data.every((flag) => flag === 0)).toBe(true);
  }
});
