/** What ONNX runtimes say when they refuse a graph, turned into sentences for the user. */
import { Fault } from '../../fault.ts';

interface Refusal {
  readonly file: string;
  /** "onnxruntime-web 1.30.0" */
  readonly runtime: string;
}

/** The operator that a runtime has no kernel or no definition for: its name, when that is what the message says. */
export function missingOperator(error: unknown): string | undefined {
  const text = plainMessage(error);
  return (
    /Could not find an implementation for ([\w.]+)\(/.exec(text)?.[1] ??
    /([\w.]+) operator does not support double/.exec(text)?.[1] ??
    /Fatal error: ([\w.:]+)\(-?\d+\) is not a registered function/.exec(text)?.[1]?.replace(/:+/, '.') ??
    /No Op registered for ([\w.]+) with domain_version/.exec(text)?.[1] ??
    /(?:of operator|of Optype|Op) \(([\w.]+)\)/.exec(text)?.[1]
  );
}

/** Type errors name an operator too, but the graph is at fault there and not the operator. */
const invalidGraph = /Type Error|Invalid model|ShapeInferenceError/;

/** A fault for an error that came from opening a session. */
export function openingFault(error: unknown, { file, runtime }: Refusal): Fault {
  const text = plainMessage(error);
  if (text.includes('no available backend found')) return notStarted(text, runtime);
  const version =
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/.exec(text) ??
    /[Oo]pset (\d+) is under development.*?till opset (\d+)/s.exec(text);
  if (version) {
    const what = text.includes('IR version') ? 'IR version' : 'opset';
    return new Fault({
      code: 'model/onnx-unsupported-version',
      message: `the model uses ${what} ${version[1]}; ${runtime} knows up to ${version[2]}`,
      expected: `${what} ${version[2]} or lower`,
      found: `${what} ${version[1]}`,
      place: { file },
      advice:
        what === 'opset'
          ? `Export again with opset_version=${version[2]} or lower.`
          : 'Export again with an older version of the onnx package, or set the model’s ir_version lower.',
    });
  }
  const operator = invalidGraph.test(text) ? undefined : missingOperator(error);
  if (operator !== undefined) {
    return new Fault({
      code: 'model/onnx-unsupported-operator',
      message: `${runtime} has no implementation of the operator ${operator} as this model uses it`,
      expected: 'operators of the ONNX standard in float32',
      found: operator,
      place: { file },
      advice: 'Export with another opset version, or write this part of the network with standard operators.',
    });
  }
  return new Fault({
    code: 'model/onnx-rejected',
    message: `${runtime} does not accept the model: ${text}`,
    expected: 'a valid ONNX graph',
    found: 'a graph that the runtime rejects',
    place: { file },
    advice: 'Check the file with `python -m onnx.checker` or onnx.checker.check_model, and export it again.',
  });
}

/** The runtime's own files are missing or damaged: nothing that the model could be blamed for. */
function notStarted(text: string, runtime: string): Fault {
  return new Fault({
    code: 'backend/onnx-runtime',
    message: `${runtime} does not start: ${text}`,
    expected: 'the files ort-wasm-simd-threaded.mjs and .wasm beside the program',
    found: 'a runtime that does not start',
    advice: 'Install Noether again: onnxruntime-web is part of it.',
  });
}

/** A fault for an error that came from a run. @param inputs what was fed, as "pos: float32[1, 9, 3]". */
export function runFault(error: unknown, inputs: string, { file, runtime }: Refusal): Fault {
  return new Fault({
    code: 'model/onnx-run',
    message: `${runtime} could not run the model: ${plainMessage(error)}`,
    expected: 'a graph that takes inputs of the declared shapes',
    found: inputs,
    place: { file },
    advice:
      'The graph may only take the sizes that it was exported with: export it with dynamic axes, or use data of that size.',
  });
}

/** The first sentence of the runtime's message, without its own source paths and codes. */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^.*?ERROR_MESSAGE: /s, '')
    .replace(/^Non-zero status code returned while running .*?Status Message: /s, '')
    .replace(/^Exception during initialization: /, '')
    .replace(/\/\S*onnxruntime\/\S+\.(?:cc|h):\d+ .*?\)(?: const)?(?: \[with [^\]]*\])? /g, '')
    .replace(/^This is an invalid model\. /, 'invalid model: ')
    .trim()
    .split('\n')[0]!
    .slice(0, 400);
}
