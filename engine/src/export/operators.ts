/** Operations of the tensor library in those of ONNX. */
import { elementCode } from '../foreign/onnx/element-types.ts';
import { integerAttribute, integersAttribute } from '../foreign/onnx/make-node.ts';
import { type AttributeProto, createMessage } from '../foreign/onnx/proto.ts';
import type { Graph } from './graph.ts';
import type { Polynomial } from './polynomial.ts';

/** A recorded operation, its sizes generalised over the recordings. */
export interface Operation {
  readonly kernel: string;
  /** Names of the inputs in the graph. */
  readonly inputs: readonly string[];
  /** Shapes of the inputs and the results. */
  readonly given: readonly (readonly (number | Polynomial)[])[];
  readonly shapes: readonly (readonly (number | Polynomial)[])[];
  readonly dtype: string;
  attribute(name: string): unknown;
  /** An attribute that is a list of sizes, generalised. */
  sizes(name: string): readonly (number | Polynomial)[];
}

type Write = (graph: Graph, operation: Operation) => string | readonly string[];

/** ONNX's element type of a tensor: whole numbers are 64 bits wide there, as indices have to be. */
export function elementOf(dtype: string): number {
  if (dtype === 'float32') return elementCode.float32;
  return dtype === 'bool' ? elementCode.bool : elementCode.int64;
}

export function decimalAttribute(name: string, value: number): AttributeProto {
  return createMessage('Attribute', { name, type: 1, f: value });
}

export function textAttribute(name: string, text: string): AttributeProto {
  return createMessage('Attribute', { name, type: 3, s: new TextEncoder().encode(text) });
}

const plain =
  (operator: string): Write =>
  (graph, { inputs }) =>
    graph.add(operator, inputs);

/** Names differ and nothing else. */
const renamed: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
  Abs: 'Abs',
  Neg: 'Neg',
  Sqrt: 'Sqrt',
  Exp: 'Exp',
  Log: 'Log',
  Tanh: 'Tanh',
  Sigmoid: 'Sigmoid',
  Erf: 'Erf',
  Relu: 'Relu',
  Softplus: 'Softplus',
  Sin: 'Sin',
  Cos: 'Cos',
  Tan: 'Tan',
  Asin: 'Asin',
  Acos: 'Acos',
  Atan: 'Atan',
  Sinh: 'Sinh',
  Cosh: 'Cosh',
  Asinh: 'Asinh',
  Acosh: 'Acosh',
  Atanh: 'Atanh',
  Floor: 'Floor',
  Ceil: 'Ceil',
  Sign: 'Sign',
  Reciprocal: 'Reciprocal',
  Identity: 'Identity',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Equal: 'Equal',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalNot: 'Not',
  Select: 'Where',
};

/** A number of the result's kind, without axes. */
function number(graph: Graph, dtype: string, value: number): string {
  return dtype === 'float32' ? graph.reals(undefined, [], [value]) : graph.integers([value], []);
}

/** One value in the result's shape. */
const filled = (graph: Graph, { shapes, dtype }: Operation, value: number): string => {
  const kind = dtype === 'bool' ? 'int32' : dtype;
  const all = graph.add('Expand', [number(graph, kind, value), graph.sizes(shapes[0]!)]);
  return dtype === 'bool' ? cast(graph, all, 'bool') : all;
};

function cast(graph: Graph, input: string, dtype: string): string {
  return graph.add('Cast', [input], [integerAttribute('to', elementOf(dtype))]);
}

function axesOf({ attribute, given }: Operation): number[] {
  const axes = attribute('axis') as number | readonly number[] | null | undefined;
  if (axes === undefined || axes === null) return given[0]!.map((_, i) => i);
  return typeof axes === 'number' ? [axes] : [...axes];
}

/** From opset 13 ReduceSum takes its axes as an input, the others only from opset 18. */
const reduction =
  (operator: string): Write =>
  (graph, operation) => {
    const axes = axesOf(operation);
    const input = operation.inputs[0]!;
    if (axes.length === 0) return graph.add('Identity', [input]);
    const keep = integerAttribute('keepdims', operation.attribute('keepDims') ? 1 : 0);
    if (operator === 'ReduceSum') return graph.add(operator, [input, graph.integers(axes)], [keep]);
    return graph.add(operator, [input], [integersAttribute('axes', axes), keep]);
  };

const reshape: Write = (graph, { inputs, shapes }) =>
  graph.add('Reshape', [inputs[0]!, graph.sizes(shapes[0]!)], [integerAttribute('allowzero', 1)]);

/** The part of each axis from `begins` on, as long as the result. */
function slice(graph: Graph, input: string, begins: readonly number[], sizes: Operation['shapes'][number]) {
  const ends = sizes.map((size, i) =>
    typeof size === 'number'
      ? size + begins[i]!
      : [...size, { coefficient: begins[i]!, monomial: [] }].filter(({ coefficient }) => coefficient !== 0),
  );
  return graph.add('Slice', [
    input,
    graph.sizes(begins),
    graph.sizes(ends),
    graph.integers(begins.map((_, i) => i)),
  ]);
}

/** An axis counted from the front. */
function counted(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Of equal entries both libraries take the first. */
function place(graph: Graph, { inputs, attribute }: Operation, operator: string): string {
  const axis = integerAttribute('axis', attribute('axis') as number);
  return graph.add(operator, inputs, [axis, integerAttribute('keepdims', 0)]);
}

const operators: Readonly<Record<string, Write>> = {
  ...Object.fromEntries(Object.entries(renamed).map(([kernel, operator]) => [kernel, plain(operator)])),
  Square: (graph, { inputs: [x] }) => graph.add('Mul', [x!, x!]),
  Rsqrt: (graph, { inputs }) => graph.add('Reciprocal', [graph.add('Sqrt', inputs)]),
  SquaredDifference(graph, { inputs }) {
    const difference = graph.add('Sub', inputs);
    return graph.add('Mul', [difference, difference]);
  },
  NotEqual: (graph, { inputs }) => graph.add('Not', [graph.add('Equal', inputs)]),
  Elu: plain('Elu'),
  LeakyRelu: (graph, { inputs, attribute }) =>
    graph.add('LeakyRelu', inputs, [decimalAttribute('alpha', attribute('alpha') as number)]),
  Step(graph, { inputs, dtype, attribute }) {
    const isAbove = graph.add('Greater', [inputs[0]!, number(graph, dtype, 0)]);
    const below = number(graph, dtype, (attribute('alpha') as number | undefined) ?? 0);
    return graph.add('Where', [isAbove, number(graph, dtype, 1), below]);
  },
  Softmax: (graph, { inputs }) => graph.add('Softmax', inputs, [integerAttribute('axis', -1)]),
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Cast: (graph, { inputs, dtype }) => cast(graph, inputs[0]!, dtype),
  ZerosLike: (graph, operation) => filled(graph, operation, 0),
  OnesLike: (graph, operation) => filled(graph, operation, 1),
  Fill: (graph, operation) => filled(graph, operation, operation.attribute('value') as number),
  Reshape: reshape,
  ExpandDims: reshape,
  BroadcastTo: (graph, { inputs, shapes }) => graph.add('Expand', [inputs[0]!, graph.sizes(shapes[0]!)]),
  Tile: (graph, { inputs, sizes }) => graph.add('Tile', [inputs[0]!, graph.sizes(sizes('reps'))]),
  Transpose: (graph, { inputs, attribute }) =>
    graph.add('Transpose', inputs, [integersAttribute('perm', attribute('perm') as number[])]),
  Concat(graph, { inputs, attribute }) {
    return graph.add('Concat', inputs, [integerAttribute('axis', attribute('axis') as number)]);
  },
  Pack(graph, { inputs, attribute, shapes }) {
    const axis = counted(attribute('axis') as number, shapes[0]!.length);
    const parts = inputs.map((input) => graph.add('Unsqueeze', [input, graph.integers([axis])]));
    return graph.add('Concat', parts, [integerAttribute('axis', axis)]);
  },
  Unpack(graph, { inputs, shapes, attribute, given }) {
    const axis = counted(attribute('axis') as number, given[0]!.length);
    return shapes.map((shape, i) => {
      const begins = given[0]!.map((_, place) => (place === axis ? i : 0));
      const sizes = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
      const part = slice(graph, inputs[0]!, begins, sizes);
      return graph.add('Squeeze', [part, graph.integers([axis])]);
    });
  },
  SplitV(graph, { inputs, shapes, attribute }) {
    const rank = shapes[0]!.length;
    const axis = counted(attribute('axis') as number, rank);
    let from = 0;
    return shapes.map((shape) => {
      const part = slice(
        graph,
        inputs[0]!,
        shape.map((_, i) => (i === axis ? from : 0)),
        shape,
      );
      from += shape[axis] as number;
      return part;
    });
  },
  Slice(graph, { inputs, shapes, sizes }) {
    const begins = sizes('begin');
    if (begins.every((begin) => typeof begin === 'number')) {
      return slice(graph, inputs[0]!, begins as number[], shapes[0]!);
    }
    // Parts that begin where another input's size says end at the sum of both.
    const terms = (size: number | Polynomial): Polynomial =>
      typeof size === 'number' ? [{ coefficient: size, monomial: [] }] : size;
    const ends = begins.map((begin, i) => [...terms(begin), ...terms(shapes[0]![i]!)]);
    const axes = graph.integers(begins.map((_, i) => i));
    return graph.add('Slice', [inputs[0]!, graph.sizes(begins), graph.sizes(ends), axes]);
  },
  GatherV2(graph, { inputs, attribute }) {
    return graph.add('Gather', inputs.slice(0, 2), [integerAttribute('axis', attribute('axis') as number)]);
  },
  UnsortedSegmentSum(graph, operation) {
    const [rows, ids] = operation.inputs as [string, string];
    const indices = graph.add('Unsqueeze', [ids, graph.integers([1])]);
    const zeros = filled(graph, operation, 0);
    return graph.add('ScatterND', [zeros, indices, rows], [textAttribute('reduction', 'add')]);
  },
  UnsortedSegmentMax(graph, { inputs, given, shapes, dtype }) {
    const [rows, ids] = inputs as [string, string];
    const rest = given[0]!.slice(1).map((_, axis) => axis + 2);
    // ONNX scatters no maxima before opset 18: every segment looks at all rows, of which it takes its own.
    const count = graph.add('Squeeze', [graph.sizes(shapes[0]!.slice(0, 1)), graph.integers([0])]);
    const all = graph.add('Range', [graph.integers([0], []), count, graph.integers([1], [])]);
    const isOwn = graph.add('Equal', [
      graph.add('Unsqueeze', [all, graph.integers([1])]),
      graph.add('Unsqueeze', [ids, graph.integers([0])]),
    ]);
    const own = rest.length > 0 ? graph.add('Unsqueeze', [isOwn, graph.integers(rest)]) : isOwn;
    const over = [integersAttribute('axes', [1]), integerAttribute('keepdims', 0)];
    const least = number(graph, dtype, Number.NEGATIVE_INFINITY);
    const taken = graph.add('Where', [own, graph.add('Unsqueeze', [rows, graph.integers([0])]), least]);
    const present = graph.add('ReduceMax', [cast(graph, own, dtype)], over);
    return graph.add('Where', [
      graph.add('Greater', [present, number(graph, dtype, 0)]),
      graph.add('ReduceMax', [taken], over),
      number(graph, dtype, 0),
    ]);
  },
  BatchMatMul(graph, { inputs, given, attribute }) {
    const turned = (i: 0 | 1, wanted: unknown): string => {
      if (!wanted) return inputs[i]!;
      const axes = given[i]!.map((_, axis) => axis);
      const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
      return graph.add('Transpose', [inputs[i]!], [integersAttribute('perm', perm)]);
    };
    return graph.add('MatMul', [turned(0, attribute('transposeA')), turned(1, attribute('transposeB'))]);
  },
  ArgMin: (graph, operation) => place(graph, operation, 'ArgMin'),
  ArgMax: (graph, operation) => place(graph, operation, 'ArgMax'),
  OneHot(graph, { inputs, dtype, attribute }) {
    const values = [attribute('offValue') as number, attribute('onValue') as number];
    const pair = dtype === 'float32' ? graph.reals(undefined, [2], values) : graph.integers(values);
    return graph.add('OneHot', [inputs[0]!, graph.integers([attribute('depth') as number]), pair]);
  },
  PadV2(graph, { inputs, dtype, attribute }) {
    const pairs = attribute('paddings') as readonly (readonly [number, number])[];
    const widths = [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
    const value = number(graph, dtype, attribute('constantValue') as number);
    return graph.add('Pad', [inputs[0]!, graph.integers(widths), value]);
  },
  Einsum: (graph, { inputs, attribute }) =>
    graph.add('Einsum', inputs, [textAttribute('equation', attribute('equation') as string)]),
  Cumsum(graph, { inputs, attribute }) {
    const axis = graph.integers([attribute('axis') as number], []);
    const flag = (name: string) => integerAttribute(name, attribute(name) ? 1 : 0);
    return graph.add('CumSum', [inputs[0]!, axis], [flag('exclusive'), flag('reverse')]);
  },
};

/** Whether an operation can be written, whatever its sizes. */
export function isWritable(kernel: string): boolean {
  return Object.hasOwn(operators, kernel);
}

/** Writes it, and returns the names of its results. */
export function writeOperation(graph: Graph, operation: Operation): readonly string[] {
  const written = operators[operation.kernel]!(graph, operation);
  return typeof written === 'string' ? [written] : written;
}
