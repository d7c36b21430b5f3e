/** `noether describe FILE`: what a data or model file holds, from its headers. */
import { inspectDataFile, inspectOnnx } from '@noether/engine/inspect';
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
  const rows = [
    ...inputs.map((port) => ({ ...port, kind: 'input' })),
    ...outputs.map((port) => ({ ...port, kind: 'output' })),
  ];
  const columns = [{ title: '' }, { title: 'name', least: 12 }, { title: 'type' }, { title: 'shape' }];
  const ports = table(
    columns,
    rows.map(({ kind, name, dtype, dims }) => [
      kind,
      name,
      dtype,
      dims ? `[${dims.map((dim) => dim ?? '?').join(', ')}]` : 'any',
    ]),
    style,
  );
  const facts = [
    `parameters: ${grouped(parameterCount)}`,
    `operators:  ${grouped(nodes.length)} (${operators.join(', ')})`,
    `opset:      ${opset}`,
    ...(producer ? [`made by:    ${producer}`] : []),
  ];
  return `${ports}\n${facts.join('\n')}\n`;
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
