import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  MarkupContent,
  SemanticTokens,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TestClient } from './client.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let client: TestClient;
let uri: string;
let modelsUri: string;

beforeAll(async () => {
  workspace = createWorkspace();
  client = await TestClient.start({
    folders: [workspace.folder],
    settings: { run: 'onCommand', cacheFolder: workspace.cache },
  });
  uri = await client.open(workspace.main);
  modelsUri = pathToFileURL(workspace.models).href;
  await client.until('the first diagnostics', () => client.published.get(uri)?.version === 1);
});

afterAll(async () => {
  await client?.stop();
  workspace?.remove();
  expect(client.stderr).toBe('');
});

async function labels(marked: string): Promise<string[]> {
  const position = client.position(uri, marked);
  const list = await client.request<CompletionList | null>('textDocument/completion', uri, { position });
  return (list?.items ?? []).map(({ label }) => label);
}

async function hover(marked: string): Promise<string> {
  const position = client.position(uri, marked);
  const found = await client.request<Hover | null>('textDocument/hover', uri, { position });
  return (found?.contents as MarkupContent | undefined)?.value ?? '';
}

describe('diagnostics', () => {
  it('come with the version of the text that they are about', async () => {
    const version = await client.edit(uri, 'elements: 2', 'elemets: 2');
    const found = await client.until('a diagnostic', () => {
      const params = client.published.get(uri);
      return (
        params?.version === version && params.diagnostics.find(({ code }) => code === 'spec/unknown-option')
      );
    });
    expect(found.message).toContain('`elements`');
    expect(found.source).toBe('noether');
    const again = await client.edit(uri, 'elemets: 2', 'elements: 2');
    await client.until('no error', () => {
      const params = client.published.get(uri);
      return params?.version === again && params.diagnostics.every(({ severity }) => severity !== 1);
    });
  });

  it('are repaired by their quick fix', async () => {
    await client.edit(uri, 'elements: 2', 'elemets: 2');
    const diagnostic = await client.until('a diagnostic', () =>
      client.diagnostics(uri).find(({ code }) => code === 'spec/unknown-option'),
    );
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', uri, {
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
    const fix = actions.find(({ isPreferred }) => isPreferred)!;
    expect(fix.title).toBe('Change to `elements`');
    expect(fix.edit!.changes![uri]![0]!.newText).toBe('elements');
    await client.edit(uri, 'elemets: 2', 'elements: 2');
  });
});

describe('quick fixes', () => {
  async function fixes(of: string, code: string): Promise<CodeAction[]> {
    const diagnostic = await client.until(code, () =>
      client.diagnostics(of).find((each) => each.code === code),
    );
    const context = { diagnostics: [diagnostic] };
    return client.request<CodeAction[]>('textDocument/codeAction', of, { range: diagnostic.range, context });
  }

  it('declare the data field that an input of a graph lacks', async () => {
    await client.edit(uri, 'check leaky on objects under SE(3)', 'check potential on objects under SE(3)');
    await client.edit(uri, '  positions: position[point]\n', '');
    const actions = await fixes(uri, 'model/input-unbound');
    const fix = actions.find(({ title }) => title === 'Declare the field `positions` of `objects`')!;
    expect(fix.edit!.changes![uri]!.map(({ newText }) => newText)).toEqual([
      '\n  positions: position[point]',
    ]);
    await client.edit(
      uri,
      '  normals: vector[point]\n',
      '  positions: position[point]\n  normals: vector[point]\n',
    );
    await client.edit(uri, 'check potential on objects under SE(3)', 'check leaky on objects under SE(3)');
  });

  it('declare the inputs and outputs of a graph that are left out', async () => {
    const file = workspace.write(
      'half.equi',
      'model half from onnx "models/potential.onnx" {\n  output energy: scalar\n}\n',
    );
    const half = await client.open(file);
    const actions = await fixes(half, 'spec/no-ports');
    expect(actions.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Declare the input `positions`', 'Declare the output `forces`']),
    );
    expect(actions.map(({ edit }) => edit!.changes![half]![0]!.newText)).toContain(
      '\n  input positions: vector[point]',
    );
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: half } });
  });

  it('pin the seed', async () => {
    const position = client.position(uri, 'check ste|ady');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', uri, {
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['refactor'] },
    });
    expect(actions.map(({ title }) => title)).toEqual(['Pin the seed to 0']);
    expect(actions[0]!.edit!.changes![uri]![0]!.newText).toBe('  seed: 0');
  });
});

describe('completion', () => {
  it('offers models of used files, data, groups and index sets', async () => {
    expect(await labels('check st|eady')).toEqual(['steady', 'leaky', 'potential']);
    expect(await labels('on ob|jects under E(3)')).toEqual(['objects']);
    expect(await labels('under |E(3)')).toContain('Lorentz');
    expect(await labels('S(|point)')).toEqual(['point']);
    expect(await labels('position[|point]')).toEqual(['point']);
  });

  it('offers the options that are not given yet, and their values', async () => {
    await client.edit(uri, '{ elements: 2 }\ncheck', '{ elements: 2  expect:  }\ncheck');
    expect(await labels('expect: | }')).toEqual(['holds', 'violated', 'inconclusive']);
    const options = await labels('{ |elements: 2  expect:');
    expect(options).toContain('within');
    expect(options).not.toContain('elements');
    await client.edit(uri, '{ elements: 2  expect:  }\ncheck', '{ elements: 2 }\ncheck');
  });

  it('offers files, and arrays of the data file', async () => {
    expect(await labels('from "data/|objects.npz"')).toContain('objects.npz');
    expect(await labels('use "|models.equi"')).toEqual(
      expect.arrayContaining(['data/', 'models/', 'models.equi']),
    );
    await client.edit(uri, '  samples: 2\n', '  samples: 2\n  \n');
    const fields = await labels('samples: 2\n  |\n');
    expect(fields).toContain('skip');
    expect(fields).not.toContain('positions');
    await client.edit(uri, '  samples: 2\n  \n', '  samples: 2\n');
  });

  it('offers blocks at the start of a line, and nothing in comments', async () => {
    await client.edit(uri, 'check steady', '\ncheck steady');
    expect(await labels('|\ncheck steady')).toEqual(
      expect.arrayContaining(['data', 'model', 'check', 'benchmark']),
    );
    expect(await labels('// Four |scans')).toEqual([]);
    await client.edit(uri, '\ncheck steady', 'check steady');
  });

  it('offers the inputs and outputs of an ONNX graph', async () => {
    const models = await client.open(workspace.models);
    await client.edit(models, '  output energy:    scalar\n', '  output \n');
    const position = client.position(models, '  output |\n');
    const list = await client.request<CompletionList>('textDocument/completion', models, { position });
    expect(list.items.map(({ label }) => label)).toContain('energy');
    await client.edit(models, '  output \n', '  output energy:    scalar\n');
  });
});

describe('hovers', () => {
  it('tell about a check, its model, its data, its group and its options', async () => {
    expect(await hover('che|ck steady')).toContain('not run');
    const model = await hover('check ste|ady');
    expect(model).toContain('Distances only.');
    expect(model).toContain('Rapidash');
    expect(model).toMatch(/[\d,]+ parameters/);
    expect(await hover('on obj|ects under E(3)')).toContain('| `positions` | `position[point]` | float');
    expect(await hover('under |E(3)')).toContain('**E(');
    expect(await hover('elem|ents: 2')).toContain('Default: `64`');
    expect(await hover('normals: vec|tor')).toContain('Shape of one sample');
  });
});

describe('inlay hints', () => {
  it('show samples and sizes of data, and the size of models', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const [data] = await client.request<InlayHint[]>('textDocument/inlayHint', uri, { range });
    expect(data!.label).toBe('2 of 12 samples, point: 128');
    const models = await client.request<InlayHint[]>('textDocument/inlayHint', modelsUri, { range });
    // Families take their sizes from the data of the checks, which are in the other file.
    expect(models.map(({ label }) => label)).toEqual(
      Array(3).fill(expect.stringMatching(/^[\d,]+ parameters$/)),
    );
  });
});

describe('navigation', () => {
  it('goes to the declaration in another file', async () => {
    const position = client.position(uri, 'check le|aky');
    const found = await client.request<{ targetUri?: string; uri?: string }[]>(
      'textDocument/definition',
      uri,
      { position },
    );
    expect(found[0]!.targetUri ?? found[0]!.uri).toBe(modelsUri);
  });

  it('finds all references', async () => {
    const position = client.position(uri, 'on obj|ects under E(3)');
    const context = { includeDeclaration: true };
    const found = await client.request<Location[]>('textDocument/references', uri, { position, context });
    expect(found).toHaveLength(3);
  });

  it('renames a model in every file', async () => {
    const position = client.position(uri, 'check le|aky');
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', uri, {
      position,
      newName: 'porous',
    });
    expect(Object.keys(edit.changes!).sort()).toEqual([uri, modelsUri].sort());
    const texts = Object.values(edit.changes!)
      .flat()
      .map(({ newText }) => newText);
    expect(texts).toEqual(['porous', 'porous']);
  });
});

describe('the rest of the language', () => {
  it('has an outline', async () => {
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', uri);
    expect(symbols.map(({ name }) => name)).toEqual([
      'objects',
      'check steady on objects under E(3) * S(point)',
      'check leaky on objects under SE(3)',
    ]);
    expect(symbols[0]!.children!.map(({ name }) => name)).toEqual(['positions', 'normals']);
  });

  it('folds blocks', async () => {
    const ranges = await client.request<FoldingRange[]>('textDocument/foldingRange', uri);
    expect(ranges.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([[3, 6]]);
  });

  it('has semantic tokens and a formatter', async () => {
    const tokens = await client.request<SemanticTokens>('textDocument/semanticTokens/full', uri);
    expect(tokens.data.length).toBeGreaterThan(0);
    await client.edit(uri, 'normals: vector', 'normals:   vector');
    const edits = await client.request<TextEdit[]>('textDocument/formatting', uri, {
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edits.length).toBeGreaterThan(0);
    await client.edit(uri, 'normals:   vector', 'normals: vector');
  });

  it('has lenses above the file and each check', async () => {
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', uri);
    const titles = lenses.map(({ command }) => command!.title);
    expect(titles).toEqual(['2 checks: all not run', 'run all', '○ not run', 'run', '○ not run', 'run']);
  });
});
