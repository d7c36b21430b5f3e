/** What a person does and sees in the workbench, in words. Selectors live here and nowhere else. */

import type { FrameLocator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from './workbench.ts';

/** Verdicts need a model run on a small machine: poll generously. */
const patience = 120_000;

export async function openFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill(path);
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: path.split('/').at(-1) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: path.split('/').at(-1) }).waitFor();
  await page.locator('.monaco-editor .view-line').first().waitFor();
}

/** Runs a command of the palette by its title. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Waits until some CodeLens has a text. */
export async function seeLens(page: Page, text: RegExp, limit = patience): Promise<void> {
  await until(async () => (await lenses(page)).some((lens) => text.test(lens)), limit).catch(
    async (error) => {
      throw new Error(
        `no lens like ${text}; there are: ${(await lenses(page)).join(' | ')} (${error.message})`,
      );
    },
  );
}

/** The texts of all visible lenses, one for each line that has some. */
export async function lenses(page: Page): Promise<string[]> {
  return (await page.locator('.codelens-decoration').allTextContents()).map(plain);
}

/** Clicks the first lens that has just this title. */
export async function clickLens(page: Page, title: string): Promise<void> {
  await page
    .locator('.codelens-decoration a', { hasText: new RegExp(`^${title}$`) })
    .first()
    .click();
}

/** The page of the panel that is open: what stands in it is in frames of its own. */
export function panelPage(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
}

/** The texts of all inlay hints: decorations that the editor injects into a line. */
export async function seeInlay(page: Page, text: RegExp): Promise<void> {
  const hints = page.locator('.view-line span[class*="dyn-rule"]');
  await until(
    async () => (await hints.allTextContents()).some((hint) => text.test(plain(hint))),
    patience,
  ).catch(async () => expect(await hints.allTextContents()).toContain(text));
}

/** The rows of the Problems view. */
export async function problems(page: Page): Promise<string[]> {
  if (!(await page.locator('.markers-panel').isVisible()))
    await command(page, 'Problems: Focus on Problems View');
  await page.locator('.markers-panel').waitFor();
  return (await page.locator('.markers-panel .monaco-list-row').allTextContents()).map(plain);
}

/** Waits until a problem has a text. */
export async function seeProblem(page: Page, text: RegExp, limit = patience): Promise<void> {
  await until(async () => (await problems(page)).some((row) => text.test(row)), limit).catch(async () => {
    throw new Error(`no problem like ${text}; there are: ${(await problems(page)).join(' | ')}`);
  });
}

/** Puts the cursor behind the first occurrence of a text in the editor, by the editor's own search. */
export async function placeCursor(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+F');
  const input = page.locator('.find-widget textarea[aria-label="Find"]');
  await input.fill(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  // Keys that come while it is still closing would be typed into it.
  await page.locator('.find-widget.visible').waitFor({ state: 'detached' });
}

/** The text of the whole active editor, by selecting nothing: as rendered. */
export async function visibleText(page: Page): Promise<string> {
  return plain((await page.locator('.editor-instance .view-line').allTextContents()).join('\n'));
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
