/** Opening an ONNX file as a model that can be verified. */
import { basename } from 'node:path';
import type { Model } from '../../model/model.ts';
import type { Field } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { elementCode, elementType } from './element-types.ts';
import { inlineExternalData, tensorsOf } from './external-data.ts';
import { describeModel } from './inspect.ts';
import { onnxLayers } from './layers.ts';
import { type DeclaredPort, matchPorts } from './match.ts';
import { openTwin, type Twin } from './open-twin.ts';
import { encodeModel } from './proto.ts';
import { rejectRandomness } from './randomness.ts';
import { damaged, type OnnxModel, readModel } from './read-model.ts';
import { evaluator, type GraphRun } from './run.ts';
import { openingFault } from './runtime-fault.ts';
import { type OnnxRuntime, type OnnxRuntimeName, openOnnxRuntime } from './runtimes.ts';
import { dataMismatch } from './tensor-data.ts';

export interface OnnxSpec {
  /** Absolute path. */
  readonly file: string;
  /** What the specification calls it; the file's name otherwise. */
  readonly name?: string;
  readonly inputs: readonly DeclaredPort[];
  readonly outputs: readonly DeclaredPort[];
}

export interface OnnxOptions {
  readonly runtime?: OnnxRuntimeName | 'auto';
  /** Threads inside an operator; 1 unless told otherwise, since sums then depend on no schedule. */
  readonly threads?: number;
}

/** A model from a file, and the runtime that it runs on. */
export interface ForeignModel extends Model {
  readonly runtime: Pick<OnnxRuntime, 'name' | 'version' | 'reason' | 'passedOver'>;
}

/**
 * Opens the graph in its own precision and, where the runtime has the kernels, in float64.
 * @throws Fault `model/onnx-…` for a file that cannot be read, a declaration that does not match the graph, or a graph
 * that the runtime does not take; `backend/onnx-runtime` when there is no runtime.
 */
export async function openOnnx(spec: OnnxSpec, options: OnnxOptions = {}): Promise<ForeignModel> {
  const { file } = spec;
  const read = await readModel(file, 'everything');
  const { model } = read;
  const inlined = await inlineExternalData(model, file, read.bytes.length);
  rejectDamage(model, file);
  rejectRandomness(model, file);
  const description = describeModel(model);
  const matching = matchPorts(spec, description, file);
  const widest = widestFeature(model);

  const dtypes = [...description.inputs, ...description.outputs].map(({ dtype }) => dtype);
  const runtime = await openOnnxRuntime(options.runtime, dtypes);
  const settings = { threads: options.threads ?? 1, optimisation: 'all' } as const;
  const title = `${runtime.name} ${runtime.version}`;
  const native = await runtime
    .createSession(inlined ? encodeModel(model) : read.bytes, settings)
    .catch((error: unknown) => {
      throw openingFault(error, { file, runtime: title });
    });
  const run: Omit<GraphRun, 'session' | 'precision'> = { runtime, matching, widest, file };
  // Looked at before the twin is made, which rewrites the model.
  const double = !hasNarrowFloats(model);
  const twin: Twin = !double ? await openTwin(model, runtime, settings) : {};

  const nativeRun = evaluator({ ...run, session: native, precision: 'float32' });
  const twinRun = twin.session && evaluator({ ...run, session: twin.session, precision: 'float64' });
  const precisions: Precision[] = double ? ['float64'] : twinRun ? ['float32', 'float64'] : ['float32'];
  return {
    title: spec.name ?? basename(file),
    signature: { inputs: spec.inputs.map(plainField), outputs: spec.outputs.map(plainField) },
    parameterCount: description.parameterCount,
    backend: `${title} (${settings.threads} thread${settings.threads === 1 ? '' : 's'})`,
    runtime,
    precisions,
    ...(double || twinRun ? {} : { noTwin: twin.reason }),
    async evaluate(batch: readonly Values[], precision: Precision): Promise<Values[]> {
      if (precision === 'float64' && !double && !twinRun) {
        throw new Error(`asked for float64, which ${basename(file)} does not have: ${twin.reason}`);
      }
      return (precision === 'float64' && twinRun ? twinRun : nativeRun).evaluate(batch);
    },
    layers: (batch) => onnxLayers({ file, runtime, matching, settings, widest }, batch),
    dispose() {
      nativeRun.dispose();
      twinRun?.dispose();
    },
  };
}

function plainField({ name, type }: DeclaredPort): Field {
  return { name, type };
}

function rejectDamage(model: OnnxModel, file: string): void {
  for (const tensor of tensorsOf(model)) {
    const mismatch = dataMismatch(tensor);
    if (mismatch) throw damaged(file, `the array \`${tensor.name}\` ${mismatch}`, tensor.name);
  }
}

/** The longest axis of a floating array with at least two: how wide features get. */
function widestFeature(model: OnnxModel): number {
  let widest = 16;
  for (const { dims, dataType } of tensorsOf(model)) {
    if (dims.length < 2 || !elementType(dataType).floating) continue;
    // Long tables (embeddings) are looked up, not multiplied: the last axis is the feature.
    widest = Math.max(widest, Number(dims.at(-1)));
  }
  return widest;
}

/** Whether anything in the graph is narrower than float64. A graph without floats has nothing to widen. */
function hasNarrowFloats(model: OnnxModel): boolean {
  const codes = [...model.graph.input, ...model.graph.output].map(({ type }) => type?.tensorType?.elemType);
  for (const { dataType } of tensorsOf(model)) codes.push(dataType);
  const floats = codes.filter((code) => code !== undefined && elementType(code).floating);
  return floats.length === 0 || floats.some((code) => code !== elementCode.float64);
}
