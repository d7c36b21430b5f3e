/**
 * Which declared input or output is which of the graph's, and whether their shapes agree.
 *
 * A graph may have one leading axis more than is declared: the batch axis. Trailing axes of size 1 are also tolerated,
 * since exporters write `energy` as [batch, 1].
 */
import type { Field } from '../../signature.ts';
import type { OnnxDescription, OnnxDim, OnnxPort } from './inspect.ts';
import { type Misfit, misfitFault, undeclaredInput, unknownPort, unsupportedType } from './match-faults.ts';
import { declaredDims, graphTypeProblem } from './port-types.ts';

/** As a specification declares it. */
export interface DeclaredPort extends Field {
  /** Of an output: its name in the graph, where it differs. Of an input: the data field that feeds it. */
  readonly source?: string;
}

/** A declared input or output and its counterpart. */
export interface MatchedPort {
  readonly field: Field;
  readonly port: OnnxPort;
  /** Whether the graph's array has a leading batch axis. */
  readonly batched: boolean;
}

export interface Matching {
  readonly inputs: readonly MatchedPort[];
  readonly outputs: readonly MatchedPort[];
  /** How many samples one run takes: any number, or exactly so many. */
  readonly batch: 'any' | number;
}

/**
 * @param file the model's path, for the place of faults.
 * @throws Fault `model/onnx-unknown-input`, `-unknown-output`, `-undeclared-input`, `-rank`, `-size` or `-dtype`.
 */
export function matchPorts(
  declared: { readonly inputs: readonly DeclaredPort[]; readonly outputs: readonly DeclaredPort[] },
  graph: Pick<OnnxDescription, 'inputs' | 'outputs'>,
  file: string,
): Matching {
  const inputs = declared.inputs.map((field) => ({
    field,
    port: portNamed(field.name, 'input', graph.inputs, file),
  }));
  const outputs = declared.outputs.map((field) => ({
    field,
    port: portNamed(field.source ?? field.name, 'output', graph.outputs, file),
  }));
  for (const port of graph.inputs) {
    if (!inputs.some((input) => input.port === port)) throw undeclaredInput(port, declared.inputs, file);
  }
  for (const { field, port } of inputs) rejectType(field, port, 'input', file);
  for (const { field, port } of outputs) rejectType(field, port, 'output', file);
  return chooseLayout(inputs, outputs, file);
}

function portNamed(
  name: string,
  direction: 'input' | 'output',
  ports: readonly OnnxPort[],
  file: string,
): OnnxPort {
  const port = ports.find((candidate) => candidate.name === name);
  if (!port) throw unknownPort(name, direction, ports, file);
  return port;
}

function rejectType(field: Field, port: OnnxPort, direction: 'input' | 'output', file: string): void {
  const problem = graphTypeProblem(field, port, direction);
  if (problem) throw unsupportedType(field, port, problem, file);
}

type Pairing = Pick<MatchedPort, 'field' | 'port'>;

/** With or without a batch axis: whichever reads the declared shapes more plainly, without it when both do. */
function chooseLayout(inputs: readonly Pairing[], outputs: readonly Pairing[], file: string): Matching {
  let plainCost = 0;
  let batchCost = 0;
  for (const pairing of [...inputs, ...outputs]) {
    const plain = fit(pairing, false);
    const batched = fit(pairing, true);
    if (typeof plain !== 'number' && typeof batched !== 'number') {
      throw misfitFault(pairing, [plain, batched], file);
    }
    plainCost += typeof plain === 'number' ? plain : Number.POSITIVE_INFINITY;
    batchCost += typeof batched === 'number' ? batched : unbatchedCost;
  }
  const asBatch = batchCost < plainCost;
  const layout = (pairing: Pairing): MatchedPort => ({
    ...pairing,
    batched: asBatch && pairing.port.dims !== undefined && typeof fit(pairing, true) === 'number',
  });
  const matched = { inputs: inputs.map(layout), outputs: outputs.map(layout) };
  return { ...matched, batch: asBatch ? batchOf(matched.inputs, matched.outputs) : 1 };
}

/** What an array without a batch axis costs among others that have one: more than any other oddity. */
const unbatchedCost = 3;

/** How far the declared shape is from the graph's: 0 is plain. A misfit says where they part. */
function fit({ field, port }: Pairing, batched: boolean): number | Misfit {
  if (!port.dims) return 0;
  const declared = declaredDims(field.type);
  const dims = batched ? port.dims.slice(1) : port.dims;
  const missing = (batched && port.dims.length === 0) || dims.length < declared.length;
  if (missing || dims.slice(declared.length).some((dim) => dim !== 1)) return { kind: 'rank' };
  let cost = dims.length - declared.length;
  for (const [i, dim] of declared.entries()) {
    const real = dims[i];
    if (typeof real !== 'number') continue;
    if ('size' in dim && dim.size !== real) {
      return { kind: 'size', axis: i + (batched ? 1 : 0), declared: dim.size, graph: real };
    }
    if ('index' in dim && real === 1) cost += 2;
  }
  return cost;
}

function batchOf(inputs: readonly MatchedPort[], outputs: readonly MatchedPort[]): 'any' | number {
  // An array that all samples would share, or an output summed over them, leaves one sample for each run.
  const shared = [...inputs, ...outputs].some(({ batched, port }) => port.dims !== undefined && !batched);
  if (shared) return 1;
  const sizes = inputs.flatMap(({ batched, port }) => (batched ? [port.dims![0]] : []));
  const fixed = sizes.filter((size: OnnxDim) => typeof size === 'number');
  return fixed.length === 0 ? 'any' : Math.max(...fixed);
}
