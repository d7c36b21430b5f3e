/** Takes docs/images/editor.png: the quick start in a real workbench, after its checks have run. */
import { join } from 'node:path';
import { command, openFile, seeInlay, seeLens } from '../client/test/workbench/editor.ts';
import { findChromium } from '../client/test/workbench/tools.ts';
import { openWorkbench } from '../client/test/workbench/workbench.ts';
import { root } from './root.ts';

await import('./build.ts');
const chromium = findChromium();
if (!chromium) throw new Error('a Chromium or Chrome is needed to take the picture');

const bench = await openWorkbench({
  fixture: 'quickstart',
  chromium,
  viewport: { width: 1280, height: 940 },
  settings: {
    'editor.fontSize': 13,
    'editor.minimap.enabled': false,
    'workbench.colorTheme': 'Default Light Modern',
  },
});
try {
  const { page } = bench;
  await openFile(page, 'quickstart.equi');
  await command(page, 'Noether: Run All Checks in This File');
  await seeLens(page, /3 checks: 2 hold, 1 violated/);
  await seeInlay(page, /parameters/);
  await command(page, 'Problems: Focus on Problems View');
  // Toasts and the palette fade out; a picture in between would show half of them.
  await command(page, 'Notifications: Clear All Notifications');
  await page.waitForTimeout(3000);
  const file = process.argv[2] ?? join(root, 'docs', 'images', 'editor.png');
  await page.screenshot({ path: file });
  console.log(file);
} finally {
  await bench.close();
}
