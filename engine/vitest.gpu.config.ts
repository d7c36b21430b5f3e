/** The tests that need a graphics adapter; started by scripts/test-gpu.ts, which finds one. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['engine/src/**/*.gpu-test.ts'],
    testTimeout: 120_000,
    pool: 'forks',
    globalSetup: ['scripts/tensor-libraries.ts'],
  },
});
