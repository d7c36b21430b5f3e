/** Every formula of the twin against values known to float64's own accuracy, in the real runtime. */
import { expect, test } from 'vitest';
import { real } from '../../tensor/array.ts';
import { integerAttribute, integersAttribute, makeNode } from './make-node.ts';
import { openOnnx } from './open.ts';
import {
  type AttributeProto,
  attributeTypes,
  createMessage,
  type NodeProto,
  type TensorProto,
} from './proto.ts';
import {
  field,
  floatWeight,
  oneNode,
  type SmallGraph,
  smallModel,
  temporaryFolder,
  valueInfo,
} from './test-support.ts';

const reals = [-6, -2.5, -1, -0.75, -0.3, -1e-3, 0, 1e-3, 0.3, 0.5, 0.75, 1, 2.5, 3.7, 6];
const inside = reals.filter((x) => Math.abs(x) < 1);
const above = reals.filter((x) => x >= 1);

async function inDouble(graph: SmallGraph, x: readonly number[], shape: number[] = [x.length]) {
  using folder = temporaryFolder();
  const file = folder.write('net.onnx', smallModel(graph));
  const axes = shape.map((_, i) => `i${i}`);
  const outAxes = graph.outputs[0]!.type!.tensorType!.shape!.dim.map((_, i) => `o${i}`);
  const model = await openOnnx(
    { file, inputs: [field('x', 'scalar', ...axes)], outputs: [field('y', 'scalar', ...outAxes)] },
    { runtime: 'onnxruntime-web' },
  );
  expect(model.noTwin).toBeUndefined();
  const [result] = await model.evaluate([{ x: real(shape, x) }], 'float64');
  const [narrow] = await model.evaluate([{ x: real(shape, x) }], 'float32');
  model.dispose();
  return { double: [...result!.y!.data], single: [...narrow!.y!.data], shape: result!.y!.shape };
}

function expectClose(found: readonly number[], wanted: readonly number[], tolerance: number) {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of found.entries()) {
    const error = Math.abs(value - wanted[i]!) / (1 + Math.abs(wanted[i]!));
    if (!(error <= tolerance)) expect.fail(`entry ${i}: ${value}, not ${wanted[i]}, off by ${error}`);
  }
}

const number = (name: string, f: number): AttributeProto =>
  createMessage('Attribute', { name, type: attributeTypes.float, f });
const text = (name: string, value: string): AttributeProto =>
  createMessage('Attribute', { name, type: attributeTypes.string, s: Buffer.from(value) });

const softplus = (x: number) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
const elu = (x: number, scale = 1, slope = 1) => (x > 0 ? x : scale * Math.expm1(x / slope));
const [alpha, gamma] = [1.6732631921768188, 1.0507010221481323];
const ramp = (x: number, a: number, b: number) => Math.max(0, Math.min(1, a * x + b));

test.each<[string, AttributeProto[], (x: number) => number, number[], number?]>([
  ['Acos', [], Math.acos, [-1, ...inside, 1]],
  ['Acosh', [], Math.acosh, above],
  ['Asin', [], Math.asin, [-1, ...inside, 1]],
  ['Asinh', [], Math.asinh, reals],
  ['Atan', [], Math.atan, [...reals, 1e8]],
  ['Atanh', [], Math.atanh, inside],
  ['Celu', [number('alpha', 2)], (x) => elu(x, 2, 2), reals],
  ['Cosh', [], Math.cosh, reals],
  ['Elu', [number('alpha', 0.5)], (x) => elu(x, 0.5), [...reals, -800, 800]],
  ['HardSigmoid', [], (x) => ramp(x, Math.fround(0.2), 0.5), reals],
  ['HardSwish', [], (x) => x * ramp(x, Math.fround(1 / 6), 0.5), reals],
  ['Mean', [], (x) => x, reals],
  ['Mish', [], (x) => x * Math.tanh(softplus(x)), reals, 18],
  ['Selu', [], (x) => gamma * elu(x, alpha), reals],
  ['Sinh', [], Math.sinh, reals],
  ['Softplus', [], softplus, [...reals, -800, 800]],
  ['Softsign', [], (x) => x / (1 + Math.abs(x)), reals],
  ['Tan', [], Math.tan, reals],
  ['ThresholdedRelu', [number('alpha', 0.5)], (x) => (x > 0.5 ? x : 0), reals],
])('%s', async (operator, attributes, formula, points, opset = 17) => {
  // The host's numbers must be float32 for the narrow run to see the same ones.
  const x = points.map(Math.fround);
  const { double, single } = await inDouble(
    { ...oneNode(makeNode(operator, ['x'], 'y', attributes)), opset },
    x,
  );
  expectClose(double, x.map(formula), 2e-15);
  expectClose(single, x.map(formula), 1e-5);
});

/** erf to 20 digits, from tables. */
const erfTable: readonly (readonly [x: number, erf: number])[] = [
  [0, 0],
  [0.125, 0.1403162048013338],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [-0.5, -0.5204998778130465],
  [-2, -0.9953222650189527],
  [6, 1],
  [30, 1],
];

test('Erf and the two kinds of GELU', async () => {
  const [x, wanted] = [erfTable.map(([at]) => at), erfTable.map(([, value]) => value)];
  expectClose((await inDouble(oneNode(makeNode('Erf', ['x'], 'y')), x)).double, wanted, 4e-16);

  const gelu = await inDouble(
    { ...oneNode(makeNode('Gelu', ['x'], 'y')), opset: 20 },
    x.map((v) => v * Math.SQRT2),
  );
  expectClose(
    gelu.double,
    x.map((v, i) => (v * Math.SQRT2 * (1 + wanted[i]!)) / 2),
    1e-15,
  );

  const rough = makeNode('Gelu', ['x'], 'y', [text('approximate', 'tanh')]);
  const tanh = (v: number) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
  expectClose((await inDouble({ ...oneNode(rough), opset: 20 }, reals)).double, reals.map(tanh), 2e-15);
});

/** Rows x columns of channels, as the graph's [1, channel, row, column]. */
const image = (channels: number, rows: number, columns: number) =>
  Array.from({ length: channels * rows * columns }, (_, i) => Math.fround(Math.sin(3.7 * i + 1)));

interface Window {
  readonly size: [number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pads: [number, number, number, number];
}

/** Convolution by its definition. */
function convolved(
  x: number[],
  shape: [number, number, number],
  w: number[],
  out: number,
  group: number,
  window: Window,
) {
  const [channels, rows, columns] = shape;
  const { size, strides, dilations, pads } = window;
  const inner = channels / group;
  const height = Math.floor((rows + pads[0] + pads[2] - dilations[0] * (size[0] - 1) - 1) / strides[0]) + 1;
  const width = Math.floor((columns + pads[1] + pads[3] - dilations[1] * (size[1] - 1) - 1) / strides[1]) + 1;
  const result: number[] = [];
  for (let o = 0; o < out; o++) {
    const first = Math.floor(o / (out / group)) * inner;
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          for (let i = 0; i < size[0]; i++) {
            for (let j = 0; j < size[1]; j++) {
              const row = r * strides[0] + i * dilations[0] - pads[0];
              const column = c * strides[1] + j * dilations[1] - pads[1];
              if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
              const weight = w[((o * inner + k) * size[0] + i) * size[1] + j]!;
              sum += weight * x[((first + k) * rows + row) * columns + column]!;
            }
          }
        }
        result.push(sum);
      }
    }
  }
  return { result, shape: [1, out, height, width] };
}

function imageGraph(node: NodeProto, weights: TensorProto[] = []): SmallGraph {
  const dims = ['a', 'c', 'h', 'w'];
  // A leading axis of 1 that is declared too: no batch axis is looked for.
  return { inputs: [valueInfo('x', dims)], outputs: [valueInfo('y', dims)], nodes: [node], weights };
}

test.each<[string, number, Window]>([
  ['plain', 1, { size: [3, 2], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] }],
  ['strided and padded', 1, { size: [3, 3], strides: [2, 3], dilations: [1, 1], pads: [1, 2, 0, 1] }],
  ['dilated', 1, { size: [2, 2], strides: [1, 2], dilations: [2, 3], pads: [1, 1, 1, 1] }],
  ['grouped', 2, { size: [3, 1], strides: [1, 1], dilations: [1, 1], pads: [1, 0, 1, 0] }],
  ['depthwise', 4, { size: [2, 3], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] }],
])('Conv: %s', async (_, group, window) => {
  const shape: [number, number, number] = [4, 7, 8];
  const [x, out] = [image(...shape), 8];
  const weightDims = [out, 4 / group, ...window.size];
  const weights = image(out, 4 / group, window.size[0] * window.size[1]);
  const bias = Array.from({ length: out }, (_, i) => i / 8);
  const node = makeNode('Conv', ['x', 'w', 'b'], 'y', [
    integersAttribute('strides', window.strides),
    integersAttribute('dilations', window.dilations),
    integersAttribute('pads', window.pads),
    integerAttribute('group', group),
  ]);
  const graph = imageGraph(node, [floatWeight('w', weightDims, weights), floatWeight('b', [out], bias)]);
  const found = await inDouble(graph, x, [1, ...shape]);
  const wanted = convolved(x, shape, weights, out, group, window);
  const places = wanted.result.length / out;
  expect(found.shape).toEqual(wanted.shape);
  expectClose(
    found.double,
    wanted.result.map((value, i) => value + bias[Math.floor(i / places)]!),
    1e-14,
  );
  expectClose(found.single, found.double, 1e-5);
});

test.each(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('Conv with auto_pad %s', async (auto) => {
  const x = image(1, 5, 6);
  const node = makeNode('Conv', ['x', 'w'], 'y', [text('auto_pad', auto)]);
  const graph = imageGraph(node, [floatWeight('w', [1, 1, 2, 4], image(1, 2, 4))]);
  const { double, single } = await inDouble(graph, x, [1, 1, 5, 6]);
  expectClose(single, double, 1e-6);
});

test.each([0, 1])('AveragePool, count_include_pad %d', async (include) => {
  const node = makeNode('AveragePool', ['x'], 'y', [
    integersAttribute('kernel_shape', [3, 2]),
    integersAttribute('pads', [1, 1, 1, 0]),
    integersAttribute('strides', [2, 1]),
    integerAttribute('count_include_pad', include),
  ]);
  const { double, single } = await inDouble(imageGraph(node), image(2, 6, 5), [1, 2, 6, 5]);
  expectClose(single, double, 1e-6);
});

test('GlobalAveragePool and InstanceNormalization', async () => {
  const x = image(2, 3, 4);
  const mean = (channel: number) => x.slice(12 * channel, 12 * channel + 12).reduce((a, b) => a + b) / 12;
  const pooled = await inDouble(imageGraph(makeNode('GlobalAveragePool', ['x'], 'y')), x, [1, 2, 3, 4]);
  expect(pooled.shape).toEqual([1, 2, 1, 1]);
  expectClose(pooled.double, [mean(0), mean(1)], 1e-15);

  const node = makeNode('InstanceNormalization', ['x', 's', 'b'], 'y', [number('epsilon', 0.5)]);
  const graph = imageGraph(node, [floatWeight('s', [2], [2, 3]), floatWeight('b', [2], [0.5, -1])]);
  const variance = (c: number) =>
    x.slice(12 * c, 12 * c + 12).reduce((sum, v) => sum + (v - mean(c)) ** 2, 0) / 12;
  const wanted = x.map((v, i) => {
    const c = Math.floor(i / 12);
    return ((v - mean(c)) / Math.sqrt(variance(c) + 0.5)) * [2, 3][c]! + [0.5, -1][c]!;
  });
  expectClose((await inDouble(graph, x, [1, 2, 3, 4])).double, wanted, 1e-14);
});

test('casts, constants and fillings are widened', async () => {
  const nodes = [
    makeNode('Constant', [], 'c', [number('value_float', Math.fround(0.1))]),
    makeNode('Shape', ['x'], 'shape'),
    makeNode('ConstantOfShape', ['shape'], 'zeros'),
    makeNode('Cast', ['shape'], 'size', [integerAttribute('to', 1)]),
    makeNode('Sum', ['x', 'c', 'zeros', 'size'], 'y'),
  ];
  const { double } = await inDouble({ ...oneNode(nodes[0]!), nodes }, [0.2, 1 / 3]);
  expectClose(double, [0.2 + Math.fround(0.1) + 2, 1 / 3 + Math.fround(0.1) + 2], 1e-16);
});

test('group normalisation keeps its statistics in float64', async () => {
  const node = makeNode('GroupNormalization', ['x', 's', 'b'], 'y', [integerAttribute('num_groups', 1)]);
  const graph = imageGraph(node, [floatWeight('s', [2], [1, 1]), floatWeight('b', [2], [0, 0])]);
  const x = image(2, 2, 2).map((v) => v + 100);
  const mean = x.reduce((a, b) => a + b) / 8;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 8;
  const wanted = x.map((v) => (v - mean) / Math.sqrt(variance + Math.fround(1e-5)));
  expectClose((await inDouble({ ...graph, opset: 21 }, x, [1, 2, 2, 2])).double, wanted, 1e-12);
});
