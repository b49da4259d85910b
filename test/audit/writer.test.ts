/**
 * Records are chained, committed together and waited for; what fails is looked up before it is tried again.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { cloneDatabase } from '../world/database.ts';
import { auditOn, Clock, entry, ofPersons, ofReference, verified, write } from './world.ts';

let database: Database;

beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

const records = () => database.sql<{ writer: string; month: number; seq: string; outcome: string; request: string; subjects: string[]; rows: number; statement: string }[]>`
  select writer::text, month, seq::text, outcome, request, subjects, rows, xmin::text as statement from audit_record order by audit_record.writer, audit_record.seq`;

describe('a writer', () => {
  test('writes what it is given, in the order in which it came, and ends its chain', async () => {
    const audit = auditOn(database);
    const entries = await write(audit, 40);
    await audit.close();
    const found = await records();
    expect(found.map(({ outcome }) => outcome)).toEqual(['OPENED', ...entries.map(() => 'OK'), 'CLOSED']);
    expect(found.slice(1, -1).map(({ request }) => request)).toEqual(entries.map(({ request }) => request));
    expect(found[1]?.subjects).toEqual(entries[0]?.subjects);
    expect(await verified(database)).toMatchObject({ records: 42, chains: 1, seals: 1, problems: [] });
  });

  test('takes what comes during a statement into the next one', async () => {
    const audit = auditOn(database);
    await write(audit, 1);
    const writes: Promise<unknown>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      writes.push(write(audit, 4));
      await new Promise((next) => { setImmediate(next); });
    }
    await Promise.all(writes);
    const [own] = await database.sql<{ batches: number; records: number }[]>`select count(distinct xmin::text)::int as batches, count(*)::int as records from audit_record where writer = (select max(writer) from audit_record)`;
    expect(own?.records).toBe(202);
    expect(own?.batches).toBeLessThan(150);
    await audit.close();
  });

  test('waits for look-ups that are being answered, and for nobody who does not come', async () => {
    let coming = 0;
    const audit = auditOn(database, new Clock(), { coming: () => coming });
    await write(audit, 1);
    for (let round = 0; round < 40; round += 1) {
      const writes: Promise<unknown>[] = [];
      for (coming = 3; coming >= 0; coming -= 1) {
        writes.push(write(audit, 1));
        await new Promise((next) => { setImmediate(next); });
      }
      await Promise.all(writes);
    }
    const [own] = await database.sql<{ batches: number; records: number }[]>`select count(distinct xmin::text)::int as batches, count(*)::int as records from audit_record where writer = (select max(writer) from audit_record)`;
    expect(own?.records).toBe(162);
    // 82 or more, were each of the first to come written by itself.
    expect(own?.batches).toBeLessThan(70);
    coming = 5;
    await write(audit, 1);
    await audit.close();
    expect((await verified(database)).problems).toEqual([]);
  });

  test('begins a chain in the month that has begun', async () => {
    const clock = new Clock();
    const audit = auditOn(database, clock);
    const at = Date.parse('2026-11-30T15:59:59.999Z');
    clock.at = at;
    await write(audit, 2, { at });
    clock.at = at + 1;
    await write(audit, 2, { at: at + 1 });
    await audit.close();
    const found = (await records()).slice(-8);
    expect(found.map(({ month, outcome }) => `${month} ${outcome}`)).toEqual([
      '202611 OPENED', '202611 OK', '202611 OK', '202611 CLOSED', '202612 OPENED', '202612 OK', '202612 OK', '202612 CLOSED']);
    expect(new Set(found.map(({ writer }) => writer)).size).toBe(2);
    expect((await verified(database)).problems).toEqual([]);
  });

  test('keeps texts from outside apart from what parts them', async () => {
    const audit = auditOn(database);
    await write(audit, 1, { operator: 'said:a\u001fb\u001ec\u0000d\n', reason: '一个理由', caseNo: '\u001f', subjects: [] });
    await audit.close();
    const [found] = await database.sql<{ operator: string; case_no: string; reason: string; subjects: string[] }[]>`select operator, case_no, reason, subjects from audit_record where operator like 'said:a%'`;
    expect(found).toEqual({ operator: 'said:a b c d ', case_no: ' ', reason: '一个理由', subjects: [] });
    expect((await verified(database)).problems).toEqual([]);
  });

  test('whose place in the chain was taken begins another one, and nothing is lost', async () => {
    const audit = auditOn(database);
    await write(audit, 3);
    const [mine] = await database.sql<{ writer: string; seq: string }[]>`select writer::text, max(seq)::text as seq from audit_record group by audit_record.writer order by audit_record.writer desc limit 1`;
    await database.sql`insert into audit_record select (r).* from (select jsonb_populate_record(r, jsonb_build_object('seq', seq + 1, 'outcome', 'ABANDONED')) as r from audit_record r where writer = ${mine?.writer ?? ''} and seq = ${mine?.seq ?? ''}) x`;
    const later = await write(audit, 3);
    await audit.close();
    const found = await records();
    const own = found.filter(({ request }) => later.some((one) => one.request === request));
    expect(own).toHaveLength(3);
    expect(new Set(own.map(({ writer }) => writer))).toEqual(new Set([String(Number(mine?.writer) + 1)]));
    // The intruder is found; what was written beside it is whole.
    const { problems } = await verified(database);
    expect(problems.map(({ where }) => where)).toEqual([`record ${mine?.writer}/${Number(mine?.seq) + 1}`]);
  });
});

describe('while nothing can be written', () => {
  /** A database whose audit is away for as long as the work takes. */
  async function away<T>(work: () => Promise<T>): Promise<T> {
    await database.sql`alter table audit_record rename to audit_record_away`;
    return work().finally(() => database.sql`alter table audit_record_away rename to audit_record`);
  }

  test('everything is refused, and written again as soon as it can be', async () => {
    const failures: unknown[] = [];
    const audit = auditOn(database, new Clock(), { failures, patienceMs: 2000 });
    await write(audit, 1);
    const refused = await away(() => Promise.allSettled([audit.write(entry()), audit.write(entry({ scope: ofReference, subjects: [] }))]));
    expect(refused.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'written'))).toEqual(['AUDIT_UNAVAILABLE', 'AUDIT_UNAVAILABLE']);
    expect(failures).toHaveLength(1);
    const [after] = await write(audit, 1);
    await audit.close();
    expect((await records()).map(({ request }) => request)).toContain(after?.request);
  });

  test('open reference data is answered within the grace, and written down afterwards', async () => {
    const clock = new Clock();
    const audit = auditOn(database, clock, { grace: 30, patienceMs: 2000 });
    await write(audit, 1);
    const open = entry({ scope: ofReference, subjects: [] });
    await away(async () => {
      await audit.write(open);
      const [withSubject, late] = await Promise.allSettled([audit.write(entry({ scope: ofReference })), audit.write(entry({ scope: ofPersons, subjects: [] }))]);
      expect([withSubject?.status, late?.status]).toEqual(['rejected', 'rejected']);
      clock.at += 30_001;
      await expect(audit.write(entry({ scope: ofReference, subjects: [] }))).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    });
    // The last try of before may still be on its way, and until it is over nothing is taken.
    await vi.waitFor(() => write(audit, 1), { timeout: 5000 });
    await audit.close();
    expect((await records()).filter(({ request }) => request === open.request)).toHaveLength(1);
  });
});
