/**
 * The hub itself, as `serve` opens it. With BENCH_AUDIT=off nothing is written down, and statements do not tell whose data they hold.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../src/config.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { buildSchema } from '../../../src/graphql/schema.ts';
import { buildServer } from '../../../src/graphql/server.ts';
import { openListener } from '../../../src/http/listener.ts';
import { openHub } from '../../../src/hub.ts';
import { loadStanding } from '../../../src/identity/standing.ts';
import { testKeys } from '../../world/keys.ts';
import { readingOnly } from '../../world/work.ts';
import { databaseUrl, endWithParent, ready } from './child.ts';

endWithParent();
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
writeFileSync(join(folder, 'hub-keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
const config = readConfig({ DATABASE_URL: databaseUrl, HUB_DATA_DIR: folder, PORT: '0', HUB_CALLER_BUDGET: '1000000000000', HUB_APPLICATION_LOOKUPS: process.env['BENCH_LOOKUPS'] ?? '0' });

const listener = process.env['BENCH_AUDIT'] === 'off' ? await silent() : await openHub(config).then((hub) => hub.serve());
ready(Number(new URL(listener.url).port));

async function silent(): ReturnType<typeof openListener> {
  const database = await openDatabase(config);
  const standing = await loadStanding(database.sql);
  const schema = buildSchema((code) => standing.catalog.item(code) !== undefined);
  const server = buildServer(schema, database, readingOnly(() => ''), (_id, error) => console.error(error));
  await server.apollo.start();
  return openListener(config, server, schema, () => standing, () => new Date());
}
