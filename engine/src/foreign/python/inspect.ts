/** What a Python callable takes: starts Python and builds the model, so it belongs into a worker process. */
import { findPython } from './interpreter.ts';
import { openSession } from './sessions.ts';
import { parseTarget } from './target.ts';

export interface PythonQuestion {
  /** `package.module:callable` */
  readonly target: string;
  /** Absolute path of the folder that imports start from. */
  readonly folder: string;
  /** Absolute path, handed to the callable. */
  readonly checkpoint?: string;
  /** The interpreter: an absolute path or a command. */
  readonly python?: string;
}

export interface PythonDescription {
  /** "torch 2.3.0" */
  readonly library: string;
  readonly parameterCount: number | undefined;
  /** Parameters of the model, in their order. */
  readonly inputs: readonly { readonly name: string; readonly optional: boolean }[];
}

/** @throws Fault `model/python-…` as `openPython` does. */
export async function inspectPython(
  { target, folder, checkpoint, python }: PythonQuestion,
  log: (line: string) => void = () => {},
): Promise<PythonDescription> {
  const { module, name } = parseTarget(target);
  const { file } = await findPython({ setting: python, folder });
  const session = await openSession(
    { interpreter: file, folder, seed: 0 },
    { target, interpreter: file },
    log,
  );
  try {
    const { header } = await session.process.ask({
      type: 'inspect',
      module,
      name,
      folder,
      seed: 0,
      checkpoint,
    });
    const { library, parameters, inputs } = header as unknown as {
      library: string;
      parameters: number | null;
      inputs: PythonDescription['inputs'];
    };
    return { library, parameterCount: parameters ?? undefined, inputs };
  } finally {
    session.release([]);
  }
}
