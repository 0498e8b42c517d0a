import { defineConfig } from 'vitest/config';
import { CountReporter } from './test/support/count-reporter.js';

export default defineConfig({
  test: {
    // One Temporal server for all of them.
    globalSetup: ['test/global-setup.ts'],
    include: ['test/**/*.test.ts', 'sandbox/**/*.test.ts'],
    exclude: ['test/emulator/**', 'node_modules/**'],
    pool: 'forks',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    maxWorkers: 3,
    // Generous: no test may depend on how fast the machine is.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    reporters: ['default', new CountReporter()],
  },
});
