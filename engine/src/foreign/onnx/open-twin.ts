/** Opening the float64 twin of a graph, or saying why there is none. */
import type { InferenceSession } from 'onnxruntime-web';
import { float32Only } from './double-kernels.ts';
import { tensorsOf } from './external-data.ts';
import { encodeModel } from './proto.ts';
import { maxModelBytes, type OnnxModel } from './read-model.ts';
import { missingOperator, plainMessage } from './runtime-fault.ts';
import type { OnnxRuntime, SessionSettings } from './runtimes.ts';
import { entryCount } from './tensor-data.ts';
import { widenModel } from './twin-widen.ts';

/** A session, or the reason why there is none as a phrase: "the graph uses LSTM, which onnxruntime-web has …". */
export interface Twin {
  readonly session?: InferenceSession;
  readonly reason?: string;
}

/** Rewrites `model` (in place: it is not to be used afterwards) and opens it. */
export async function openTwin(
  model: OnnxModel,
  runtime: OnnxRuntime,
  settings: SessionSettings,
): Promise<Twin> {
  const bytes = [...tensorsOf(model)].reduce((sum, tensor) => sum + 8 * (entryCount(tensor) || 0), 0);
  if (bytes > maxModelBytes) {
    return { reason: 'its weights would take more than 2 GiB in float64' };
  }
  const missing = float32Only(widenModel(model));
  if (missing.length > 0) return { reason: narrowReason(missing, runtime) };
  const widened = encodeModel(model);
  try {
    return { session: await runtime.createSession(widened, settings) };
  } catch (error) {
    return openWithoutFusing(widened, runtime, settings, error);
  }
}

/** Fused kernels exist in fewer types than what they are fused from. */
async function openWithoutFusing(
  widened: Uint8Array,
  runtime: OnnxRuntime,
  settings: SessionSettings,
  error: unknown,
): Promise<Twin> {
  try {
    return { session: await runtime.createSession(widened, { ...settings, optimisation: 'basic' }) };
  } catch {
    const operator = missingOperator(error);
    if (operator !== undefined) return { reason: narrowReason([operator], runtime) };
    return {
      session: undefined,
      reason: `${runtime.name} does not take it in float64: ${plainMessage(error)}`,
    };
  }
}

function narrowReason(operators: readonly string[], { name }: OnnxRuntime): string {
  return `the graph uses ${operators.join(', ')}, which ${name} has only in float32`;
}
