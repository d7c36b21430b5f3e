/** For the tests: small graphs written in place, declared ports, and faults caught. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, type Finding } from '../../fault.ts';
import type { Field, Representation } from '../../signature.ts';
import { type NdArray, real } from '../../tensor/array.ts';
import { makeNode } from './make-node.ts';
import { type OnnxOptions, openOnnx } from './open.ts';
import {
  type Dimension,
  encodeModel,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto.ts';
import { surveyOnnxRuntimes } from './runtimes.ts';
import { doubleTensor } from './tensor-data.ts';

export const fixtures = join(import.meta.dirname, '../../../../test-fixtures');
export const potentialFile = join(fixtures, 'quickstart/models/potential.onnx');
export const onnxFile = (name: string) => join(fixtures, 'onnx', `${name}.onnx`);

/** A folder that goes away with the test: `using folder = temporaryFolder()`. */
export function temporaryFolder(): Disposable & {
  readonly path: string;
  write(name: string, bytes: Uint8Array): string;
} {
  const path = mkdtempSync(join(tmpdir(), 'noether-onnx-'));
  return {
    path,
    write(name, bytes) {
      const file = join(path, name);
      writeFileSync(file, bytes);
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export type Dims = readonly (number | string | undefined)[];

/** An input or output of a graph, of element type `code`. */
export function valueInfo(name: string, dims: Dims | undefined, code = 1): ValueInfoProto {
  const dim = dims?.map((size): Dimension => {
    if (typeof size === 'number') return { dimValue: size };
    return size === undefined ? {} : { dimParam: size };
  });
  return { name, type: { tensorType: { elemType: code, ...(dim ? { shape: { dim } } : {}) } } };
}

export interface SmallGraph {
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly nodes: readonly NodeProto[];
  readonly weights?: readonly TensorProto[];
  readonly opset?: number;
  readonly irVersion?: number;
}

export function smallModel(graph: SmallGraph): Uint8Array {
  const body: Partial<GraphProto> = {
    name: 'small',
    node: [...graph.nodes],
    initializer: [...(graph.weights ?? [])],
    input: [...graph.inputs],
    output: [...graph.outputs],
  };
  const model: Partial<ModelProto> = {
    irVersion: graph.irVersion ?? 8,
    opsetImport: [{ domain: '', version: graph.opset ?? 17 }],
    graph: body as GraphProto,
  };
  return encodeModel(model as ModelProto);
}

/** One node from `x` to `y`, both float32 of these dims. */
export function oneNode(
  node: NodeProto,
  dims: Dims = ['n'],
  weights: readonly TensorProto[] = [],
): SmallGraph {
  return { inputs: [valueInfo('x', dims)], outputs: [valueInfo('y', dims)], nodes: [node], weights };
}

export const identity = oneNode(makeNode('Identity', ['x'], 'y'));

/** A float32 array as an initialiser. */
export function floatWeight(name: string, dims: readonly number[], entries: readonly number[]): TensorProto {
  const tensor = doubleTensor(name, [...dims], new Float64Array(0));
  const rawData = new Uint8Array(Float32Array.from(entries).buffer);
  return Object.assign(tensor, { dataType: 1, rawData });
}

/** A declared port: `field('positions', 'position', 'atom')`; numbers are fixed sizes. */
export function field(name: string, kind: Representation | string, ...axes: (string | number)[]): Field {
  const representation = (
    typeof kind !== 'string' ? kind : kind === 'position' || kind === 'vector' ? { kind, dim: 3 } : { kind }
  ) as Representation;
  return {
    name,
    type: {
      representation,
      axes: axes.map((axis) => (typeof axis === 'string' ? { index: axis } : { size: axis })),
    },
  };
}

/** What the action says is wrong. Anything but a Fault is an error of the test. */
export async function findingFrom(action: () => unknown): Promise<Finding> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export const positions = field('positions', 'position', 'point');
export const energy = field('energy', 'scalar');
export const forces = field('forces', 'vector', 'point');
export const ports = { inputs: [positions], outputs: [energy, forces] };

/** Points in a ball of an object's size, in metres; the same for the same seed. */
export function cloud(points: number, seed: number): NdArray {
  return real(
    [points, 3],
    Array.from({ length: 3 * points }, (_, i) => 0.12 * Math.sin(12.9898 * i + 78.233 * seed + i * i * 0.37)),
  );
}

/** The runtimes that load here, by name. */
export const onnxRuntimes = (await surveyOnnxRuntimes())
  .filter(({ available }) => available)
  .map(({ name }) => name);

/** A graph from `x` to `y`, both declared as scalars. */
export async function openSmall(
  graph: SmallGraph,
  options: OnnxOptions = {},
  names = { x: ['n'], y: ['n'] },
) {
  using folder = temporaryFolder();
  const file = folder.write('net.onnx', smallModel(graph));
  const declared = {
    inputs: [field('x', 'scalar', ...names.x)],
    outputs: [field('y', 'scalar', ...names.y)],
  };
  return await openOnnx({ file, ...declared }, options);
}
