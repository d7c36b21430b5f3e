/** Building an ONNX graph node by node. */
import { elementCode } from '../foreign/onnx/element-types.ts';
import { integersTensor } from '../foreign/onnx/make-node.ts';
import {
  type AttributeProto,
  createMessage,
  encodeModel,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from '../foreign/onnx/proto.ts';
import type { Monomial, Polynomial } from './polynomial.ts';

/** Old enough for the runtimes of the last years, new enough for sums over repeated indices. */
export const opset = 17;
const irVersion = 8;

export interface Graph {
  /** Adds a node with one output and returns that output's name. */
  add(operator: string, inputs: readonly string[], attributes?: readonly AttributeProto[]): string;
  /** Adds a node whose output has this name. */
  put(operator: string, inputs: readonly string[], output: string): void;
  /** A stored array; the same one twice is stored once. */
  integers(values: readonly number[], shape?: readonly number[]): string;
  reals(name: string | undefined, shape: readonly number[], values: ArrayLike<number>): string;
  /** A one-dimensional int64 array of sizes, computed from the inputs' sizes where they are not fixed. */
  sizes(values: readonly (number | Polynomial)[]): string;
  bytes(title: string, inputs: readonly ValueInfoProto[], outputs: readonly ValueInfoProto[]): Uint8Array;
}

/** @param where an input and its axis for every index set */
export function createGraph(
  where: Readonly<Record<string, { readonly input: string; readonly axis: number }>>,
): Graph {
  const nodes: NodeProto[] = [];
  const stored: TensorProto[] = [];
  const known = new Map<string, string>();
  let count = 0;
  const once = (key: string, make: () => string): string => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const name = make();
    known.set(key, name);
    return name;
  };
  const add: Graph['add'] = (opType, input, attribute = []) => {
    const output = `${opType}_${count++}`;
    nodes.push(
      createMessage('Node', {
        name: output,
        opType,
        input: [...input],
        output: [output],
        attribute: [...attribute],
      }),
    );
    return output;
  };
  const store = (name: string, tensor: TensorProto): string => {
    stored.push(Object.assign(tensor, { name }));
    return name;
  };
  const integers: Graph['integers'] = (values, shape = [values.length]) =>
    once(`i ${shape} ${values}`, () => store(`integers_${count++}`, integersTensor(shape, values)));
  const reals: Graph['reals'] = (name, shape, values) => {
    const data = Float32Array.from(values);
    const make = () =>
      store(
        name ?? `constant_${count++}`,
        createMessage('Tensor', {
          dims: [...shape],
          dataType: elementCode.float32,
          rawData: new Uint8Array(data.buffer),
        }),
      );
    return name === undefined && data.length < 64 ? once(`r ${shape} ${data}`, make) : make();
  };
  /** [1] */
  const product = (monomial: Monomial): string =>
    once(`m ${monomial}`, () => {
      const [first, ...rest] = monomial;
      if (first === undefined) return integers([1]);
      const { input, axis } = where[first]!;
      const size = once(`n ${first}`, () => {
        const attribute = (name: string, i: number) => createMessage('Attribute', { name, type: 2, i });
        return add('Shape', [input], [attribute('start', axis), attribute('end', axis + 1)]);
      });
      return rest.length === 0 ? size : add('Mul', [size, product(rest)]);
    });
  const polynomial = (terms: Polynomial): string =>
    once(`p ${JSON.stringify(terms)}`, () =>
      terms
        .map(({ coefficient, monomial }) => {
          if (monomial.length === 0) return integers([coefficient]);
          return coefficient === 1
            ? product(monomial)
            : add('Mul', [product(monomial), integers([coefficient])]);
        })
        .reduce((sum, term) => add('Add', [sum, term])),
    );
  return {
    add,
    put(opType, input, output) {
      nodes.push(createMessage('Node', { name: output, opType, input: [...input], output: [output] }));
    },
    integers,
    reals,
    sizes(values) {
      const fixed = values.map(fixedSize);
      if (fixed.every((value) => value !== undefined)) return integers(fixed as number[]);
      const parts = values.map((value, i) =>
        fixed[i] === undefined ? polynomial(value as Polynomial) : integers([fixed[i]!]),
      );
      if (parts.length === 1) return parts[0]!;
      return once(`s ${parts}`, () =>
        add('Concat', parts, [createMessage('Attribute', { name: 'axis', type: 2, i: 0 })]),
      );
    },
    bytes(title, input, output) {
      const graph: Partial<GraphProto> = {
        name: title,
        node: nodes,
        initializer: stored,
        input: [...input],
        output: [...output],
      };
      const model: Partial<ModelProto> = {
        irVersion,
        producerName: 'noether',
        opsetImport: [{ domain: '', version: opset }],
        graph: graph as GraphProto,
      };
      return encodeModel(model as ModelProto);
    },
  };
}

/** The number, of sizes that are the same for all inputs. */
export function fixedSize(value: number | Polynomial): number | undefined {
  if (typeof value === 'number') return value;
  if (value.length === 0) return 0;
  return value.length === 1 && value[0]!.monomial.length === 0 ? value[0]!.coefficient : undefined;
}
