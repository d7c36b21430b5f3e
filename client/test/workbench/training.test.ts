/** The panel of a training in a real VS Code: opened, followed, stopped, taken up again, found again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickLens, command, openFile, panelPage, seeLens } from './editor.ts';
import { findChromium } from './tools.ts';
import { addTraining, trainingFile } from './training.ts';
import { openWorkbench, until, type Workbench } from './workbench.ts';

const chromium = findChromium();

describe.skipIf(!chromium)('the panel of a training', () => {
  let bench: Workbench;
  /** What the page of the panel broke of its own policy, or failed at. */
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openWorkbench({
      fixture: 'quickstart',
      chromium: chromium!,
      prepare: addTraining,
    });
    bench.page.on('console', (message) => {
      if (/Content Security Policy|training-page/.test(message.text()) && message.type() === 'error')
        complaints.push(message.text());
    });
    await openFile(bench.page, trainingFile);
    await seeLens(bench.page, /not trained in this session/);
  });
  afterAll(() => bench?.close());

  const panel = () => panelPage(bench.page);
  const button = () => panel().locator('#button');
  const summary = async () => (await panel().locator('#summary').textContent()) ?? '';
  const seeSummary = async (text: RegExp) => {
    await until(async () => text.test(await summary()), 60_000).catch(async (error) => {
      throw new Error(`the panel says no ${text} but "${await summary()}" (${error.message})`);
    });
  };
  const press = async (title: string) => {
    await until(async () => (await button().textContent()) === title, 60_000);
    await button().click();
  };

  test('opens from the lens, and says that nothing is there yet', async () => {
    await clickLens(bench.page, 'plot');
    await panel().locator('#empty').waitFor();
    expect(await panel().locator('h1').textContent()).toBe('train normals_of on objects');
    expect(await button().textContent()).toBe('Train');
    expect(await panel().locator('#facts').textContent()).toMatch(/steps\s*1,500/);
  });

  test('trains at the press of its button and draws the losses while it does', async () => {
    await press('Train');
    await seeSummary(/step [\d,]+ of 1,500, loss .* left/);
    await until(async () => (await panel().locator('circle.loss').count()) >= 3, 60_000);
    expect(await panel().locator('#empty').isVisible()).toBe(false);
    const label = (await panel().locator('#plot').getAttribute('aria-label')) ?? '';
    expect(label).toMatch(/^Learning curve of train normals_of on objects\. … training/);
    // The theme's blue, and not what a browser draws without a style.
    const stroke = await panel()
      .locator('#plot')
      .evaluate((plot) => {
        // The lines are drawn anew all the time: one that is looked up here is still there.
        const line = plot.querySelector('polyline.loss')!;
        return plot.ownerDocument.defaultView!.getComputedStyle(line).stroke;
      });
    expect(stroke).toMatch(/^rgb\((?!0, 0, 0\))/);
  });

  test('stops, and goes on where it was', async () => {
    const ahead = async () =>
      Number(/step ([\d,]+) of/.exec(await summary())?.[1]?.replace(',', '') ?? Number.NaN);
    // What is stopped before the first state is written begins anew.
    await bench.page.waitForTimeout(6000);
    await press('Stop');
    await seeSummary(/stopped at step/);
    const reached = await ahead();
    await seeLens(bench.page, /stopped at step/);
    expect(await panel().locator('[role=status]').textContent()).toBe(await summary());
    await press('Resume');
    await until(async () => (await ahead()) > reached, 60_000);
    await seeSummary(/✓ 1,500 steps: loss/);
    expect(await panel().locator('#facts').textContent()).toMatch(/validation loss/);
    expect(await panel().locator('circle.validation').count()).toBe(30);
  });

  test('is found again from the palette, with its curve', async () => {
    const { page } = bench;
    await page.locator('.tab', { hasText: 'train normals_of' }).locator('.action-label').first().click();
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
    await command(page, 'Noether: Show Learning Curve');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'train normals_of' }).waitFor();
    await page.keyboard.press('Enter');
    await until(async () => (await panel().locator('circle.loss').count()) >= 30, 60_000);
  });

  test('obeys its content security policy', () => expect(complaints).toEqual([]));
});
