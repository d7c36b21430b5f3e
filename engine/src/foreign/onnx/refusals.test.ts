/** What a graph, its runtime or its data can get wrong once the file reads, in every runtime that loads here. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { real } from '../../tensor/array.ts';
import { makeNode } from './make-node.ts';
import { openOnnx } from './open.ts';
import { createMessage, decodeModel, encodeModel } from './proto.ts';
import {
  findingFrom,
  fixtures,
  floatWeight,
  identity,
  oneNode,
  onnxRuntimes,
  openSmall,
  ports,
  potentialFile,
  temporaryFolder,
  valueInfo,
} from './test-support.ts';

describe.each(onnxRuntimes)('%s', (runtime) => {
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
