import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver';
import { commands } from '../../src/protocol.ts';
import { serverEntry, TestClient } from './client.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function hasNeovim(): boolean {
  try {
    execFileSync('nvim', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs the script in a neovim without anybody's configuration. */
function neovim(
  workspace: Workspace,
): Promise<{ diagnostics: Diagnostic[]; checks: unknown[]; error?: string }> {
  const values = [process.execPath, serverEntry, workspace.main, workspace.folder, workspace.cache];
  const child = spawn(
    'nvim',
    ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${path('./diagnostics.lua')}`],
    {
      env: { ...process.env, NOETHER_NVIM: values.join('\n'), XDG_STATE_HOME: workspace.cache },
    },
  );
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      const line = output.split('\n').find((each) => each.startsWith('{'));
      if (line) resolve(JSON.parse(line));
      else reject(new Error(`neovim printed: ${output}`));
    });
  });
}

describe.skipIf(!hasNeovim())('neovim', () => {
  let workspace: Workspace;
  let client: TestClient;
  let uri: string;

  beforeAll(async () => {
    workspace = createWorkspace();
    client = await TestClient.start({
      folders: [workspace.folder],
      settings: { run: 'onCommand', cacheFolder: workspace.cache },
    });
    uri = await client.open(workspace.main);
    await client.until('the checks', () => client.checks.has(uri));
    await client.execute(commands.run, uri);
  }, 120_000);

  afterAll(async () => {
    await client?.stop();
    workspace?.remove();
  });

  it('is shown the same diagnostics and the same states', { timeout: 320_000 }, async () => {
    const seen = await neovim(workspace);
    expect(seen.error).toBeUndefined();
    expect(client.diagnostics(uri).map(({ code }) => code)).toContain('verify/violated');
    expect(seen.diagnostics).toEqual(client.diagnostics(uri));
    expect(seen.checks).toEqual(client.checks.get(uri)!.checks);
  });
});
