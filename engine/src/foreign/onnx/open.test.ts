/** The whole path from a file to numbers, in every runtime that loads here. */
import { describe, expect, test } from 'vitest';
import { integer, type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { integersAttribute, makeNode } from './make-node.ts';
import { type ForeignModel, openOnnx } from './open.ts';
import {
  cloud,
  energy,
  field,
  findingFrom,
  identity,
  onnxFile,
  onnxRuntimes,
  openSmall,
  ports,
  positions,
  potentialFile,
  valueInfo,
} from './test-support.ts';

/** Half a radian about z and a shift, as a group element would do it; `shift: 0` for vectors. */
function moved(array: NdArray, shift = 0.4): NdArray {
  const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
  const data = Float64Array.from(array.data);
  for (let i = 0; i < data.length; i += 3) {
    const [x, y] = [data[i]!, data[i + 1]!];
    data[i] = c * x - s * y + shift;
    data[i + 1] = s * x + c * y - shift;
  }
  return { shape: array.shape, data };
}

function permuted(array: NdArray, order: readonly number[]): NdArray {
  const width = array.data.length / array.shape[0]!;
  const data = Float64Array.from(
    array.data,
    (_, i) => array.data[order[Math.floor(i / width)]! * width + (i % width)]!,
  );
  return { shape: array.shape, data };
}

/** The largest difference, relative to the largest entry of `b`. */
function gap(a: NdArray, b: NdArray): number {
  expect(a.shape).toEqual(b.shape);
  let difference = 0;
  let size = 0;
  for (const [i, value] of b.data.entries()) {
    difference = Math.max(difference, Math.abs(a.data[i]! - value));
    size = Math.max(size, Math.abs(value));
  }
  return difference / size;
}

/** The gaps of energy and forces under a motion and a permutation. */
async function gaps(model: ForeignModel, precision: Precision) {
  const x = cloud(40, 1);
  const order = Array.from({ length: 40 }, (_, i) => (i * 7 + 3) % 40);
  const batch = [x, moved(x), permuted(x, order)].map((array): Values => ({ positions: array }));
  const [plain, motion, shuffle] = await model.evaluate(batch, precision);
  return {
    motion: Math.max(gap(motion!.energy!, plain!.energy!), gap(motion!.forces!, moved(plain!.forces!, 0))),
    shuffle: Math.max(
      gap(shuffle!.energy!, plain!.energy!),
      gap(shuffle!.forces!, permuted(plain!.forces!, order)),
    ),
  };
}

test('onnxruntime-web always loads', () => {
  expect(onnxRuntimes).toContain('onnxruntime-web');
});

describe.each(onnxRuntimes)('%s', (runtime) => {
  test('the potential is equivariant to rounding, and its twin to that of float64', async () => {
    const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
    expect(model).toMatchObject({
      title: 'potential.onnx',
      signature: ports,
      precisions: ['float32', 'float64'],
      runtime: { name: runtime, reason: 'asked for', passedOver: [] },
    });
    expect(model.noTwin).toBeUndefined();
    expect(model.backend).toMatch(/^onnxruntime-(web|node) 1\.\d+\.\d+ \(1 thread\)$/);
    const single = await gaps(model, 'float32');
    expect(single.motion).toBeLessThan(1e-5);
    expect(single.motion).toBeGreaterThan(1e-9);
    expect(single.shuffle).toBeLessThan(1e-5);
    const double = await gaps(model, 'float64');
    expect(double.motion).toBeLessThan(1e-13);
    expect(double.shuffle).toBeLessThan(1e-13);
    model.dispose();
  });

  test('a leaking coordinate shows in both precisions alike', async () => {
    const model = await openOnnx({ file: onnxFile('leaky'), ...ports }, { runtime });
    const single = await gaps(model, 'float32');
    const double = await gaps(model, 'float64');
    expect(double.motion).toBeGreaterThan(1e-4);
    expect(Math.abs(single.motion / double.motion - 1)).toBeLessThan(1e-2);
    expect(double.shuffle).toBeLessThan(1e-13);
    model.dispose();
  });

  test('without a batch axis, and with weights in another file', async () => {
    const samples = [cloud(5, 1), cloud(5, 2), cloud(7, 3)].map((array): Values => ({ positions: array }));
    const [first, second] = await Promise.all(
      ['unbatched', 'external'].map(async (name) => {
        const model = await openOnnx({ file: onnxFile(name), ...ports }, { runtime });
        const results = await model.evaluate(samples, 'float64');
        model.dispose();
        return results;
      }),
    );
    // Both hold the same weights; one of them is batched.
    for (const [i, result] of first!.entries()) {
      expect(result.energy!.shape).toEqual([]);
      expect(gap(second![i]!.energy!, result.energy!)).toBeLessThan(1e-14);
      expect(gap(second![i]!.forces!, result.forces!)).toBeLessThan(1e-13);
    }
  });

  test('samples of different sizes come back in their order, however they are batched', async () => {
    const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
    const samples = Array.from({ length: 9 }, (_, i): Values => ({ positions: cloud(4 + (i % 3), i) }));
    const together = await model.evaluate(samples, 'float32');
    for (const [i, sample] of samples.entries()) {
      const [alone] = await model.evaluate([sample], 'float32');
      expect(together[i]!.forces!.shape).toEqual([4 + (i % 3), 3]);
      expect(gap(together[i]!.forces!, alone!.forces!)).toBeLessThan(1e-5);
    }
    expect(await model.evaluate([], 'float32')).toEqual([]);
    model.dispose();
  });

  test('integer inputs, from integers and from whole reals', async () => {
    const species = field('species', { kind: 'category', count: 4 }, 'point');
    const model = await openOnnx(
      { file: onnxFile('species'), name: 'mine', inputs: [positions, species], outputs: [energy] },
      { runtime },
    );
    expect(model.title).toBe('mine');
    const kinds = [0, 3, 1, 2, 2, 0];
    const [a, b, c] = await model.evaluate(
      [
        { positions: cloud(6, 1), species: integer([6], kinds) },
        { positions: cloud(6, 1), species: real([6], kinds) },
        { positions: cloud(6, 1), species: integer([6], kinds.toReversed()) },
      ],
      'float64',
    );
    expect(a!.energy!.shape).toEqual([]);
    expect(b).toEqual(a);
    expect(gap(c!.energy!, a!.energy!)).toBeGreaterThan(1e-6);
    const broken = { positions: cloud(6, 1), species: real([6], [0, 1, 2, 3, 0.5, 0]) };
    expect(await findingFrom(() => model.evaluate([broken], 'float32'))).toMatchObject({
      code: 'model/onnx-value',
      message: "the graph's input `species` is int64, which cannot hold 0.5",
    });
    model.dispose();
  });

  test('convolutions and GELU have a twin', async () => {
    const image = field('image', { kind: 'image' }, 'h', 'w', 3);
    const logits = field('logits', 'constant', 5);
    const model = await openOnnx(
      { file: onnxFile('convolution'), inputs: [image], outputs: [logits] },
      { runtime },
    );
    expect(model.precisions).toEqual(['float32', 'float64']);
    const x = real(
      [12, 10, 3],
      Array.from({ length: 360 }, (_, i) => Math.fround(Math.sin(i * 0.7))),
    );
    const [single] = await model.evaluate([{ image: x }], 'float32');
    const [double] = await model.evaluate([{ image: x }], 'float64');
    expect(gap(single!.logits!, double!.logits!)).toBeLessThan(1e-5);
    expect(gap(single!.logits!, double!.logits!)).toBeGreaterThan(0);
    model.dispose();
  });

  test('a graph without a twin says why', async () => {
    const model = await openOnnx(
      { file: onnxFile('recurrent'), inputs: [positions], outputs: [energy] },
      { runtime },
    );
    expect(model.precisions).toEqual(['float32']);
    expect(model.noTwin).toBe(`the graph uses GRU, which ${runtime} has only in float32`);
    const [result] = await model.evaluate([{ positions: cloud(9, 1) }], 'float32');
    expect(result!.energy!.data.length).toBe(1);
    await expect(model.evaluate([{ positions: cloud(9, 1) }], 'float64')).rejects.toThrow(
      'asked for float64',
    );
    model.dispose();
  });

  test('a graph in float64 runs as it is', async () => {
    const graph = {
      inputs: [valueInfo('x', ['n'], 11)],
      outputs: [valueInfo('y', ['n'], 11)],
      nodes: [makeNode('Exp', ['x'], 'y')],
    };
    const model = await openSmall(graph, { runtime });
    expect([model.precisions, model.noTwin]).toEqual([['float64'], undefined]);
    const [result] = await model.evaluate([{ x: real([1], [1]) }], 'float64');
    expect(result!.y!.data[0]).toBeCloseTo(Math.E, 14);
    model.dispose();
  });

  test('a graph exported for one batch of four takes fewer and more samples', async () => {
    const graph = { ...identity, inputs: [valueInfo('x', [4, 3])], outputs: [valueInfo('y', [4, 3])] };
    const model = await openSmall(graph, { runtime });
    const samples = Array.from({ length: 6 }, (_, i): Values => ({ x: real([3], [i, i + 1, i + 2]) }));
    expect((await model.evaluate(samples, 'float32')).map(({ y }) => y)).toEqual(samples.map(({ x }) => x));
    model.dispose();
  });

  test('a leading axis that mixes what runs together is not used as a batch', async () => {
    const nodes = [
      makeNode('ReduceMean', ['x'], 'm', [integersAttribute('axes', [0])]),
      makeNode('Sub', ['x', 'm'], 'y'),
    ];
    const graph = { inputs: [valueInfo('x', ['b', 'n'])], outputs: [valueInfo('y', ['b', 'n'])], nodes };
    const model = await openSmall(graph, { runtime });
    const samples = [1, 2, 3].map((v): Values => ({ x: real([2], [v, 10 * v]) }));
    // Alone, a sample minus the mean over itself is zero, whatever is beside it.
    for (const { y } of await model.evaluate(samples, 'float32')) expect([...y!.data]).toEqual([0, 0]);
    model.dispose();
  });
});

test('float16 goes to a runtime that can exchange it', async () => {
  const model = await openOnnx({ file: onnxFile('half'), ...ports });
  if ('Float16Array' in globalThis && onnxRuntimes.includes('onnxruntime-node')) {
    expect(model.runtime).toMatchObject({
      name: 'onnxruntime-web',
      passedOver: [
        { name: 'onnxruntime-node', reason: 'cannot exchange float16 arrays with this version of Node' },
      ],
    });
  }
  const half = await gaps(model, 'float32');
  expect(half.motion).toBeGreaterThan(1e-5);
  expect((await gaps(model, 'float64')).motion).toBeLessThan(1e-12);
  model.dispose();
});
