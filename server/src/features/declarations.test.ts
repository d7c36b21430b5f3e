import { EmptyFileSystem } from 'langium';
import { parseHelper } from 'langium/test';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createEquiServices, isCheck, isData, isModel, type Specification } from '../language/index.ts';
import { indexNames } from './declarations.ts';
import { addEntry, setEntry } from './entry-edit.ts';
import { dataShape } from './shapes.ts';

const { equi } = createEquiServices(EmptyFileSystem);
const parse = parseHelper<Specification>(equi);

async function edited(
  text: string,
  edit: (root: Specification) => ReturnType<typeof setEntry>,
): Promise<string> {
  const document = await parse(text);
  const change = edit(document.parseResult.value)!;
  return TextDocument.applyEdits(document.textDocument, [change]);
}

describe('setting an option', () => {
  const expectViolated = (root: Specification) => setEntry(root.items.find(isCheck)!, 'expect', 'violated');

  it.each([
    ['check a on d under SE(3)', 'check a on d under SE(3) { expect: violated }'],
    ['check a on d under SE(3) {}', 'check a on d under SE(3) { expect: violated }'],
    ['check a on d under SE(3) { }', 'check a on d under SE(3) { expect: violated }'],
    ['check a on d under SE(3) { seed: 1 }', 'check a on d under SE(3) { seed: 1  expect: violated }'],
    [
      'check a on d under SE(3) { expect: holds  seed: 1 }',
      'check a on d under SE(3) { expect: violated  seed: 1 }',
    ],
    [
      'check a on d under SE(3) {\n  seed: 1\n}',
      'check a on d under SE(3) {\n  seed: 1\n  expect: violated\n}',
    ],
    ['check a on d under SE(3) as x\n', 'check a on d under SE(3) as x { expect: violated }\n'],
  ])('%j', async (before, after) => {
    expect(await edited(before, expectViolated)).toBe(after);
  });

  it('adds a port behind the last one', async () => {
    const text = 'model m from onnx "m.onnx" {\n  input x: scalar\n}\n';
    const after = await edited(text, (root) => addEntry(root.items.find(isModel)!, 'output y: scalar'));
    expect(after).toBe('model m from onnx "m.onnx" {\n  input x: scalar\n  output y: scalar\n}\n');
  });
});

describe('index sets', () => {
  it('are named once each, in the order of the text', async () => {
    const document = await parse(
      'data d from "x.npz" { a: scalar[node, node]  b: vector[atom]  c: scalar[node] }',
    );
    expect(indexNames(document.parseResult.value.items.filter(isData))).toEqual(['node', 'atom']);
  });
});

describe('shapes', () => {
  const scalar = { kind: 'scalar' } as const;
  const field = (name: string, ...axes: string[]) => ({
    name,
    type: { representation: scalar, axes: axes.map((index) => ({ index })) },
  });
  const array = (name: string, ...shape: (number | null)[]) => ({ name, dtype: 'float32', shape });

  it('give the samples and the sizes of index sets', () => {
    const fields = [field('a', 'node', 'node'), { ...field('b', 'atom'), source: 'other' }];
    expect(dataShape(fields, [array('a', 12, 5, 5), array('other', 12, 9)])).toEqual({
      available: 12,
      sizes: { node: 5, atom: 9 },
    });
  });

  it('do not guess where arrays disagree or a header does not tell', () => {
    const fields = [field('a', 'node'), field('b', 'node')];
    expect(dataShape(fields, [array('a', 12, 5), array('b', 12, 6)])!.sizes).toEqual({ node: undefined });
    expect(dataShape([field('a', 'node')], [array('a', null, null)])).toEqual({
      available: undefined,
      sizes: { node: undefined },
    });
    expect(dataShape(fields, [array('c', 12)])).toBeUndefined();
  });
});
