/**
 * How the tests run: two forked processes beside the database that test/world/global-setup.ts offers. Long hooks are
 * allowed because the first one that asks for the database waits until it is made.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/world/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
