/**
 * What every test database holds before the first test: the tables, once there are migrations.
 */
import { existsSync } from 'node:fs';
import { migrate } from '../../src/db/migrate.ts';
import type { Database } from '../../src/db/open.ts';

/** Fills the template, once a run. */
export async function prepare(database: Database): Promise<void> {
  if (existsSync(new URL('../../drizzle/meta/_journal.json', import.meta.url))) await migrate(database);
}
