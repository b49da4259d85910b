/**
 * The bench's database, and what the workloads ask of it.
 *
 * A county is made and filled once beside the database that TEST_DATABASE_URL names, and kept; each run has a fresh copy of it, since
 * what a run writes (audit, receipts) would slow the next. BENCH_DATABASE_URL names a database that is filled and used as it is.
 * The one caller of the bench is an application for which the catalog of THIS database shares every item without
 * condition: the measurement is of the engine, and the four workloads need items of five departments.
 */
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/open.ts';
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { registerConsumer } from '../../src/identity/consumers.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { personKey } from '../../src/identity/person-key.ts';
import type { WriteContext } from '../../src/records/write.ts';
import { testKeys } from '../world/keys.ts';
import { databaseUrl } from '../world/servers.ts';
import { fillCounty, fillReference, fillSubjects } from './fill.ts';
import type { Facts } from './workloads.ts';

/** What the bench's caller asks for, its matter. */
export const benchMatter = 'BENCH';

/** The key of the bench's caller; it exists in bench databases only. */
export const benchKey = 'hub_bench-key-in-bench-databases-only';

type SeedCounty = (context: WriteContext, options: { people: number; seed: string }, progress?: (what: string, loaded: number) => void) => Promise<unknown>;

/** A database of so many people, as nobody has used it before unless it was named; gives its address. */
export async function benchDatabase(people: number, say: (line: string) => void): Promise<string> {
  const named = process.env['BENCH_DATABASE_URL'];
  if (named !== undefined) return filledDatabase(named, people, say);
  const admin = process.env['TEST_DATABASE_URL'];
  if (admin === undefined) throw new Error('The bench needs a PostgreSQL server: set BENCH_DATABASE_URL (a database for it) or TEST_DATABASE_URL (a server where it may make one).');
  // Another set of migrations is another database.
  const shape = hash('sha1', readFileSync(new URL('../../drizzle/meta/_journal.json', import.meta.url)), 'hex').slice(0, 8);
  const name = `hub_bench_${people}_${shape}`;
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  try {
    const [there] = await sql`select 1 from pg_database where datname = ${name}`;
    if (there === undefined) await sql.unsafe(`create database "${name}" template template0 encoding 'UTF8'`);
    await filledDatabase(databaseUrl(admin, name), people, say);
    await sql.unsafe(`drop database if exists "${name}_run" with (force)`);
    await sql.unsafe(`create database "${name}_run" template "${name}" strategy file_copy`);
  } finally {
    await sql.end();
  }
  return databaseUrl(admin, `${name}_run`);
}

async function filledDatabase(url: string, people: number, say: (line: string) => void): Promise<string> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  try {
    await migrate(database);
    const [state] = await database.sql<{ there: boolean }[]>`select to_regclass('bench_state') is not null as there`;
    if (state?.there === true) {
      const [filled] = await database.sql<{ people: number; by: string }[]>`select people, by from bench_state`;
      say(`Database of ${filled?.people} people, filled by ${filled?.by}.`);
      return url;
    }
    const [foreign] = await database.sql<{ id: string }[]>`select id from person limit 1`;
    if (foreign !== undefined) throw new Error('The database holds people that the bench did not put there. Give it an empty one.');
    await fill(database, people, say);
    return url;
  } finally {
    await database.close();
  }
}

async function fill(database: Database, people: number, say: (line: string) => void): Promise<void> {
  const began = performance.now();
  // The general client stops what takes a minute; filling takes longer.
  const sql = database.connect({ name: 'bench', max: 4, statementTimeoutMs: 0 });
  try {
    const seeding = new URL('../../src/seeding/seed.ts', import.meta.url);
    const own = existsSync(seeding) && process.env['BENCH_FILL'] !== 'sql';
    say(`Filling a new database with ${people} people ${own ? 'by the product\'s seeding' : 'by the bench\'s SQL'}; it is kept.`);
    if (own) {
      const { seedCounty } = (await import(seeding.href)) as { seedCounty: SeedCounty };
      const keys = keyProviderOf(testKeys);
      const now = new Date();
      const today = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
      await seedCounty({ sql, now: now.toISOString(), today, personKey: (idNumber) => personKey(keys, idNumber) }, { people, seed: 'bench' });
    } else {
      await fillReference(sql);
      await fillCounty(sql, people);
    }
    await fillSubjects(sql, 40_000);
    await admitCaller(sql);
    // Without it GIN's pending lists stay unread and the planner knows nothing.
    await sql.unsafe('vacuum (analyze)');
    await sql`create table bench_state as select ${people}::int as people, ${own ? 'the product\'s seeding' : 'SQL'}::text as by`;
    say(`Filled in ${Math.round((performance.now() - began) / 1000)} s.`);
  } finally {
    await sql.end();
  }
}

async function admitCaller(sql: postgres.Sql): Promise<void> {
  await registerConsumer(sql, { code: 'bench', name: 'bench', departmentCode: '620623-ZS' }, { by: 'bench', now: '2026-01-01T00:00:00.000Z' });
  await sql`insert into matter (code, name, department_code, needs_case) values (${benchMatter}, 'bench', '620623-ZS', false) on conflict do nothing`;
  await sql`insert into api_key (digest, consumer_code, created_at) values (${apiKeyDigest(benchKey)}, 'bench', '2026-01-01T00:00:00Z') on conflict do nothing`;
  await sql`update catalog_item set share_type = 'UNCONDITIONAL', key_share_type = null`;
}

/** Reads whom the workloads may ask for. */
export async function readFacts(sql: postgres.Sql): Promise<Facts> {
  const people = await sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by md5(id_number) limit 40000`;
  const subjects = await sql<{ id: string }[]>`select id_number as id from bench_subject order by md5(id_number)`;
  const cursors = await sql<{ id: string }[]>`select id from (select id, row_number() over (order by id desc) as n from legal_entity) e where n > 1000 order by md5(id::text) limit 5000`;
  const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
  const facts = { people: ids(people), subjects: ids(subjects), cursors: ids(cursors) };
  if (facts.subjects.length < 1000 || facts.cursors.length < 100) throw new Error(`The county is too small: ${facts.subjects.length} subjects, ${facts.cursors.length} pages.`);
  return facts;
}
