/** A folder of pictures as data, from the command line. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const pictures = fileURLToPath(new URL('../../../test-fixtures/data/pictures/colours', import.meta.url));
let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  cpSync(pictures, join(workspace.folder, 'photos'), { recursive: true });
  workspace.write(
    'mean.py',
    'def brightness(image):\n    return image.mean()\n\ndef corner(image):\n    return image[0, 0, 0]\n',
  );
  workspace.write(
    'photos.equi',
    `data photos from "photos" { image: image[row, column, 3]  label: category(2) }
     model mean from python "mean:brightness" { input image: image[row, column, 3]  output brightness: scalar }
     model corner from python "mean:corner" { input image: image[row, column, 3]  output first: scalar }
     check mean on photos under C(2)
     check corner on photos under C(2) { expect: violated }`,
  );
});
afterAll(() => workspace.remove());

it('is described, checked, and looked at again when a picture changes', async () => {
  const described = await run(workspace, 'describe', 'photos');
  expect(described.stdout).toMatch(/image +float64 +\[4, 6, 9, 3\]/);
  const check = async () => {
    const { code, stdout, stderr } = await run(workspace, 'check', 'photos.equi', '--json', '-');
    expect(code, `${stdout}${stderr}`).toBe(0);
    return JSON.parse(stdout) as Report;
  };
  expect((await check()).checks.map(({ cached }) => cached)).toEqual([false, false]);
  expect((await check()).checks.map(({ cached }) => cached)).toEqual([true, true]);
  cpSync(join(workspace.folder, 'photos/warm/plain.png'), join(workspace.folder, 'photos/warm/a.png'));
  expect((await check()).checks.map(({ cached }) => cached)).toEqual([false, false]);
});
