/**
 * `npm run test:gpu`: the tests that need a graphics adapter, on the machine's own or on SwiftShader. Arguments go to
 * Vitest. Ends with 0 and one sentence where no adapter can be had: then nothing was tested.
 */
import { spawnSync } from 'node:child_process';
import { findAdapter } from './gpu-adapter.ts';
import { root } from './root.ts';

const found = await findAdapter();
if ('reason' in found) {
  console.log(`GPU tests skipped: ${found.reason}.`);
} else {
  console.log(`Graphics adapter: ${found.adapter}${found.software ? ' (software)' : ''}`);
  const args = ['run', '--config', 'engine/vitest.gpu.config.ts', ...process.argv.slice(2)];
  const { status } = spawnSync('vitest', args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...found.env },
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
