/** Opening a Python callable as a model that can be verified. */
import { Fault, type Finding } from '../../fault.ts';
import type { Layer, Model } from '../../model/model.ts';
import type { Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import type { DeclaredPort } from '../onnx/match.ts';
import { type PythonCalls, pythonCalls } from './calls.ts';
import { findPython } from './interpreter.ts';
import { openSession } from './sessions.ts';
import { pythonSources } from './sources.ts';
import { parseTarget } from './target.ts';
import { findTwin } from './twin.ts';

export interface PythonSpec {
  /** `package.module:callable` */
  readonly target: string;
  /** What the specification calls it. */
  readonly name?: string;
  /** Absolute path of the folder that imports start from. */
  readonly folder: string;
  /** Absolute path, handed to the callable. */
  readonly checkpoint?: string;
  /** The interpreter that the model asks for: an absolute path or a command. */
  readonly python?: string;
  /** Inputs get a batch axis in front, and outputs have one. */
  readonly batch?: boolean;
  /** `auto`: the model's own, with a float64 twin where there is one. */
  readonly precision?: 'auto' | Precision;
  readonly inputs: readonly DeclaredPort[];
  readonly outputs: readonly DeclaredPort[];
}

export interface PythonOptions {
  /** Seed of Python's, numpy's and torch's generators when the model is built; default 0. */
  readonly seed?: number;
  /** Inputs of one sample, by name: the model is tried on it at once, and in float64 too. Without it there is no twin. */
  readonly example?: Values;
  /** The interpreter of the setting, used when the model asks for none. */
  readonly setting?: string;
  /** Bytes that the outputs of one request may take. */
  readonly mostBytes?: number;
  /** Gets what the user's code prints. */
  log?(line: string): void;
}

/**
 * Starts the user's Python, imports the module and builds the model.
 * @throws Fault `model/python-…` for an interpreter, a module, a callable or a result that is not what is declared, and
 * for exceptions of the user's code, with its file and line.
 */
export async function openPython(spec: PythonSpec, options: PythonOptions = {}): Promise<Model> {
  const { folder } = spec;
  const { module, name } = parseTarget(spec.target);
  const [source] = await pythonSources(folder, module);
  try {
    const { python } = spec;
    const { file } = await findPython({ python, setting: options.setting, folder });
    const seed = options.seed ?? 0;
    const facts = { target: spec.target, interpreter: file };
    const session = await openSession({ interpreter: file, folder, seed }, facts, options.log ?? (() => {}));
    let sources: readonly string[] = [];
    try {
      const { header } = await session.process.ask({
        type: 'open',
        module,
        name,
        folder,
        seed,
        checkpoint: spec.checkpoint,
        batch: spec.batch ?? false,
        mostBytes: options.mostBytes ?? 2 ** 30,
        inputs: spec.inputs.map((port) => ({ name: port.name })),
        outputs: spec.outputs.map((port) => ({ name: port.name, source: port.source })),
      });
      sources = header.sources as string[];
      const calls = pythonCalls(session.process, spec);
      const own = header.native as Precision;
      const precisions = await precisionsOf(calls, own, spec.precision ?? 'auto', options.example);
      const { parameters } = header as { parameters?: number | null };
      return model(spec, source, calls, {
        ...precisions,
        parameterCount: parameters ?? undefined,
        backend: `Python ${session.process.python}, ${header.library}`,
        layers: header.layers === true,
        gradients: header.gradients === true,
        release: () => session.release(sources),
      });
    } catch (error) {
      session.release(sources);
      throw error;
    }
  } catch (error) {
    throw placedAt(error, source);
  }
}

interface Opened {
  readonly precisions: readonly Precision[];
  readonly noTwin?: string;
  readonly parameterCount: number | undefined;
  readonly backend: string;
  readonly layers: boolean;
  readonly gradients: boolean;
  release(): void;
}

function model(spec: PythonSpec, source: string | undefined, calls: PythonCalls, opened: Opened): Model {
  const { release, layers, gradients, ...facts } = opened;
  // One request at a time goes over the pipe.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run).catch((error) => {
      throw placedAt(error, source);
    });
    last = result.catch(() => undefined);
    return result;
  };
  let disposed = false;
  const plain = ({ name, type }: DeclaredPort) => ({ name, type });
  return {
    title: spec.name ?? spec.target,
    signature: { inputs: spec.inputs.map(plain), outputs: spec.outputs.map(plain) },
    ...facts,
    evaluate: (batch: readonly Values[], precision: Precision) =>
      inTurn(() => calls.evaluate(batch, precision)),
    ...(layers
      ? { layers: (batch: readonly Values[]): Promise<readonly Layer[]> => inTurn(() => calls.layers(batch)) }
      : {}),
    ...(gradients
      ? {
          gradient: (batch: readonly Values[], cotangents: readonly Values[], precision: Precision) =>
            inTurn(() => calls.gradient(batch, cotangents, precision)),
        }
      : {}),
    dispose() {
      if (disposed) return;
      disposed = true;
      void last.then(release);
    },
  };
}

/** Native precision first; the twin is tried on the example. */
async function precisionsOf(
  calls: PythonCalls,
  own: Precision,
  wish: 'auto' | Precision,
  example: Values | undefined,
): Promise<Pick<Opened, 'precisions' | 'noTwin'>> {
  const native = wish === 'auto' ? own : wish;
  if (example) await calls.evaluate([example], native);
  if (native === 'float64') return { precisions: ['float64'] };
  if (wish === 'float32')
    return { precisions: ['float32'], noTwin: 'the model is declared to be in float32' };
  if (!example) return { precisions: ['float32'], noTwin: 'there was no sample to try float64 on' };
  const noTwin = await findTwin(calls, example);
  return noTwin === undefined ? { precisions: ['float32', 'float64'] } : { precisions: ['float32'], noTwin };
}

/** Findings point at the user's line where there is one, and at the module otherwise. */
function placedAt(error: unknown, source: string | undefined): unknown {
  if (!(error instanceof Fault) || error.finding.place || source === undefined) return error;
  const finding: Finding = { ...error.finding, place: { file: source } };
  return new Fault(finding);
}
