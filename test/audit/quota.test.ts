/**
 * Quotas are counted with the records: never more than the limit whoever counts at once, all of a record's uses or none, and a use for
 * each record whatever fails. Batches without quotas make the statements that they made before.
 */
import type postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenAudit } from '../../src/audit/open.ts';
import { Scope } from '../../src/audit/record.ts';
import type { Entry, Use, Uses } from '../../src/audit/record.ts';
import type { Database } from '../../src/db/open.ts';
import { HubError } from '../../src/errors.ts';
import { cloneDatabase } from '../world/database.ts';
import { auditOn, Clock, entry, verified, write } from './world.ts';

let database: Database;

beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());
beforeEach(() => database.sql`delete from quota_use`);

const day = '2026-11-24';
const ofNobody = new Scope({ kind: 'QUERY', consumer: 'test-police' });
const use = (what: string, most: number, own: Partial<Use> = {}): Use => ({ day, who: 'test-police', what, most, ...own });
const uses = (...list: readonly Use[]): Uses => ({ list, scope: () => ofNobody, refusal: ({ what, most }) => new HubError('QUOTA_EXCEEDED', `${what} is used up.`, { limit: most }) });

/** What became of writing records at once: those that were answered, and those that were refused with what was used up. */
async function asked(audit: OpenAudit, entries: readonly Entry[]): Promise<{ answered: readonly Entry[]; refused: readonly { entry: Entry; message: string }[]; failed: readonly Entry[] }> {
  const done = await Promise.allSettled(entries.map((one) => audit.write(one)));
  const [answered, failed]: Entry[][] = [[], []];
  const refused: { entry: Entry; message: string }[] = [];
  for (const [index, one] of done.entries()) {
    const own = entries[index] as Entry;
    if (one.status === 'fulfilled') answered?.push(own);
    else if ((one.reason as HubError).code === 'QUOTA_EXCEEDED') refused.push({ entry: own, message: (one.reason as HubError).message });
    else failed?.push(own);
  }
  return { answered: answered ?? [], refused, failed: failed ?? [] };
}

const used = async (): Promise<Readonly<Record<string, number>>> => Object.fromEntries((await database.sql<{ what: string; used: number }[]>`select what, used from quota_use where used > 0 order by what`).map(({ what, used: count }) => [what, count]));
const written = async (request: string) => database.sql<{ outcome: string; reason: string; rows: number; subjects: string[]; reference: string }[]>`select outcome, reason, rows, subjects, reference from audit_record where request = ${request}`;
/** How often each thing was taken, by the records that were answered. */
const takenBy = (entries: readonly Entry[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const { uses: own } of entries) for (const { what } of own?.list ?? []) counts.set(what, (counts.get(what) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
};
const several = (count: number, given: (index: number) => Partial<Entry>): readonly Entry[] => Array.from({ length: count }, (_, index) => entry(given(index)));

describe('a quota', () => {
  test('allows what it allows and not one more; the record of a refusal delivers nothing', async () => {
    const audit = auditOn(database);
    const first = await asked(audit, several(7, () => ({ uses: uses(use('A', 10)) })));
    expect([first.answered.length, first.refused.length]).toEqual([7, 0]);
    const second = await asked(audit, several(7, () => ({ uses: uses(use('A', 10)), reference: 'digest' })));
    expect([second.answered.length, second.refused.length]).toEqual([3, 4]);
    // In the order in which they came.
    expect(second.answered.map(({ at }) => at)).toEqual(second.answered.map(({ at }) => at).toSorted());
    expect(await used()).toEqual({ A: 10 });
    for (const { entry: own } of second.refused) expect(await written(own.request)).toEqual([{ outcome: 'QUOTA_EXCEEDED', reason: 'A is used up.', rows: 0, subjects: [], reference: '' }]);
    for (const own of second.answered) expect(await written(own.request)).toMatchObject([{ outcome: 'OK', rows: 1, subjects: own.subjects }]);
    // What is not counted is answered all the same, and so is what is counted apart.
    const third = await asked(audit, [entry(), entry({ uses: uses(use('A', 10, { day: '2026-11-25' })) }), entry({ uses: uses(use('A', 10, { who: 'test-market' })) }), entry({ uses: uses(use('A', 11)) }), entry({ uses: uses(use('A', 11)) })]);
    expect([third.answered.length, third.refused.length]).toEqual([4, 1]);
    await audit.close();
    expect((await verified(database)).problems).toEqual([]);
  });

  test('is taken with all others of a record or not at all', async () => {
    const audit = auditOn(database);
    await asked(audit, several(2, () => ({ uses: uses(use('B', 2)) })));
    const both = await asked(audit, [entry({ uses: uses(use('A', 5), use('B', 2), use('C', 5)) }), entry({ uses: uses(use('A', 5)) })]);
    expect(both.refused.map(({ message }) => message)).toEqual(['B is used up.']);
    expect(await used()).toEqual({ A: 1, B: 2 });
    await audit.close();
  });

  test('of several limits at once, each record has its own', async () => {
    const audit = auditOn(database);
    const { answered, refused } = await asked(audit, several(12, (index) => ({ uses: uses(use('A', index % 2 === 0 ? 3 : 8)) })));
    expect([answered.length, refused.length]).toEqual([8, 4]);
    expect(answered.filter(({ uses: own }) => own?.list[0]?.most === 3).length).toBeLessThanOrEqual(3);
    expect(await used()).toEqual({ A: 8 });
    await audit.close();
  });

  test('that takes names with what parts them is counted as the same each time', async () => {
    const audit = auditOn(database);
    const odd = use('subject \u001f\u001e', 1, { who: 'a\u001eb' });
    expect((await asked(audit, several(3, () => ({ uses: uses(odd) })))).answered).toHaveLength(1);
    expect((await asked(audit, several(3, () => ({ uses: uses(odd) })))).answered).toHaveLength(0);
    await audit.close();
  });
});

/** Whole numbers from 0, the same in every run. */
function randomBelow(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0;
    return (state >>> 8) % below;
  };
}

/** Stands between a writer and the database: hears of each statement, and sends it. */
type Between = (what: string, send: () => Promise<unknown>) => Promise<unknown>;

function through(between: Between): Pick<Database, 'sql' | 'kind' | 'connect'> {
  const watch = (sql: postgres.Sql): postgres.Sql => new Proxy(sql, {
    apply: (target, self, given: [TemplateStringsArray]) => {
      if (Array.isArray(given[0]) && 'raw' in given[0]) void between(given[0].join('?'), () => Promise.resolve());
      return Reflect.apply(target, self, given) as unknown;
    },
    get: (target, name) => {
      if (name === 'unsafe') return (text: string, ...rest: []) => between(text, () => Promise.resolve(target.unsafe(text, ...rest)));
      if (name === 'begin') return (work: (tx: postgres.Sql) => Promise<unknown>) => between('begin … commit', () => target.begin((tx) => work(watch(tx as unknown as postgres.Sql))));
      return Reflect.get(target, name) as unknown;
    },
  });
  return { sql: database.sql, kind: database.kind, connect: (own) => watch(database.connect(own)) };
}

describe('statements', () => {
  test('a batch without quotas is one statement, as before; one with quotas is one too; only where something is used up are there more', async () => {
    const texts: string[] = [];
    const audit = auditOn(through((what, send) => {
      texts.push(what);
      return send();
    }));
    await write(audit, 3);
    // What is the same in all refusals has its number from then on.
    await asked(audit, several(2, () => ({ uses: uses(use('Z', 1)) })));
    const during = async (entries: readonly Entry[]): Promise<readonly string[]> => {
      texts.length = 0;
      await asked(audit, entries);
      return [...texts];
    };
    const plain = await during(several(40, () => ({})));
    expect(plain).toHaveLength(1);
    expect(plain[0]).not.toMatch(/quota/);
    const taking = await during(several(40, (index) => ({ uses: uses(use(`A${index % 5}`, 9)) })));
    expect(taking).toHaveLength(1);
    expect(taking[0]).toMatch(/quota_use/);
    // Some of these are over: the statement fails as a whole, and they are decided one by one.
    expect((await during(several(10, (index) => ({ uses: uses(use(`A${index % 5}`, 9)) })))).length).toBe(4);
    expect((await during(several(10, (index) => ({ uses: uses(use(`A${index % 5}`, 9)) })))).length).toBeLessThanOrEqual(4);
    // From then on nobody looks: what is used up stays so for the day.
    expect(await during(several(10, (index) => ({ uses: uses(use(`A${index % 5}`, 9)) })))).toEqual(plain);
    expect(await used()).toEqual({ A0: 9, A1: 9, A2: 9, A3: 9, A4: 9, Z: 1 });
    await audit.close();
  });
});

describe('what fails', () => {
  test('at the audit is neither counted nor answered, and is counted once when it is tried again', async () => {
    const audit = auditOn(database, new Clock(), { patienceMs: 1500 });
    await write(audit, 1);
    await database.sql`alter table audit_record rename to audit_record_away`;
    const lost = await asked(audit, several(4, () => ({ uses: uses(use('A', 10)) }))).finally(() => database.sql`alter table audit_record_away rename to audit_record`);
    expect([lost.failed.length, await used()]).toEqual([4, {}]);
    expect((await asked(audit, several(4, () => ({ uses: uses(use('A', 10)) })))).answered).toHaveLength(4);
    expect(await used()).toEqual({ A: 4 });
    await database.sql`alter table quota_use rename to quota_use_away`;
    const uncounted = await asked(audit, [entry({ uses: uses(use('A', 10)) })]).finally(() => database.sql`alter table quota_use_away rename to quota_use`);
    expect([uncounted.failed.length, await used()]).toEqual([1, { A: 4 }]);
    await audit.close();
  });

  test('in the middle, before or after it was done, leaves as many uses as records', async () => {
    const random = randomBelow(3);
    // Some statements are lost on their way there, some on their way back.
    const lost = async (send: () => Promise<unknown>): Promise<unknown> => {
      const fate = random(8);
      if (fate === 0) throw new Error('the connection was lost before');
      const done = await send();
      if (fate === 1 || fate === 2) throw new Error('the connection was lost after');
      return done;
    };
    let losing = false;
    const audit = auditOn(through((what, send) => (losing && /audit_record \(|commit/.test(what) ? lost(send) : send())));
    await write(audit, 1);
    losing = true;
    const answers: Entry[] = [];
    for (let round = 0; round < 30; round += 1) answers.push(...(await asked(audit, several(9, (index) => ({ uses: uses(use(`A${index % 3}`, 70), use('B', 1000)) })))).answered);
    losing = false;
    expect(answers).toHaveLength(210);
    expect(await used()).toEqual({ A0: 70, A1: 70, A2: 70, B: 210 });
    const requests = await database.sql<{ request: string }[]>`select request from audit_record where outcome = 'OK' and request = any(${answers.map(({ request }) => request)}::text[])`;
    expect(requests.map(({ request }) => request).toSorted()).toEqual(answers.map(({ request }) => request).toSorted());
    await audit.close();
    expect((await verified(database)).problems).toEqual([]);
  });
});

// Two processes on one embedded database there are not.
describe.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('several processes', () => {
  test('never take more than the limit together, and never wait for each other without end', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const limits = new Map(names.map((name, index) => [name, 20 + index * 17]));
    // Any choice of uses, in any order: all that could tie two processes up.
    const random = randomBelow(7);
    const chosen = (): readonly Use[] => names.toSorted(() => random(3) - 1).slice(0, 1 + random(4)).map((what) => use(what, limits.get(what) ?? 0));
    const audits = Array.from({ length: 3 }, () => auditOn(database));
    const done = await Promise.all(audits.map(async (audit) => {
      const answered: Entry[] = [];
      let failed = 0;
      for (let round = 0; round < 20; round += 1) {
        const some = await asked(audit, several(12, () => ({ uses: uses(...chosen()) })));
        answered.push(...some.answered);
        failed += some.failed.length;
      }
      return { answered, failed };
    }));
    expect(done.map(({ failed }) => failed)).toEqual([0, 0, 0]);
    expect(await used()).toEqual(takenBy(done.flatMap(({ answered }) => answered)));
    for (const [what, count] of Object.entries(await used())) expect(count, what).toBeLessThanOrEqual(limits.get(what) ?? 0);
    expect(await used()).toMatchObject({ A: limits.get('A') });
    await Promise.all(audits.map((audit) => audit.close()));
    expect((await verified(database)).problems).toEqual([]);
  });
});
