/**
 * `migrate` and `seed`: a database's tables, and what fills them.
 */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { grantServer } from '../db/roles.ts';
import { HubError } from '../errors.ts';
import { openHub, systemParts } from '../hub.ts';
import { seedCounty } from '../seeding/seed.ts';
import { progressLine } from './progress.ts';
import { CommandRecord } from './recorded.ts';

/** Brings the tables up to date and ends; with `--server-role` gives that role what a server needs. */
export async function migrateOnly(config: Config, words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { 'server-role': { type: 'string' } } });
  const role = values['server-role'];
  const database = await openDatabase(config);
  try {
    await migrate(database);
    if (role === undefined) return;
    if (database.kind !== 'server') throw new HubError('BAD_INPUT', 'The embedded database has one role; --server-role is for a PostgreSQL server (DATABASE_URL).');
    await grantServer(database.sql, role);
    process.stdout.write(`${role} may serve: it adds to the audit and changes nothing of it. Set DATABASE_URL of the server to this role.\n`);
  } finally {
    await database.close();
  }
}

/** Loads reference data and a synthetic county; the same seed gives the same rows. `--people 0` loads reference data only. */
export async function seed(config: Config, words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { people: { type: 'string', default: String(config.seedPeople) }, seed: { type: 'string', default: 'tianzhu' } } });
  const people = Number(values.people);
  if (!Number.isInteger(people) || people < 0 || people > 2_000_000) throw new HubError('BAD_INPUT', '--people must be a whole number from 0 to 2000000.');
  const hub = await openHub(config, { ...systemParts, process: 'seed' }, async ({ writing, audit }) => {
    await new CommandRecord(audit, { roots: ['seed', String(people)] }).around(() => seedCounty(writing(), { people, seed: values.seed, level: config.level }, progressLine()));
  });
  await hub.close();
}
