/**
 * How the tests run: two forked processes beside the database that test/world/global-setup.ts offers. Each runs one file after
 * the other with the modules that it has loaded, so a file leaves no timer, listener or replaced function behind. Long hooks are
 * allowed because the first one that asks for the database waits until it is made.
 */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { TemplateFirst } from './test/world/order.ts';

/**
 * One copy of graphql-js: Node gives Apollo its CommonJS files, Vite would give us its ES modules, and a schema of the
 * one is no schema to the other.
 */
export const oneGraphql = { find: /^graphql$/, replacement: fileURLToPath(new URL('./node_modules/graphql/index.js', import.meta.url)) };

export default defineConfig({
  resolve: { alias: [oneGraphql] },
  test: {
    include: ['test/**/*.test.ts'],
    // These need a browser: `npm run test:console`.
    exclude: [...configDefaults.exclude, 'test/console/**'],
    globalSetup: ['test/world/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: TemplateFirst },
    testTimeout: 60_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
