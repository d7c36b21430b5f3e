/** A training in the editor, over the wire: started, stopped, taken up again; a check below it then has weights. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CodeAction, CodeLens, Hover, MarkupContent } from 'vscode-languageserver';
import { commands, type ItemInfo, type TrainingInfo } from '../../src/protocol.ts';
import { TestClient } from './client.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const specification = `data objects from "data/objects.npz" {
  positions: position[point]
  normals:   vector[point]
}
model plain is Rapidash {
  space: R3xS2  orientations: 4  hidden: 8  layers: 1  level: point  scalar_outputs: 0  vector_outputs: 1
  graph: knn(4)  length_scale: 0.05
}
train plain on objects { loss: mse(normals)  steps: 4000  batch: 2 }
check plain on objects under T(3) { elements: 1 }
claim "few numbers" { parameters(plain) < 5000 }
model fresh is Rapidash { space: R3  hidden: 4  layers: 1  basis: 4  graph: knn(4)  length_scale: 0.05 }
compare fresh on objects { backends: cpu }
discover fresh on objects within SO(3) { samples: 4 }
compare fresh with plain on objects { backends: cpu  precisions: float32 }
discover fresh on objects within T(3) { samples: 4  expect: trivial }
`;

let workspace: Workspace;
let client: TestClient;
let uri: string;
beforeAll(async () => {
  workspace = createWorkspace();
  workspace.write('training.equi', specification);
  client = await TestClient.start({
    folders: [workspace.folder],
    initializationOptions: { showsTrainings: true },
    settings: { cacheFolder: workspace.cache, run: 'onCommand' },
  });
  uri = await client.open(`${workspace.folder}/training.equi`);
  await client.until('the checks', () => client.checks.has(uri));
});
afterAll(async () => {
  await client.stop();
  workspace.remove();
  expect(client.stderr).toBe('');
});

const command = <T>(name: string, ...args: string[]) =>
  client.connection.sendRequest<T>('workspace/executeCommand', { command: name, arguments: args });
const items = () => command<ItemInfo[]>(commands.items, uri);

/** Titles of the lenses above the training. */
async function lenses(line = 8): Promise<string[]> {
  const found = await client.request<CodeLens[]>('textDocument/codeLens', uri);
  return found.filter(({ range }) => range.start.line === line).map((lens) => lens.command!.title);
}

it('trains, stops, and goes on where it was', async () => {
  expect(await lenses()).toEqual(['○ not trained in this session', 'train', 'plot']);
  expect(client.trainings).toEqual([]);
  const id = 'train plain on objects';
  expect((await items()).map((item) => [item.id, item.kind, item.line, item.state])).toEqual([
    [id, 'train', 8, 'not run'],
    ['compare fresh on objects', 'compare', 12, 'not run'],
    ['compare fresh with plain on objects', 'compare', 14, 'not run'],
    ['discover fresh on objects within SO(3)', 'discover', 13, 'not run'],
    ['discover fresh on objects within T(3)', 'discover', 15, 'not run'],
    ['few numbers', 'claim', 10, 'not run'],
  ]);
  const before = await command<TrainingInfo>(commands.training, uri, id);
  expect(before).toMatchObject({ state: 'not run', action: 'train', loss: 'mse(normals)', points: [] });
  const first = command(commands.runItem, uri, id);
  await expect
    .poll(async () => (await items())[0]!.summary, { timeout: 60_000 })
    .toMatch(/^… training plain, seed 0: step [\d,]+ of 4,000, loss [\d.e-]+, .+ left$/);
  expect((await lenses())[1]).toBe('stop');
  // The state is written every five seconds: what is stopped before that begins anew, and that is no resuming.
  await new Promise((settle) => setTimeout(settle, 6000));
  await command(commands.cancel, uri, id);
  await first;
  const [stopped, action] = await lenses();
  expect(stopped).toMatch(/^○ stopped at step [\d,]+ of 4,000$/);
  expect(action).toBe('resume');
  const reached = Number(/step ([\d,]+)/.exec(stopped!)![1]!.replace(',', ''));
  const last = await client.until('the last message', () => {
    const info = client.trainings.at(-1);
    return info?.state === 'cancelled' && info;
  });
  expect(last.steps.at(-1)!.step).toBe(reached);
  expect(last.points.map(({ step }) => step)).toEqual(
    Array.from({ length: Math.floor(reached / 200) }, (_, i) => 200 * (i + 1)),
  );
  const second = command(commands.runItem, uri, id);
  const stepNow = async () =>
    Number(/step ([\d,]+)/.exec((await items())[0]!.summary)?.[1]?.replace(',', '') ?? 0);
  await expect.poll(stepNow, { timeout: 60_000 }).toBeGreaterThan(0);
  // The first step that is heard of is not the first of all.
  expect(await stepNow()).toBeGreaterThan(0.05 * reached);
  await command(commands.cancel, uri, id);
  await second;

  // Another text is another training; without it there is none.
  await client.edit(uri, 'steps: 4000', 'steps: 4001');
  await client.until('the other training', () => client.trainings.at(-1)?.stepsWanted === 4001);
  expect(client.trainings.at(-1)).toMatchObject({ state: 'not run', points: [] });
  await client.edit(uri, 'train plain', '// train plain');
  await client.until('none', () => client.trainings.at(-1)?.state === 'gone');
  await client.edit(uri, '// train plain', 'train plain');
  await client.edit(uri, 'steps: 4001', 'steps: 4000');
  await client.until('the training', () => client.trainings.at(-1)?.state === 'cancelled');
}, 120_000);

it('evaluates a claim, and shows its numbers in the lens', async () => {
  await command(commands.runItem, uri, 'few numbers');
  expect((await lenses(10))[0]).toMatch(/^✓ holds: left - right is -\d+$/);
}, 60_000);

it('discovers a symmetry, shows it in the hover, and offers to write the check', async () => {
  expect(await lenses(13)).toEqual(['○ not searched', 'search']);
  await command(commands.runItem, uri, 'discover fresh on objects within SO(3)');
  expect((await lenses(13))[0]).toBe('✓ so(3); 3 of 3 dimensions');
  const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 13, character: 2 },
  });
  expect((hover.contents as MarkupContent).value).toMatch(/\| singular value \| held out \|/);
  const at = { line: 13, character: 2 };
  const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: at, end: at },
    context: { diagnostics: [] },
  });
  const write = actions.find(({ title }) => title.startsWith('Write'))!;
  expect(write.title).toBe('Write `check fresh on objects under SO(3)`');
  expect(write.edit!.changes![uri]![0]!.newText).toBe('\ncheck fresh on objects under SO(3)');
}, 60_000);

it('what is not as expected is a diagnostic, until the text is another one', async () => {
  const at = (line: number) =>
    client.diagnostics(uri).filter(({ range, severity }) => range.start.line === line && severity! < 3);
  expect(at(15)).toEqual([]);
  await command(commands.runItem, uri, 'discover fresh on objects within T(3)');
  const [found] = await client.until('the diagnostic', () => (at(15).length > 0 ? at(15) : undefined));
  expect(found).toMatchObject({ severity: 1, code: 'discover/not-expected', source: 'noether' });
  expect(found!.message).toContain('expected: trivial\nfound: T(3)');
  await client.edit(uri, 'expect: trivial', 'expect: T(3)');
  await client.until('it is gone', () => at(15).length === 0);
  expect((await lenses(15))[0]).toBe('✓ t(3); 3 of 3 dimensions');
}, 60_000);

it('compares backends and precisions, and shows the matrix in the hover', async () => {
  expect(await lenses(12)).toEqual(['○ not compared', 'compare']);
  await command(commands.runItem, uri, 'compare fresh on objects');
  expect((await lenses(12))[0]).toMatch(
    /^✓ agree: 2 runs; furthest apart fresh cpu float32 and fresh float64: `\w+` on objects\.npz\[\d+\] by \S+, [\d.]+ floors$/,
  );
  const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 12, character: 2 },
  });
  expect((hover.contents as MarkupContent).value).toMatch(/\| 1 \| fresh cpu float32 \| agree, [\d.]+x \|/);
}, 60_000);

it('a check of a model whose training has not been run says so', async () => {
  await command(commands.run, uri);
  const finding = client.diagnostics(uri).find(({ code }) => code === 'train/not-trained');
  expect(finding?.message).toContain('`plain` is trained earlier in the file');
}, 60_000);
