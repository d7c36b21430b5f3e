/** What a declared type asks of an ONNX array: its shape and the kind of its elements. */
import { type Field, type FieldType, type IndexSizes, trailingShape } from '../../signature.ts';
import type { OnnxPort } from './inspect.ts';

export type DeclaredDim = { readonly index: string } | { readonly size: number };

/** The axes in brackets, then those of the representation: `position[atom]` is [atom, 3]. */
export function declaredDims(type: FieldType): DeclaredDim[] {
  return [...type.axes, ...trailingShape(type.representation).map((size) => ({ size }))];
}

/** `[atom, 3]` */
export function dimsText(dims: readonly DeclaredDim[]): string {
  return `[${dims.map((dim) => ('index' in dim ? dim.index : dim.size)).join(', ')}]`;
}

/** The shape with these sizes; `undefined` for an index set that has none. */
export function shapeWith(type: FieldType, sizes: IndexSizes): (number | undefined)[] {
  return declaredDims(type).map((dim) => ('index' in dim ? sizes[dim.index] : dim.size));
}

const integers = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool'];
const reals = ['float16', 'float32', 'float64'];

/** Why the graph's array cannot hold what is declared, as a phrase; `undefined` when it can. */
export function graphTypeProblem(
  field: Field,
  port: OnnxPort,
  direction: 'input' | 'output',
): string | undefined {
  if (reals.includes(port.dtype)) return undefined;
  if (!integers.includes(port.dtype)) return `${port.dtype} cannot be exchanged with the runtime`;
  if (direction === 'output') return undefined;
  switch (field.type.representation.kind) {
    case 'scalar':
    case 'category':
    case 'label':
    case 'constant':
    case 'image':
      return undefined;
    default:
      return `a ${field.type.representation.kind} holds real numbers, and ${port.dtype} does not`;
  }
}
