/** Slow checks, on save: the files that a specification names are there and hold what is declared of them. */
import { Fault, type FieldType, trailingShape, typeText } from '@noether/engine/catalog';
import { AstUtils } from 'langium';
import { closest, listText } from '../closest.ts';
import type { Inspection } from '../inspection.ts';
import { absolutePath } from '../paths.ts';
import type { Problem, Report } from '../problem.ts';
import type { DataReading, ReadField } from '../read-data.ts';
import type { FileReading, ReadPort } from '../read-model.ts';

/** Reads the headers of a data file and holds the declared fields against them. */
export async function checkDataFile(
  data: DataReading,
  inspection: Inspection,
  report: Report,
): Promise<void> {
  if (data.path === '') return;
  const path = absolutePath(data.path, AstUtils.getDocument(data.node).uri);
  const arrays = await orFault(inspection.dataFile(path), { node: data.node, property: 'path' }, report);
  if (!arrays) return;
  const known = arrays.map(({ name }) => name);
  for (const field of data.fields) {
    const source = field.source ?? field.name;
    const array = arrays.find(({ name }) => name === source);
    if (!array) {
      report(missingArray(field, source, known, data.path));
      continue;
    }
    const wrong = wrongShape(field.type, array.shape);
    if (wrong) {
      report({
        code: 'data/shape',
        message: `\`${source}\` of ${data.path} has the shape [${array.shape.map((size) => size ?? '?').join(', ')}], which is not one of ${typeText(field.type)} for each sample: ${wrong}`,
        expected: shapeText(field.type),
        found: `[${array.shape.map((size) => size ?? '?').join(', ')}]`,
        node: field.node,
        property: 'value',
      });
    }
  }
  for (const [index, counts] of Object.entries(data.sizes)) {
    if (known.includes(counts)) continue;
    const near = closest(counts, known);
    report({
      code: 'data/missing-array',
      message: `${data.path} has no array \`${counts}\` for the sizes of \`${index}\`${near ? `; did you mean \`${near}\`?` : ''}`,
      expected: listText(known),
      found: counts,
      node: data.options.get('sizes') ?? data.node,
    });
  }
}

function missingArray(field: ReadField, source: string, known: readonly string[], path: string): Problem {
  const near = closest(source, known);
  const named = field.source !== undefined;
  return {
    code: 'data/missing-array',
    message: `${path} has no array \`${source}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    expected: listText(known),
    found: source,
    advice: `It holds ${listText(known, 'and')}.${named ? '' : ` Say which one is meant: \`${field.name}: ${typeText(field.type)} from "array"\`.`}`,
    node: field.node,
    property: named ? 'source' : 'name',
    repairs: near
      ? [
          named
            ? { title: `Change to \`${near}\``, text: JSON.stringify(near) }
            : {
                title: `Read it from \`${near}\``,
                text: ` from ${JSON.stringify(near)}`,
                anchor: { node: field.node },
                where: 'after',
              },
        ]
      : [],
  };
}

/** Only what no reader could make fit: the sizes behind the axis of samples, where both sides state them. */
function wrongShape(type: FieldType, shape: readonly (number | null)[]): string | undefined {
  const trailing = trailingShape(type.representation);
  const declared = [...type.axes.map((axis) => ('size' in axis ? axis.size : undefined)), ...trailing];
  if (shape.length !== declared.length + 1) return undefined;
  for (const [i, size] of declared.entries()) {
    const found = shape[i + 1];
    if (size !== undefined && typeof found === 'number' && found !== size) {
      return `axis ${i + 2} has ${found} entries instead of ${size}`;
    }
  }
  return undefined;
}

function shapeText(type: FieldType): string {
  const axes = type.axes.map((axis) => ('index' in axis ? axis.index : axis.size));
  return `[sample, ${[...axes, ...trailingShape(type.representation)].join(', ')}]`;
}

/** Reads the graph of an ONNX file and holds the declared inputs and outputs against it. */
export async function checkOnnxFile(
  model: FileReading,
  inspection: Inspection,
  report: Report,
): Promise<void> {
  if (model.path === '') return;
  const path = absolutePath(model.path, AstUtils.getDocument(model.node).uri);
  const graph = await orFault(inspection.onnx(path), { node: model.node, property: 'path' }, report);
  if (!graph) return;
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.outputs.map(({ name }) => name);
  for (const port of model.inputs) checkPort(port, port.name, 'input', inputs, model, report);
  for (const port of model.outputs)
    checkPort(port, port.source ?? port.name, 'output', outputs, model, report);
  const declared = new Set(model.inputs.map(({ name }) => name));
  const missing = inputs.filter((name) => !declared.has(name));
  if (missing.length > 0 && missing.length + model.inputs.length <= inputs.length) {
    report({
      code: 'model/onnx-undeclared-input',
      message: `${model.path} also needs ${listText(
        missing.map((name) => `\`${name}\``),
        'and',
      )}, which \`${model.node.name}\` does not declare`,
      expected: `an input line for ${listText(missing, 'and')}`,
      advice: `Add \`input ${quotedUnlessName(missing[0]!)}: TYPE\`, with the type that says how it transforms.`,
      node: model.node,
      property: 'name',
    });
  }
}

function checkPort(
  port: ReadPort,
  name: string,
  direction: 'input' | 'output',
  known: readonly string[],
  model: FileReading,
  report: Report,
): void {
  if (known.includes(name)) return;
  const near = closest(name, known) ?? (known.length === 1 ? known[0] : undefined);
  const property = direction === 'output' && port.source !== undefined ? 'field' : 'name';
  const renamed = direction === 'output' && property === 'name';
  report({
    code: `model/onnx-unknown-${direction}`,
    message: `${model.path} has no ${direction} \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    expected: listText(known),
    found: name,
    advice: `Its ${direction}s are ${listText(known, 'and')}.`,
    node: port.node,
    property,
    repairs: near
      ? [
          renamed
            ? {
                title: `Read it from \`${near}\``,
                text: ` from ${quotedUnlessName(near)}`,
                anchor: { node: port.node },
                where: 'after',
              }
            : { title: `Change to \`${near}\``, text: quotedUnlessName(near) },
        ]
      : [],
  });
}

function quotedUnlessName(name: string): string {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) ? name : JSON.stringify(name);
}

async function orFault<T>(
  promise: Promise<T>,
  anchor: Pick<Problem, 'node' | 'property'>,
  report: Report,
): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { place: _, ...finding } = error.finding;
    report({ ...finding, ...anchor });
    return undefined;
  }
}
