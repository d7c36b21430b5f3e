/**
 * `node scripts/peng-cde-ordering.ts`: which of the fields learns dynamics on changing graphs best. Prints the table of
 * docs/models/peng-cde.md; takes about a quarter of an hour on two cores.
 *
 * Eight grids of 16 nodes, 14 irregular times in [0, 2], 4 changes of links: trained on 7 of the first 9 times after the start; judged on
 * the 2 left out (interpolation), the last 4 (extrapolation), and all times of 8 unseen graphs and 8 of 25 nodes, which the parent cannot read.
 */

import type { Dataset, Sample } from '../engine/src/data/dataset.ts';
import { openRuntime, randomFromSeed } from '../engine/src/index.ts';
import type { Options } from '../engine/src/model/index.ts';
import { openFamily } from '../engine/src/model/index.ts';
import { type SystemName, simulate } from '../engine/src/model/peng-cde/simulators/simulate.ts';
import type { Field } from '../engine/src/signature.ts';
import { real } from '../engine/src/tensor/array.ts';
import { judge, train } from '../engine/src/train/index.ts';

const seeds = [0, 1, 2];
const knots = 14;
const models: readonly { name: string; options: Options }[] = [
  { name: 'graph alone (GN-ODE)', options: { vector_field: 'gnode' } },
  { name: 'graph + rate (additive)', options: { vector_field: 'additive' } },
  { name: 'parent (premult)', options: { vector_field: 'premult', nodes: 16 } },
  { name: 'PENG-CDE, 15 maps', options: {} },
];

const axes = { time: { index: 'time' }, node: { index: 'node' }, query: { index: 'query' } } as const;
const field = (name: string, kind: 'scalar' | 'constant', ...own: (keyof typeof axes)[]): Field => ({
  name,
  type: { representation: { kind }, axes: own.map((axis) => axes[axis]) },
});
const fields: readonly Field[] = [
  field('adjacency', 'scalar', 'time', 'node', 'node'),
  field('times', 'constant', 'time'),
  field('initial', 'scalar', 'node'),
  field('at', 'constant', 'query'),
  field('state', 'scalar', 'query', 'node'),
];

/** Of the observations those at `places` are asked for. */
function dataset(
  system: SystemName,
  seed: number,
  name: string,
  nodes: number,
  places: readonly number[],
): Dataset {
  const samples = Array.from({ length: 8 }, (_, i): Sample => {
    const random = randomFromSeed(seed).stream(name, system, i);
    const run = simulate({ system, graph: 'grid', nodes, times: knots, horizon: 2, events: 4 }, random);
    const at = places.map((place) => run.times[place]!);
    const state = places.flatMap((place) => [...run.states.slice(place * nodes, (place + 1) * nodes)]);
    return {
      id: `${name}[${i}]`,
      sizes: { time: knots, node: nodes, query: places.length },
      values: {
        adjacency: real([knots, nodes, nodes], run.adjacency),
        times: real([knots], run.times),
        initial: real([nodes], run.states.slice(0, nodes)),
        at: real([places.length], at),
        state: real([places.length, nodes], state),
      },
    };
  });
  return { fields, samples, available: samples.length };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const left = [3, 7];
const trained = range(1, 10).filter((place) => !left.includes(place));
const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};
const loss = { name: 'mse', field: 'state' } as const;

for (const system of ['heat', 'gene'] as const) {
  console.log(
    `\n| ${system} | interpolation | extrapolation | unseen graphs | 25 nodes |\n| --- | --- | --- | --- | --- |`,
  );
  for (const { name, options } of models) {
    const errors: (number | undefined)[][] = [];
    for (const seed of seeds) {
      const all = { solver: 'heun', outputs_at: 'at', ...options };
      const open = (weights?: Parameters<typeof openFamily>[0]['weights']) =>
        openFamily(
          { family: 'PENGCDE', options: all, fields, seed, ...(weights ? { weights } : {}) },
          runtimes,
        );
      const model = await open();
      const { weights } = await train({
        trainable: await model.trainable!(),
        dataset: dataset(system, seed, 'seen', 16, trained),
        options: {
          loss,
          standardise: false,
          steps: 150,
          batch: 8,
          rate: 1e-2,
          schedule: { kind: 'cosine', warmup: 10 },
          optimiser: 'adamw',
          decay: 1e-4,
          clip: 1,
          average: 0,
          validation: 0,
          test: 0,
          every: 150,
          patience: 0,
          seed,
        },
      });
      model.dispose();
      const fitted = await open(weights);
      const at = async (
        from: string,
        nodes: number,
        places: readonly number[],
      ): Promise<number | undefined> => {
        if (options.vector_field === 'premult' && nodes !== 16) return undefined;
        return (
          await judge({ model: fitted, dataset: dataset(system, seed, from, nodes, places), loss, seed })
        ).mse;
      };
      errors.push([
        await at('seen', 16, left),
        await at('seen', 16, range(10, knots)),
        await at('unseen', 16, range(1, knots)),
        await at('larger', 25, range(1, knots)),
      ]);
      fitted.dispose();
    }
    const cells = [0, 1, 2, 3].map((i) => {
      const own = errors.flatMap((row) => row[i] ?? []);
      if (own.length === 0) return 'cannot';
      return own.map((error) => error.toPrecision(2)).join(', ');
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}
