import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    include: ['test/temporal/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
