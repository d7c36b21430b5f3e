/** Takes docs/images/training.png: the panel of a training in a real workbench, while it runs. */
import { join } from 'node:path';
import { clickLens, openFile, panelPage, seeLens } from '../client/test/workbench/editor.ts';
import { findChromium } from '../client/test/workbench/tools.ts';
import { openWorkbench, until } from '../client/test/workbench/workbench.ts';
import { root } from './root.ts';

await import('./build.ts');
const chromium = findChromium();
if (!chromium) throw new Error('a Chromium or Chrome is needed to take the picture');

const bench = await openWorkbench({
  fixture: 'rapidash',
  chromium,
  viewport: { width: 1480, height: 760 },
  settings: {
    'editor.fontSize': 13,
    'editor.minimap.enabled': false,
    'editor.wordWrap': 'on',
    'workbench.activityBar.location': 'hidden',
    'workbench.colorTheme': 'Default Light Modern',
  },
});
try {
  const { page } = bench;
  await openFile(page, 'generation.equi');
  await page.keyboard.press('Control+B');
  await seeLens(page, /not trained/);
  await clickLens(page, 'plot');
  const panel = panelPage(page);
  await panel.locator('#button').click();
  await until(
    async () => ((await panel.locator('polyline.loss').getAttribute('points')) ?? '').split(' ').length > 5,
    600_000,
  );
  const file = process.argv[2] ?? join(root, 'docs', 'images', 'training.png');
  await page.screenshot({ path: file });
  console.log(file);
} finally {
  await bench.close();
}
