/**
 * Where drizzle-kit finds the tables and puts the migrations. It needs no database: `npx drizzle-kit generate`.
 */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/db/tables.ts', './src/db/policy-tables.ts', './src/db/account-tables.ts', './src/db/catalog-tables.ts', './src/db/calendar-tables.ts', './src/db/application-tables.ts', './src/db/sync-tables.ts', './src/db/copy-tables.ts', './src/db/matter-tables.ts', './src/db/verification-tables.ts', './src/db/certificate-tables.ts', './src/db/evaluation-tables.ts', './src/files/tables.ts', './src/registries/*/*.ts'],
  out: './drizzle',
});
