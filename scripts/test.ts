/**
 * `npm test`: everything. Format, lint and types; then unit, language, protocol and command line tests; then the
 * extension in a real workbench; then the kernels on a graphics adapter, where one can be had. Ends with one line that
 * counts them all, skipped ones apart.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAdapter } from './gpu-adapter.ts';
import { root } from './root.ts';
import { runSteps } from './steps.ts';

await import('./build.ts');
runSteps([
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the training page', 'tsc', ['-p', 'client/src/training']],
]);

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const folder = mkdtempSync(join(tmpdir(), 'noether-test-'));
const suites = [
  ['unit, language, protocol and command line', []],
  ['the extension in a real workbench', ['--config', 'client/test/workbench/vitest.config.ts']],
] as const;
const counts = suites.map(([title, args], i) => {
  console.log(`\n— ${title}`);
  return vitest(args, join(folder, `${i}.json`));
});
counts.push(await onGraphicsAdapter());
rmSync(folder, { recursive: true, force: true });

const sum = (pick: (counts: Counts) => number) => counts.reduce((total, each) => total + pick(each), 0);
const [passed, failed, skipped] = [sum((c) => c.passed), sum((c) => c.failed), sum((c) => c.skipped)];
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || counts.some(({ passed, skipped }) => passed + skipped === 0) ? 1 : 0);

/** What `npm run test:gpu` runs; without an adapter it counts as one skipped test. */
async function onGraphicsAdapter(): Promise<Counts> {
  console.log('\n— kernels on a graphics adapter');
  const found = await findAdapter();
  if ('reason' in found) {
    console.log(`Skipped: ${found.reason}.`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  console.log(`${found.adapter}${found.software ? ' (software)' : ''}`);
  return vitest(['--config', 'engine/vitest.gpu.config.ts'], join(folder, 'gpu.json'), found.env);
}

/** A run that could not report counts as one failure, whatever it printed. */
function vitest(args: readonly string[], file: string, env: NodeJS.ProcessEnv = {}): Counts {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync('vitest', ['run', ...args, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const failed = result.numFailedTests + (status !== 0 && result.numFailedTests === 0 ? 1 : 0);
    return {
      passed: result.numPassedTests,
      failed,
      skipped: result.numPendingTests + (result.numTodoTests ?? 0),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
