/**
 * Months of the audit go into files when they are old enough, whole and verified, by the owner alone; what stays verifies as before and
 * tells what went; and whatever is done to a file, or to the word of what went, is found.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type postgres from 'postgres';
import { verifyArchive } from '../../src/audit/archive.ts';
import { isSignatureOf, openAudit, verifyWith } from '../../src/audit/open.ts';
import { monthsToRetire, retireMonth } from '../../src/audit/retire.ts';
import { retirementHash } from '../../src/audit/retired.ts';
import type { Retirement } from '../../src/audit/retired.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/open.ts';
import { keyProviderOf, newKeySet } from '../../src/identity/key-provider.ts';
import { cloneDatabase, cloneForConfig } from '../world/database.ts';
import { auditKeys, auditOn, Clock, ofReference, verified, write } from './world.ts';

let database: Database;
const folder = mkdtempSync(join(tmpdir(), 'hub-retire-'));
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true });
});

const isSignature = isSignatureOf(auditKeys);
const three = Date.parse('2025-12-01T00:00:00+08:00');

function retiring(now: number, more: Partial<Parameters<typeof retireMonth>[0]> = {}): Parameters<typeof retireMonth>[0] {
  return { sql: database.sql, now: new Date(now), by: 'test', years: 3, folder, keyVersion: auditKeys.current, sign: (text) => auditKeys.signSm2(text), isSignature, ...more };
}

/** Two chains of 202211, one of 202212, and one of a month that is young. */
async function manyMonths(on: Database): Promise<void> {
  const clock = new Clock();
  for (const [moment, counts] of [['2022-11-05T01:00:00Z', [30, 10]], ['2022-12-31T15:59:00Z', [5]], ['2025-06-01T00:00:00Z', [7]]] as const) {
    clock.at = Date.parse(moment);
    for (const count of counts) {
      const audit = auditOn(on, clock);
      await write(audit, count, { at: clock.at });
      await write(audit, 2, { at: clock.at, scope: ofReference, subjects: [], operator: '行\u2028另一行\u0085"\\' });
      await audit.close();
      clock.at += 60_000;
    }
  }
}

beforeAll(async () => {
  database = await cloneDatabase();
  await manyMonths(database);
});

describe('a month', () => {
  const before = (now: number, month: number, years = 3): Promise<readonly number[]> => monthsToRetire({ sql: database.sql, now: new Date(now), years }, month);

  test('does not go before it has been over for three years, or for as many as are configured, and never for fewer', async () => {
    expect(await before(three, 202212)).toEqual([202211]);
    await expect(before(three - 1, 202212)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(before(three, 202301)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(before(three, 202212, 5)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(before(three - 1, 202212, 1)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(before(three, 202601)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await before(three, 202201)).toEqual([]);
  });

  test('does not go while a chain of it is not sealed to its end', async () => {
    const audit = auditOn(database, Object.assign(new Clock(), { at: Date.parse('2022-12-31T15:59:30Z') }));
    await write(audit, 1, { at: Date.parse('2022-12-31T15:59:30Z') });
    await audit.seal();
    await expect(retireMonth(retiring(three + 40 * 86_400_000), 202212)).rejects.toMatchObject({ code: 'CONFLICT' });
    await audit.close();
    expect(await verified(database)).toMatchObject({ problems: [], retired: [] });
  });

  test('does not go where it does not verify', async () => {
    const { sql } = database;
    await sql`alter table audit_record_202212 disable trigger user`;
    await sql`update audit_record_202212 set rows = 99 where seq = 2`;
    await expect(retireMonth(retiring(three + 40 * 86_400_000), 202212)).rejects.toMatchObject({ code: 'CONTRACT_BROKEN' });
    await sql`update audit_record_202212 set rows = 1 where seq = 2`;
    await sql`alter table audit_record_202212 enable trigger user`;
    rmSync(join(folder, 'audit-202212.jsonl.gz'));
    expect(await verified(database)).toMatchObject({ problems: [], retired: [] });
  });

  test('goes whole: its file verifies by itself, the rest as before, and is told of', async () => {
    const { sql } = database;
    const all = await verified(database);
    const rest = await sql`select r.* from audit_record r where month > 202211 order by r.month, r.writer, r.seq`;
    const gone = await sql<{ n: number }[]>`select count(*)::int as n from audit_record where month = 202211`;
    const went = await retireMonth(retiring(three), 202211);
    expect(went).toMatchObject({ month: 202211, records: String(gone[0]?.n), writers: ['1', '2'], file: 'audit-202211.jsonl.gz' });
    expect(await verifyArchive(join(folder, went.file), isSignature)).toMatchObject({ month: 202211, records: gone[0]?.n, problems: [], digest: went.digest });
    const after = await verified(database, all.last ?? undefined);
    expect(after).toMatchObject({ problems: [], chains: all.chains, seals: all.seals, records: all.records - (gone[0]?.n ?? 0), last: all.last });
    expect(after.retired).toEqual([went]);
    expect(await sql`select r.* from audit_record r order by r.month, r.writer, r.seq`).toEqual(rest);
    expect(await sql`select to_regclass('audit_record_202211') as it`).toEqual([{ it: null }]);
    await expect(sql`delete from audit_retired`).rejects.toThrow(/only added to/);
  });

  test('is not written over a file that is there, and a run that broke off is made good by another', async () => {
    const now = three + 40 * 86_400_000;
    writeFileSync(join(folder, 'audit-202212.jsonl.gz'), 'something else');
    await expect(retireMonth(retiring(now), 202212)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(readFileSync(join(folder, 'audit-202212.jsonl.gz'), 'utf8')).toBe('something else');
    rmSync(join(folder, 'audit-202212.jsonl.gz'));
    await expect(retireMonth(retiring(now, { sign: () => { throw new Error('broken off'); } }), 202212)).rejects.toThrow('broken off');
    expect((await verified(database)).retired).toHaveLength(1);
    rmSync(join(folder, 'audit-202212.jsonl.gz'), { force: true });
    await expect(retireMonth(retiring(now, { folder: join(folder, 'none') }), 202212)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await retireMonth(retiring(now), 202212);
    expect(await verified(database)).toMatchObject({ problems: [], retired: [{ month: 202211 }, { month: 202212 }] });
  });

  test('that went takes new chains of a clock that was put back, which are verified like all', async () => {
    const at = Date.parse('2022-11-20T00:00:00Z');
    const audit = auditOn(database, Object.assign(new Clock(), { at }));
    await write(audit, 3, { at });
    await audit.close();
    const found = await verified(database);
    expect([found.problems, found.retired.length]).toEqual([[], 2]);
    expect(await database.sql`select distinct month from audit_record where month < 202301`).toEqual([{ month: 202211 }]);
  });
});

describe('what is done to a file is found', () => {
  const file = join(folder, 'audit-202211.jsonl.gz');
  type Lines = string[];
  const parsed = (line = '{}') => JSON.parse(line) as Record<string, unknown>;
  const recordsFrom = (lines: Lines): number => lines.findIndex((line) => line.startsWith('['));
  const edited = (lines: Lines, index: number, by: (record: string[]) => void): void => {
    const record = JSON.parse(lines[index] ?? '[]') as string[];
    by(record);
    lines[index] = JSON.stringify(record);
  };
  const counted = (lines: Lines): void => {
    const end = lines.length - 1;
    lines[end] = JSON.stringify({ end: { ...parsed(lines[end])['end'] as object, records: lines.filter((line) => line.startsWith('[')).length, chains: lines.filter((line) => line.startsWith('{"chain"')).length } });
  };

  test.each<[string, (lines: Lines) => void, RegExp]>([
    ['a record changed', (lines) => edited(lines, recordsFrom(lines) + 4, (record) => { record[2] = (record[2] ?? '').replace('2026-118', '2026-119'); }), /record 1\/5 or the one before it has been changed/],
    ['a record taken out', (lines) => { lines.splice(recordsFrom(lines) + 4, 1); counted(lines); }, /record 1\/6 follows record 4/],
    ['two records swapped', (lines) => { const at = recordsFrom(lines) + 4; [lines[at], lines[at + 1]] = [lines[at + 1] ?? '', lines[at] ?? '']; }, /record 1\/6 follows record 4/],
    ['a record written twice', (lines) => { const at = recordsFrom(lines) + 4; lines.splice(at, 0, lines[at] ?? ''); counted(lines); }, /record 1\/5 stands there twice/],
    ['a subject put in', (lines) => edited(lines, recordsFrom(lines) + 2, (record) => { record[2] += ',another'; }), /record 1\/3 or the one before/],
    ['a chain cut off', (lines) => { const next = lines.findLastIndex((line) => line.startsWith('{"chain"')); lines.splice(next - 3, 3); counted(lines); }, /is gone and all behind it/],
    ['a whole chain taken out, and counted so', (lines) => { const next = lines.findLastIndex((line) => line.startsWith('{"chain"')); lines.splice(next, lines.length - 1 - next); counted(lines); }, /file is not as this hub has signed it/],
    ['a whole chain taken out, counted so, and hashed anew', (lines) => {
      const next = lines.findLastIndex((line) => line.startsWith('{"chain"'));
      lines.splice(next, lines.length - 1 - next);
      counted(lines);
      const end = lines.pop();
      const hash = createHash('sm3').update(lines.map((line) => `${line}\n`).join('')).digest('base64url');
      lines.push(JSON.stringify({ end: { ...parsed(end)['end'] as object, hash } }));
    }, /file is not as this hub has signed it/],
    ['a chain begun otherwise', (lines) => { const at = recordsFrom(lines) - 1; const { chain } = parsed(lines[at]) as { chain: object }; lines[at] = JSON.stringify({ chain: { ...chain, process: 'other' } }); }, /record 1\/1 or the beginning of its chain has been changed/],
    ['a scope changed', (lines) => { const at = lines.findIndex((line) => line.startsWith('{"scope"')); lines[at] = (lines[at] ?? '').replace('test-police', 'test-nobody').replace('test', 'text'); }, /scope \d+ has been changed/],
    ['a scope taken out', (lines) => { lines.splice(lines.findLastIndex((line) => line.startsWith('{"scope"')), 1); }, /scope \d+ is gone; record/],
    ['a seal changed', (lines) => { const at = lines.findIndex((line) => line.startsWith('{"seal"')); const { seal } = parsed(lines[at]) as { seal: { at: number } }; lines[at] = JSON.stringify({ seal: { ...seal, at: seal.at + 1 } }); }, /seal \d+ has been changed/],
    ['a seal taken out', (lines) => { lines.splice(lines.findIndex((line) => line.startsWith('{"seal"')), 1); }, /chain \d+ has no seal that has sealed its end/],
    ['another month told', (lines) => { lines[0] = JSON.stringify({ audit: 1, month: 202212 }); }, /chain 1 is of month 202211, and the file of 202212/],
    ['its end taken out', (lines) => { lines.pop(); }, /file has no end/],
    ['something put behind its end', (lines) => { lines.push('["1","1","",""]'); }, /file goes on behind its end/],
    ['a line that is no line', (lines) => { lines.splice(3, 0, '{"nothing":1}'); }, /holds a line that is nothing of an audit/],
    ['a line that cannot be read', (lines) => { lines.splice(3, 0, '{{'); }, /file cannot be read to its end/],
  ])('%s', async (_what, change, says) => {
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    change(lines);
    const changed = join(folder, 'changed.gz');
    writeFileSync(changed, gzipSync(lines.map((line) => `${line}\n`).join('')));
    const { problems } = await verifyArchive(changed, isSignature);
    expect(problems.map(({ where, says: what }) => `${where} ${what}`).join('\n')).toMatch(says);
  });

  test('cut off, and of another hub', async () => {
    const cut = join(folder, 'cut.gz');
    for (const share of [0, 0.3, 0.9]) {
      const bytes = readFileSync(file);
      writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * share)));
      expect((await verifyArchive(cut, isSignature)).problems.length).toBeGreaterThan(0);
    }
    const { problems } = await verifyArchive(file, isSignatureOf(keyProviderOf(newKeySet())));
    expect(problems.some(({ says }) => says === 'is not signed by this hub')).toBe(true);
    await expect(verifyArchive(join(folder, 'not there'), isSignature)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('what is done to the word of what went is found', () => {
  class Undone extends Error {}
  type Tx = postgres.TransactionSql;

  async function foundAfter(change: (tx: Tx) => Promise<unknown>): Promise<string> {
    let found = '';
    await database.sql.begin(async (tx) => {
      for (const table of ['audit_retired', 'audit_chain', 'audit_head', 'audit_record']) await tx.unsafe(`alter table ${table} disable trigger user`);
      await change(tx);
      found = (await verifyWith(auditKeys, { sql: tx as unknown as postgres.Sql })).problems.map(({ where, says }) => `${where} ${says}`).join('\n');
      throw new Undone();
    }).catch((error: unknown) => { if (!(error instanceof Undone)) throw error; });
    return found;
  }

  test.each<[string, (tx: Tx) => Promise<unknown>, RegExp]>([
    ['nothing', async () => undefined, /^$/],
    ['it is taken out', (tx) => tx`delete from audit_retired where month = 202211`, /record 1\/1 is gone and all behind it/],
    ['it says another number', (tx) => tx`update audit_retired set records = records - 1 where month = 202211`, /month 202211 was not retired so by this hub/],
    ['it says another file', (tx) => tx`update audit_retired set digest = 'another' where month = 202211`, /month 202211 was not retired so by this hub/],
    ['it says another moment', (tx) => tx`update audit_retired set at = at + interval '1 day' where month = 202211`, /month 202211 was not retired so by this hub/],
    ['it names another chain, too', (tx) => tx`update audit_retired set writers = writers || (select max(writer) from audit_chain) where month = 202211`, /month 202211 was not retired so by this hub/],
    ['a chain that went was begun otherwise', (tx) => tx`update audit_chain set process = 'other' where writer = 1`, /month 202211 was not retired so by this hub/],
    ['a chain that went is gone', (tx) => tx`delete from audit_chain where writer = 1`, /chain 1 is gone/],
    ['the end of a chain that went is another', (tx) => tx`update audit_head set hash = 'another' where writer = 1`, /seal \d+ has been changed/],
    ['records are put where it was', (tx) => tx`insert into audit_record (month, writer, seq, at, scope, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, subjects, hash) select 202211, 1, seq, at, scope, request, operator, case_no, variables, outcome, reason, rows, reference, policy, micros, subjects, hash from audit_record where month = 202211 and seq = 2`, /record 1\/2 is of a chain that was retired with month 202211/],
    ['another month is taken away with a word that nobody signed', async (tx) => {
      await tx`delete from audit_record where month = 202506`;
      await tx`insert into audit_retired select 202506, now(), by, array(select writer from audit_chain where month = 202506), 10, 'audit-202506.jsonl.gz', digest, key_version, signature from audit_retired where month = 202211`;
    }, /month 202506 was not retired so by this hub[^]*is gone and all behind it/],
  ])('%s', async (_what, change, says) => {
    expect(await foundAfter(change)).toMatch(says);
  });

  test('a month that went too early, though it was signed', async () => {
    const first = (await verified(database)).retired[0] as Retirement;
    const early = three - 86_400_000;
    const found = await foundAfter(async (tx) => {
      const chains = await tx<{ writer: string; process: string; opened: string; seal: string; link: string; seq: string; hash: string }[]>`
        select c.writer::text, process, (extract(epoch from opened_at) * 1000)::bigint::text as opened, c.seal::text, seal_link as link, h.seq::text, h.hash from audit_chain c join audit_head h on h.writer = c.writer and h.closed where c.writer = any(${[...first.writers]}::bigint[]) order by c.writer`;
      const gone = chains.map(({ writer, process, opened, seal, link, seq, hash }) => ({ writer, chain: { writer, month: 202211, process, openedAt: Number(opened), seal, sealLink: link }, head: { seq: Number(seq), hash } }));
      await tx`update audit_retired set at = ${new Date(early).toISOString()}, signature = ${auditKeys.signSm2(retirementHash({ ...first, at: early }, gone))} where month = 202211`;
    });
    expect(found).toBe('month 202211 was retired before three years had passed');
  });
});

// The embedded database has one process, and one role.
describe.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('on the command line', () => {
  const run = promisify(execFile);
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

  test('retires, tells, and verifies database and file', async () => {
    const clone = await cloneForConfig();
    const keyFile = join(folder, 'keys.json');
    const keys = newKeySet();
    writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600 });
    const env = { ...process.env, DATABASE_URL: clone.databaseUrl ?? '', HUB_KEY_FILE: keyFile, HUB_DATA_DIR: folder };
    const own = await openDatabase({ databaseUrl: clone.databaseUrl, dataDir: folder });
    try {
      const at = Date.parse('2020-02-03T00:00:00Z');
      const audit = openAudit({ database: own, keys: keyProviderOf(keys), now: () => new Date(at), process: 'test', grace: 0, onFailure: () => undefined });
      await write(audit, 5, { at });
      await audit.close();
      const target = mkdtempSync(join(folder, 'to-'));
      const hub = (...words: string[]) => run(process.execPath, [main, 'audit', ...words], { env });
      await expect(hub('retire', '--before', '2099-01', '--to', target).then(() => hub('retire', '--before', '2099-01', '--to', target))).rejects.toMatchObject({ stderr: expect.stringMatching(/has not been over for 3 years/) });
      expect((await hub('retire', '--before', '2020-03', '--to', target)).stdout).toMatch(/^There is no such month/);
      expect((await hub('verify')).stdout).toMatch(/Month 202002 was retired on [\d-]+: 7 records in 1 chains, in audit-202002\.jsonl\.gz \(SM3 [\w-]{43}\)\.\nNothing was changed/);
      expect((await hub('verify', '--file', join(target, 'audit-202002.jsonl.gz'))).stdout).toMatch(/^Month 202002: 7 records in 1 chains, 1 seals\. SM3[^]*Nothing was changed/);
      await expect(hub('verify', '--file', join(target, 'none'))).rejects.toMatchObject({ stderr: expect.stringMatching(/There is no file/) });
      for (const words of [['retire', '--to', target], ['retire', '--before', '2020-13', '--to', target], ['retire', '--before', '2020-03'], ['nothing'], ['retire', '--before', '2099-01']]) await expect(hub(...words)).rejects.toMatchObject({ code: 1 });
      const rows = await own.sql<{ outcome: string; roots: string }[]>`select outcome, (s.body::jsonb)->>'roots' as roots from audit_record r join audit_scope s on s.id = r.scope where (s.body::jsonb)->>'kind' = 'COMMAND' order by r.writer, r.seq`;
      expect(rows.map(({ outcome, roots }) => `${outcome} ${roots}`)).toEqual(['BEGUN ["audit", "retire", "202002"]', 'OK ["audit", "retire", "202002"]']);
    } finally {
      await own.close();
      await clone.remove();
    }
  });
});
