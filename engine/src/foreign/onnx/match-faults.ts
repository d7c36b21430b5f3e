/** The sentences for declarations that do not match the graph. */
import { Fault } from '../../fault.ts';
import { type Field, typeText } from '../../signature.ts';
import { closestName } from '../did-you-mean.ts';
import { type OnnxPort, portText } from './inspect.ts';
import { declaredDims, dimsText } from './port-types.ts';

/** Why one reading of the shapes fails. */
export type Misfit =
  | { readonly kind: 'rank' }
  | { readonly kind: 'size'; readonly axis: number; readonly declared: number; readonly graph: number };

interface Pairing {
  readonly field: Field;
  readonly port: OnnxPort;
}

export function unknownPort(
  name: string,
  direction: 'input' | 'output',
  ports: readonly OnnxPort[],
  file: string,
): Fault {
  const names = ports.map((port) => port.name);
  const close = closestName(name, names);
  const question = close === undefined ? '' : `; did you mean \`${close}\`?`;
  return new Fault({
    code: direction === 'input' ? 'model/onnx-unknown-input' : 'model/onnx-unknown-output',
    message: `the graph has no ${direction} \`${name}\`${question}`,
    expected: ports.map((port) => `${port.name}: ${portText(port)}`).join(', ') || `no ${direction}s`,
    found: name,
    place: { file, member: name },
    advice:
      direction === 'input'
        ? 'Inputs are declared under the name that they have in the graph; `from` names the data field that feeds one.'
        : `Declare the output under its name in the graph, or write \`output ${name}: … from NAME\`.`,
  });
}

export function undeclaredInput(port: OnnxPort, declared: readonly Field[], file: string): Fault {
  return new Fault({
    code: 'model/onnx-undeclared-input',
    message: `the graph needs the input \`${port.name}\`, ${portText(port)}, which is not declared`,
    expected: `input ${port.name}: …`,
    found: declared.map(({ name, type }) => `input ${name}: ${typeText(type)}`).join(', ') || 'no inputs',
    place: { file, member: port.name },
    advice: `Declare \`input ${port.name}: TYPE[INDEX]\` in the model's block; use \`constant\` if the group does not act on it.`,
  });
}

/** @param misfits of the readings without and with a batch axis. */
export function misfitFault(pairing: Pairing, misfits: readonly (number | Misfit)[], file: string): Fault {
  for (const misfit of misfits) {
    if (typeof misfit !== 'number' && misfit.kind === 'size') return sizeFault(pairing, misfit, file);
  }
  return rankFault(pairing, file);
}

function rankFault({ field, port }: Pairing, file: string): Fault {
  const dims = declaredDims(field.type);
  const { representation } = field.type;
  const oneHot = representation.kind === 'category' && port.dims?.at(-1) === representation.count;
  return new Fault({
    code: 'model/onnx-rank',
    message: `declared ${typeText(field.type)} is rank ${dims.length} ${dimsText(dims)}, the graph's \`${port.name}\` is ${portText(port)}`,
    expected: `${dimsText(dims)}, or with a batch axis in front`,
    found: portText(port),
    place: { file, member: port.name },
    advice: oneHot
      ? 'A category is handed over as its number: put a OneHot operator in front of the network and export again.'
      : 'Declare one index set for each axis of a single sample; a leading batch axis is not declared.',
  });
}

function sizeFault({ field, port }: Pairing, misfit: Extract<Misfit, { kind: 'size' }>, file: string): Fault {
  return new Fault({
    code: 'model/onnx-size',
    message: `declared ${typeText(field.type)} has ${misfit.declared} entries where the graph's \`${port.name}\`, ${portText(port)}, has ${misfit.graph} (axis ${misfit.axis})`,
    expected: String(misfit.graph),
    found: String(misfit.declared),
    place: { file, member: port.name },
    advice: 'Declare the representation that has as many components as the graph.',
  });
}

export function unsupportedType(field: Field, port: OnnxPort, problem: string, file: string): Fault {
  return new Fault({
    code: 'model/onnx-dtype',
    message: `\`${port.name}\` is declared ${typeText(field.type)} and is ${portText(port)} in the graph: ${problem}`,
    expected: 'an array of float16, float32, float64, an integer type, or bool',
    found: port.dtype,
    place: { file, member: port.name },
    advice: 'Cast inside the network and export it again.',
  });
}
