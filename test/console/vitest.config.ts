/**
 * The console in a browser, apart from the suite because it needs chromium: `npm run test:console`. One process, one browser, one hub
 * after the other; a page may take as long as a busy machine takes.
 */
import { defineConfig } from 'vitest/config';
import { oneGraphql } from '../../vitest.config.ts';

export default defineConfig({
  resolve: { alias: [oneGraphql] },
  test: {
    include: ['test/console/**/*.test.ts'],
    globalSetup: ['test/world/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    testTimeout: 90_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
  },
});
