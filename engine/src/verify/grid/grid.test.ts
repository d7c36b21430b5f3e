/** Images off their grid: a network of quarter turns is told apart from one of all rotations. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  blurredNoise,
  type ImageGraph,
  imageGraphs,
  pixels,
} from '../../../../scripts/fixtures/image-graphs.ts';
import type { Dataset } from '../../data/dataset.ts';
import { openOnnx } from '../../foreign/onnx/index.ts';
import type { GroupSpec } from '../../group/group.ts';
import { planeRotation } from '../../group/rotation.ts';
import type { Model } from '../../model/model.ts';
import { turnImage } from '../../representation/image.ts';
import { real } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import { distance } from '../gap.ts';
import { check, functionModel, number } from '../testing.ts';
import { cubicImage } from './cubic.ts';
import { exactPart } from './exact-part.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function imagesOf(side: number, columns = side): Dataset {
  const samples = Array.from({ length: 4 }, (_, i) => ({
    id: `tile ${i}`,
    sizes: { h: side, w: columns },
    values: { x: real([side, columns, 1], blurredNoise(randomFromSeed(11).stream(i), side, columns)) },
  }));
  return { fields: [{ name: 'x', type: pixels }], samples, available: samples.length };
}

async function opened(graph: ImageGraph, seed: number): Promise<Model> {
  const file = join(folder, `${graph.name}-${seed}.onnx`);
  writeFileSync(file, graph.make(randomFromSeed(seed)));
  return openOnnx({
    file,
    inputs: [{ name: 'x', type: pixels }],
    outputs: [{ name: 'y', type: graph.output }],
  });
}

const graphOf = (name: string) => imageGraphs.find((graph) => graph.name === name)!;
const SO2: GroupSpec = { kind: 'SO', dim: 2 };

async function onGrid(name: string, seed: number, group: GroupSpec = SO2, side = 32, columns = side) {
  const model = await opened(graphOf(name), seed);
  const found = await check(model, imagesOf(side, columns), group, { elements: 8 });
  model.dispose();
  return found;
}

describe('rotations of images', () => {
  it.each([1, 2, 3])('a network of round kernels holds between the pixels, seed %i', async (seed) => {
    const { verdict, outputs, grid, findings } = await onGrid('round', seed);
    expect(verdict).toBe('holds');
    expect(outputs[0]!.floorMethod).toBe('sub-pixel shifts');
    expect(grid).toMatchObject({ exact: 'C(4)', exactVerdict: 'holds', images: 12, elements: 8 });
    expect(grid!.gaps[0]!.gap).toBeLessThan(grid!.gaps[0]!.resampling);
    expect(findings.map(({ code }) => code)).toContain('verify/between-pixels');
  });

  it.each([1, 2, 3])('one of quarter turns holds on the grid only, seed %i', async (seed) => {
    const { verdict, outputs, grid } = await onGrid('quarter', seed);
    expect(verdict).toBe('violated');
    expect(grid).toMatchObject({ exact: 'C(4)', exactVerdict: 'holds' });
    expect(outputs[0]!.ratio).toBeGreaterThan(4);
    expect(outputs[0]!.reason).toMatch(/^C\(4\) holds on the grid; between the pixels/);
    expect((await onGrid('quarter', seed, { kind: 'C', n: 4 })).verdict).toBe('holds');
  });

  it('an output that is an image is compared in its interior, and the gap falls with the pixels', async () => {
    const { verdict, grid } = await onGrid('round-map', 1, { kind: 'C', n: 8 });
    expect(verdict).toBe('holds');
    const { refined, order } = grid!.gaps[0]!;
    expect(refined!.map(({ side }) => side)).toEqual([32, 48, 64]);
    expect(order).toBeGreaterThan(0.5);
  });

  it('half turns are exact on images that are not square', async () => {
    const { grid } = await onGrid('round', 1, { kind: 'O', dim: 2 }, 24, 32);
    expect(grid).toMatchObject({ exact: 'D(2)', exactVerdict: 'holds' });
  });

  it('a break on the grid is told as one of the exact part', async () => {
    const model = {
      ...functionModel(
        { x: pixels },
        {
          y: {
            type: { representation: { kind: 'scalar' }, axes: [] },
            compute: ({ x }) => number(x![3]! + 2 * x![9]!),
          },
        },
      ),
    };
    const { verdict, outputs, grid } = await check(model, imagesOf(8), SO2, { elements: 8 });
    expect(verdict).toBe('violated');
    expect(grid!.exactVerdict).toBe('violated');
    expect(outputs[0]!.reason).toMatch(/^on the grid, C\(4\): gap/);
  });

  it('a tolerance of one’s own is held against the gap between the pixels', async () => {
    const model = await opened(graphOf('quarter'), 1);
    const { verdict } = await check(model, imagesOf(32), SO2, { elements: 8, within: 0.05 });
    model.dispose();
    expect(verdict).toBe('holds');
  });
});

it('exact parts', () => {
  const C = (n: number): GroupSpec => ({ kind: 'C', n });
  expect(exactPart(SO2, true)).toEqual(C(4));
  expect(exactPart(SO2, false)).toEqual(C(2));
  expect(exactPart(C(8), true)).toEqual(C(4));
  expect(exactPart(C(6), true)).toEqual(C(2));
  expect(exactPart(C(5), true)).toEqual({ kind: 'trivial' });
  expect(exactPart(C(4), true)).toBeUndefined();
  expect(exactPart({ kind: 'D', n: 3 }, true)).toEqual({ kind: 'D', n: 1 });
  expect(exactPart({ kind: 'product', factors: [SO2, { kind: 'S', index: 'c' }] }, true)).toEqual({
    kind: 'product',
    factors: [C(4), { kind: 'S', index: 'c' }],
  });
});

it('cubic interpolation is exact on parabolas, and turns as the action does', () => {
  const side = 12;
  const at = (x: number, y: number) => 1 + 0.5 * x - y + 0.2 * x * y + 0.1 * x * x;
  const image = real(
    [side, side],
    Float64Array.from({ length: side * side }, (_, i) => at((i % side) - 5.5, 5.5 - Math.floor(i / side))),
  );
  const shifted = cubicImage(image, [1, 0, 0, 1], [0.3, -0.6]);
  expect(shifted.data[5 * side + 6]).toBeCloseTo(at(0.5 - 0.3, 0.5 + 0.6), 10);
  const quarter = planeRotation(Math.PI / 2);
  expect(distance(cubicImage(image, quarter), turnImage(image, quarter))).toBeLessThan(1e-12);
});
