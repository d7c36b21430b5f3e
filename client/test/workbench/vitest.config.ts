import { defineConfig } from 'vitest/config';

/** One workbench at a time: it takes both cores of a small machine. */
export default defineConfig({
  test: {
    include: ['client/test/workbench/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
