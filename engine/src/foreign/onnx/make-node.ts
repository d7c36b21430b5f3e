/** Making nodes and their attributes, for graphs that are rewritten. */

import { elementCode } from './element-types.ts';
import {
  type AttributeProto,
  attributeTypes,
  createMessage,
  type NodeProto,
  type TensorProto,
} from './proto.ts';
import { doubleTensor } from './tensor-data.ts';

/** A node of the standard operators with one output. */
export function makeNode(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: AttributeProto[] = [],
): NodeProto {
  return createMessage('Node', { opType, input: [...input], output: [output], attribute });
}

export function integerAttribute(name: string, value: number): AttributeProto {
  return createMessage('Attribute', { name, type: attributeTypes.int, i: value });
}

export function integersAttribute(name: string, values: readonly number[]): AttributeProto {
  return createMessage('Attribute', { name, type: attributeTypes.ints, ints: [...values] });
}

export function tensorAttribute(name: string, tensor: TensorProto): AttributeProto {
  return createMessage('Attribute', { name, type: attributeTypes.tensor, t: tensor });
}

/** A Constant node that holds one float64 number, without axes. */
export function doubleConstant(output: string, value: number): NodeProto {
  return makeNode('Constant', [], output, [
    tensorAttribute('value', doubleTensor('', [], Float64Array.of(value))),
  ]);
}

/** An int64 array: shapes, axes, starts and ends. */
export function integersTensor(dims: readonly number[], values: readonly number[]): TensorProto {
  return createMessage('Tensor', { dims: [...dims], dataType: elementCode.int64, int64Data: [...values] });
}
