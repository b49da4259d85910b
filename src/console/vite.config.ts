/**
 * How the console is built: hashed files that any browser of the last years reads, no address but the hub's own, nothing inlined
 * that a content security policy would have to allow. `npx vite src/console` serves it while it is written,
 * beside a hub that listens on its usual port.
 */
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';

const root = import.meta.dirname;
const hub = 'http://localhost:4000';

export default {
  root,
  base: '/',
  plugins: [react()],
  server: { proxy: { '/graphql': hub, '/session': hub } },
  build: {
    outDir: join(root, '../../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3072,
    reportCompressedSize: false,
    // GraphiQL's own compiler leaves its directives in what it publishes; they mean nothing here.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
} satisfies UserConfig;
