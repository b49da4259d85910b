/**
 * The long runs, apart from the suite: `npm run test:soak`.
 */
import { defineConfig } from 'vitest/config';
import { oneGraphql } from '../../vitest.config.ts';

export default defineConfig({
  resolve: { alias: [oneGraphql] },
  test: {
    include: ['test/soak/**/*.soak.ts'],
    globalSetup: ['test/world/global-setup.ts'],
    pool: 'forks',
    execArgv: ['--expose-gc'],
    // What is measured here waits for the disk, as it does in earnest.
    env: { HUB_TEST_DURABLE: '1' },
    maxWorkers: 1,
    testTimeout: 1_800_000,
    hookTimeout: 180_000,
  },
});
