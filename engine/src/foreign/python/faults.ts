/** What goes wrong with a Python model, in sentences. The process says what; the words are here. */
import { Fault, type Place } from '../../fault.ts';
import { closestName } from '../did-you-mean.ts';

/** What is known of the model that a fault belongs to. */
export interface PythonFacts {
  /** As written: `package.module:build`. */
  readonly target: string;
  /** Absolute path of the interpreter. */
  readonly interpreter: string;
}

/** How a process ended. */
export interface PythonEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last that it printed on standard error. */
  readonly tail: string;
}

export function notStartedFault({ interpreter }: PythonFacts, why: string): Fault {
  return new Fault({
    code: 'model/python-interpreter',
    message: `The interpreter ${interpreter} cannot be started: ${why}`,
    expected: 'Python 3.9 or later',
    found: why,
    place: { file: interpreter },
    advice: 'Name another one: `python: "…"` in the model’s block, or the setting noether.python.',
  });
}

export function memoryFault({ target }: PythonFacts): Fault {
  return new Fault({
    code: 'model/python-memory',
    message: `\`${target}\` needed more memory than it may take, and was ended`,
    expected: 'a model within the memory limit',
    found: 'more',
    advice:
      'Use fewer or smaller samples, or raise the limit (--memory-limit MB; in the editor the setting noether.memoryLimit).',
  });
}

export function endedFault(
  { target, interpreter }: PythonFacts,
  { code, signal, tail }: PythonEnding,
): Fault {
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  const last = tail.trim().split('\n').at(-1)?.trim() ?? '';
  return new Fault({
    code: 'model/python-ended',
    message: `The Python process of \`${target}\` ended by itself (${how})${last ? `: ${last}` : ''}`,
    expected: 'a callable that returns',
    found: how,
    place: { file: interpreter },
    advice:
      'Look for os._exit, a crash in native code, or a kill by the system for memory; the log has what it printed (--verbose).',
  });
}

type Facts = Readonly<Record<string, unknown>>;

/** The Fault for what the process says is wrong. */
export function faultOf(said: Facts, facts: PythonFacts): Fault {
  const make = sentences[String(said.kind)];
  if (!make) throw new Error(`the Python worker says "${said.kind}", which nobody knows`);
  const { place } = said as { place?: Place };
  const finding = make(said, facts);
  return new Fault({ ...finding, ...(place && !finding.place ? { place } : {}) });
}

type Sentence = (said: Facts, facts: PythonFacts) => ConstructorParameters<typeof Fault>[0];

const text = (value: unknown) => String(value ?? '');
const list = (value: unknown) => (value as readonly unknown[]).map(String);

const sentences: Readonly<Record<string, Sentence>> = {
  'no-numpy': ({ error }, { interpreter }) => ({
    code: 'model/python-no-numpy',
    message: `The Python at ${interpreter} has no numpy, which arrays are handed over with`,
    expected: 'an interpreter with numpy',
    found: text(error),
    place: { file: interpreter },
    advice: `Install it there (${interpreter} -m pip install numpy), or name another interpreter: \`python: "…"\`.`,
  }),
  'old-python': ({ found }, { interpreter }) => ({
    code: 'model/python-interpreter',
    message: `The Python at ${interpreter} is too old: ${text(found)}`,
    expected: 'Python 3.9 or later',
    found: text(found),
    place: { file: interpreter },
    advice: 'Name another one: `python: "…"` in the model’s block, or the setting noether.python.',
  }),
  'missing-module': ({ module, missing, folder }, { interpreter }) => ({
    code: 'model/python-missing-module',
    message: `There is no module \`${text(missing)}\` in ${text(folder)}, and ${interpreter} has none installed`,
    expected: `a file that Python imports as ${text(module)}`,
    found: 'nothing of this name',
    advice:
      'Modules are looked for in the specification’s folder; name another one with `folder: "…"`, or another interpreter.',
  }),
  'missing-callable': ({ name, module, known, file }) => {
    const names = list(known);
    const near = closestName(text(name), names);
    return {
      code: 'model/python-missing-callable',
      message: `The module \`${text(module)}\` has no \`${text(name)}\`${near ? `; did you mean \`${near}\`?` : ''}`,
      expected: names.join(', ') || 'a callable',
      found: text(name),
      ...(file ? { place: { file: text(file) } } : {}),
      advice: 'After the colon stands a function, a class or a module object of that file.',
    };
  },
  'not-callable': ({ name, found, file }) => ({
    code: 'model/python-missing-callable',
    message: `\`${text(name)}\` cannot be called: it is of type ${text(found)}`,
    expected: 'a function, a class or a module object',
    found: text(found),
    ...(file ? { place: { file: text(file) } } : {}),
    advice: 'Name the function that builds the network, or the network itself.',
  }),
  import: ({ error, message }, { target }) => ({
    code: 'model/python-import',
    message: `The module of \`${target}\` cannot be imported: ${text(error)}: ${text(message)}`,
    expected: 'a module that can be imported',
    found: text(error),
    advice: 'Import it in the same interpreter by hand; the log has the whole traceback (--verbose).',
  }),
  build: ({ error, message }, { target }) => ({
    code: 'model/python-build',
    message: `\`${target}\` failed while it built the model: ${text(error)}: ${text(message)}`,
    expected: 'a callable that returns the model',
    found: text(error),
    advice: 'The place is the line of your own that raised it; the log has the whole traceback (--verbose).',
  }),
  built: ({ label, found }) => ({
    code: 'model/python-build',
    message: `\`${text(label)}\` returned a ${text(found)}, which cannot be called`,
    expected: 'a network: a module, or a function of the declared inputs',
    found: text(found),
    advice:
      'Return the network itself. If this callable is the network, name its parameters like the declared inputs.',
  }),
  builder: ({ label, needed }) => ({
    code: 'model/python-build',
    message: `\`${text(label)}\` needs arguments that nobody gives: ${list(needed).join(', ')}`,
    expected: 'a builder without arguments or with the checkpoint, or a function of the declared inputs',
    found: list(needed).join(', '),
    advice:
      'Give the parameters defaults, pass a file with `checkpoint: "…"`, or name the inputs like the parameters.',
  }),
  checkpoint: ({ label, why }) => ({
    code: 'model/python-build',
    message: `\`${text(label)}\` ${text(why)}, so that there is nobody to give the checkpoint to`,
    expected: 'a builder whose first parameter is the checkpoint’s path',
    found: text(why),
    advice: 'Write a function that takes the path and returns the network.',
  }),
  arguments: ({ label, takes, inputs }) => ({
    code: 'model/python-arguments',
    message: `What \`${text(label)}\` gives takes (${list(takes).join(', ')}), and the declared inputs are ${list(inputs).join(', ')}`,
    expected: list(takes).join(', ') || 'no arguments',
    found: list(inputs).join(', '),
    advice:
      'Declare the inputs under the names of the parameters; what is left of them needs a default. An adapter function can build what the network wants.',
  }),
  error: ({ error, message }, { target }) => ({
    code: 'model/python-error',
    message: `\`${target}\` raised ${text(error)}: ${text(message)}`,
    expected: 'a model that takes the declared inputs',
    found: text(error),
    advice: 'The place is the line of your own that raised it; the log has the whole traceback (--verbose).',
  }),
  gradient: ({ error, message }, { target }) => ({
    code: 'model/python-gradient',
    message: `The gradient of \`${target}\` raised ${text(error)}: ${text(message)}`,
    expected: 'a model whose outputs can be differentiated by its inputs',
    found: text(error),
    advice:
      'The place is the line of your own that raised it; the log has the whole traceback (--verbose). Whatever needs no gradient works without.',
  }),
  'gradient-form': ({ input, found }, { target }) => ({
    code: 'model/python-gradient',
    message: input
      ? `The gradient of \`${target}\` by the input \`${text(input)}\` is ${text(found)}, not of the input’s size`
      : `The \`vjp\` of \`${target}\` returned a ${text(found)}`,
    expected: 'a dictionary of arrays, by the names of the inputs and of their sizes',
    found: text(found),
    advice:
      'Return one array for each real input; an input that is left out counts as one without influence.',
  }),
  'no-gradient': ({ reason }, { target }) => ({
    code: 'model/python-no-gradient',
    severity: 'information',
    message: `\`${target}\` has no gradient by its inputs: ${text(reason)}`,
    expected: 'outputs that are computed from the inputs by operations that are differentiated',
    found: text(reason),
    advice: 'Look for detach(), no_grad() or numpy on the way; whatever needs no gradient works without.',
  }),
  exit: ({ code }, { target }) => ({
    code: 'model/python-ended',
    message: `\`${target}\` called exit (${text(code)})`,
    expected: 'a callable that returns',
    found: `exit(${text(code)})`,
    advice: 'Take the call out, or put it behind `if __name__ == "__main__":`.',
  }),
  output: ({ missing, found }, { target }) => ({
    code: 'model/python-output',
    message: `\`${target}\` returned ${text(found)}, where the declared outputs ${list(missing).join(', ')} are not to be found`,
    expected:
      'a dictionary or an object with these names, or as many arrays in the order of the declarations',
    found: text(found),
    advice: 'Return `{"name": array}`, or write `output NAME: … from KEY` for the model’s own name.',
  }),
  'output-type': ({ output, found, message }) => ({
    code: 'model/python-output-type',
    message: `The output \`${text(output)}\` is ${text(found)}, which is no array of real numbers${message ? `: ${text(message)}` : ''}`,
    expected: 'an array or tensor of floats, integers or booleans',
    found: text(found),
    advice: 'Return real numbers: the real and the imaginary part apart, for instance.',
  }),
  'output-range': ({ output, found }) => ({
    code: 'model/python-output-type',
    message: `The output \`${text(output)}\` holds the integer ${text(found)}, which is beyond 32 bits`,
    expected: `integers from ${-(2 ** 31)} to ${2 ** 31 - 1}`,
    found: text(found),
    advice: 'Return it as floats.',
  }),
  'too-large': ({ found, most, shapes }) => ({
    code: 'model/python-too-large',
    message: `The outputs take ${megabytes(found)} MB, more than the ${megabytes(most)} MB that one answer may take`,
    expected: `at most ${megabytes(most)} MB`,
    found: (shapes as number[][]).map((shape) => `[${shape.join(', ')}]`).join(', '),
    advice: 'Return only what is declared; look for a broadcast that was not meant.',
  }),
  memory: (_, facts) => memoryFault(facts).finding,
  twin: ({ reason }) => ({
    code: 'model/python-no-twin',
    message: `The model cannot be run in float64: ${text(reason)}`,
    found: text(reason),
  }),
};

function megabytes(bytes: unknown): number {
  return Math.ceil(Number(bytes) / 2 ** 20);
}
