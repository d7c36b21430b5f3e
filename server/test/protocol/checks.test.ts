import { copyFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, Diagnostic, Hover, MarkupContent } from 'vscode-languageserver';
import { writeBaseline } from '../../src/plan/baseline.ts';
import { commands } from '../../src/protocol.ts';
import type { Report } from '../../src/report/report.ts';
import { TestClient } from './client.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let client: TestClient;
let uri: string;

async function start(settings = {}) {
  client = await TestClient.start({
    folders: [workspace.folder],
    settings: { cacheFolder: workspace.cache, ...settings },
  });
  uri = await client.open(workspace.main);
  await client.until('the checks', () => client.checks.has(uri));
}

beforeEach(() => {
  workspace = createWorkspace();
});

afterEach(async () => {
  await client.stop();
  workspace.remove();
  expect(client.stderr).toBe('');
});

const verdictOf = (name: string) =>
  client.diagnostics(uri).find((diagnostic) => checkOf(diagnostic).startsWith(name));
const checkOf = ({ data }: Diagnostic): string => data?.check ?? '';
const minute = 60;

async function lenses(): Promise<string[]> {
  const found = await client.request<CodeLens[]>('textDocument/codeLens', uri);
  return found.map(({ command }) => command!.title);
}

describe('a baseline', () => {
  it('counts as soon as its file is written, and no longer when it is gone', async () => {
    await start();
    await client.save(uri);
    const violated = await client.until('the violation', () => verdictOf('leaky'), minute);
    expect(violated.severity).toBe(1);
    const report = await client.connection.sendRequest<Report>('workspace/executeCommand', {
      command: commands.report,
      arguments: [uri],
    });
    const { verification } = report.checks.find(({ id }) => id.startsWith('leaky'))!;
    const { outputs } = verification!;
    const id = report.checks.find((check) => check.id.startsWith('leaky'))!.id;
    writeBaseline(workspace.main, {
      [id]: {
        verdict: 'violated',
        gaps: Object.fromEntries(outputs.map(({ output, largestGap }) => [output, largestGap])),
      },
    });
    const accepted = await client.until(
      'the acceptance',
      () => (verdictOf('leaky')?.severity === 3 ? verdictOf('leaky') : undefined),
      minute,
    );
    expect(accepted.message).toMatch(/^accepted: violated/);
    writeBaseline(workspace.main, {});
    await client.until('the error again', () => verdictOf('leaky')?.severity === 1, minute);
  });
});

describe('a save', () => {
  it('runs the checks, whose verdicts then stand at their lines, and go with what they were computed from', async () => {
    await start();
    expect(client.state(uri, 'leaky')).toBe('not run');
    await client.save(uri);
    await client.until(
      'both verdicts',
      () => client.state(uri, 'steady') === 'holds' && client.state(uri, 'leaky') === 'violated',
      minute,
    );

    // A broken symmetry is an error on the head of its check, with the way to what it is about.
    const violated = await client.until('the squiggle', () => verdictOf('leaky'));
    expect(violated.severity).toBe(1);
    expect(violated.code).toBe('verify/violated');
    expect(violated.message).toMatch(
      /^violated: `leaky` is not SE\(3\)-equivariant on objects: gap \S+, \S+ x the rounding floor; worst under .+ on objects\.npz\[\d+\]$/,
    );
    expect(violated.range.start).toEqual(client.position(uri, '|check leaky'));
    expect(violated.range.end).toEqual(client.position(uri, 'under SE(3)|'));
    expect(violated.relatedInformation!.map(({ message }) => message)).toEqual([
      'the model `leaky`',
      'the data `objects`',
    ]);
    expect(violated.relatedInformation![0]!.location.uri).toContain('models.equi');
    expect(verdictOf('steady')).toBeUndefined();

    const titles = await lenses();
    expect(titles[0]).toBe('2 checks: 1 holds, 1 violated');
    expect(titles).toContain('run again');
    expect(titles.some((title) => /^✓ holds: gap \S+, floor \S+$/.test(title))).toBe(true);
    expect(titles.some((title) => /^✗ violated, expected holds: gap/.test(title))).toBe(true);

    const position = client.position(uri, 'che|ck leaky');
    const hover = await client.request<Hover>('textDocument/hover', uri, { position });
    expect((hover.contents as MarkupContent).value).toContain('| output | verdict | gap |');

    // A comment and a blank line move the check and keep its verdict.
    await client.edit(uri, '// Four scans', '\n// A comment.\n// Four scans');
    await client.until(
      'the moved squiggle',
      () => verdictOf('leaky')?.range.start.line === violated.range.start.line + 2,
    );
    expect(client.state(uri, 'leaky')).toBe('violated');

    // Another group is another claim.
    await client.edit(uri, 'leaky on objects under SE(3)', 'leaky on objects under O(3)');
    const stale = await client.until('the stale hint', () => {
      const found = verdictOf('leaky');
      return found?.code === 'verify/stale' && found;
    });
    expect(stale.severity).toBe(4);
    expect(stale.message).toMatch(/^stale: violated: `leaky`/);
    expect(client.state(uri, 'leaky')).toBe('stale');
    expect((await lenses()).some((title) => title.startsWith('○ stale (was violated'))).toBe(true);
    expect(client.state(uri, 'steady')).toBe('holds');

    // The edit undone, the verdict belongs to the text again.
    await client.edit(uri, 'leaky on objects under O(3)', 'leaky on objects under SE(3)');
    await client.until('the old verdict', () => verdictOf('leaky')?.code === 'verify/violated');

    // Known violations are facts worth keeping, and need no new run.
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', uri, {
      range: violated.range,
      context: { diagnostics: [verdictOf('leaky')] },
    });
    const known = actions.find(({ title }) => title.includes('expect: violated'))!;
    expect(known.edit!.changes![uri]![0]!.newText).toContain('expect: violated');
    await client.edit(uri, 'under SE(3) { elements: 2 }', 'under SE(3) { elements: 2  expect: violated }');
    const information = await client.until('the known violation', () => {
      const found = verdictOf('leaky');
      return found?.severity === 3 && found;
    });
    expect(information.message).toMatch(/^violated, as expected: /);

    const report = await client.execute<Report>(commands.report, uri);
    expect(report.schema).toBe('noether-report-1');
    expect(report.summary).toMatchObject({ checks: 2, asExpected: 2, notRun: 0 });
  });

  it('of a used file runs the checks that are about it', async () => {
    await start();
    const models = await client.open(workspace.models);
    await client.edit(models, 'hidden: 8  layers: 1 }', 'hidden: 4  layers: 1 }');
    await client.save(models);
    await client.until('the verdict', () => client.state(uri, 'steady') === 'holds', minute);
    await client.edit(models, 'hidden: 4  layers: 1 }', 'hidden: 6  layers: 1 }');
    await client.until('the stale verdict', () => client.state(uri, 'steady') === 'stale');
  });

  it('runs nothing when the setting says so, until it changes', async () => {
    await start({ run: 'onCommand' });
    await client.save(uri);
    await client.execute(commands.report, uri);
    expect(client.state(uri, 'leaky')).toBe('not run');
    client.settings = { ...client.settings, run: 'onSave', codeLens: false };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await client.save(uri);
    await client.until('a verdict', () => client.state(uri, 'leaky') === 'violated', minute);
    expect(await lenses()).toEqual([]);
  });
});

describe('what was found earlier', () => {
  it('is shown when the file is opened again, and no longer when the data has changed', async () => {
    await start();
    await client.execute(commands.run, uri);
    expect(client.state(uri, 'leaky')).toBe('violated');
    await client.stop();

    await start();
    await client.until('the verdict from the cache', () => client.state(uri, 'leaky') === 'violated');
    await client.until('its squiggle', () => verdictOf('leaky')?.code === 'verify/violated');
    expect(client.statuses.every(({ state }) => state === 'ready')).toBe(true);

    const before = readFileSync(workspace.data);
    copyFileSync(join(workspace.folder, 'models', 'potential.onnx'), workspace.data);
    await client.until('the stale state', () => client.state(uri, 'leaky') === 'stale');
    writeFileSync(workspace.data, before);
    utimesSync(workspace.data, new Date(), new Date());
    await client.until('the verdict of the old data', () => client.state(uri, 'leaky') === 'violated');

    await client.execute(commands.clearCache);
    await client.until('nothing', () => client.state(uri, 'leaky') === 'not run');
  });
});

describe('a check that cannot be run', () => {
  it('says what is wrong with the file, and what to do', async () => {
    await start();
    writeFileSync(workspace.data, readFileSync(workspace.data).subarray(0, 4000));
    await client.execute(commands.run, uri);
    expect(client.state(uri, 'leaky')).toBe('failed');
    const failed = await client.until('the failure', () => verdictOf('leaky'));
    expect(failed.severity).toBe(1);
    expect(String(failed.code)).toMatch(/^data\//);
    expect(failed.message).not.toMatch(/\n\s+at /);
    expect((await lenses()).some((title) => title.startsWith('! could not run:'))).toBe(true);
  });
});
