/** Which files of a workspace are read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { URI } from 'langium';
import { NodeFileSystem } from 'langium/node';
import { expect, test } from 'vitest';
import { createEquiServices } from './module.ts';

test('specifications are found, and large foreign folders are not entered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'equi-workspace-'));
  const wanted = ['a.equi', 'deep/er/b.equi', 'data/c.equi'];
  const unwanted = [
    'notes.txt',
    'data/objects.npz',
    '.hidden.equi',
    '.git/x.equi',
    'node_modules/p/x.equi',
    'venv/lib/x.equi',
    'wandb/run/x.equi',
    'checkpoints/x.equi',
    'lightning_logs/x.equi',
    'lib/site-packages/x.equi',
  ];
  try {
    for (const name of [...wanted, ...unwanted]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
    const { shared } = createEquiServices(NodeFileSystem);
    await shared.workspace.WorkspaceManager.initializeWorkspace([
      { name: 'work', uri: URI.file(folder).toString() },
    ]);
    const found = shared.workspace.LangiumDocuments.all
      .map(({ uri }) => relative(folder, uri.fsPath))
      .toArray();
    expect(found.sort()).toEqual([...wanted].sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
