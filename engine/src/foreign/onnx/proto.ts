/**
 * Reading and writing ONNX's protocol buffers. The tables below hold the names and numbers of the fields that Noether
 * looks at (onnx/onnx.proto of the ONNX project, Apache-2.0); every other field is carried along unread, so a model that
 * is written again loses nothing, whatever version of the format it comes from.
 */
import protobuf from 'protobufjs/light.js';

/** A 64-bit integer as protobufjs reads it. Plain numbers may be written. */
export type Int64 = number | { toNumber(): number; toString(): string };

export interface Entry {
  key: string;
  value: string;
}

/** An array: initialisers and constants. Its numbers are in `rawData` (little-endian) or in one of the typed lists. */
export interface TensorProto {
  dims: Int64[];
  dataType: number;
  name: string;
  rawData: Uint8Array;
  floatData: number[];
  doubleData: number[];
  int32Data: number[];
  int64Data: Int64[];
  uint64Data: Int64[];
  stringData: Uint8Array[];
  externalData: Entry[];
  /** 0: in this message; 1: in another file, named by `externalData`. */
  dataLocation: number;
}

export interface SparseTensorProto {
  values?: TensorProto;
  indices?: TensorProto;
  dims: Int64[];
}

export interface TensorType {
  elemType: number;
  shape?: { dim: Dimension[] };
}

/** A size, a name, or neither: then the size is free. */
export interface Dimension {
  dimValue?: Int64;
  dimParam?: string;
}

/** One of its members is set. */
export interface TypeProto {
  tensorType?: TensorType;
  sparseTensorType?: TensorType;
  sequenceType?: { elemType?: TypeProto };
  optionalType?: { elemType?: TypeProto };
  mapType?: { keyType: number; valueType?: TypeProto };
}

export interface ValueInfoProto {
  name: string;
  type?: TypeProto;
}

export interface AttributeProto {
  name: string;
  /** Which of the members holds: see {@link attributeTypes}. */
  type: number;
  refAttrName: string;
  f: number;
  i: Int64;
  s: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  sparseTensor?: SparseTensorProto;
  floats: number[];
  ints: Int64[];
  tensors: TensorProto[];
  graphs: GraphProto[];
}

export interface NodeProto {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: AttributeProto[];
}

export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  sparseInitializer: SparseTensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
}

export interface FunctionProto {
  name: string;
  domain: string;
  node: NodeProto[];
  valueInfo: ValueInfoProto[];
  attributeProto: AttributeProto[];
  opsetImport: OperatorSetId[];
}

export interface OperatorSetId {
  domain: string;
  version: Int64;
}

export interface ModelProto {
  irVersion: Int64;
  producerName: string;
  producerVersion: string;
  opsetImport: OperatorSetId[];
  graph?: GraphProto;
  functions: FunctionProto[];
}

export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
} as const;

type FieldTable = Record<string, readonly [id: number, type: string, rule?: 'repeated' | 'packed']>;

/** Members that hold the numbers of an array. Left out where only shapes are wanted. */
const tensorData: FieldTable = {
  rawData: [9, 'bytes'],
  floatData: [4, 'float', 'packed'],
  doubleData: [10, 'double', 'packed'],
  int32Data: [5, 'int32', 'packed'],
  int64Data: [7, 'int64', 'packed'],
  uint64Data: [11, 'uint64', 'packed'],
  stringData: [6, 'bytes', 'repeated'],
};

const messages: Record<string, FieldTable> = {
  Model: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'Graph'],
    opsetImport: [8, 'OperatorSetId', 'repeated'],
    functions: [25, 'Function', 'repeated'],
  },
  OperatorSetId: { domain: [1, 'string'], version: [2, 'int64'] },
  Function: {
    name: [1, 'string'],
    node: [7, 'Node', 'repeated'],
    opsetImport: [9, 'OperatorSetId', 'repeated'],
    domain: [10, 'string'],
    attributeProto: [11, 'Attribute', 'repeated'],
    valueInfo: [12, 'ValueInfo', 'repeated'],
  },
  Graph: {
    node: [1, 'Node', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'Tensor', 'repeated'],
    input: [11, 'ValueInfo', 'repeated'],
    output: [12, 'ValueInfo', 'repeated'],
    valueInfo: [13, 'ValueInfo', 'repeated'],
    sparseInitializer: [15, 'SparseTensor', 'repeated'],
  },
  Node: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'Attribute', 'repeated'],
    domain: [7, 'string'],
  },
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'Tensor'],
    g: [6, 'Graph'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int64', 'repeated'],
    tensors: [10, 'Tensor', 'repeated'],
    graphs: [11, 'Graph', 'repeated'],
    type: [20, 'int32'],
    refAttrName: [21, 'string'],
    sparseTensor: [22, 'SparseTensor'],
  },
  Tensor: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    externalData: [13, 'Entry', 'repeated'],
    dataLocation: [14, 'int32'],
  },
  SparseTensor: { values: [1, 'Tensor'], indices: [2, 'Tensor'], dims: [3, 'int64', 'repeated'] },
  Entry: { key: [1, 'string'], value: [2, 'string'] },
  ValueInfo: { name: [1, 'string'], type: [2, 'Type'] },
  Type: {
    tensorType: [1, 'TensorType'],
    sequenceType: [4, 'ElementType'],
    mapType: [5, 'MapType'],
    sparseTensorType: [8, 'TensorType'],
    optionalType: [9, 'ElementType'],
  },
  TensorType: { elemType: [1, 'int32'], shape: [2, 'Shape'] },
  ElementType: { elemType: [1, 'Type'] },
  MapType: { keyType: [1, 'int32'], valueType: [2, 'Type'] },
  Shape: { dim: [1, 'Dimension', 'repeated'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
};

const whole = messageTypes({ ...messages, Tensor: { ...messages.Tensor, ...tensorData } });
const headers = messageTypes(messages);

/**
 * A model from its bytes. Arrays are views into `bytes` where the file holds them raw.
 * @throws Error with protobufjs's message when the bytes are not a protocol buffer of this kind.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decode(whole, bytes, false);
}

/** The same without the numbers in arrays, which are skipped: quick for large models. Not to be written again. */
export function decodeModelHeaders(bytes: Uint8Array): ModelProto {
  return decode(headers, bytes, true);
}

export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return whole.encode(model).finish() as Uint8Array<ArrayBuffer>;
}

interface Messages {
  Node: NodeProto;
  Attribute: AttributeProto;
  Tensor: TensorProto;
}

/** A new message with these members; lists that are not named are empty, and nothing else is written. */
export function createMessage<Name extends keyof Messages>(
  name: Name,
  members: Partial<Messages[Name]>,
): Messages[Name] {
  return whole.root.lookupType(name).create(members) as unknown as Messages[Name];
}

function decode(type: protobuf.Type, bytes: Uint8Array, discardUnknown: boolean): ModelProto {
  // protobufjs hands out views instead of copies only when it is given a Buffer.
  const reader = protobuf.Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  reader.discardUnknown = discardUnknown;
  return type.decode(reader) as unknown as ModelProto;
}

function messageTypes(tables: Record<string, FieldTable>): protobuf.Type {
  const root = new protobuf.Root();
  for (const [name, table] of Object.entries(tables)) {
    const type = new protobuf.Type(name);
    for (const [field, [id, fieldType, rule]] of Object.entries(table)) {
      const member = new protobuf.Field(field, id, fieldType, rule ? 'repeated' : 'optional');
      // Field options are read from a resolved feature set; the format is proto2, where packing is stated per field.
      member.setOption('packed', rule === 'packed');
      type.add(member);
    }
    root.add(type);
  }
  return root.resolveAll().lookupType('Model');
}
