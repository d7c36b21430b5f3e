/** Where float types are written into a model beside its arrays: types of values, casts, and attributes of generators. */
import { elementCode, widens } from './element-types.ts';
import { attributeOf, isStandard } from './graph-walk.ts';
import { integerAttribute } from './make-node.ts';
import type { NodeProto, TypeProto } from './proto.ts';

/** Widens a value's type in place: arrays, and what sequences, options and maps hold. */
export function widenType(type: TypeProto | undefined): void {
  if (!type) return;
  for (const tensor of [type.tensorType, type.sparseTensorType]) {
    if (tensor && widens(tensor.elemType)) tensor.elemType = elementCode.float64;
  }
  widenType(type.sequenceType?.elemType);
  widenType(type.optionalType?.elemType);
  widenType(type.mapType?.valueType);
}

/** Attributes that hold an element type; the number is what the operator takes without the attribute. */
const typeAttributes: Readonly<Record<string, Readonly<Record<string, number | undefined>>>> = {
  Cast: { to: undefined },
  EyeLike: { dtype: undefined },
  SequenceEmpty: { dtype: elementCode.float32 },
  HannWindow: { output_datatype: elementCode.float32 },
  HammingWindow: { output_datatype: elementCode.float32 },
  BlackmanWindow: { output_datatype: elementCode.float32 },
  MelWeightMatrix: { output_datatype: elementCode.float32 },
  // The type that means and variances are computed in, from operator version 21 on.
  GroupNormalization: { stash_type: undefined },
};

/** Makes casts to a float type, and operators that make floats out of nothing, produce float64. */
export function widenTypeAttributes(node: NodeProto, opset: number): void {
  if (!isStandard(node)) return;
  for (const [name, written] of Object.entries(typeAttributes[node.opType] ?? {})) {
    const attribute = attributeOf(node, name);
    const fallback = node.opType === 'GroupNormalization' && opset >= 21 ? elementCode.float32 : written;
    if (attribute) {
      if (widens(Number(attribute.i))) attribute.i = elementCode.float64;
    } else if (fallback !== undefined) {
      node.attribute.push(integerAttribute(name, elementCode.float64));
    }
  }
}
