import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { inspectOnnx, openOnnx } from '../foreign/onnx/index.ts';
import type { Options } from '../model/description.ts';
import { openFamily } from '../model/index.ts';
import type { Field, Representation } from '../signature.ts';
import { integer, type NdArray, real, sizeOf, type Values } from '../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../tensor/index.ts';
import type { Precision, Runtime } from '../tensor/runtime.ts';
import { exportOnnx } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let runtimes: Record<Precision, Runtime>;
beforeAll(async () => {
  runtimes = {
    float32: await openRuntime({ precision: 'float32', backend: 'wasm' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
});

const position = { kind: 'position', dim: 3 } as const;
const scalar = { kind: 'scalar' } as const;
function field(name: string, representation: Representation, ...axes: (string | number)[]): Field {
  const type = axes.map((axis) => (typeof axis === 'string' ? { index: axis } : { size: axis }));
  return { name, type: { representation, axes: type } };
}

const random = randomFromSeed(7);
const normals = (...shape: number[]): NdArray =>
  real(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );
const classes = (count: number, ...shape: number[]): NdArray =>
  integer(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.integer(count)),
  );

function datasetOf(fields: readonly Field[], samples: readonly Values[]): Dataset {
  return {
    fields,
    available: samples.length,
    samples: samples.map((values, i) => {
      const sizes: Record<string, number> = {};
      for (const { name, type } of fields) {
        type.axes.forEach((axis, place) => {
          if ('index' in axis) sizes[axis.index] = values[name]!.shape[place]!;
        });
      }
      return { id: String(i), values, sizes };
    }),
  };
}

/** Exports, runs the file, and compares with the original in float64: the largest difference relative to the largest value. */
async function exported(family: string, options: Options, dataset: Dataset) {
  const request = { family, options, fields: dataset.fields, seed: 3, example: dataset.samples[0]!.values };
  const result = await exportOnnx(request, dataset, runtimes);
  const file = join(folder, `${family}.onnx`);
  writeFileSync(file, result.bytes);
  const original = await openFamily(request, runtimes);
  const { inputs, outputs } = original.signature;
  const copy = await openOnnx({ file, inputs, outputs }, { runtime: 'onnxruntime-web' });
  const batch = dataset.samples.map(({ values }) => values);
  const wanted = await original.evaluate(batch, 'float64');
  const found = await copy.evaluate(batch, 'float32');
  let largest = 0;
  wanted.forEach((values, i) => {
    for (const [name, { shape, data }] of Object.entries(values)) {
      const own = found[i]![name]!;
      expect(own.shape).toEqual(shape);
      const scale = Math.max(...data.map(Math.abs));
      data.forEach((value, k) => {
        largest = Math.max(largest, Math.abs(own.data[k]! - value) / scale);
      });
    }
  });
  original.dispose();
  copy.dispose();
  return { ...result, file, largest };
}

const cloud = field('positions', position, 'point');
const clouds = (...sizes: number[]) =>
  datasetOf(
    [cloud],
    sizes.map((size) => ({ positions: normals(size, 3) })),
  );

describe('a network becomes a graph', () => {
  it('Rapidash with orientations takes clouds of any size', async () => {
    const options = { space: 'R3xS2', orientations: 12, hidden: [8], layers: [2], vector_outputs: 1 };
    const found = await exported('Rapidash', options, clouds(9, 7, 14));
    expect(found.open).toEqual(['point']);
    expect(found.largest).toBeLessThan(2e-5);
    const { inputs, parameterCount } = await inspectOnnx(found.file);
    expect(inputs).toMatchObject([{ name: 'positions', dtype: 'float32', dims: ['point', 3] }]);
    expect(parameterCount).toBeGreaterThan(500);
  });

  it('categories and scalars of points enter as declared', async () => {
    const fields = [
      cloud,
      field('species', { kind: 'category', count: 5 }, 'point'),
      field('charge', scalar, 'point'),
    ];
    const sample = (n: number) => ({ positions: normals(n, 3), species: classes(5, n), charge: normals(n) });
    const options = {
      space: 'R3xS2',
      orientations: 12,
      hidden: [8],
      layers: [1],
      scalars: ['species', 'charge'],
      level: 'point',
    };
    const found = await exported('Rapidash', options, datasetOf(fields, [sample(8), sample(11)]));
    expect(found.open).toEqual(['point']);
    expect(found.largest).toBeLessThan(2e-5);
  });

  it('Rapidash without orientations has the size of the first cloud, and says so', async () => {
    const found = await exported('Rapidash', { space: 'R3', hidden: [8], layers: [2] }, clouds(9, 9));
    expect(found.open).toEqual([]);
    expect(found.sizes).toEqual({ point: 9 });
    expect(found.fixed).toMatch(/does not follow/);
    expect(found.largest).toBeLessThan(2e-5);
  });

  it('a graph of nearest neighbours is refused', async () => {
    const options = { space: 'R3', hidden: [8], layers: [1], graph: { call: 'knn', arguments: [3] } };
    await expect(exported('Rapidash', options, clouds(9, 9))).rejects.toMatchObject({
      finding: { code: 'export/host-computed', found: expect.stringMatching(/int32/) },
    });
  });

  it('lists of neighbours are no constants, however little data there is', async () => {
    // The same cloud scaled or moved has the same neighbours.
    const options = { space: 'R3', hidden: [8], layers: [1], graph: { call: 'knn', arguments: [3] } };
    await expect(exported('Rapidash', options, clouds(9))).rejects.toMatchObject({
      finding: { code: 'export/host-computed' },
    });
  });

  it('EquiTabPFN takes tables of any length; features and classes have the sizes of the first', async () => {
    const fields = [
      field('features', scalar, 'row', 'feature'),
      field('labels', scalar, 'row', 'class'),
      field('queries', scalar, 'query', 'feature'),
    ];
    const table = (rows: number, queries: number): Values => {
      const labels = new Float64Array(rows * 3);
      for (let row = 0; row < rows; row++) labels[row * 3 + (row % 3)] = 1;
      return { features: normals(rows, 2), labels: real([rows, 3], labels), queries: normals(queries, 2) };
    };
    const data = datasetOf(fields, [table(9, 7), table(13, 6)]);
    const small = { width: 16, heads: 2, blocks: 1, scaling: 'none' };
    const found = await exported('EquiTabPFN', small, data);
    expect(found).toMatchObject({ open: ['row', 'query'], sizes: { feature: 2, class: 3 } });
    expect(found.largest).toBeLessThan(2e-5);
    // Columns are scaled on the host.
    await expect(exported('EquiTabPFN', { ...small, scaling: 'standard' }, data)).rejects.toMatchObject({
      finding: { code: 'export/host-computed' },
    });
  });

  it('LLoCa has the number of particles of the first event', async () => {
    const fields = [
      field('momenta', { kind: 'fourvector' }, 'particle'),
      field('charge', scalar, 'particle'),
    ];
    const event = (n: number): Values => {
      const data = new Float64Array(4 * n);
      for (let i = 0; i < n; i++) {
        const [x, y, z] = [random.normal(), random.normal(), random.normal()];
        data.set([Math.sqrt(1 + x * x + y * y + z * z), x, y, z], 4 * i);
      }
      return { momenta: real([n, 4], data), charge: normals(n) };
    };
    const data = datasetOf(fields, [event(8), event(8)]);
    for (const backbone of ['transformer', 'graphnet']) {
      const found = await exported('LLoCa', { scalars: ['charge'], backbone }, data);
      expect(found).toMatchObject({ open: [], sizes: { particle: 8 } });
      expect(found.largest).toBeLessThan(1e-3);
    }
  });

  it('PENG-CDE, whose steps follow the times, is refused', async () => {
    const fields = [
      field('adjacency', scalar, 'time', 'node', 'node'),
      field('times', { kind: 'constant' }, 'time'),
      field('initial', scalar, 'node'),
    ];
    const graph = (n: number): Values => ({
      adjacency: real(
        [4, n, n],
        Array.from({ length: 4 * n * n }, () => Math.abs(random.normal())),
      ),
      times: real([4], [0, 0.3, 0.5, 1]),
      initial: normals(n),
    });
    await expect(exported('PENGCDE', {}, datasetOf(fields, [graph(6), graph(6)]))).rejects.toMatchObject({
      finding: {
        code: 'export/host-computed',
        message: expect.stringMatching(/^PENG-CDE .* cannot be written as a graph/),
        advice: expect.stringContaining('--safetensors'),
      },
    });
  });
});
