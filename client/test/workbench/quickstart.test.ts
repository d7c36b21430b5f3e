/** The quick start in a real VS Code: what a first user sees and does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  command,
  lenses,
  openFile,
  placeCursor,
  seeInlay,
  seeLens,
  seeProblem,
  visibleText,
} from './editor.ts';
import { findChromium } from './tools.ts';
import { openWorkbench, until, type Workbench } from './workbench.ts';

const chromium = findChromium();
if (!chromium) console.warn('No Chromium or Chrome was found: the workbench suites are skipped.');

describe.skipIf(!chromium)('the quick start in the workbench', () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await openWorkbench({
      fixture: 'quickstart',
      chromium: chromium!,
      // The real one cannot be had without its marketplace: this one has the part of its interface that we use.
      extensions: [join(import.meta.dirname, 'python-stand-in')],
      prepare: addPythonModel,
    });
    await openFile(bench.page, 'quickstart.equi');
  });
  afterAll(() => bench?.close());

  test('shows parameters beside models and sizes beside data', async () => {
    await seeInlay(bench.page, /\d[\d,]* parameters/);
    await seeInlay(bench.page, /12 samples/);
  });

  test('runs all checks from the palette and shows verdicts above them', async () => {
    await command(bench.page, 'Noether: Run All Checks in This File');
    await seeLens(bench.page, /holds/);
    await seeLens(bench.page, /violated/);
  });

  test('underlines the broken model’s check and says why', async () => {
    await bench.page.locator('.squiggly-error').first().waitFor({ state: 'attached' });
    await seeProblem(bench.page, /violated: `leaky` is not SE\(3\) \* S\(point\)-equivariant on objects/);
  });

  test('an edit makes the verdict stale at once, and saving brings a new one', async () => {
    const { page } = bench;
    await placeCursor(page, 'features: coordinates');
    await page.keyboard.press('End');
    for (let i = 0; i < ' features: coordinates }'.length; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type(' }');
    await seeLens(page, /stale/, 30_000);
    await page.keyboard.press('Control+S');
    await seeLens(page, /3 checks: all hold/);
    expect(await page.locator('.squiggly-error').count()).toBe(0);
  });

  test('renames a model everywhere', async () => {
    const { page, workspace } = bench;
    await placeCursor(page, 'model steady');
    await page.keyboard.press('F2');
    const input = page.locator('.rename-box input, .monaco-editor.rename-box input').first();
    await input.waitFor();
    await input.fill('calm');
    await page.keyboard.press('Enter');
    await until(async () => /model calm[\s\S]*check calm/.test(await visibleText(page)), 20_000);
    await page.keyboard.press('Control+S');
    await until(
      async () => readFileSync(join(workspace, 'quickstart.equi'), 'utf8').includes('check calm'),
      10_000,
    );
    expect(readFileSync(join(workspace, 'quickstart.equi'), 'utf8')).not.toContain('steady');
  });

  test('cancels from the palette', async () => {
    const { page } = bench;
    await placeCursor(page, 'elements: 32');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('0000');
    await command(page, 'Noether: Run All Checks in This File');
    await seeLens(page, /running|queued/, 30_000);
    await command(page, 'Noether: Cancel Running Checks');
    await seeLens(page, /cancelled/, 20_000);
  });

  test('runs Python models with the interpreter that the Python extension has', async () => {
    const { page } = bench;
    await openFile(page, 'own.equi');
    await command(page, 'Noether: Run All Checks in This File');
    await seeProblem(page, /There is no Python at \/chosen\/in\/the\/editor\/python/, 60_000);
  });
});

describe.skipIf(!chromium)('an untrusted workspace', () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await openWorkbench({ fixture: 'quickstart', chromium: chromium!, restricted: true });
    await openFile(bench.page, 'quickstart.equi');
  });
  afterAll(() => bench?.close());

  test('has the language and runs nothing', async () => {
    await command(bench.page, 'Noether: Run All Checks in This File');
    await seeLens(bench.page, /nothing is run: the workspace is not trusted/);
    await seeInlay(bench.page, /\d[\d,]* parameters/);
    expect((await lenses(bench.page)).join(' ')).not.toMatch(/holds|violated|running|queued/);
  });
});

function addPythonModel(workspace: string): void {
  writeFileSync(join(workspace, 'net.py'), 'def net(positions):\n    return positions\n');
  const data = /from ("[^"]+\.npz")/.exec(readFileSync(join(workspace, 'quickstart.equi'), 'utf8'))![1];
  const specification = [
    `data own from ${data} { x: position[point] from "positions" }`,
    'model net from python "net:net" { input x: position[point]  output y: position[point] }',
    'check net on own under SE(3)',
  ];
  writeFileSync(join(workspace, 'own.equi'), specification.join('\n'));
}
