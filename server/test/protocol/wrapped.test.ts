/** A wrapped model in an editor: what completes, tells, leads, renames, folds and repairs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  CodeAction,
  CompletionList,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  MarkupContent,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { commands } from '../../src/protocol.ts';
import { TestClient } from './client.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const specification = `data objects from "data/objects.npz" {
  positions: position[point]
  samples: 2
}

/// Raw coordinates in its features.
model leaky is Rapidash { space: R3  hidden: 8  layers: 1  features: coordinates }

/// As it should be.
model mended = framed(leaky, SE(3)) {
  signs: all
}

check mended on objects under SE(3) { elements: 2 }
`;

let workspace: Workspace;
let client: TestClient;
let uri: string;

beforeAll(async () => {
  workspace = createWorkspace(specification);
  client = await TestClient.start({
    folders: [workspace.folder],
    settings: { run: 'onCommand', cacheFolder: workspace.cache },
  });
  uri = await client.open(workspace.main);
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

it('completes wrappers, models other than itself, groups and options', async () => {
  expect(await labels('= fra|med')).toEqual(['averaged', 'framed', 'lloca', 'sorted']);
  expect(await labels('framed(le|aky')).toEqual(['leaky']);
  expect(await labels('leaky, |SE(3)) {')).toContain('SO');
  await client.edit(uri, '  signs: all\n', '  \n');
  expect(await labels('{\n  |\n}')).toEqual(['signs']);
  await client.edit(uri, '{\n  \n}', '{\n  signs: \n}');
  expect(await labels('signs: |\n')).toEqual(['all', 'one']);
  await client.edit(uri, '  signs: \n', '  signs: all\n');
});

it('tells in a hover what the wrapper does, what is inside, and how large it is', async () => {
  expect(await hover('= fra|med')).toContain('principal axes');
  const model = await hover('check men|ded');
  expect(model).toContain('As it should be.');
  expect(model).toContain('`leaky`, wrapped');
  expect(model).toMatch(/[\d,]+ parameters/);
  expect(await hover('framed(lea|ky')).toContain('Raw coordinates in its features.');
  expect(await hover('sig|ns: all')).toContain('Default: `all`');
});

it('leads to the model inside, and renames it where it is wrapped', async () => {
  const position = client.position(uri, 'framed(lea|ky');
  const found = await client.request<Location[]>('textDocument/definition', uri, { position });
  const [target] = found as unknown as {
    targetSelectionRange?: Location['range'];
    range?: Location['range'];
  }[];
  expect((target!.targetSelectionRange ?? target!.range!).start).toEqual(
    client.position(uri, 'model |leaky is'),
  );
  const edit = await client.request<WorkspaceEdit>('textDocument/rename', uri, {
    position,
    newName: 'porous',
  });
  expect(edit.changes![uri]!.map(({ range }) => range.start.line)).toEqual([6, 9]);
});

it('has its place in the outline and folds', async () => {
  const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', uri);
  expect(symbols.find(({ name }) => name === 'mended')!.detail).toBe('framed(leaky)');
  const ranges = await client.request<FoldingRange[]>('textDocument/foldingRange', uri);
  expect(ranges.map(({ startLine, endLine }) => [startLine, endLine])).toContainEqual([9, 10]);
});

it('repairs a wrapper that is misspelt, and a family behind an equals sign', async () => {
  async function fix(code: string): Promise<CodeAction> {
    const diagnostic = await client.until(code, () =>
      client.diagnostics(uri).find((each) => each.code === code),
    );
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', uri, {
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
    return actions.find(({ isPreferred }) => isPreferred)!;
  }
  await client.edit(uri, 'framed(leaky', 'framd(leaky');
  expect((await fix('spec/unknown-wrapper')).title).toBe('Change to `framed`');
  await client.edit(uri, 'framd(leaky', 'framed(leaky');
  await client.edit(uri, 'leaky is Rapidash', 'leaky = Rapidash');
  expect((await fix('syntax/unwrapped-model')).title).toBe('Change to `is`');
  await client.edit(uri, 'leaky = Rapidash', 'leaky is Rapidash');
});

it('offers to wrap the model of a violated check; what it writes is a wrapped model that holds', async () => {
  const last = 'check mended on objects under SE(3) { elements: 2 }\n';
  await client.edit(uri, last, `${last}check leaky on objects under SE(3) * S(point) { elements: 2 }\n`);
  const id = 'leaky on objects under SE(3) * S(point)';
  await client.execute(commands.run, uri, id);
  await client.until('the verdict', () => client.state(uri, id) === 'violated', 60);
  const diagnostic = await client.until('the squiggle', () =>
    client.diagnostics(uri).find(({ code }) => code === 'verify/violated'),
  );
  const wraps = async () =>
    (
      await client.request<CodeAction[]>('textDocument/codeAction', uri, {
        range: diagnostic.range,
        context: { diagnostics: [diagnostic] },
      })
    ).filter(({ title }) => title.startsWith('Wrap'));
  const actions = await wraps();
  // Permutations hold by themselves, so nothing is sorted.
  expect(actions.map(({ title }) => title)).toEqual([
    'Wrap `leaky` with frames of SE(3) (4 evaluations)',
    'Wrap `leaky` with one frame of SE(3)',
  ]);
  const [edit] = actions[0]!.edit!.changes![uri]!;
  expect(edit!.newText).toBe(
    '\n\nmodel leaky_framed = framed(leaky, SE(3))\ncheck leaky_framed on objects under SE(3) * S(point) { elements: 2 }',
  );
  expect(edit!.range.start).toEqual(client.position(uri, 'S(point) { elements: 2 }|'));
  await client.edit(uri, 'S(point) { elements: 2 }', `S(point) { elements: 2 }${edit!.newText}`);
  const wrapped = 'leaky_framed on objects under SE(3) * S(point)';
  await client.until('the new check', () => client.state(uri, wrapped) === 'not run');
  await client.execute(commands.run, uri, wrapped);
  await client.until('the verdict of the wrapped model', () => client.state(uri, wrapped) === 'holds', 60);
  expect(await wraps()).toEqual([]);
}, 120_000);
