/** How a module of engine/generated is bundled from a published package, whichever it is. */
import type { BuildOptions } from 'esbuild';

export const libraryBuild = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;
