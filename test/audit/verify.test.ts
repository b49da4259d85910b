/**
 * Every way in which somebody with the database's owner's rights could tamper with the audit is found, and the place is named. Also by
 * somebody who knows how hashes are made, and makes all of them anew.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type postgres from 'postgres';
import { hashOf, linkOf, sealHash, sm3 } from '../../src/audit/record.ts';
import type { Problem } from '../../src/audit/walk.ts';
import { verifyWith } from '../../src/audit/open.ts';
import type { Database } from '../../src/db/open.ts';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import { cloneDatabase } from '../world/database.ts';
import { auditKeys, auditOn, Clock, ofReference, verified, write } from './world.ts';

let database: Database;
let last: { n: string; hash: string };

type Tx = postgres.TransactionSql;

/** Two chains: 1 is closed and sealed by seals 1 and 2, with records 1 to 22; 2 is sealed at 11 by seal 2 and ends at 16 unsealed. */
beforeAll(async () => {
  database = await cloneDatabase();
  const clock = new Clock();
  const first = auditOn(database, clock);
  await write(first, 19);
  await write(first, 1, { certificates: ['4a08d239-a475-8e2b-b137-24d421327787', '59fd5955-8679-8878-b65f-f3f86b203e14'] });
  await first.close();
  const second = auditOn(database, clock);
  await write(second, 10, { scope: ofReference, subjects: [] });
  await second.seal();
  await write(second, 5);
  const found = await verified(database);
  expect(found).toMatchObject({ records: 38, chains: 2, seals: 2, problems: [] });
  last = found.last as typeof last;
  for (const table of ['audit_chain', 'audit_scope', 'audit_record', 'audit_record_202611', 'audit_seal', 'audit_head']) await database.sql.unsafe(`alter table ${table} disable trigger user`);
});
afterAll(() => database.close());

class Undone extends Error {}

/** What is found after a change, which is then undone. */
async function foundAfter(change: (tx: Tx) => Promise<unknown>, expected?: typeof last): Promise<readonly Problem[]> {
  let problems: readonly Problem[] = [];
  await database.sql.begin(async (tx) => {
    await change(tx);
    problems = (await verifyWith(auditKeys, { sql: tx as unknown as postgres.Sql, ...(expected === undefined ? {} : { expect: expected }) })).problems;
    throw new Undone();
  }).catch((error: unknown) => { if (!(error instanceof Undone)) throw error; });
  return problems;
}

interface Row { readonly seq: string; readonly digest: string; readonly line: string; readonly hash: string }

const lines = (tx: Tx, writer: number) => tx<Row[]>`
  select r.seq::text, s.digest, r.hash, concat_ws(e'\\x1f', (extract(epoch from at) * 1000)::bigint, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, array_to_string(subjects, ','), certificates) as line
  from audit_record r join audit_scope s on s.id = r.scope where writer = ${writer} order by r.seq`;

/** Makes the hashes of a chain anew from a record on. */
async function rehash(tx: Tx, writer: number, from: number): Promise<void> {
  let previous = '';
  for (const { seq, digest, line, hash } of await lines(tx, writer)) {
    const made = Number(seq) < from ? hash : hashOf(previous, digest, line);
    if (made !== hash) await tx`update audit_record set hash = ${made} where writer = ${writer} and seq = ${seq}`;
    previous = made;
  }
}

/** Makes the seals anew from what the database holds, with these keys. */
async function reseal(tx: Tx, keys: typeof auditKeys): Promise<void> {
  await tx`update audit_head h set hash = r.hash from audit_record r where r.writer = h.writer and r.seq = h.seq`;
  let previous = '';
  for (const { n, at } of await tx<{ n: string; at: string }[]>`select n::text, (extract(epoch from at) * 1000)::bigint::text as at from audit_seal order by audit_seal.n`) {
    const heads = await tx<{ writer: string; seq: string; hash: string; closed: boolean }[]>`select writer::text, seq::text, hash, closed from audit_head where seal = ${n} order by audit_head.writer`;
    const hash = sealHash({ n, at: Number(at), previous, keyVersion: keys.current, heads });
    const signature = keys.signSm2(hash);
    await tx`update audit_seal set previous = ${previous}, hash = ${hash}, signature = ${signature} where n = ${n}`;
    previous = linkOf({ hash, signature });
  }
  // Chains begun after a seal hang on it.
  await tx`update audit_chain set seal_link = ${previous} where seal > 99`;
}

describe('found is', () => {
  const cases: readonly (readonly [string, (tx: Tx) => Promise<unknown>, RegExp])[] = [
    ['a changed subject', (tx) => tx`update audit_record set subjects = array['somebody-else'] where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a certificate that is left out', (tx) => tx`update audit_record set certificates = null where writer = 1 and certificates is not null`, /^record 1\/21 /],
    ['a certificate that is put in', (tx) => tx`update audit_record set certificates = '4a08d239-a475-8e2b-b137-24d421327787' where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a changed moment', (tx) => tx`update audit_record set at = at - interval '1 hour' where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a changed outcome', (tx) => tx`update audit_record set outcome = 'FORBIDDEN', rows = 0 where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a record given another scope', (tx) => tx`update audit_record set scope = (select scope from audit_record where writer = 2 and seq = 2) where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a changed hash', (tx) => tx`update audit_record set hash = 'x' where writer = 1 and seq = 7`, /^record 1\/7 /],
    ['a record taken out', (tx) => tx`delete from audit_record where writer = 1 and seq = 7`, /^record 1\/8 follows record 6: 1 between them is gone/],
    ['a record taken out and the rest moved up and hashed anew', async (tx) => {
      await tx`delete from audit_record where writer = 1 and seq = 7`;
      await tx`update audit_record set seq = seq - 1000 where writer = 1 and seq > 7`;
      await tx`update audit_record set seq = seq + 999 where writer = 1 and seq < 0`;
      await rehash(tx, 1, 7);
    }, /^record 1\/22 is gone/],
    ['the first record taken out', (tx) => tx`delete from audit_record where writer = 1 and seq = 1`, /^record 1\/2 follows record 0/],
    ['two records swapped', (tx) => tx`update audit_record r set subjects = o.subjects, request = o.request, at = o.at from audit_record o where r.writer = 1 and o.writer = 1 and ((r.seq = 5 and o.seq = 9) or (r.seq = 9 and o.seq = 5))`, /^record 1\/5 /],
    ['two records that have changed places', async (tx) => {
      await tx`update audit_record set seq = -5 where writer = 1 and seq = 5`;
      await tx`update audit_record set seq = 5 where writer = 1 and seq = 9`;
      await tx`update audit_record set seq = 9 where writer = 1 and seq = -5`;
    }, /^record 1\/5 /],
    ['a record put in', async (tx) => {
      await tx`update audit_record set seq = seq + 1001 where writer = 1 and seq > 7`;
      await tx`update audit_record set seq = seq - 1000 where writer = 1 and seq > 1000`;
      await tx`insert into audit_record select (jsonb_populate_record(r, jsonb_build_object('seq', 8))).* from audit_record r where writer = 1 and seq = 7`;
      await rehash(tx, 1, 8);
    }, /^record 1\/22 is another one than seal/],
    ['a record put behind the end', async (tx) => {
      await tx`insert into audit_record select (jsonb_populate_record(r, jsonb_build_object('seq', 23))).* from audit_record r where writer = 1 and seq = 7`;
      await rehash(tx, 1, 23);
    }, /^record 1\/23 was put behind the end/],
    ['a chain cut off', (tx) => tx`delete from audit_record where writer = 1 and seq > 15`, /^record 1\/16 is gone and all behind it/],
    ['an open chain cut off behind its sealed end', (tx) => tx`delete from audit_record where writer = 2 and seq > 10`, /^record 2\/11 is gone and all behind it/],
    ['a record changed and everything behind it hashed anew', async (tx) => {
      await tx`update audit_record set subjects = '{}' where writer = 1 and seq = 7`;
      await rehash(tx, 1, 7);
    }, /^record 1\/22 is another one than seal 1 has sealed/],
    ['all of it hashed and sealed anew with another key', async (tx) => {
      await tx`update audit_record set subjects = '{}' where writer = 1 and seq = 7`;
      await rehash(tx, 1, 7);
      await reseal(tx, keyProviderOf(newKeySet()));
    }, /^seal 1 is not signed by this hub/],
    ['a chain that is gone, its beginning too', async (tx) => {
      await tx`delete from audit_record where writer = 1`;
      await tx`delete from audit_chain where writer = 1`;
    }, /^chain 1 is gone; seal 1 has sealed 22 records/],
    ['the beginning of a chain gone', (tx) => tx`delete from audit_chain where writer = 2`, /^chain 2 is gone/],
    ['the beginning of a chain changed', (tx) => tx`update audit_chain set process = 'other' where writer = 2`, /^record 2\/1 or the beginning/],
    ['a forked chain', async (tx) => {
      await tx`select hub_audit_month(202612)`;
      await tx`insert into audit_record select (jsonb_populate_record(r, jsonb_build_object('month', 202612))).* from audit_record r where writer = 2 and seq > 5`;
    }, /^record 2\/6 lies in month 202612 beside its chain.*forked/],
    ['a changed scope', (tx) => tx`update audit_scope set body = replace(body, 'test-police', 'test-nobody')`, /^scope \d+ has been changed/],
    ['a changed scope with its digest', (tx) => tx`update audit_scope set digest = ${sm3('{}')}, body = '{}' where body like '%test-police%'`, /^record 1\/2 /],
    ['a scope that is gone', (tx) => tx`delete from audit_scope where body like '%test-police%'`, /^scope \d+ is gone/],
    ['a seal that is gone', async (tx) => {
      await tx`delete from audit_head where seal = 1`;
      await tx`delete from audit_seal where n = 1`;
    }, /^seal 2 follows seal 0: what was between is gone/],
    ['a sealed end that is gone', (tx) => tx`delete from audit_head where seal = 2 and writer = 2`, /^seal 2 has been changed/],
    ['a sealed end that was changed', (tx) => tx`update audit_head set seq = 9 where seal = 2 and writer = 2`, /^seal 2 has been changed/],
    ['a seal whose moment was changed', (tx) => tx`update audit_seal set at = at + interval '1 day' where n = 1`, /^seal 1 has been changed/],
    ['a signature that was replaced', (tx) => tx`update audit_seal set signature = (select signature from audit_seal where n = 2) where n = 1`, /^seal 1 is not signed/],
    ['a seal of another key put on top', async (tx) => {
      const keys = keyProviderOf(newKeySet());
      const [top] = await tx<{ hash: string; signature: string }[]>`select hash, signature from audit_seal where n = 2`;
      const heads = [{ writer: '2', seq: '16', hash: (await lines(tx, 2)).at(-1)?.hash ?? '', closed: false }];
      const forged = { n: '3', at: 1, previous: linkOf(top as { hash: string; signature: string }), keyVersion: 1, heads };
      await tx`insert into audit_seal values (3, to_timestamp(0.001), ${forged.previous}, 1, ${sealHash(forged)}, ${keys.signSm2(sealHash(forged))})`;
      await tx`insert into audit_head values (3, 2, 16, ${heads[0]?.hash ?? ''}, false)`;
    }, /^seal 3 is not signed by this hub/],
  ];
  test.each(cases)('%s', async (_what, change, expected) => {
    const problems = await foundAfter(change);
    expect(problems.map(({ where, says }) => `${where} ${says}`)[0]).toMatch(expected);
  });

  test('an older state of it all, by whoever has kept the last seal elsewhere', async () => {
    const older = async (tx: Tx): Promise<void> => {
      await tx`delete from audit_record where writer = 2`;
      await tx`delete from audit_chain where writer = 2`;
      await tx`delete from audit_head where seal = 2`;
      await tx`delete from audit_seal where n = 2`;
    };
    expect(await foundAfter(older)).toEqual([]);
    expect((await foundAfter(older, last)).map(({ where }) => where)).toEqual(['seal 2']);
  });

  test('what was sealed anew even with the hub\'s own key, by whoever has kept the last seal elsewhere', async () => {
    const anew = async (tx: Tx): Promise<void> => {
      await tx`update audit_record set subjects = '{}' where writer = 1 and seq = 7`;
      await rehash(tx, 1, 7);
      await reseal(tx, auditKeys);
    };
    expect((await foundAfter(anew, last)).map(({ where }) => where)).toContain('seal 2');
  });
});

test('a chain whose process has gone is closed by the next seal', async () => {
  const own = await cloneDatabase();
  try {
    const dead = auditOn({ ...own, connect: (options) => own.connect(options) });
    await write(dead, 3);
    // Its connection goes, and it does not come to its end.
    if (own.kind === 'server') await own.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'county-data-hub audit'`;
    const next = auditOn(own);
    await write(next, 3);
    await next.close();
    const ends = await own.sql<{ outcome: string }[]>`select distinct on (writer) outcome from audit_record order by writer, seq desc`;
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ABANDONED', 'CLOSED']);
    expect((await verified(own)).problems).toEqual([]);
  } finally {
    await own.close();
  }
});
