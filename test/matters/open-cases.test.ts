/**
 * Open cases at hand: whatever any process opens, closes or lets cover others is known by every process that is told and by one that
 * only looks every so often, what is refused was looked for, and nothing that is over is kept.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { CasesAtHand, readOpenCases } from '../../src/matters/open-cases.ts';
import type { OpenCases } from '../../src/matters/open-cases.ts';
import { testMatter } from '../world/callers.ts';
import { cloneDatabase } from '../world/database.ts';

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

const today = '2026-11-24';
const never = 3_600_000;
const failed = (error: unknown): never => { throw error; };
const start = (everyMs: number, listen: boolean) => CasesAtHand.start(database.sql, today, everyMs, listen, failed);
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => { setTimeout(resolve, 5); });
};
/** What is at hand without a look: `undefined` where it would have to be read. */
const atHand = (cases: OpenCases, caseNo: string, asked: readonly string[] = [], day = today, matter = testMatter): string | null | undefined => {
  const found = cases.covering(matter, caseNo, day, asked);
  return found instanceof Promise ? undefined : found;
};

async function open(caseNo: string, keys: readonly string[], deadline = '2026-12-31', sql: Pick<Database, 'sql'>['sql'] = database.sql, matter = testMatter): Promise<string> {
  const id = randomUUID();
  await sql.begin(async (tx) => {
    await tx`insert into service_case (id, matter_code, case_no, opened_by, opened_at, deadline) values (${id}, ${matter}, ${caseNo}, 'test-authority', '2026-11-01T00:00:00Z', ${deadline})`;
    await tx`insert into case_subject (case_id, subject_key, relation) select ${id}, key, 'SUBJECT' from unnest(${[...keys]}::text[]) key`;
  });
  return id;
}
const close = (id: string) => database.sql`update service_case set closed_at = '2026-11-24T02:00:00Z', closed_by = 'test-authority' where id = ${id}`;

describe('a case', () => {
  test('covers those whom it names, whole keys only, up to its deadline', async () => {
    await open('O-1', ['Ab-_1', 'Cd', '91620623MA0000000X'], '2026-11-25');
    const cases = await start(never, false);
    try {
      for (const asked of [[], ['Ab-_1'], ['Cd', 'Ab-_1'], ['91620623MA0000000X']]) expect(atHand(cases, 'O-1', asked)).toBe('{"91620623MA0000000X","Ab-_1","Cd"}');
      expect(atHand(cases, 'O-1', ['Cd'], '2026-11-25')).toBe('{"91620623MA0000000X","Ab-_1","Cd"}');
      for (const other of [cases, readOpenCases(database.sql)]) {
        for (const asked of [['b-_1'], ['Ab-_'], ['Cd', 'Ef'], ['Ab-_1","Cd'], ['']]) expect(await other.covering(testMatter, 'O-1', today, asked)).toBeNull();
        expect(await other.covering(testMatter, 'O-1', '2026-11-26', ['Cd'])).toBeNull();
        expect(await other.covering('another matter', 'O-1', today, [])).toBeNull();
        expect(await other.covering(testMatter, 'O-none', today, [])).toBeNull();
      }
    } finally {
      await cases.stop();
    }
  });

  test('is another one under another matter, though they share a number', async () => {
    await database.sql`insert into matter (code, name, department_code, needs_case) select 'ANOTHER', name, department_code, needs_case from matter where code = ${testMatter}`;
    const [own, others] = [await open('O-9', ['A']), await open('O-9', ['B'], '2026-12-31', database.sql, 'ANOTHER')];
    const cases = await start(never, false);
    try {
      const both = () => [atHand(cases, 'O-9', ['A']), atHand(cases, 'O-9', ['B'], today, 'ANOTHER')];
      expect(both()).toEqual(['{"A"}', '{"B"}']);
      expect(await cases.covering(testMatter, 'O-9', today, ['B'])).toBeNull();
      await close(own);
      await cases.look();
      expect(both()).toEqual([undefined, '{"B"}']);
      await close(others);
      await cases.look();
      expect(both()).toEqual([undefined, undefined]);
    } finally {
      await cases.stop();
    }
  });

  test('is heard of by every process: opened, about others, closed, opened anew', async () => {
    const all = [await start(20, false), ...(database.kind === 'server' ? [await start(never, true)] : [])];
    try {
      const first = await open('O-2', ['A']);
      await until(() => all.every((cases) => atHand(cases, 'O-2', ['A']) === '{"A"}'));
      await database.sql`insert into case_subject (case_id, subject_key, relation) values (${first}, 'B', 'SPOUSE')`;
      await until(() => all.every((cases) => atHand(cases, 'O-2', ['B']) === '{"A","B"}'));
      await database.sql`delete from case_subject where case_id = ${first} and subject_key = 'B'`;
      await until(() => all.every((cases) => atHand(cases, 'O-2') === '{"A"}'));
      await database.sql`update case_subject set subject_key = 'C' where case_id = ${first}`;
      await until(() => all.every((cases) => atHand(cases, 'O-2') === '{"C"}'));
      await close(first);
      await until(() => all.every((cases) => atHand(cases, 'O-2') === undefined));
      for (const cases of all) expect(await cases.covering(testMatter, 'O-2', today, [])).toBeNull();
      await open('O-2', ['D']);
      await until(() => all.every((cases) => atHand(cases, 'O-2') === '{"D"}'));
    } finally {
      await Promise.all(all.map((cases) => cases.stop()));
    }
  });

  test('that is not at hand is read when it is asked under, and refusals are of now', async () => {
    const cases = await start(never, false);
    try {
      const id = await open('O-3', ['A']);
      expect(atHand(cases, 'O-3', ['A'])).toBeUndefined();
      expect(await cases.covering(testMatter, 'O-3', today, ['A'])).toBe('{"A"}');
      expect(atHand(cases, 'O-3', ['A'])).toBe('{"A"}');
      await database.sql`insert into case_subject (case_id, subject_key, relation) values (${id}, 'B', 'SPOUSE')`;
      expect(await cases.covering(testMatter, 'O-3', today, ['B'])).toBe('{"A","B"}');
      await close(id);
      await cases.look();
      expect(await cases.covering(testMatter, 'O-3', today, ['A'])).toBeNull();
    } finally {
      await cases.stop();
    }
  });

  test('that was read while it was closed is not kept', async () => {
    const cases = await start(never, false);
    try {
      for (let n = 0; n < 20; n += 1) {
        const id = await open(`O-4-${n}`, ['A']);
        // The read may see it open or closed; the look that follows the change has the last word.
        const read = cases.covering(testMatter, `O-4-${n}`, today, ['A']);
        await close(id).then(() => cases.look());
        await read;
        expect(atHand(cases, `O-4-${n}`)).toBeUndefined();
      }
    } finally {
      await cases.stop();
    }
  });

  test('is heard of though its transaction began before one that ended earlier', async () => {
    // The embedded database has one session, in which no transaction is beside another.
    if (database.kind === 'embedded') return;
    const cases = await start(never, false);
    try {
      let [written, go] = [(): void => undefined, (): void => undefined];
      const [begun, may] = [new Promise<void>((resolve) => { written = resolve; }), new Promise<void>((resolve) => { go = resolve; })];
      const slow = database.sql.begin(async (tx) => {
        const id = randomUUID();
        await tx`insert into service_case (id, matter_code, case_no, opened_by, opened_at, deadline) values (${id}, ${testMatter}, 'O-5', 'test-authority', '2026-11-01T00:00:00Z', '2026-12-31')`;
        await tx`insert into case_subject (case_id, subject_key, relation) values (${id}, 'A', 'SUBJECT')`;
        written();
        await may;
      });
      await begun;
      await open('O-6', ['B']);
      await cases.look();
      expect([atHand(cases, 'O-5'), atHand(cases, 'O-6')]).toEqual([undefined, '{"B"}']);
      go();
      await slow;
      await cases.look();
      expect(atHand(cases, 'O-5')).toBe('{"A"}');
    } finally {
      await cases.stop();
    }
  });

  test('that came first is let go where more are open than are kept, and read when it is asked under', async () => {
    // Each takes 200 bytes and its texts: four fit.
    for (let n = 0; n < 6; n += 1) await open(`O-8-${n}`, ['A'], '2026-12-31', database.sql, testMatter);
    await open('O-8-5', ['B'], '2026-12-31', database.sql, 'ANOTHER');
    const size = 200 + testMatter.length + 'O-8-0'.length + '{"A"}'.length;
    // On that day none of them is open: what is kept is what is asked for.
    const cases = await CasesAtHand.start(database.sql, '2027-01-01', never, false, failed, 4 * size + 10);
    try {
      const asked = [...Array.from({ length: 6 }, (_, n) => ({ caseNo: `O-8-${n}`, matter: testMatter })), { caseNo: 'O-8-5', matter: 'ANOTHER' }];
      for (const { caseNo, matter } of asked) expect(await cases.covering(matter, caseNo, today, [])).not.toBeNull();
      expect(asked.map(({ caseNo, matter }) => atHand(cases, caseNo, [], today, matter) !== undefined)).toEqual([false, false, false, true, true, true, true]);
      expect(await cases.covering(testMatter, 'O-8-0', today, ['A'])).toBe('{"A"}');
    } finally {
      await cases.stop();
    }
  });

  test('is closed before it is deleted', async () => {
    const id = await open('O-7', ['A']);
    const remove = () => database.sql`delete from service_case where id = ${id}`;
    await expect(remove()).rejects.toThrow('closed before it is deleted');
    await expect(database.sql`truncate service_case cascade`).rejects.toThrow('closed before it is deleted');
    await close(id);
    expect((await remove()).count).toBe(1);
  });
});
