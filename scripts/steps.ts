import { spawnSync } from 'node:child_process';
import { root } from './root.ts';

/** Runs commands of node_modules/.bin or files for Node, one after the other; ends the process at the first failure. */
export function runSteps(
  steps: readonly (readonly [title: string, command: string, args: readonly string[]])[],
): void {
  for (const [title, command, args] of steps) {
    console.log(`\n— ${title}`);
    const started = performance.now();
    const { status, error } = spawnSync(command, args, {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    if (status !== 0) {
      console.error(`\n${title}: failed${error ? ` (${error.message})` : ''}`);
      process.exit(status ?? 1);
    }
    console.log(`— ${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
