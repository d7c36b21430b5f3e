/** The quick start in a real VS Code: what a first user sees and does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  clickLens,
  command,
  lenses,
  openFile,
  panelPage,
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
    });
    // Before the workbench lists the files for the first time: it keeps the list.
    addPythonModel(bench.workspace);
    writeFileSync(join(bench.workspace, 'training.equi'), training);
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

  test('plots a training while it runs, with a button that stops it and goes on', async () => {
    const { page } = bench;
    await openFile(page, 'training.equi');
    await seeLens(page, /not trained in this session/);
    await clickLens(page, 'plot');
    const panel = panelPage(page);
    const button = panel.locator('#button');
    await panel.locator('h1', { hasText: 'train plain on objects' }).waitFor();
    await panel.locator('#empty').waitFor();
    await button.click();
    await seeLens(page, /step [\d,]+ of 20,000/);
    // Lines with a point for each step or validation that was heard of.
    const points = async (line: string) =>
      ((await panel.locator(`polyline.${line}`).getAttribute('points')) ?? '').split(' ').length;
    await until(async () => (await points('steps')) > 5 && (await points('validation')) > 2, 60_000);
    expect(await panel.locator('#plot').getAttribute('aria-label')).toMatch(
      /^Learning curve of train plain on objects\. .*loss/,
    );
    expect(await button.textContent()).toBe('Stop');
    await button.click();
    await until(async () => (await button.textContent()) === 'Resume', 30_000);
    await seeLens(page, /stopped at step/);
    await clickLens(page, 'plot');
    // The one that is there is shown, and no second one opened.
    expect(await page.locator('.tab', { hasText: 'train plain on objects' }).count()).toBe(1);
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

const training = `data objects from "data/objects.npz" {
  positions: position[point]
  normals:   vector[point]
}
model plain is Rapidash {
  orientations: 4  hidden: 8  layers: 1  level: point  scalar_outputs: 0  vector_outputs: 1  graph: knn(4)  length_scale: 0.05
}
train plain on objects { loss: mse(normals)  steps: 20000  batch: 2  validation: 0.25  every: 20 }
`;

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
