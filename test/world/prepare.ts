/**
 * What every test database holds before the first test: the tables, the reference data, the callers, and a small
 * synthetic county.
 */
import { migrate } from '../../src/db/migrate.ts';
import type { Database } from '../../src/db/open.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';
import { existsSync } from 'node:fs';
import { registerCallers } from './callers.ts';
import { testKeys } from './keys.ts';

/** Fills the template, once a run. */
export async function prepare(database: Database): Promise<void> {
  await migrate(database);
  if (!existsSync(new URL('../../src/seeding/seed.ts', import.meta.url))) return;
  const { seedCounty } = await import('../../src/seeding/seed.ts');
  const keys = keyProviderOf(testKeys);
  const context = { sql: database.sql, now: '2026-11-24T02:00:00.000Z', today: '2026-11-24', personKey: (idNumber: string) => personKey(keys, idNumber) };
  await seedCounty(context, { people: 400, seed: 'test' });
  await registerCallers(database);
}
