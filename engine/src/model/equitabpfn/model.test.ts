import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { real, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import { drawWeights } from '../initial-weights.ts';
import type { Model } from '../model.ts';
import { maskModes, officialConfig, smallConfig } from './config.ts';
import { equiTabPfn } from './description.ts';
import { hostTable } from './host-tables.ts';
import { anyTable } from './model.ts';
import { componentLayer } from './net.ts';
import { specificationOf } from './specification.ts';
import { streamedLogits } from './streamed.ts';
import { bothRuntimes, cycle, distance, logits, open, openBaseline, reordered, table } from './testing.ts';
import { weightSpecs } from './weights.ts';

const runtimes = await bothRuntimes();
const small = { width: 32, decoder_hidden: 16 };

/** |f(g x) - g f(x)| for a permutation of the classes. */
async function classGap(
  model: Model,
  values: Values,
  precision: Precision,
  measure?: { absolute: boolean },
): Promise<number> {
  const order = cycle(values.labels!.shape[1]!);
  const moved = reordered(values, 'labels', 1, order);
  const before = await logits(model, values, precision);
  return distance(await logits(model, moved, precision), reordered(before, 'logits', 1, order), measure);
}

describe('the order of the classes', () => {
  it.each(maskModes)('moves scores along and does nothing else: mask %s', async (mask) => {
    const model = await open({ ...small, mask });
    for (const classes of [2, 5]) {
      expect(await classGap(model, table(classes, 3), 'float64')).toBeLessThan(1e-14);
      expect(await classGap(model, table(classes, 3), 'float32')).toBeLessThan(1e-5);
    }
  });

  it('is not a symmetry of the baseline; averaging over orders brings it nearer, over all orders there', async () => {
    const gap = async (options: Options): Promise<number> =>
      classGap(await openBaseline({ width: 32, ...options }), table(4, 1), 'float64', { absolute: true });
    const plain = await gap({});
    const averaged = await gap({ ensemble: 'random', orders: 12 });
    expect(plain).toBeGreaterThan(0.1);
    expect(averaged).toBeLessThan(0.6 * plain);
    expect(averaged).toBeGreaterThan(1e-3);
    expect(await gap({ ensemble: 'all' })).toBeLessThan(1e-13);
  });
});

describe('rows', () => {
  it('may come in any order', async () => {
    const model = await open(small);
    const values = table(3, 5);
    const order = cycle(14);
    const moved = reordered(reordered(values, 'features', 0, order), 'labels', 0, order);
    const before = await logits(model, values, 'float64');
    expect(distance(await logits(model, moved, 'float64'), before)).toBeLessThan(1e-13);
    const asked = reordered(values, 'queries', 0, cycle(6));
    const expected = reordered(before, 'logits', 0, cycle(6));
    expect(distance(await logits(model, asked, 'float64'), expected)).toBeLessThan(1e-14);
  });

  it.each([
    ['labelled', 0, 1e-13],
    ['all', 1e-6, 1],
  ] as const)('a query among others, missing values standardised by %s rows', async (how, least, most) => {
    const model = await open({ ...small, missing_statistics: how });
    const values = table(3, 5);
    values.features!.data.fill(Number.NaN, 7, 9);
    values.queries!.data.fill(Number.NaN, 6, 9);
    const all = await logits(model, values, 'float64');
    const first = { ...values, queries: real([1, 5], values.queries!.data.slice(0, 5)) };
    const alone = await logits(model, first, 'float64');
    const among = { logits: real([1, 3], all.logits!.data.slice(0, 3)) };
    expect(distance(alone, among)).toBeLessThanOrEqual(most);
    expect(distance(alone, among)).toBeGreaterThanOrEqual(least);
  });
});

describe('what is no symmetry', () => {
  it('the order of the features', async () => {
    const model = await open(small);
    const values = table(3, 5);
    const moved = ['features', 'queries'].reduce((all, name) => reordered(all, name, 1, cycle(5)), values);
    expect(
      distance(await logits(model, moved, 'float64'), await logits(model, values, 'float64')),
    ).toBeGreaterThan(1e-3);
  });

  it('adding classes that no row has', async () => {
    const model = await open(small);
    const { labels, ...rest } = table(3, 5);
    const padded = new Float64Array(14 * 10);
    labels!.data.forEach((value, i) => {
      padded[Math.floor(i / 3) * 10 + (i % 3)] = value;
    });
    const narrow = await logits(model, { ...rest, labels: labels! }, 'float64');
    const wide = await logits(model, { ...rest, labels: real([14, 10], padded) }, 'float64');
    const own = Float64Array.from(
      { length: 18 },
      (_, i) => wide.logits!.data[Math.floor(i / 3) * 10 + (i % 3)]!,
    );
    expect(distance({ logits: real([6, 3], own) }, narrow)).toBeGreaterThan(1e-3);
  });
});

describe('component attention of the official mask', () => {
  it('updates classes by nothing of their own: their queries and keys do not matter, to the last bit', () => {
    const { tf } = runtimes.float64;
    const weights = drawWeights(weightSpecs({ ...smallConfig, width: 16 }), randomFromSeed(0));
    const run = (factor: number): Float64Array => {
      const name = 'transformer.layers.0.cross_feature_attention.self_attn.in_proj_weight';
      const changed = weights[name]!.data.map((value, i) => (i < 2 * 16 * 16 ? value * factor : value));
      const all = { ...weights, [name]: real([48, 16], changed as Float64Array) };
      return tf.tidy(() => {
        const device = Object.fromEntries(
          Object.entries(all).map(([key, array]) => [key, runtimes.float64.tensor(array)]),
        );
        const x = tf.randomNormal([3, 5, 16], 0, 1, 'float32', 7);
        const config = { heads: 4, mask: 'Bq2Bk' } as const;
        const y = componentLayer(runtimes.float64, config, device, 'transformer.layers.0.', x);
        return tf.slice(y, [0, 1, 0], [3, 4, 16]).dataSync().slice();
      }) as unknown as Float64Array;
    };
    expect(run(3)).toEqual(run(1));
  });
});

describe('the number of parameters', () => {
  it('is that of the official network', () => {
    const official = { width: 512, blocks: 6, decoder_hidden: 512 };
    expect(equiTabPfn.parameterCount(official, anyTable)).toBe(25_340_417);
    const matrices = weightSpecs(officialConfig).filter(
      ({ name, shape }) => name.startsWith('transformer') && shape.length === 2,
    );
    expect(matrices.reduce((sum, { shape }) => sum + shape[0]! * shape[1]!, 0)).toBe(25_165_824);
  });
  it('is that of the model', async () => {
    expect((await open({})).parameterCount).toBe(147_265);
    expect(equiTabPfn.parameterCount({}, anyTable)).toBe(147_265);
  });
});

describe('a model', () => {
  it('takes tables of any size and number of classes, each as if it were alone', async () => {
    const model = await open(small);
    const batch = [table(2, 1), table(15, 2, 20), table(2, 3), table(100, 4, 6, 2, 40)];
    const together = await model.evaluate(batch, 'float64');
    for (const [i, values] of batch.entries()) {
      const alone = await logits(model, values, 'float64');
      expect(alone.logits!.shape).toEqual([values.queries!.shape[0], values.labels!.shape[1]]);
      expect(distance(together[i]!, alone)).toBeLessThan(1e-13);
    }
  });

  it.each([
    ['official', 'Bq2Bk'],
    ['full', 'none'],
  ])('works large tables off in pieces with the same result: %s mask', async (_name, mask) => {
    const options = { ...small, mask };
    const specification = specificationOf('EquiTabPFN', options, anyTable);
    const model = await open(options);
    const values = table(7, 6, 23, 9);
    values.queries!.data[3] = Number.NaN;
    values.features!.data[8] = Number.NaN;
    const { weights } = await model.trainable!();
    for (const precision of ['float64', 'float32'] as const) {
      const runtime = runtimes[precision];
      const device = Object.fromEntries(
        Object.entries(weights).map(([name, array]) => [name, runtime.tensor(array)]),
      );
      const { network } = specification;
      if (network.kind !== 'EquiTabPFN') throw new Error('another network');
      const host = hostTable(specification, values);
      const whole = await logits(model, values, precision);
      const before = runtime.tf.memory().numTensors;
      // Pieces of a few rows, of one row, and all at once.
      for (const tile of [1500, 1, 1e6]) {
        const scores = await streamedLogits(runtime, network.config, device, host, tile);
        const limit = precision === 'float64' ? 1e-13 : 1e-5;
        expect(distance({ logits: real([9, 7], scores) }, whole)).toBeLessThan(limit);
      }
      expect(runtime.tf.memory().numTensors).toBe(before);
      runtime.tf.dispose(Object.values(device));
    }
  });

  it('reads values that were not observed as missing, and categories as indicators', async () => {
    const values = table(3, 5);
    const observed = real(
      [14, 5],
      Float64Array.from({ length: 70 }, (_, i) => (i % 9 === 0 ? 0 : 1)),
    );
    const category = [...values.labels!.data].flatMap((one, i) => (one ? [i % 3] : []));
    const missing = values.features!.data.map((value, i) => (i % 9 === 0 ? Number.NaN : value));
    const row = { index: 'row' };
    const fields = [
      ...anyTable.filter(({ name }) => name !== 'labels'),
      { name: 'labels', type: { representation: { kind: 'category', count: 3 }, axes: [row] } },
      { name: 'seen', type: anyTable[0]!.type },
    ] as const;
    const model = await open({ ...small, observed: 'seen' }, { fields });
    const given = { ...values, seen: observed, labels: { shape: [14], data: Int32Array.from(category) } };
    const plain = await open(small);
    const expected = { ...values, features: real([14, 5], missing as Float64Array) };
    const result = await logits(model, given, 'float64');
    expect(distance(result, await logits(plain, expected, 'float64'))).toBeLessThan(1e-14);
    expect(distance(result, await logits(plain, values, 'float64'))).toBeGreaterThan(1e-3);
  });

  it('frees what it made', async () => {
    const model = await open(small);
    await logits(model, table(3, 5), 'float64');
    const before = runtimes.float64.tf.memory().numTensors;
    await logits(model, table(4, 5), 'float64');
    expect(runtimes.float64.tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('what training sees', () => {
  it('are the scores of all tables, one after the other, with gradients for every weight', async () => {
    const model = await open(small);
    const trainable = await model.trainable!();
    const { runtime, names, weights } = trainable;
    const { tf } = runtime;
    const batch = [table(3, 1), table(2, 2), table(3, 3)];
    const forward = trainable.prepare(batch);
    const device = names.map((name) => runtime.tensor(weights[name]!));
    const named = (all: typeof device) => Object.fromEntries(names.map((name, i) => [name, all[i]!]));
    const scores = tf.tidy(() => forward(named(device)).logits!);
    const expected = (await model.evaluate(batch, 'float32')).flatMap(({ logits: one }) => [...one!.data]);
    expect(
      [...scores.dataSync()].map((value, i) => Math.abs(value - expected[i]!)).every((off) => off < 1e-5),
    ).toBe(true);
    const gradients = tf.tidy(() =>
      tf.grads(((...all: typeof device) => tf.sum(tf.square(forward(named(all)).logits!))) as never)(device),
    );
    for (const [i, name] of names.entries()) {
      expect(gradients[i]!.shape, name).toEqual([...weights[name]!.shape]);
      expect(Math.max(...[...gradients[i]!.dataSync()].map(Math.abs)), name).toBeGreaterThan(0);
    }
    tf.dispose([...device, ...gradients, scores]);
  });
});

describe('mistakes', () => {
  const fault = async (run: () => Promise<unknown>): Promise<string> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof Fault) return `${error.finding.code}: ${error.finding.message}`;
      throw error;
    }
    return 'none';
  };

  it('are told with what was expected', async () => {
    const equi = await open(small);
    const other = await openBaseline({ width: 32, classes: 4 });
    const every = await openBaseline({ width: 32, ensemble: 'all' });
    const wide = await open({ ...small, columns: 4 });
    const infinite = table(3, 1);
    infinite.queries!.data[2] = Number.NEGATIVE_INFINITY;
    const { labels: _, ...unlabelled } = table(3, 1);
    expect([
      await fault(() => equi.evaluate([infinite], 'float32')),
      await fault(() => equi.evaluate([unlabelled as Values], 'float32')),
      await fault(() => wide.evaluate([table(3, 1)], 'float32')),
      await fault(() => other.evaluate([table(5, 1)], 'float32')),
      await fault(() => every.evaluate([table(7, 1)], 'float32')),
      await fault(() => open({ width: 30, heads: 4 })),
      await fault(() => open({}, { fields: anyTable.slice(0, 2) })),
      await fault(() => open({ labels: 'features' })),
    ]).toMatchInlineSnapshot(`
      [
        "model/input-value: \`queries\` holds -Infinity",
        "model/missing-input: EquiTabPFN was not given its input \`labels\`",
        "model/input-shape: \`features\` has 5 features, and the encoder has weights for 4",
        "model/input-shape: \`labels\` has 5 classes, and the network has weights for 4",
        "model/input-shape: \`ensemble: all\` goes through every order of the classes, and 7 of them have too many",
        "model/option-conflict: \`width: 30\` cannot be shared by \`heads: 4\`",
        "model/missing-field: \`queries\` needs the data field \`queries\`, which is not declared",
        "model/field-type: \`labels\` cannot take \`features: scalar[row, feature]\`",
      ]
    `);
  });
});
