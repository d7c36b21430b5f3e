/** The whole path from a file to numbers, in every runtime that loads here. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { integer, type NdArray, real, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { integersAttribute, makeNode } from './make-node.ts';
import { type ForeignModel, type OnnxOptions, openOnnx } from './open.ts';
import { createMessage, decodeModel, encodeModel } from './proto.ts';
import { surveyOnnxRuntimes } from './runtimes.ts';
import {
  field,
  findingFrom,
  fixtures,
  floatWeight,
  identity,
  oneNode,
  onnxFile,
  potentialFile,
  type SmallGraph,
  smallModel,
  temporaryFolder,
  valueInfo,
} from './test-support.ts';

const positions = field('positions', 'position', 'point');
const energy = field('energy', 'scalar');
const forces = field('forces', 'vector', 'point');
const ports = { inputs: [positions], outputs: [energy, forces] };

/** Points in a ball of an object's size, in metres; the same for the same seed. */
function cloud(points: number, seed: number): NdArray {
  return real(
    [points, 3],
    Array.from({ length: 3 * points }, (_, i) => 0.12 * Math.sin(12.9898 * i + 78.233 * seed + i * i * 0.37)),
  );
}

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

const runtimes = (await surveyOnnxRuntimes()).filter(({ available }) => available).map(({ name }) => name);

test('onnxruntime-web always loads', () => {
  expect(runtimes).toContain('onnxruntime-web');
});

async function openSmall(graph: SmallGraph, options: OnnxOptions = {}, names = { x: ['n'], y: ['n'] }) {
  using folder = temporaryFolder();
  const file = folder.write('net.onnx', smallModel(graph));
  const declared = {
    inputs: [field('x', 'scalar', ...names.x)],
    outputs: [field('y', 'scalar', ...names.y)],
  };
  return await openOnnx({ file, ...declared }, options);
}

describe.each(runtimes)('%s', (runtime) => {
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

  test('the same bits on every run and in every session', async () => {
    const samples = Array.from({ length: 12 }, (_, i): Values => ({ positions: cloud(30, i) }));
    const runs: Values[][] = [];
    for (let session = 0; session < 2; session++) {
      const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
      for (let run = 0; run < 3; run++) runs.push(await model.evaluate(samples, 'float32'));
      model.dispose();
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
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

  test('what the runtime refuses, in sentences', async () => {
    const title = new RegExp(`^${runtime} 1\\.[\\d.]+ `);
    const unknown = await findingFrom(() => openSmall(oneNode(makeNode('Wobble', ['x'], 'y')), { runtime }));
    expect(unknown.code).toBe('model/onnx-unsupported-operator');
    expect(unknown.message.replace(title, '')).toBe(
      'has no implementation of the operator Wobble as this model uses it',
    );

    const opset = await findingFrom(() => openSmall({ ...identity, opset: 99 }, { runtime }));
    expect(opset.code).toBe('model/onnx-unsupported-version');
    expect(opset.message).toMatch(/^the model uses opset 99; onnxruntime-\w+ 1\.[\d.]+ knows up to \d+$/);
    expect(opset.advice).toMatch(/^Export again with opset_version=\d+ or lower\.$/);

    const version = await findingFrom(() => openSmall({ ...identity, irVersion: 60 }, { runtime }));
    expect(version.message).toMatch(
      /^the model uses IR version 60; onnxruntime-\w+ 1\.[\d.]+ knows up to \d+$/,
    );

    const dangling = await findingFrom(() =>
      openSmall(oneNode(makeNode('Add', ['x', 'nothing'], 'y')), { runtime }),
    );
    expect(dangling.code).toBe('model/onnx-rejected');
    expect(dangling.message).toContain('nothing');
    expect(dangling.message).not.toMatch(/ERROR_CODE|onnxruntime_src|\.cc:/);
  });

  test('a run that fails is a fault with the shapes that were fed', async () => {
    const graph = oneNode(makeNode('Add', ['x', 'w'], 'y'), ['n'], [floatWeight('w', [3], [1, 2, 3])]);
    const model = await openSmall(graph, { runtime });
    const found = await findingFrom(() => model.evaluate([{ x: real([4], [1, 2, 3, 4]) }], 'float32'));
    expect(found).toMatchObject({ code: 'model/onnx-run', found: 'x: float32[4]' });
    expect(found.message).toMatch(/^onnxruntime-\w+ 1\.[\d.]+ could not run the model: .*broadcast/i);
    // The session survives it.
    expect((await model.evaluate([{ x: real([3], [0, 0, 0]) }], 'float32'))[0]!.y!.data).toEqual(
      Float64Array.of(1, 2, 3),
    );
    model.dispose();
  });

  test('shapes that are not as declared', async () => {
    const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
    expect(
      await findingFrom(() => model.evaluate([{ positions: real([2, 2], [0, 0, 0, 0]) }], 'float32')),
    ).toMatchObject({
      code: 'model/onnx-sizes',
      message: "input `positions` is declared position[point], and the sample's array is [2, 2]",
    });
    expect((await findingFrom(() => model.evaluate([{}], 'float32'))).message).toContain('is missing');
    model.dispose();

    const fixed = await openSmall(
      { ...identity, inputs: [valueInfo('x', [5])], outputs: [valueInfo('y', [5])] },
      { runtime },
    );
    expect(
      (await findingFrom(() => fixed.evaluate([{ x: real([4], [1, 2, 3, 4]) }], 'float32'))).message,
    ).toBe("the graph's `x`, float32[5], takes exactly 5 along `n`, and a sample has 4");
    fixed.dispose();

    const sum = oneNode(makeNode('ReduceSum', ['x'], 'y'));
    const scalar = await openSmall({ ...sum, outputs: [valueInfo('y', undefined)] }, { runtime });
    expect(
      await findingFrom(() => scalar.evaluate([{ x: real([4], [1, 2, 3, 4]) }], 'float32')),
    ).toMatchObject({
      code: 'model/onnx-output-shape',
      message: 'output `y` is declared scalar[n], here [4]; the graph returned [1] for 1 sample',
    });
    scalar.dispose();
  });

  test('sessions give their memory back', async () => {
    const weights = [floatWeight('w', [512, 512], new Array(512 * 512).fill(0.001))];
    const graph = oneNode(makeNode('MatMul', ['x', 'w'], 'y'), ['n', 512], weights);
    const once = async () => {
      const model = await openSmall(graph, { runtime }, { x: ['n', 'm'], y: ['n', 'm'] });
      await model.evaluate([{ x: real([2, 512], new Float64Array(1024)) }], 'float64');
      model.dispose();
      await expect(model.evaluate([], 'float32')).rejects.toThrow('disposed');
      model.dispose();
    };
    // Allocators and the collector settle first.
    for (let i = 0; i < 40; i++) await once();
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    // Each leaked pair of sessions would keep 3 MB of weights.
    for (let i = 0; i < 60; i++) await once();
    globalThis.gc?.();
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(90);
  });

  test('a thousand runs leave no memory behind', async () => {
    const model = await openOnnx({ file: onnxFile('unbatched'), ...ports }, { runtime });
    const sample: Values = { positions: cloud(16, 1) };
    for (let i = 0; i < 100; i++) await model.evaluate([sample], 'float32');
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1000; i++) await model.evaluate([sample], 'float32');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(40);
    model.dispose();
  });

  test('the time of a batch, reported', async () => {
    const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
    const samples = Array.from({ length: 32 }, (_, i): Values => ({ positions: cloud(128, i) }));
    for (const precision of model.precisions) {
      await model.evaluate(samples.slice(0, 2), precision);
      const start = performance.now();
      await model.evaluate(samples, precision);
      console.log(
        `${model.backend}, ${precision}: ${(performance.now() - start).toFixed(0)} ms for 32 x 128 points`,
      );
    }
    model.dispose();
  });
});

test('float16 goes to a runtime that can exchange it', async () => {
  const model = await openOnnx({ file: onnxFile('half'), ...ports });
  if ('Float16Array' in globalThis && runtimes.includes('onnxruntime-node')) {
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

test('noise and training mode are refused', async () => {
  expect(await findingFrom(() => openSmall(oneNode(makeNode('RandomNormalLike', ['x'], 'y'))))).toMatchObject(
    {
      code: 'model/onnx-random',
      message: 'the node `y` (RandomNormalLike) draws random numbers on every run',
    },
  );
  const mode = Object.assign(floatWeight('mode', [], []), { dataType: 9, rawData: Uint8Array.of(1) });
  const dropout = oneNode(makeNode('Dropout', ['x', '', 'mode'], 'y'), ['n'], [mode]);
  expect((await findingFrom(() => openSmall(dropout))).advice).toContain('model.eval()');
  mode.rawData = Uint8Array.of(0);
  (await openSmall(dropout)).dispose();
  const norm = makeNode('BatchNormalization', ['x', 's', 's', 's', 's'], 'y', [
    createMessage('Attribute', { name: 'training_mode', type: 2, i: 1 }),
  ]);
  expect(
    (await findingFrom(() => openSmall(oneNode(norm, ['n', 2], [floatWeight('s', [2], [1, 1])])))).code,
  ).toBe('model/onnx-training');
});

test('an array that is not as long as its dims say', async () => {
  using folder = temporaryFolder();
  const model = decodeModel(readFileSync(potentialFile));
  const weight = model.graph!.initializer.find(({ name }) => name === 'embed.weight')!;
  weight.rawData = weight.rawData.subarray(0, 100);
  const file = folder.write('short.onnx', encodeModel(model));
  expect(await findingFrom(() => openOnnx({ file, ...ports }))).toMatchObject({
    code: 'model/onnx-damaged',
    message: 'the array `embed.weight` is [8, 16] float32, which takes 512 bytes, and holds 100',
    place: { file, member: 'embed.weight' },
  });
});

test('a file that is no model', async () => {
  const file = `${fixtures}/quickstart/data/objects.npz`;
  expect((await findingFrom(() => openOnnx({ file, ...ports }))).code).toBe('model/onnx-not-onnx');
});
