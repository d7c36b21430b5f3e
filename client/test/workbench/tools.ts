/**
 * What the workbench tests need and the product does not: a VS Code (code-server), installed once into the
 * user's cache folder, and a Chromium that is already on the machine.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const here = import.meta.dirname;

/** Path of a Chromium or Chrome, or `undefined`: then the suites are skipped, not passed. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM, ...candidates].find((path) => path && existsSync(path));
}

/** The folder with code-server, installed now if it is not there yet (about 20 s). */
export function installTools(): string {
  const manifests = ['package.json', 'package-lock.json'].map((name) => join(here, 'tools', name));
  const hash = createHash('sha256');
  for (const file of manifests) hash.update(readFileSync(file));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'noether', `workbench-${hash.digest('hex').slice(0, 12)}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  console.log('Installing the workbench for the tests …');
  mkdirSync(folder, { recursive: true });
  copyFileSync(manifests[0]!, join(folder, 'package.json'));
  copyFileSync(manifests[1]!, join(folder, 'package-lock.json'));
  npm(['ci'], folder);
  // code-server leaves the dependencies of the VS Code inside it to a script; these are pinned by its own shrinkwrap.
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  npm(['install', '--omit=dev'], vscode);
  npm(['install', '--omit=dev'], join(vscode, 'extensions'));
  writeFileSync(done, '');
  return folder;
}

function npm(args: string[], cwd: string): void {
  const result = spawnSync(
    'npm',
    [...args, '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  if (result.status !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}:\n${result.stderr}`);
}
