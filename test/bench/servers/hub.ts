/**
 * The hub itself, as `serve` opens it. With BENCH_AUDIT every answer waits for a stub of the audit: its statement tells the
 * `person_key`s of everybody whose data it holds, all answers that are ready together go into one multi-row insert, and each
 * answer waits for the insert that holds it.
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
import type { Delivery } from '../../../src/graphql/work.ts';
import { openHub } from '../../../src/hub.ts';
import { loadStanding } from '../../../src/identity/standing.ts';
import { testKeys } from '../../world/keys.ts';
import { readingOnly } from '../../world/work.ts';
import { databaseUrl, endWithParent, ready } from './child.ts';

endWithParent();
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
writeFileSync(join(folder, 'hub-keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
const config = readConfig({ DATABASE_URL: databaseUrl, HUB_DATA_DIR: folder, PORT: '0', HUB_CALLER_BUDGET: '1000000000000' });

const listener = process.env['BENCH_AUDIT'] === undefined ? await openHub(config).then((hub) => hub.serve()) : await audited();
ready(Number(new URL(listener.url).port));

async function audited(): ReturnType<typeof openListener> {
  const database = await openDatabase(config);
  await database.sql.unsafe('drop table if exists bench_audit; create table bench_audit (id bigint generated always as identity primary key, at timestamptz not null, consumer text not null, matter text not null, subjects text[] not null)');
  const standing = await loadStanding(database.sql);
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const work = { ...readingOnly(() => ''), audit: stubAudit(database) };
  const server = buildServer(schema, database, work, (_id, error) => console.error(error));
  await server.apollo.start();
  return openListener(config, server, schema, () => standing, () => new Date());
}

/** Group commit: what comes while an insert runs goes into the next one. */
function stubAudit(database: Database): (delivery: Delivery) => Promise<void> {
  const sql = database.connect({ name: 'audit', max: 1 });
  const statement = `insert into bench_audit (at, consumer, matter, subjects)
    select r.at, r.consumer, r.matter, string_to_array(r.subjects, ',') from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[]) r(at, consumer, matter, subjects)`;
  let next: { readonly rows: Delivery[]; readonly done: Promise<void> } | undefined;
  let running: Promise<unknown> = Promise.resolve();
  return (delivery) => {
    if (next === undefined) {
      const rows: Delivery[] = [];
      const done = running.then(async () => {
        next = undefined;
        const columns = [rows.map(({ now }) => now), rows.map(({ caller }) => (caller.kind === 'consumer' ? caller.consumer : '')), rows.map(({ purpose }) => purpose.matter?.code ?? ''), rows.map(({ subjects }) => subjects.join())];
        await sql.unsafe(statement, columns, { prepare: true });
      });
      running = done.catch(() => undefined);
      next = { rows, done };
    }
    next.rows.push(delivery);
    return next.done;
  };
}
