import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { real, type Values } from '../../tensor/array.ts';
import type { Options } from '../description.ts';
import { pengCde } from './description.ts';
import {
  bothRuntimes,
  example,
  fields,
  largestDifference,
  open,
  relabelled,
  relabelledInputs,
} from './testing.ts';

const runtimes = await bothRuntimes();
const order = [4, 2, 6, 0, 1, 5, 3];
const graph = example(7, 5, 3);

async function gap(
  options: Options,
  precision: 'float32' | 'float64',
  nodeAxis: number | undefined,
): Promise<number> {
  const model = await open(options);
  const [before, after] = (await model.evaluate([graph, relabelledInputs(graph, order)], precision)) as [
    Values,
    Values,
  ];
  const expected =
    nodeAxis === undefined ? before.prediction! : relabelled(before.prediction!, [nodeAxis], order);
  const scale = Math.max(...expected.data.map(Math.abs));
  model.dispose();
  return largestDifference(after.prediction!, expected) / scale;
}

describe('relabelling the nodes', () => {
  it.each<[string, Options, number | undefined]>([
    ['all maps', {}, 1],
    ['biases', { biases: true }, 1],
    ['the official maps', { basis: 'directed11', maps: 'official' }, 1],
    ['node features as a control', { features: 'features', predict: 'final', coder: 'mlp' }, 0],
    ['a number of the graph', { level: 'graph', outputs: 3 }, undefined],
    ['missing entries', { observed: 'observed', interpolation: 'rectilinear' }, 1],
    ['no operator', { operator: 'none', vector_field: 'additive', interpolation: 'linear' }, 1],
    ['the last graph seen', { vector_field: 'gnode_floor' }, 1],
    ['Heun between queries', { solver: 'heun', outputs_at: 'queries' }, 1],
  ])('moves predictions along: %s', async (_name, options, axis) => {
    expect(await gap(options, 'float64', axis)).toBeLessThan(1e-11);
    expect(await gap(options, 'float32', axis)).toBeLessThan(1e-4);
  });

  it('does not with the parent model', async () => {
    expect(await gap({ vector_field: 'premult', nodes: 7 }, 'float64', 1)).toBeGreaterThan(0.01);
  });
});

describe('the number of parameters', () => {
  const count = (options: Options): number =>
    pengCde.parameterCount({ layers: 2, hidden: 16, ...options }, fields);
  it('is that of the paper', () => {
    expect(count({ basis: 'undirected8' })).toBe(689);
    expect(count({ basis: 'directed11' })).toBe(701);
    expect(count({ basis: 'full15' })).toBe(717);
    expect(count({ basis: 'symmetric6' })).toBe(681);
    expect(count({ vector_field: 'additive' })).toBe(657);
    expect(count({ vector_field: 'gnode' })).toBe(657);
    expect(count({ vector_field: 'premult', nodes: 400 })).toBe(640_657);
  });
  it('is that of the model', async () => {
    const model = await open({ basis: 'undirected8' });
    expect(model.parameterCount).toBe(689);
  });
});

describe('a model', () => {
  it('runs on graphs of other sizes with the same weights, each as if it were alone', async () => {
    const model = await open({});
    const batch = [graph, example(4, 3, 1), example(7, 5, 8), example(12, 5, 2)];
    const together = await model.evaluate(batch, 'float64');
    for (const [i, values] of batch.entries()) {
      const [alone] = await model.evaluate([values], 'float64');
      expect(alone!.prediction!.shape).toEqual([values.times!.shape[0], values.initial!.shape[0]]);
      expect(largestDifference(alone!.prediction!, together[i]!.prediction!)).toBeLessThan(1e-12);
    }
  });

  it('computes the same in both precisions', async () => {
    const model = await open({ hidden: 8 });
    const [single] = await model.evaluate([graph], 'float32');
    const [double] = await model.evaluate([graph], 'float64');
    expect(largestDifference(single!.prediction!, double!.prediction!)).toBeLessThan(1e-4);
    expect(largestDifference(single!.prediction!, double!.prediction!)).toBeGreaterThan(0);
  });

  it.each(['hermite', 'linear'])('knows nothing of graphs after the next one: %s', async (interpolation) => {
    const model = await open({ interpolation });
    const later = graph.adjacency!.data.map((weight, i) =>
      i >= 3 * 49 ? weight + 1 : weight,
    ) as Float64Array;
    const changed = { ...graph, adjacency: real([5, 7, 7], later) };
    const [before, after] = await model.evaluate([graph, changed], 'float64');
    const differs = (knot: number): boolean =>
      largestDifference(
        real([7], before!.prediction!.data.slice(knot * 7, knot * 7 + 7)),
        real([7], after!.prediction!.data.slice(knot * 7, knot * 7 + 7)),
      ) > 0;
    expect([0, 1, 2, 3, 4].map(differs)).toEqual([false, false, false, true, true]);
  });

  it('with a rectilinear path does not know the next graph before its time', async () => {
    const [, second, third] = graph.times!.data as unknown as [number, number, number];
    const between = { ...graph, queries: real([2], [(second + third) / 2, third]) };
    const seen = async (interpolation: string): Promise<boolean[]> => {
      const model = await open({ interpolation, outputs_at: 'queries' });
      const next = graph.adjacency!.data.map((weight, i) =>
        i >= 2 * 49 ? weight + 1 : weight,
      ) as Float64Array;
      const [a, b] = await model.evaluate(
        [between, { ...between, adjacency: real([5, 7, 7], next) }],
        'float64',
      );
      return [0, 1].map((query) => a!.prediction!.data[query * 7] !== b!.prediction!.data[query * 7]);
    };
    expect(await seen('rectilinear')).toEqual([false, true]);
    expect(await seen('linear')).toEqual([true, true]);
  });

  it('reads missing entries as their last value', async () => {
    const model = await open({ observed: 'observed' });
    const plain = await open({});
    const filled = graph.adjacency!.data.slice();
    for (let i = 0; i < filled.length; i++) {
      if (graph.observed!.data[i] === 0) filled[i] = i < 49 ? 0 : filled[i - 49]!;
    }
    const [a] = await model.evaluate([graph], 'float64');
    const [b] = await plain.evaluate([{ ...graph, adjacency: real([5, 7, 7], filled) }], 'float64');
    expect(largestDifference(a!.prediction!, b!.prediction!)).toBe(0);
  });

  it('solves more accurately with smaller steps, and adaptively', async () => {
    const at = async (options: Options) =>
      (await (await open({ hidden: 4, ...options })).evaluate([example(4, 3, 1)], 'float64'))[0]!.prediction!;
    const fine = await at({ steps: 40 });
    const coarse = largestDifference(await at({ steps: 1 }), fine);
    expect(largestDifference(await at({ steps: 10 }), fine)).toBeLessThan(coarse / 4);
    const adaptive = await at({ stepping: 'adaptive', relative_tolerance: 1e-6, absolute_tolerance: 1e-8 });
    expect(largestDifference(adaptive, fine)).toBeLessThan(coarse / 10);
  });

  it('leaves no tensors behind', async () => {
    const { tf } = runtimes.float64;
    const model = await open({ stepping: 'adaptive', relative_tolerance: 0.01 });
    await model.evaluate([example(4, 2, 2)], 'float64');
    const before = tf.memory().numTensors;
    await model.evaluate([example(4, 2, 2), example(4, 3, 1)], 'float64');
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    expect(tf.memory().numTensors).toBeLessThan(before);
  });
});

describe('the trainable view', () => {
  it.each(['discrete', 'adjoint'])(
    'gives outputs in rows and gradients for all weights: %s',
    async (gradient) => {
      const model = await open({ gradient, hidden: 4 });
      const trainable = await model.trainable!();
      const { tf } = trainable.runtime;
      const batch = [graph, example(4, 3, 1), example(7, 5, 8)];
      const forward = trainable.prepare(batch);
      const starts = trainable.names.map((name) => trainable.runtime.tensor(trainable.weights[name]!));
      const named = (list: readonly import('../../tensor/runtime.ts').Tensor[]) =>
        Object.fromEntries(trainable.names.map((name, i) => [name, list[i]!]));
      const rows = tf.tidy(() => forward(named(starts)).prediction!);
      const outputs = await model.evaluate(batch, 'float32');
      const flat = outputs.flatMap(({ prediction }) => [...prediction!.data]);
      expect(rows.shape).toEqual([flat.length]);
      expect(
        largestDifference(real([flat.length], [...rows.dataSync()]), real([flat.length], flat)),
      ).toBeLessThan(1e-5);
      const gradients = tf.grads((...list) => tf.sum(tf.square(forward(named(list)).prediction!)))(starts);
      for (const [i, one] of gradients.entries()) {
        expect(tf.max(tf.abs(one)).dataSync()[0], trainable.names[i]).toBeGreaterThan(0);
      }
    },
  );
});

describe('faults', () => {
  const text = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof Fault) return `${error.finding.code}: ${error.finding.message}`;
      throw error;
    }
    return 'fine';
  };

  it.each<[Options, number[], string]>([
    [{}, [1, 2], 'model/missing-field: `adjacency` needs the data field `adjacency`, which is not declared'],
    [{}, [0, 2], 'model/missing-field: `times` needs the data field `times`, which is not declared'],
    [{}, [0, 1], 'model/missing-field: `initial` needs the data field `initial`, which is not declared'],
    [
      { adjacency: 'initial' },
      [0, 1, 2],
      'model/field-type: `adjacency` cannot take `initial: scalar[node]`',
    ],
    [
      { features: ['a', 'b'] },
      [0, 1, 2],
      'model/option-conflict: `features` names 2 fields, and PENGCDE reads one',
    ],
    [
      { vector_field: 'premult' },
      [0, 1, 2],
      'model/option-conflict: `vector_field: premult` learns matrices of one size, and `nodes` does not say which',
    ],
    [
      { solver: 'rk4', stepping: 'adaptive' },
      [0, 1, 2],
      'model/option-conflict: `solver: rk4` has no estimate of its error, which `stepping: adaptive` needs',
    ],
  ])('of options: %j', (options, have, expected) => {
    expect(
      text(() =>
        pengCde.signature(
          options,
          have.map((i) => fields[i]!),
        ),
      ),
    ).toBe(expected);
  });

  it.each<[string, Values, Options, string]>([
    [
      'times that fall',
      { ...graph, times: real([5], [0, 1, 1, 2, 3]) },
      {},
      'model/input-value: the times `times` do not rise: entry 2 is 1 after 1',
    ],
    [
      'a query before the first graph',
      { ...graph, queries: real([2], [-1, 0]) },
      { outputs_at: 'queries' },
      'model/input-value: the times `queries` do not rise: entry 0 is -1 after 0',
    ],
    [
      'another size than was learnt',
      graph,
      { vector_field: 'premult', nodes: 6 },
      'model/input-shape: `adjacency` has 7 nodes, and `vector_field: premult` learnt matrices for 6',
    ],
    [
      'another shape',
      { ...graph, initial: real([6], [1, 2, 3, 4, 5, 6]) },
      {},
      'model/input-shape: `initial` has the shape [6], which is not that of scalar[node]',
    ],
  ])('of inputs: %s', async (_name, values, options, expected) => {
    const model = await open(options);
    const error = await model.evaluate([values], 'float64').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(
      text(() => {
        throw error;
      }),
    ).toBe(expected);
  });
});
