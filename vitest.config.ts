import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{engine,server,client,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/test/workbench/**'],
    testTimeout: 60_000,
    pool: 'forks',
    globalSetup: ['scripts/tensor-libraries.ts', 'scripts/kernels.ts'],
  },
});
