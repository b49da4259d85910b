/**
 * The hub itself, as `serve` opens it. With BENCH_AUDIT every answer waits for a stub of the audit: the subjects of all
 * answers that are ready together go into one multi-row insert, and each answer waits for the insert that holds it.
 *
 * The product has no hook for an audit writer yet, so the stub stands on the lanes; and its statements do not return
 * `person_key`s yet, so it writes down the keys that were asked for.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../src/config.ts';
import type { Database } from '../../../src/db/open.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { buildServer } from '../../../src/graphql/server.ts';
import { openListener } from '../../../src/http/listener.ts';
import { openHub } from '../../../src/hub.ts';
import { loadStanding } from '../../../src/identity/standing.ts';
import type { StatementLane } from '../../../src/query/run.ts';
import { testKeys } from '../../world/keys.ts';
import { readingOnly } from '../../world/work.ts';
import { databaseUrl, endWithParent, ready } from './child.ts';

endWithParent();
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
writeFileSync(join(folder, 'hub-keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
const config = readConfig({ DATABASE_URL: databaseUrl, HUB_DATA_DIR: folder, PORT: '0' });

const listener = process.env['BENCH_AUDIT'] === undefined ? await openHub(config).then((hub) => hub.serve()) : await audited();
ready(Number(new URL(listener.url).port));

async function audited(): ReturnType<typeof openListener> {
  const database = await openDatabase(config);
  await database.sql.unsafe('create table if not exists bench_audit (id bigint generated always as identity primary key, at timestamptz not null, consumer text not null, operation text not null, subjects text[] not null)');
  const standing = await loadStanding(database.sql);
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const write = stubAudit(database);
  const waiting = (lane: StatementLane): StatementLane => ({
    query: async (text, parameters) => {
      const rows = await lane.query(text, parameters);
      await write(parameters);
      return rows;
    },
    values: async (text, parameters) => {
      const rows = await lane.values(text, parameters);
      await write(parameters);
      return rows;
    },
  });
  const apollo = buildServer(schema, { points: waiting(database.points), lists: waiting(database.lists) }, readingOnly(() => ''), (_id, error) => console.error(error));
  await apollo.start();
  return openListener(config, apollo, schema, () => standing, () => new Date());
}

/** Group commit: what comes while an insert runs goes into the next one. */
function stubAudit(database: Database): (parameters: readonly unknown[]) => Promise<void> {
  const sql = database.connect({ name: 'audit', max: 1 });
  const statement = `insert into bench_audit (at, consumer, operation, subjects)
    select now(), 'bench', 'bench', string_to_array(s, ',') from unnest($1::text[]) s`;
  let next: { readonly subjects: string[]; readonly done: Promise<void> } | undefined;
  let running: Promise<unknown> = Promise.resolve();
  return (parameters) => {
    if (next === undefined) {
      const subjects: string[] = [];
      const done = running.then(async () => {
        next = undefined;
        await sql.unsafe(statement, [subjects], { prepare: true });
      });
      running = done.catch(() => undefined);
      next = { subjects, done };
    }
    next.subjects.push(String(parameters[0]).replace(/[{}"]/g, ''));
    return next.done;
  };
}
