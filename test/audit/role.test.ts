/**
 * A server that runs as a role of its own adds to the audit, and can neither change nor take out nor switch off anything of it. On a real
 * PostgreSQL only: the embedded database has one role.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyWith } from '../../src/audit/open.ts';
import { monthsToRetire } from '../../src/audit/retire.ts';
import { readConfig } from '../../src/config.ts';
import { grantServer } from '../../src/db/roles.ts';
import { openDatabase } from '../../src/db/open.ts';
import { openHub } from '../../src/hub.ts';
import type { Hub } from '../../src/hub.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { testKeys } from '../world/keys.ts';

describe.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('the server\'s role', () => {
  const role = `hub_test_role_${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'hub-role-'));
  let clone: Clone;
  let owner: postgres.Sql;
  let hub: Hub;
  let url: string;

  beforeAll(async () => {
    clone = await cloneForConfig();
    owner = postgres(clone.databaseUrl ?? '', { max: 1, onnotice: () => undefined });
    await owner.unsafe(`create role ${role} login password '${role}'`);
    await grantServer(owner, role);
    const own = new URL(clone.databaseUrl ?? '');
    [own.username, own.password] = [role, role];
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
    hub = await openHub(readConfig({ PORT: '0', DATABASE_URL: own.toString(), HUB_KEY_FILE: join(folder, 'keys.json'), HUB_DATA_DIR: folder }));
    ({ url } = await hub.serve());
  });
  afterAll(async () => {
    await hub.close();
    await owner.unsafe(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
    await clone.remove();
    rmSync(folder, { recursive: true });
  });

  const ask = (caller: 'police' | 'security', query: string): Promise<Response> => fetch(`${url}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(caller)}`, 'hub-matter': testMatter }, body: JSON.stringify({ query }),
  });

  test('serves, changes policy, writes and seals', async () => {
    expect(await (await ask('police', '{ administrativeDivisions(first: 2) { nodes { name } } }')).json()).not.toHaveProperty('errors');
    expect(await (await ask('security', 'mutation { createList(code: "BY-ROLE", name: "名单") }')).json()).toEqual({ data: { createList: 'BY-ROLE' } });
    await hub.audit.seal();
    expect(await verifyWith(hub.keys, { sql: hub.database.sql })).toMatchObject({ problems: [], seals: 1 });
  });

  const month = 'audit_record_202611';
  test.each([
    'update audit_record set rows = 0', 'delete from audit_record', 'truncate audit_record', 'update audit_scope set body = \'{}\'', 'delete from audit_seal', 'delete from audit_head', 'update audit_chain set process = \'x\'',
    'delete from policy_change', 'insert into audit_retired values (202211, now(), \'x\', \'{1}\', 1, \'x\', \'x\', 1, \'x\')', 'delete from audit_retired', 'update application_move set words = \'\'', 'delete from catalog_draft_move', 'alter table audit_record disable trigger all', 'alter table audit_seal disable trigger user', 'drop table audit_record', 'alter table audit_record detach partition PARTITION',
    'update PARTITION set rows = 0', 'delete from PARTITION', 'truncate PARTITION', 'drop table PARTITION', 'insert into PARTITION select * from audit_record', 'set session_replication_role = replica', 'drop function hub_audit_is_final cascade',
    'create or replace function hub_audit_is_final() returns trigger language plpgsql as $$ begin return null; end $$', 'alter table audit_record owner to current_user', 'grant update on audit_record to current_user',
  ])('may not: %s', async (statement) => {
    const [partition] = await owner<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_record'::regclass limit 1`;
    const refusal = await hub.database.sql.unsafe(statement.replaceAll('PARTITION', partition?.name ?? month)).then(() => 'done', (error: { code?: string }) => error.code);
    // A grant of what one does not have is no error in PostgreSQL, and grants nothing.
    if (statement.startsWith('grant')) expect(await owner`select has_table_privilege(${role}, 'audit_record', 'update') as may`).toEqual([{ may: false }]);
    else expect(refusal).toBe('42501');
  });

  test('retires no month', async () => {
    await expect(monthsToRetire({ sql: hub.database.sql, now: new Date(), years: 3 }, 209901)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('the owner himself is stopped by the tables, unless he takes that away first', async () => {
    for (const statement of ['update audit_record set rows = 0', 'delete from audit_seal', 'truncate audit_scope cascade', 'delete from audit_chain', 'delete from audit_head']) {
      await expect(owner.unsafe(statement)).rejects.toMatchObject({ code: '23001' });
    }
    const [partition] = await owner<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_record'::regclass limit 1`;
    for (const statement of ['delete from', 'truncate']) await expect(owner.unsafe(`${statement} ${partition?.name}`)).rejects.toMatchObject({ code: '23001' });
  });

  test('is no role that could take back what it was denied', async () => {
    const database = await openDatabase({ databaseUrl: clone.databaseUrl, dataDir: '' });
    const [{ current_user: superuser } = { current_user: '' }] = await database.sql<{ current_user: string }[]>`select current_user`;
    await expect(grantServer(database.sql, superuser)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(grantServer(database.sql, 'nobody-of-this-name')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await database.close();
  });
});
