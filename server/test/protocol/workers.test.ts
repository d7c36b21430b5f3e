import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeLens } from 'vscode-languageserver';
import { commands, trustedNotification } from '../../src/protocol.ts';
import { TestClient } from './client.ts';
import { createWorkspace, smallSpecification, type Workspace } from './workspace.ts';

/** A check that goes on for minutes when nobody ends it. */
const long = smallSpecification.replace('under SE(3) { elements: 2 }', 'under SE(3) { elements: 100000 }');

let workspace: Workspace;
let client: TestClient;
let uri: string;

async function start(specification: string, trusted = true) {
  workspace = createWorkspace(specification);
  client = await TestClient.start({
    folders: [workspace.folder],
    settings: { cacheFolder: workspace.cache },
    initializationOptions: { trusted },
  });
  uri = await client.open(workspace.main);
  await client.until('the checks', () => client.checks.has(uri));
}

let leaky: string;
beforeEach(() => {
  leaky = 'leaky on objects under SE(3)';
});

afterEach(async () => {
  await client.stop();
  workspace.remove();
  expect(client.stderr).toBe('');
});

/** Process ids of the server's children. */
function workers(): number[] {
  try {
    const list = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(client.process.pid)], {
      encoding: 'utf8',
    });
    return list.split('\n').flatMap((line) => (/worker/.test(line) ? [Number.parseInt(line, 10)] : []));
  } catch {
    return [];
  }
}

describe('a running check', () => {
  it('is cancelled by command, at once', async () => {
    await start(long);
    const run = client.execute(commands.run, uri, leaky);
    await client.until('the run', () => client.state(uri, 'leaky') === 'running', 60);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', uri);
    expect(lenses.map(({ command }) => command!.command)).toContain(commands.cancel);
    const before = performance.now();
    await client.execute(commands.cancel, uri, leaky);
    await run;
    expect(client.state(uri, 'leaky')).toBe('cancelled');
    // 200 ms are promised; the rest is for machines that are busy with other tests.
    expect(performance.now() - before).toBeLessThan(2000);
    await client.until('rest', () => client.statuses.at(-1)!.state === 'ready');
  });

  it('is cancelled from its progress bar', async () => {
    let token: string | number | undefined;
    await start(long);
    client.connection.onRequest('window/workDoneProgress/create', (params: { token: string }) => {
      token = params.token;
      return null;
    });
    const run = client.execute(commands.run, uri, leaky);
    await client.until('the run', () => token !== undefined && client.state(uri, 'leaky') === 'running', 60);
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token });
    await run;
    expect(client.state(uri, 'leaky')).toBe('cancelled');
  });

  it('is ended by an edit of what it is about', async () => {
    await start(long);
    const run = client.execute(commands.run, uri, leaky);
    await client.until('the run', () => client.state(uri, 'leaky') === 'running', 60);
    await client.edit(uri, 'elements: 100000', 'elements: 100001');
    await run;
    await client.until('the new state', () => client.state(uri, 'leaky') === 'not run');
  });

  it.skipIf(process.platform === 'win32')(
    'survives the death of its worker: told, started over, finished',
    async () => {
      // Long enough to be hit in the middle, short enough to wait for.
      await start(long.replace('elements: 100000', 'elements: 400'));
      const run = client.execute(commands.run, uri, leaky);
      const victim = await client.until(
        'a worker in mid-check',
        () => {
          const going = client.checks.get(uri)?.checks.find(({ id }) => id === leaky);
          return going?.state === 'running' && workers()[0];
        },
        60,
      );
      process.kill(victim, 'SIGKILL');
      await client.until(
        'the news',
        () => client.statuses.some(({ detail }) => detail?.includes('was restarted')),
        60,
      );
      await run;
      expect(client.state(uri, 'leaky')).toBe('violated');
      expect(client.diagnostics(uri).map(({ code }) => code)).toContain('job/worker-restarted');
      expect(workers()).not.toContain(victim);
    },
  );
});

describe('an untrusted workspace', () => {
  it('has the language, runs nothing, and says why, until it is trusted', async () => {
    await start(smallSpecification, false);
    expect(client.statuses.at(-1)!.state).toBe('restricted');
    await client.save(uri);
    await client.execute(commands.run, uri);
    expect(client.state(uri, 'leaky')).toBe('not run');
    expect(workers()).toEqual([]);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', uri);
    expect(lenses[0]!.command!.title).toBe(
      '2 checks: all not run · nothing is run: the workspace is not trusted',
    );
    expect(lenses.every(({ command }) => command!.command === '')).toBe(true);
    await client.edit(uri, 'steady', 'stedy');
    await client.until('a diagnostic', () =>
      client.diagnostics(uri).some(({ message }) => String(message).includes('`steady`')),
    );
    await client.edit(uri, 'stedy', 'steady');

    await client.connection.sendNotification(trustedNotification);
    await client.until('trust', () => client.statuses.at(-1)!.state === 'ready');
    await client.execute(commands.run, uri);
    expect(client.state(uri, 'leaky')).toBe('violated');
  });
});
