import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../data/index.ts';
import { Fault } from '../../fault.ts';
import { integer, real } from '../../tensor/array.ts';
import { openFamily } from '../index.ts';
import { bothRuntimes, cloud, field, normals, open, positions } from './testing.ts';

const tiny = { hidden: [4], layers: [1], basis: 4, basis_hidden: 4, orientations: 4 };
const folder = mkdtempSync(join(tmpdir(), 'noether-rapidash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function faultOf(run: () => unknown): Promise<Fault['finding']> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('evaluate', () => {
  it('gives every input its own result, whatever is evaluated beside it', async () => {
    const options = { ...tiny, vectors: ['normals'], vector_outputs: 2, scalar_outputs: 3, level: 'point' };
    const model = await open(options, [positions, normals]);
    const clouds = [cloud(5, 1), cloud(7, 2), cloud(5, 3), cloud(1, 4)];
    const together = await model.evaluate(clouds, 'float64');
    for (const [i, values] of clouds.entries()) {
      const [alone] = await model.evaluate([values], 'float64');
      const points = values.positions!.shape[0]!;
      expect(together[i]!.scalars!.shape).toEqual([points, 3]);
      expect(together[i]!.vectors!.shape).toEqual([points, 2, 3]);
      for (const name of ['scalars', 'vectors']) {
        alone![name]!.data.forEach((value, k) => {
          expect(together[i]![name]!.data[k]).toBeCloseTo(value, 12);
        });
      }
    }
    model.dispose();
  });

  it('agrees between the precisions to float32 rounding', async () => {
    for (const options of [
      tiny,
      { ...tiny, space: 'R3' },
      { ...tiny, graph: { call: 'knn', arguments: [3] } },
    ]) {
      const model = await open(options);
      const [single] = await model.evaluate([cloud(9, 1)], 'float32');
      const [double] = await model.evaluate([cloud(9, 1)], 'float64');
      const [a, b] = [single!.scalars!.data[0]!, double!.scalars!.data[0]!];
      expect(Math.abs(a - b)).toBeLessThan(1e-4 * Math.abs(b));
      expect(a).not.toBe(b);
      model.dispose();
    }
  });

  it('leaves out the axis of a single output', async () => {
    const model = await open(tiny);
    const [result] = await model.evaluate([cloud(4, 1)], 'float32');
    expect(model.signature.outputs[0]!.type.axes).toEqual([]);
    expect(result!.scalars!.shape).toEqual([]);
    model.dispose();
  });

  it('leaks no tensors over 1,000 forward passes, and frees the weights in the end', async () => {
    const { float32, float64 } = await bothRuntimes();
    const count = () => float32.tf.memory().numTensors + float64.tf.memory().numTensors;
    const empty = count();
    const model = await open({
      ...tiny,
      layers: [1, 1],
      pooling: [0.5],
      graph: { call: 'knn', arguments: [2] },
      level: 'point',
      vector_outputs: 1,
    });
    await model.evaluate([cloud(4, 1)], 'float64');
    await model.evaluate([cloud(4, 1)], 'float32');
    const before = count();
    for (let i = 0; i < 1000; i++) await model.evaluate([cloud(4, 1)], 'float32');
    for (let i = 0; i < 20; i++) await model.evaluate([cloud(4, 1)], 'float64');
    expect(count()).toBe(before);
    model.dispose();
    expect(count()).toBe(empty);
  });

  it('says which input is missing, misshapen, empty or out of range', async () => {
    const parts = field('parts', {
      representation: { kind: 'category', count: 3 },
      axes: [{ index: 'point' }],
    });
    const model = await open({ ...tiny, scalars: ['parts'] }, [positions, parts]);
    const xyz = cloud(4, 1).positions!;
    const evaluate = (values: object) => faultOf(() => model.evaluate([values as never], 'float32'));
    expect((await evaluate({ positions: xyz })).message).toBe('Rapidash was not given its input `parts`');
    expect(await evaluate({ positions: xyz, parts: integer([3], [0, 1, 2]) })).toMatchObject({
      code: 'model/input-shape',
      message: '`parts` has the shape [3], which is not that of category(3)[point]',
      expected: '[4]',
    });
    expect(await evaluate({ positions: xyz, parts: integer([4], [0, 1, 2, 3]) })).toMatchObject({
      code: 'model/input-value',
      message: '`parts` holds the category 3, which category(3)[point] does not have',
    });
    expect(await evaluate({ positions: real([0, 3], []), parts: integer([0], []) })).toMatchObject({
      code: 'model/input-shape',
      message: '`positions` has no points',
    });
    model.dispose();
  });
});

describe('untrained weights', () => {
  it('are a function of the seed, and float32 numbers', async () => {
    const weights = await (await open(tiny)).weights();
    expect(await (await open(tiny)).weights()).toEqual(weights);
    expect(await (await open(tiny, [positions], { seed: 2 })).weights()).not.toEqual(weights);
    for (const [name, { data }] of Object.entries(weights)) {
      if (name !== 'sphere_grid') for (const value of data) expect(value).toBe(Math.fround(value));
    }
  });

  it('lie within the bounds of a Linear layer with its fan in, biases too', async () => {
    const weights = await (await open({ ...tiny, hidden: [32] })).weights();
    const data = [...weights['layers.0.linear_1.weight']!.data];
    const bound = 1 / Math.sqrt(32);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(bound);
    // 4096 uniform draws: the variance is bound^2 / 3 within a few percent.
    const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    expect(Math.max(...weights['layers.0.linear_2.bias']!.data.map(Math.abs))).toBeLessThan(
      1 / Math.sqrt(128),
    );
  });

  it('are calibrated on the example that is given', async () => {
    const random = await (await open(tiny)).weights();
    const onExample = await (await open(tiny, [positions], { example: cloud(80, 9) })).weights();
    const kernel = 'layers.0.conv.kernel.weight';
    const factor = onExample[kernel]!.data[0]! / random[kernel]!.data[0]!;
    expect(Math.abs(factor - 1)).toBeGreaterThan(1e-3);
    onExample[kernel]!.data.forEach((value, i) => {
      expect(value / random[kernel]!.data[i]!).toBeCloseTo(factor, 5);
    });
    expect(onExample['x_embedder.weight']).toEqual(random['x_embedder.weight']);
  });

  it('do not depend on what is evaluated first', async () => {
    const [a, b] = [await open(tiny), await open(tiny)];
    await a.evaluate([cloud(3, 1)], 'float32');
    await b.evaluate([cloud(30, 2)], 'float64');
    expect(await a.weights()).toEqual(await b.weights());
  });
});

describe('stored weights', () => {
  it('come back from a file as the same network', async () => {
    const file = join(folder, 'weights.safetensors');
    const model = await open(tiny);
    writeSafetensors(file, await model.weights(), {}, { real: 'F64' });
    const stored = await open(tiny, [positions], { weights: file, seed: 99 });
    expect(await stored.evaluate([cloud(6, 1)], 'float64')).toEqual(
      await model.evaluate([cloud(6, 1)], 'float64'),
    );
  });

  it('of official files may hold what nothing reads, and may lack the grid', async () => {
    const model = await open(tiny);
    const { sphere_grid: _, ...weights } = await model.weights();
    const official = {
      ...weights,
      'layers.0.conv.pre_linear.weight': real([4, 4], new Float64Array(16)),
      'layers.0.conv.callibrated': integer([], [1]),
    };
    const stored = await open(tiny, [positions], { weights: official });
    expect(await stored.weights()).toEqual(await model.weights());
  });

  it('of another network are refused, with the name of the tensor', async () => {
    const weights = await (await open(tiny)).weights();
    const refuse = (options: object, others = weights) =>
      faultOf(() => open({ ...tiny, ...options }, [positions], { weights: others }));
    expect(await refuse({ hidden: [5] })).toMatchObject({
      code: 'model/weights-shape',
      message: '`x_embedder.weight` has the shape [4, 1] in the weights, the options make it [5, 1]',
    });
    expect(await refuse({ layers: [2] })).toMatchObject({
      code: 'model/weights-missing',
      message: 'the weights lack `layers.1.conv.kernel.weight`',
    });
    expect(await refuse({}, { ...weights, 'decoder.weight': real([1], [0]) })).toMatchObject({
      code: 'model/weights-unknown',
      message: 'the weights hold `decoder.weight`, which this network does not have',
    });
  });
});

describe('openFamily', () => {
  it('opens Rapidash by name, with the count that its description gives', async () => {
    const request = { family: 'Rapidash', options: { space: 'R3', hidden: [8] }, fields: [positions] };
    const model = await openFamily(request, await bothRuntimes());
    const { families } = await import('../families.ts');
    const described = families.find(({ name }) => name === 'Rapidash')!;
    expect(model.title).toBe('Rapidash R3');
    expect(model.parameterCount).toBe(described.parameterCount(request.options, request.fields));
    expect(model.signature).toEqual(described.signature(request.options, request.fields));
    expect(model.precisions).toEqual(['float32', 'float64']);
  });

  it('refuses a family that there is not', async () => {
    const request = { family: 'Rapidsh', options: {}, fields: [positions] };
    expect(await faultOf(async () => openFamily(request, await bothRuntimes()))).toMatchObject({
      code: 'model/unknown-family',
      message: 'there is no model family `Rapidsh`',
    });
  });
});
