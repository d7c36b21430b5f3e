/** `noether init`: starters that parse, say what was guessed, and replace nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build, diagnosticText } from '../language/testing/build.ts';
import { type GuessedPort, guessGroup, guessText, guessType, indexSetOf, isBatched } from './guess-types.ts';
import { starterText } from './starter-text.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const port = (name: string, dtype?: string, dims?: GuessedPort['dims']): GuessedPort => ({
  name,
  dtype,
  dims,
});

/** Types of all ports and the group of the inputs, as a starter would have them. */
function guessed(inputs: readonly GuessedPort[], outputs: readonly GuessedPort[]) {
  const ports = [...inputs, ...outputs];
  const setting = { index: indexSetOf(ports), batched: isBatched(ports) };
  const ins = inputs.map((one) => guessType(one, 'input', setting));
  const outs = outputs.map((one) => guessType(one, 'output', setting));
  return { types: [...ins, ...outs].map(guessText), group: guessGroup(ins) };
}

describe('guesses', () => {
  it('of a potential: open sizes belong to atoms, the first axis to samples', () => {
    expect(
      guessed(
        [port('pos', 'float32', ['batch', undefined, 3]), port('z', 'int64', ['batch', undefined])],
        [port('energy', 'float32', ['batch', 1]), port('forces', 'float32', ['batch', undefined, 3])],
      ),
    ).toEqual({
      types: ['position[atom]', 'category(119)[atom]', 'scalar', 'vector[atom]'],
      group: 'SE(3) * S(atom)',
    });
  });

  it('of a network without a batch axis, with named axes', () => {
    expect(
      guessed(
        [port('adjacency', 'float32', ['node', 'node']), port('features', 'float32', ['node', 16])],
        [port('score', 'float32', [])],
      ),
    ).toEqual({ types: ['scalar[node, node]', 'scalar[node, 16]', 'scalar'], group: 'S(node)' });
  });

  it('of a tagger of jets, of an image network, of points in the plane', () => {
    expect(guessed([port('momenta', 'float32', [1, 30, 4])], [port('logits', 'float32', [1, 2])])).toEqual({
      types: ['fourvector[30]', 'scalar[2]'],
      group: 'Lorentz()',
    });
    expect(
      guessed([port('image', 'float32', ['N', 32, 32, 3])], [port('class', 'float32', ['N', 10])]),
    ).toEqual({
      types: ['image[32, 32, 3]', 'scalar[10]'],
      group: 'C(4)',
    });
    expect(guessed([port('points', 'float32', ['n_points', 2])], [port('area', 'float32', [])])).toEqual({
      types: ['position(2)[n_points]', 'scalar'],
      group: 'SE(2) * S(n_points)',
    });
  });

  it('of a Python callable, whose shapes nobody knows, come from names', () => {
    expect(guessed([port('positions'), port('species'), port('width')], [port('output')])).toEqual({
      types: ['position[atom]', 'category(119)[atom]', 'scalar[atom]', 'scalar'],
      group: 'SE(3) * S(atom)',
    });
  });
});

describe('a starter', () => {
  it.each([
    ['with a group', [port('positions', 'float32', ['batch', undefined, 3])]],
    ['without one', [port('temperature', 'float32', [])]],
    ['with names that are no words', [port('input:0', 'float32', ['batch', 'atom', 3])]],
  ])('%s parses without an error', async (_, inputs) => {
    const facts = {
      source: 'onnx',
      path: 'net.onnx',
      inputs,
      outputs: [port('energy/0', 'float32', [])],
    } as const;
    const text = starterText({ name: 'net', command: 'noether init net.onnx', facts });
    const { document } = await build(text);
    expect(document.diagnostics!.filter(({ severity }) => severity === 1).map(diagnosticText)).toEqual([]);
    expect(text).toContain('guess');
  });

  it('feeds inputs from the only array that looks like them', () => {
    const facts = {
      source: 'onnx',
      path: 'net.onnx',
      inputs: [port('pos', 'float32', ['batch', undefined, 3])],
      outputs: [port('energy', 'float32', ['batch'])],
    } as const;
    const arrays = [
      { name: 'R', shape: [100, 9, 3] },
      { name: 'E', shape: [100] },
    ];
    const text = starterText({ name: 'net', command: 'c', facts, data: { path: 'a.npz', arrays } });
    expect(text).toContain('  pos: position[atom] from R // guess: the only array of this form\n');
  });
});

describe('noether init', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = createWorkspace();
  });
  afterEach(() => workspace.remove());

  it('writes a starter that can be checked at once where the data is named, and never replaces a file', async () => {
    workspace.copy('quickstart/models/potential.onnx', 'potential.onnx');
    workspace.copy('quickstart/data/objects.npz', 'objects.npz');
    const first = await run(workspace, 'init', 'potential.onnx', '--data', 'objects.npz');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toBe(
      'Wrote potential.equi. Look at the lines marked "guess", then: noether check potential.equi\n',
    );
    const text = readFileSync(join(workspace.folder, 'potential.equi'), 'utf8');
    expect(text).toContain('model potential from onnx "potential.onnx" {');
    expect((await run(workspace, 'check', 'potential.equi', '--elements', '4')).code).toBe(0);

    const again = await run(workspace, 'init', 'potential.onnx');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('spec/file-exists');
    expect(readFileSync(join(workspace.folder, 'potential.equi'), 'utf8')).toBe(text);
  });

  it('reads a model of TensorFlow.js by its folder’s name', async () => {
    const fixture = fileURLToPath(new URL('../../../test-fixtures/tfjs/graph', import.meta.url));
    cpSync(fixture, join(workspace.folder, 'graph'), { recursive: true });
    expect((await run(workspace, 'init', 'graph/model.json')).code).toBe(0);
    const text = readFileSync(join(workspace.folder, 'graph.equi'), 'utf8');
    expect(text).toContain('model graph from tfjs "graph/model.json" {');
    expect(text).toMatch(/output field: vector\[atom\] +\/\/ guess/);
  });

  it('says what is no model', async () => {
    writeFileSync(join(workspace.folder, 'net.pt'), '');
    const { code, stderr } = await run(workspace, 'init', 'net.pt');
    expect(code).toBe(2);
    expect(stderr).toContain('spec/no-model');
    expect((await run(workspace, 'init', 'nowhere.onnx')).stderr).toContain('model/onnx-missing-file');
  });

  const python = spawnSync('python3', ['-c', 'import numpy']).status === 0;

  it.skipIf(!python)('asks Python what a callable takes, in a worker', async () => {
    workspace.copy('python/plain.py', 'plain.py');
    workspace.copy('python/constants.py', 'constants.py');
    expect(await run(workspace, 'init', 'plain:Field')).toMatchObject({ code: 0 });
    const text = readFileSync(join(workspace.folder, 'Field.equi'), 'utf8');
    expect(text).toContain('model Field from python "plain:Field" {');
    expect(text).toMatch(/input {2}charge: +scalar\[point\]|input {2}charge: scalar\[point\]/);
    const wrong = await run(workspace, 'init', 'plain:Feld');
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain('did you mean `Field`?');
  });
});
