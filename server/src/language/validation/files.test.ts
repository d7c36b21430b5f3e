/** Slow checks: what files hold, against what is declared of them. */
import { Fault } from '@noether/engine/catalog';
import { TextDocument } from 'langium';
import { describe, expect, test } from 'vitest';
import type { Inspection } from '../inspection.ts';
import { build, diagnosticText, sorted, testServices } from '../testing/build.ts';

const inspection: Inspection = {
  async dataFile(path) {
    if (!path.endsWith('objects.npz')) {
      throw new Fault({
        code: 'data/no-such-file',
        message: `there is no file ${path}`,
        place: { file: path },
      });
    }
    return [
      { name: 'positions', dtype: 'float32', shape: [8, 128, 3] },
      { name: 'momenta', dtype: 'float32', shape: [8, 128, 3] },
      { name: 'n_points', dtype: 'int64', shape: [8] },
    ];
  },
  async python(_, module) {
    return module === 'models.net'
      ? ['/ws/models/net.py', '/ws/models/__init__.py']
      : ['/ws/models/__init__.py'];
  },
  async onnx(path) {
    if (!path.endsWith('net.onnx')) throw new Fault({ code: 'model/onnx-missing-file', message: 'no file' });
    return {
      inputs: [
        { name: 'positions', dtype: 'float32', dims: ['batch', 128, 3] },
        { name: 'charges', dtype: 'float32', dims: ['batch', 128] },
      ],
      outputs: [{ name: 'energy/0', dtype: 'float32', dims: ['batch'] }],
      parameterCount: 3,
      opset: 17,
      opsets: { 'ai.onnx': 17 },
      irVersion: 8,
      producer: '',
      nodes: [],
      operators: [],
    };
  },
};

async function said(text: string) {
  const { document } = await build(text, testServices(inspection));
  return sorted(document.diagnostics)
    .filter(({ severity }) => severity! <= 2)
    .map(diagnosticText)
    .join('\n');
}

describe('data files', () => {
  test('what is there is not remarked on', async () => {
    expect(
      await said('data o from "objects.npz" { p: position[point] from positions  sizes: [point: n_points] }'),
    ).toBe('');
  });

  test('a missing file is told at its path', async () => {
    expect(await said('data o from "missing.npz" { positions: position[point] }')).toMatchInlineSnapshot(`
      "1:13-26 error data/no-such-file
          there is no file /labs/missing.npz"
    `);
  });

  test('missing arrays and shapes that cannot fit', async () => {
    const text = `data o from "objects.npz" {
  position: position[point]
  charges:  scalar[point] from "charge"
  momenta:  fourvector[point]
  p:        vector[64] from positions
  sizes:    [point: n_point]
}`;
    expect(await said(text)).toMatchInlineSnapshot(`
      "2:3-11 error data/missing-array
          objects.npz has no array \`position\`; did you mean \`positions\`?
          It holds positions, momenta and n_points. Say which one is meant: \`position: position[point] from "array"\`.
          expected: positions, momenta or n_points
          found: position
          repair: Read it from \`positions\` -> " from \\"positions\\""
      3:32-40 error data/missing-array
          objects.npz has no array \`charge\`
          It holds positions, momenta and n_points.
          expected: positions, momenta or n_points
          found: charge
      4:13-30 error data/shape
          \`momenta\` of objects.npz has the shape [8, 128, 3], which is not one of fourvector[point] for each sample: axis 3 has 3 entries instead of 4
          expected: [sample, point, 4]
          found: [8, 128, 3]
      5:13-23 error data/shape
          \`positions\` of objects.npz has the shape [8, 128, 3], which is not one of vector[64] for each sample: axis 2 has 128 entries instead of 64
          expected: [sample, 64, 3]
          found: [8, 128, 3]
      6:3-29 error data/missing-array
          objects.npz has no array \`n_point\` for the sizes of \`point\`; did you mean \`n_points\`?
          expected: positions, momenta or n_points
          found: n_point"
    `);
  });
});

describe('ONNX files', () => {
  test('what is there is not remarked on', async () => {
    const text = `model net from onnx "net.onnx" {
  input  positions: position[point]
  input  charges:   scalar[point]
  output energy:    scalar from "energy/0"
}`;
    expect(await said(text)).toBe('');
  });

  test('a missing file, unknown names, and inputs that are not declared', async () => {
    const text = `model a from onnx "missing.onnx" { input x: scalar  output y: scalar }
model b from onnx "net.onnx" { input position: position[point]  output energy: scalar }
model c from onnx "net.onnx" { input positions: position[point]  output energy: scalar from "energy/1" }`;
    expect(await said(text)).toMatchInlineSnapshot(`
      "1:19-33 error model/onnx-missing-file
          no file
      2:38-46 error model/onnx-unknown-input
          net.onnx has no input \`position\`; did you mean \`positions\`?
          Its inputs are positions and charges.
          expected: positions or charges
          found: position
          repair: Change to \`positions\` -> "positions"
      2:72-78 error model/onnx-unknown-output
          net.onnx has no output \`energy\`; did you mean \`energy/0\`?
          Its outputs are energy/0.
          expected: energy/0
          found: energy
          repair: Read it from \`energy/0\` -> " from \\"energy/0\\""
      3:7-8 error model/onnx-undeclared-input
          net.onnx also needs \`charges\`, which \`c\` does not declare
          Add \`input charges: TYPE\`, with the type that says how it transforms.
          expected: an input line for charges
      3:93-103 error model/onnx-unknown-output
          net.onnx has no output \`energy/1\`; did you mean \`energy/0\`?
          Its outputs are energy/0.
          expected: energy/0
          found: energy/1
          repair: Change to \`energy/0\` -> "\\"energy/0\\"""
    `);
  });

  test('nothing is read as one types', async () => {
    let reads = 0;
    const counting: Inspection = {
      dataFile: (path) => {
        reads++;
        return inspection.dataFile(path);
      },
      onnx: inspection.onnx,
      python: inspection.python,
    };
    const services = testServices(counting);
    const { document } = await build('data o from "objects.npz" { positions: position[point] }', services);
    expect(reads).toBe(1);
    // What an edit starts: everything but the slow checks.
    services.shared.workspace.TextDocuments.set(
      TextDocument.create(document.uri.toString(), 'equi', 2, `${document.textDocument.getText()} `),
    );
    await services.shared.workspace.DocumentBuilder.update([document.uri], []);
    expect(reads).toBe(1);
  });
});
