/** A generalised recording as an ONNX file, under the names that the model's signature has. */
import { elementCode } from '../foreign/onnx/element-types.ts';
import { integerAttribute } from '../foreign/onnx/make-node.ts';
import type { Dimension, ValueInfoProto } from '../foreign/onnx/proto.ts';
import { type Field, type IndexSizes, type Signature, trailingShape } from '../signature.ts';
import type { NdArray } from '../tensor/array.ts';
import type { General, Size } from './generalise.ts';
import { createGraph, type Graph } from './graph.ts';
import type { Column, LeafSource } from './leaves.ts';
import { elementOf, writeOperation } from './operators.ts';
import type { Ref } from './record.ts';

export interface GraphRequest {
  readonly title: string;
  readonly signature: Signature;
  readonly general: General;
  /** Index sets that may have any size. */
  readonly open: readonly string[];
  /** The sizes of the others. */
  readonly sizes: IndexSizes;
  /** Weights by official name: arrays that equal one of them are stored under its name. */
  readonly weights: Readonly<Record<string, NdArray>>;
}

export function onnxBytes(request: GraphRequest): Uint8Array {
  const { signature, general, title } = request;
  const graph = createGraph(placesOf(signature.inputs));
  const values = new Map<Ref, string>();
  const shapes = new Map<Ref, readonly Size[]>();
  const weights = weightNames(request.weights);
  for (const [ref, { source, shape, dtype }] of general.leaves) {
    values.set(ref, writeLeaf(graph, source, shape, dtype, signature.inputs, weights));
    shapes.set(ref, shape);
  }
  for (const { step, place, shapes: results, lists } of general.steps) {
    const names = writeOperation(graph, {
      kernel: step.kernel,
      inputs: step.inputs.map((ref) => values.get(ref)!),
      given: step.inputs.map((ref) => shapes.get(ref)!),
      shapes: results,
      dtype: step.dtypes[0]!,
      attribute: (name) => step.attributes[name],
      sizes: (name) => lists[name]!,
    });
    names.forEach((name, i) => {
      values.set(`step:${place}.${i}`, name);
      shapes.set(`step:${place}.${i}`, results[i]!);
    });
  }
  for (const { name, type } of signature.outputs) {
    const shape = [
      ...type.axes.map((axis): Size => {
        if ('size' in axis) return axis.size;
        if (!request.open.includes(axis.index)) return request.sizes[axis.index]!;
        return [{ coefficient: 1, monomial: [axis.index] }];
      }),
      ...trailingShape(type.representation),
    ];
    graph.put('Reshape', [values.get(general.outputs[name]!)!, graph.sizes(shape)], name);
  }
  return graph.bytes(
    title,
    signature.inputs.map((field) => portOf(field, request)),
    signature.outputs.map((field) => portOf(field, request)),
  );
}

/** Where the size of each index set is read. */
function placesOf(inputs: readonly Field[]) {
  const places: Record<string, { input: string; axis: number }> = {};
  for (const { name, type } of inputs) {
    type.axes.forEach((axis, place) => {
      if ('index' in axis) places[axis.index] ??= { input: name, axis: place };
    });
  }
  return places;
}

function portOf({ name, type }: Field, { open, sizes }: GraphRequest): ValueInfoProto {
  const dim: Dimension[] = [
    ...type.axes.map((axis): Dimension => {
      if ('size' in axis) return { dimValue: axis.size };
      return open.includes(axis.index) ? { dimParam: axis.index } : { dimValue: sizes[axis.index]! };
    }),
    ...trailingShape(type.representation).map((size) => ({ dimValue: size })),
  ];
  const elemType = type.representation.kind === 'category' ? elementCode.int64 : elementCode.float32;
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/** The name of a weight with these numbers; each is given out once. */
function weightNames(weights: GraphRequest['weights']) {
  const key = (shape: readonly number[], data: ArrayLike<number>) =>
    `${shape} ${data.length} ${data[0]} ${data[data.length >> 1]} ${data[data.length - 1]}`;
  const left = new Map<string, [string, NdArray][]>();
  for (const entry of Object.entries(weights)) {
    const found = key(entry[1].shape, entry[1].data);
    left.set(found, [...(left.get(found) ?? []), entry]);
  }
  return ({ shape, data }: NdArray): string | undefined => {
    const list = left.get(key(shape, data));
    const place = list?.findIndex(([, array]) => array.data.every((value, i) => value === data[i])) ?? -1;
    return place < 0 ? undefined : list!.splice(place, 1)[0]![0];
  };
}

function writeLeaf(
  graph: Graph,
  source: LeafSource,
  shape: readonly Size[],
  dtype: string,
  inputs: readonly Field[],
  weightName: (array: NdArray) => string | undefined,
): string {
  const cast = (value: string, to: string) =>
    graph.add('Cast', [value], [integerAttribute('to', elementOf(to))]);
  /** An input in the tensor's kind of numbers. */
  const input = (name: string): string => {
    const isCategory = inputs.find((field) => field.name === name)!.type.representation.kind === 'category';
    return isCategory === (dtype === 'float32') ? cast(name, dtype) : name;
  };
  const flat = graph.integers([-1]);
  const toReal = [integerAttribute('to', elementCode.float32)];
  const axis = (value: number) => [integerAttribute('axis', value)];
  switch (source.kind) {
    case 'constant': {
      const { leaf } = source;
      if (dtype === 'float32') return graph.reals(weightName(leaf), leaf.shape, leaf.data);
      const whole = graph.integers([...leaf.data], leaf.shape);
      return dtype === 'bool' ? cast(whole, 'bool') : whole;
    }
    case 'filled': {
      const one =
        dtype === 'float32' ? graph.reals(undefined, [], [source.value]) : graph.integers([source.value], []);
      const all = graph.add('Expand', [one, graph.sizes(shape)]);
      return dtype === 'bool' ? cast(all, 'bool') : all;
    }
    case 'size': {
      const number = graph.add('Reshape', [graph.sizes([source.polynomial]), graph.sizes(shape)]);
      const own = dtype === 'float32' ? cast(number, dtype) : number;
      return source.inverse ? graph.add('Reciprocal', [own]) : own;
    }
    case 'inputs': {
      const parts = source.inputs.map((name) => graph.add('Reshape', [input(name), flat]));
      const all = parts.length === 1 ? parts[0]! : graph.add('Concat', parts, axis(0));
      return graph.add('Reshape', [all, graph.sizes(shape)]);
    }
    case 'scaled': {
      const factor = graph.reals(undefined, [], [source.factor]);
      const all = graph.add('Mul', [graph.add('Cast', [source.input], toReal), factor]);
      return graph.add('Reshape', [all, graph.sizes(shape)]);
    }
    case 'columns': {
      const rows = graph.add('Reshape', [rowNumbers(graph, source.columns, shape), flat]);
      const count = graph.add('Shape', [rows]);
      const parts = source.columns.map((column) => writeColumn(graph, column, input, count, dtype));
      const all = parts.length === 1 ? parts[0]! : graph.add('Concat', parts, axis(1));
      return graph.add('Reshape', [all, graph.sizes(shape)]);
    }
  }
}

/** One number for each row of the array, of whatever kind. */
function rowNumbers(graph: Graph, columns: readonly Column[], shape: readonly Size[]): string {
  const zero = graph.integers([0], []);
  const width = columns.length;
  const all = graph.add('Expand', [zero, graph.sizes(shape)]);
  const rows = graph.add('Reshape', [all, graph.integers([-1, width])]);
  return graph.add('Slice', [rows, graph.integers([0]), graph.integers([1]), graph.integers([1])]);
}

/** [rows, 1] */
function writeColumn(
  graph: Graph,
  column: Column,
  input: (name: string) => string,
  count: string,
  dtype: string,
): string {
  const number = (value: number) =>
    dtype === 'float32' ? graph.reals(undefined, [1, 1], [value]) : graph.integers([value], [1, 1]);
  const everyRow = (value: string) => {
    const target = graph.add('Concat', [count, graph.integers([1])], [integerAttribute('axis', 0)]);
    return graph.add('Expand', [value, target]);
  };
  switch (column.kind) {
    case 'number':
      return everyRow(number(column.value));
    case 'shared': {
      const entries = graph.add('Reshape', [input(column.input), graph.integers([-1])]);
      const one = graph.add('Gather', [entries, graph.integers([column.entry])]);
      return everyRow(graph.add('Reshape', [one, graph.integers([1, 1])]));
    }
    case 'column': {
      const rows = graph.add('Reshape', [input(column.input), graph.integers([-1, column.width])]);
      return graph.add('Slice', [
        rows,
        graph.integers([column.column]),
        graph.integers([column.column + 1]),
        graph.integers([1]),
      ]);
    }
    case 'indicator': {
      const rows = graph.add('Reshape', [column.input, graph.integers([-1, 1])]);
      const isIt = graph.add('Equal', [rows, graph.integers([column.category], [])]);
      return graph.add('Cast', [isIt], [integerAttribute('to', elementOf(dtype))]);
    }
  }
}
