import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { CountReporter } from '../support/count-reporter.js';

// A suite of its own: it needs Python and its packages, which `npm test` does not.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['test/emulator/**/*.test.ts'],
    globalSetup: ['test/emulator/global-setup.ts'],
    pool: 'forks',
    // Each file starts an emulator, a Temporal server and a worker: two at once are enough for two cores.
    maxWorkers: 2,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', new CountReporter()],
  },
});
