/**
 * `migrate` and `seed`: a database's tables, and what fills them.
 */
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { openHub } from '../hub.ts';
import { seedCounty } from '../seeding/seed.ts';
import { progressLine } from './progress.ts';

/** Brings the tables up to date and ends. */
export async function migrateOnly(config: Config): Promise<void> {
  const database = await openDatabase(config);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

/** Loads reference data and a synthetic county; the same seed gives the same rows. `--people 0` loads reference data only. */
export async function seed(config: Config, words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { people: { type: 'string', default: String(config.seedPeople) }, seed: { type: 'string', default: 'tianzhu' } } });
  const people = Number(values.people);
  if (!Number.isInteger(people) || people < 0 || people > 2_000_000) throw new HubError('BAD_INPUT', '--people must be a whole number from 0 to 2000000.');
  const hub = await openHub(config, undefined, async ({ writing }) => {
    await seedCounty(writing(), { people, seed: values.seed }, progressLine());
  });
  await hub.close();
}
