/** `noether describe FILE`: what a data or model file holds, from its headers; of a Python callable, when it is built. */
import { inspectDataFile, inspectOnnx, inspectTfjs, parseTarget } from '@noether/engine/inspect';
import { askPython } from '../jobs/index.ts';
import { fitColumns, grouped, layOutTable, type Style } from '../report/index.ts';

/** @throws Fault when the file cannot be opened or is damaged. */
export async function dataFileText(file: string, style: Style): Promise<string> {
  const arrays = await inspectDataFile(file);
  const columns = [{ title: 'array', least: 12 }, { title: 'type' }, { title: 'shape' }];
  return table(
    columns,
    arrays.map(({ name, dtype, shape }) => [name, dtype, `[${shape.map((size) => size ?? '?').join(', ')}]`]),
    style,
  );
}

/** @throws Fault as `inspectOnnx` does. */
export async function onnxFileText(file: string, style: Style): Promise<string> {
  const { inputs, outputs, parameterCount, opset, producer, nodes, operators } = await inspectOnnx(file);
  const ports = portsText(inputs, outputs, style);
  const facts = [
    `parameters: ${grouped(parameterCount)}`,
    `operators:  ${grouped(nodes.length)} (${operators.join(', ')})`,
    `opset:      ${opset}`,
    ...(producer ? [`made by:    ${producer}`] : []),
  ];
  return `${ports}\n${facts.join('\n')}\n`;
}

/** @throws Fault as `inspectTfjs` does. */
export async function tfjsFileText(file: string, style: Style): Promise<string> {
  const { kind, inputs, outputs, parameterCount, operators } = await inspectTfjs(file);
  const facts = [
    `parameters: ${grouped(parameterCount)}`,
    `${kind === 'graph' ? 'operators: ' : 'layers:    '} ${operators.join(', ')}`,
    `format:     TensorFlow.js ${kind} model`,
  ];
  return `${portsText(inputs, outputs, style)}\n${facts.join('\n')}\n`;
}

/** A callable in the user's own interpreter: it is imported and built. @throws Fault `model/python-…` */
export async function pythonText(
  target: string,
  log: ((line: string) => void) | undefined,
  style: Style,
): Promise<string> {
  parseTarget(target);
  const { inputs, library, parameterCount } = await askPython({ target, folder: process.cwd() }, log);
  const columns = [{ title: '' }, { title: 'name', least: 12 }, { title: '' }];
  const ports = table(
    columns,
    inputs.map(({ name, optional }) => ['input', name, optional ? 'has a default' : '']),
    style,
  );
  const count = parameterCount === undefined ? 'the callable holds none' : grouped(parameterCount);
  return `${ports}\nparameters: ${count}\nruns in:    ${library}\n`;
}

interface Port {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

function portsText(inputs: readonly Port[], outputs: readonly Port[], style: Style): string {
  const rows = [
    ...inputs.map((port) => ({ ...port, kind: 'input' })),
    ...outputs.map((port) => ({ ...port, kind: 'output' })),
  ];
  const columns = [{ title: '' }, { title: 'name', least: 12 }, { title: 'type' }, { title: 'shape' }];
  return table(
    columns,
    rows.map(({ kind, name, dtype, dims }) => [
      kind,
      name,
      dtype,
      dims ? `[${dims.map((dim) => dim ?? '?').join(', ')}]` : 'any',
    ]),
    style,
  );
}

function table(
  columns: readonly { readonly title: string; readonly least?: number }[],
  texts: readonly (readonly string[])[],
  style: Style,
): string {
  const rows = texts.map((row) => row.map((text) => ({ text })));
  const widths =
    fitColumns(columns, rows, style.width) ?? columns.map(({ title }) => Math.max(12, title.length));
  return `${layOutTable(columns, rows, widths).join('\n')}\n`;
}
