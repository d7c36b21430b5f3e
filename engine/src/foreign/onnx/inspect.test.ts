import { expect, test } from 'vitest';
import { inspectOnnx, portText } from './inspect.ts';
import { makeNode, tensorAttribute } from './make-node.ts';
import { attributeTypes, createMessage } from './proto.ts';
import {
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

test('the quick-start potential', async () => {
  const description = await inspectOnnx(potentialFile);
  expect(description).toMatchObject({
    inputs: [{ name: 'positions', dtype: 'float32', dims: ['batch', 'point', 3] }],
    outputs: [
      { name: 'energy', dtype: 'float32', dims: ['batch'] },
      { name: 'forces', dtype: 'float32', dims: ['batch', 'point', 3] },
    ],
    opset: 17,
    opsets: { 'ai.onnx': 17 },
    irVersion: 8,
    producer: 'noether fixtures',
  });
  const [h, k] = [16, 8];
  const linear = (inside: number, outside: number) => inside * outside + outside;
  const layer = linear(k, h) + linear(h, h) + linear(h, h) + linear(h, h);
  const force = linear(h, h) + h * h + k * h + h;
  expect(description.parameterCount).toBe(k + linear(k, h) + 2 * layer + linear(h, h) + h + force);
  expect(description.operators).toContain('ReduceSum');
  expect(description.nodes[0]).toEqual({ name: 'Unsqueeze_0', operator: 'Unsqueeze' });
});

test('integer inputs; weights in other files need not be there', async () => {
  expect((await inspectOnnx(onnxFile('species'))).inputs.map(portText)).toEqual([
    'float32[batch, point, 3]',
    'int64[batch, point]',
  ]);
  expect((await inspectOnnx(onnxFile('external'))).parameterCount).toBeGreaterThan(900);
});

async function describe(graph: SmallGraph) {
  using folder = temporaryFolder();
  return await inspectOnnx(folder.write('small.onnx', smallModel(graph)));
}

test('open sizes, unstated ranks, inputs with a default', async () => {
  const described = await describe({
    ...identity,
    inputs: [valueInfo('x', ['n', undefined, 3, 0]), valueInfo('rank', undefined), valueInfo('w', [2])],
    weights: [floatWeight('w', [2], [1, 2])],
  });
  expect(described.inputs).toEqual([
    { name: 'x', dtype: 'float32', dims: ['n', undefined, 3, undefined] },
    { name: 'rank', dtype: 'float32', dims: undefined },
  ]);
  expect(described.inputs.map(portText)).toEqual(['float32[n, ?, 3, ?]', 'float32 of unstated rank']);
});

test('parameters: weights count, numbers and running statistics do not', async () => {
  const norm = makeNode('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], 'y');
  const four = ['scale', 'bias', 'mean', 'variance'].map((name) => floatWeight(name, [4], [1, 1, 1, 1]));
  expect((await describe(oneNode(norm, ['n', 4], four))).parameterCount).toBe(8);

  const eps = floatWeight('eps', [], [1e-5]);
  const one = floatWeight('bias', [1], [1]);
  expect(
    (await describe(oneNode(makeNode('Sum', ['x', 'eps', 'bias'], 'y'), ['n'], [eps, one]))).parameterCount,
  ).toBe(1);

  const table = makeNode('Constant', [], 'c', [
    tensorAttribute('value', floatWeight('', [2, 3], [1, 2, 3, 4, 5, 6])),
  ]);
  const list = makeNode('Constant', [], 'd', [
    createMessage('Attribute', { name: 'value_floats', type: attributeTypes.floats, floats: [1, 2] }),
  ]);
  expect((await describe({ ...identity, nodes: [table, list, ...identity.nodes] })).parameterCount).toBe(8);
});

test('weights of a quantised net count', async () => {
  const packed = Object.assign(floatWeight('q', [5], []), { dataType: 3, rawData: new Uint8Array(5) });
  const scale = floatWeight('s', [], [0.1]);
  const nodes = [makeNode('DequantizeLinear', ['q', 's'], 'w'), makeNode('Mul', ['x', 'w'], 'y')];
  expect((await describe({ ...identity, nodes, weights: [packed, scale] })).parameterCount).toBe(5);
});
