/**
 * The standing: the log of policy in memory. A change made by anybody is heard, whole, in order, and by polling where nothing can be
 * heard; a log taken change by change is the log taken at once; yesterday's standing decides as yesterday; what cannot be read opens
 * nothing.
 */
import fc from 'fast-check';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { issueKey, registerConsumer, revokeKeys, rotateKeys } from '../../src/identity/consumers.ts';
import { changePolicy } from '../../src/identity/policy-change.ts';
import { lookedAtOnce } from '../../src/identity/policy-rows.ts';
import type { PolicyChange } from '../../src/identity/policy-rows.ts';
import { loadStanding, PolicyLog, StandingWatch } from '../../src/identity/standing.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { Circumstances, Verdict } from '../../src/sharing/terms.ts';
import { decide } from '../../src/sharing/verdict.ts';
import { cloneDatabase } from '../world/database.ts';

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

/** A conditional item that is not personal, of the market supervision; and another one. */
const [item, other] = ['FR-0003', 'FR-0060'] as const;
const app = 'test-civilAffairs';
const circumstances: Circumstances = { mode: 'QUERY', matter: null, hasCase: false, now: '2026-11-24T02:01:00.000Z' };
const at = (now: string) => ({ by: 'tests', now });

function decided(standing: Standing, code: string = item): Verdict {
  const caller = standing.consumer(app) ?? { kind: 'stranger' as const };
  return decide({ item: code, use: 'read', at: 'T.f' }, { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances });
}

const tuple = (code: string, more: object = {}) => ({ item: code, uses: ['read'], modes: ['QUERY'], validFrom: '2026-01-01T00:00:00.000Z', ...more });

async function grant(tx: postgres.TransactionSql, approvalNo: string, tuples: readonly unknown[], consumer = app): Promise<void> {
  await tx`insert into sharing_grant (approval_no, consumer_code, tuples) values (${approvalNo}, ${consumer}, ${JSON.stringify(tuples)}::text::jsonb)
    on conflict (approval_no) do update set tuples = excluded.tuples, consumer_code = excluded.consumer_code`;
}

/** Until something holds; the test's own time limit ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => { setTimeout(resolve, 5); });
}

const failed = (error: unknown): never => { throw error; };
const never = 3_600_000;
const keyDigest = apiKeyDigest('k');

describe('a change', () => {
  test('is in force in every process that listens, and in one that only looks every so often', async () => {
    const listens = database.kind === 'server' ? await StandingWatch.start(database.sql, never, true, failed) : null;
    const polls = await StandingWatch.start(database.sql, 20, false, failed);
    try {
      const watches = [polls, ...(listens === null ? [] : [listens])];
      expect(watches.map(({ current }) => decided(current).rule)).toEqual(watches.map(() => 'otherwise withheld'));
      await changePolicy(database.sql, at('2026-11-24T02:00:01.000Z'), (tx) => grant(tx, 'S-1', [tuple(item)]));
      await until(() => watches.every(({ current }) => decided(current).rule === 'granted'));
      await changePolicy(database.sql, at('2026-11-24T02:00:02.000Z'), async (tx) => void (await tx`delete from sharing_grant where approval_no = 'S-1'`));
      await until(() => watches.every(({ current }) => decided(current).rule === 'otherwise withheld'));
    } finally {
      await polls.stop();
      await listens?.stop();
    }
  });

  test('is seen whole or not at all, and never undone', async () => {
    const watch = await StandingWatch.start(database.sql, never, false, failed);
    try {
      const seen: Standing[] = [];
      let done = false;
      // One transaction moves the only grant from one item to the other, in two rows.
      const change = async (): Promise<void> => {
        for (let n = 0; n < 60; n += 1) {
          const [now, then] = n % 2 === 0 ? [item, other] : [other, item];
          await changePolicy(database.sql, at('2026-11-24T02:00:03.000Z'), async (tx) => {
            await grant(tx, `W-${then}`, []);
            await grant(tx, `W-${now}`, [tuple(now)]);
          });
        }
        done = true;
      };
      const look = async (): Promise<void> => {
        while (!done) {
          // Several at once, as mutations and the clock ask.
          await Promise.all([watch.look(), watch.look(), watch.look()]);
          seen.push(watch.current);
        }
      };
      await Promise.all([change(), look()]);
      await watch.look();
      const granted = seen.map((standing) => [item, other].filter((code) => decided(standing, code).rule === 'granted').length);
      // Before the first change there was none.
      expect(granted.slice(granted.findIndex((count) => count > 0)).every((count) => count === 1)).toBe(true);
      const versions = seen.map(({ version }) => BigInt(version));
      expect(versions.every((version, place) => place === 0 || version >= (versions[place - 1] ?? 0n))).toBe(true);
      expect(decided(watch.current, other).rule).toBe('granted');
      expect(watch.current.version).toBe((await loadStanding(database.sql)).version);
      await changePolicy(database.sql, at('2026-11-24T02:00:04.000Z'), async (tx) => void (await tx`delete from sharing_grant where approval_no like 'W-%'`));
    } finally {
      await watch.stop();
    }
  });

  test('leaves alone what it is not about', async () => {
    const watch = await StandingWatch.start(database.sql, never, false, failed);
    try {
      const before = watch.current;
      await changePolicy(database.sql, at('2026-11-24T02:00:05.000Z'), (tx) => grant(tx, 'S-2', [tuple(item)]));
      await watch.look();
      const after = watch.current;
      const policy = (standing: Standing, code: string) => standing.policyOf(standing.consumer(code) ?? { kind: 'stranger' });
      expect([after.catalog === before.catalog, after.everybody === before.everybody, policy(after, 'test-police') === policy(before, 'test-police'), policy(after, app) === policy(before, app)]).toEqual([true, true, true, false]);
      expect(decided(before).rule).toBe('otherwise withheld');
      expect(decided(after).rule).toBe('granted');
      await changePolicy(database.sql, at('2026-11-24T02:00:06.000Z'), async (tx) => void (await tx`delete from sharing_grant where approval_no = 'S-2'`));
    } finally {
      await watch.stop();
    }
  });
});

// Later than any clock at which the template was seeded: its rows are then there at every moment.
test('the standing of any moment decides as it did then', async () => {
  const steps: readonly (readonly [moment: string, work: (tx: postgres.TransactionSql) => Promise<unknown>])[] = [
    ['2099-01-01T01:00:00.000Z', (tx) => grant(tx, 'P-1', [tuple(item, { bounds: [{ kind: 'list', list: 'L' }] })])],
    ['2099-01-01T02:00:00.000Z', (tx) => tx`insert into denial (code, department_code, item, because) values ('P-D', '620623-MZ', ${item}, '越权')`],
    ['2099-01-01T03:00:00.000Z', (tx) => tx`delete from denial where code = 'P-D'`],
    ['2099-01-01T04:00:00.000Z', (tx) => tx`update catalog_item set share_type = 'UNCONDITIONAL' where code = ${item}`],
    ['2099-01-01T05:00:00.000Z', (tx) => tx`update catalog_item set share_type = 'CONDITIONAL', condition = '另行商定' where code = ${item}`],
    ['2099-01-01T06:00:00.000Z', (tx) => tx`delete from sharing_grant where approval_no = 'P-1'`],
  ];
  const then: Verdict[] = [decided(await loadStanding(database.sql))];
  for (const [moment, work] of steps) {
    await changePolicy(database.sql, at(moment), async (tx) => void (await work(tx)));
    then.push(decided(await loadStanding(database.sql)));
  }
  expect(then.map(({ rule }) => rule)).toEqual(['otherwise withheld', 'granted', 'denied', 'granted', 'unconditional', 'granted', 'otherwise withheld']);
  const again: Verdict[] = [];
  for (const moment of ['2099-01-01T00:59:59.999Z', ...steps.map(([own]) => own)]) again.push(decided(await loadStanding(database.sql, moment)));
  expect(again).toEqual(then);
  expect(decided(await loadStanding(database.sql, '2099-01-01T05:59:59.999Z'))).toEqual(then[5]);
});

describe('what is not of its form', () => {
  const malformed: readonly (readonly [what: string, tuple: unknown])[] = [
    ['no object', 'read everything'], ['null', null], ['no item', { ...tuple(item), item: 7 }], ['uses that are no list', tuple(item, { uses: 'read' })], ['an unknown use', tuple(item, { uses: ['READ'] })],
    ['no modes', tuple(item, { modes: null })], ['an unknown mask', tuple(item, { mask: 'HALF' })], ['a mask that is no name', tuple(item, { mask: { name: 'NAME' } })], ['an unknown bound', tuple(item, { bounds: [{ kind: 'everywhere' }] })],
    ['one bound of two unknown', tuple(item, { bounds: [{ kind: 'authorization' }, {}] })], ['bounds that are no list', tuple(item, { bounds: { kind: 'case' } })], ['no beginning', tuple(item, { validFrom: null })],
    ['a beginning that is no moment', tuple(item, { validFrom: 'always' })], ['an end that is no moment', tuple(item, { validTo: 'never' })], ['matters that are no list', tuple(item, { matters: 'all' })],
    ['a quota that is no number', tuple(item, { quotaPerDay: 'as many as you like' })],
  ];

  test('opens nothing, and what stands beside it does', async () => {
    for (const [what, one] of malformed) {
      await changePolicy(database.sql, at('2026-11-26T00:00:00.000Z'), (tx) => grant(tx, 'M-1', [one, tuple(other)]));
      const standing = await loadStanding(database.sql);
      expect([decided(standing).rule, decided(standing, other).rule], what).toEqual(['otherwise withheld', 'granted']);
    }
    await changePolicy(database.sql, at('2026-11-26T00:00:00.000Z'), (tx) => grant(tx, 'M-1', [tuple(item), tuple(other)]));
    expect(decided(await loadStanding(database.sql)).rule).toBe('granted');
    await changePolicy(database.sql, at('2026-11-26T00:00:00.000Z'), async (tx) => void (await tx`delete from sharing_grant where approval_no = 'M-1'`));
  });

  const row = (kind: string, code: string, body: Readonly<Record<string, unknown>>): PolicyChange => ({ seq: '1', kind, code, body: { code, ...body } });
  const standingOf = (...rows: readonly PolicyChange[]) => new PolicyLog().take(rows);

  test('of a catalog is taken for the strictest', () => {
    const { catalog } = standingOf(row('catalog_item', 'X', { share_type: 'unconditional', key_share_type: 'Unconditional', sensitivity: 'S0' }), row('catalog_item', 'Y', { share_type: 'UNCONDITIONAL', key_share_type: null, sensitivity: 'S1' }));
    expect(catalog.item('X')).toMatchObject({ shareType: 'NOT_SHARED', keyShareType: 'NOT_SHARED', sensitivity: 'S4' });
    expect(catalog.item('Y')).toMatchObject({ shareType: 'UNCONDITIONAL', keyShareType: null, sensitivity: 'S1' });
  });

  test('of a territory lets nothing exist', () => {
    const territoryOf = (territory: unknown) => {
      const standing = standingOf(row('consumer', app, { territory }));
      return standing.policyOf(standing.consumer(app) ?? { kind: 'stranger' }).territory;
    };
    const nothing = [{ types: null, within: [] }];
    for (const territory of ['all', [null], [{ types: 'Person', within: [{ kind: 'authorization' }] }], [{ types: ['Person', 7], within: [{ kind: 'authorization' }] }], [{ types: null, within: [{ kind: 'anywhere' }] }]]) expect(territoryOf(territory), JSON.stringify(territory)).toEqual(nothing);
    expect(territoryOf([{ types: ['Person'], within: 'all' }])).toEqual([{ types: ['Person'], within: [] }]);
    expect([territoryOf([]), territoryOf(null)]).toEqual([[], []]);
    expect(territoryOf([{ types: ['Person'], within: [{ kind: 'authorization' }] }])).toEqual([{ types: ['Person'], within: [{ kind: 'authorization' }] }]);
  });

  test('of a matter needs a case, and of an administrator is nobody', () => {
    const standing = standingOf(row('matter', 'M', { needs_case: 'no', kin: ['SPOUSE', 'FRIEND'] }), row('administrator', 'a', { role: 'ROOT' }), row('administrator', 'b', { role: 'AUDIT' }));
    expect(standing.matter('M')).toMatchObject({ needsCase: true, kin: ['SPOUSE'] });
    expect([standing.administrator('a'), standing.administrator('b')?.role]).toEqual([undefined, 'AUDIT']);
  });
});

describe('a key', () => {
  test('ends on its day, at its rotation, at its revocation, and no later', async () => {
    const holder = { consumer: 'keyed' };
    await registerConsumer(database.sql, { code: 'keyed', name: '应用', departmentCode: '620623-MZ' }, at('2026-12-01T00:00:00.000Z'));
    const kindAt = async (key: string, now: string) => (await loadStanding(database.sql)).callerOf(key, new Date(now)).kind;
    const first = await issueKey(database.sql, holder, 30, at('2026-12-01T00:00:00.000Z'));
    expect([await kindAt(first, '2026-12-30T23:59:59.999Z'), await kindAt(first, '2026-12-31T00:00:00.000Z')]).toEqual(['consumer', 'stranger']);
    const second = await rotateKeys(database.sql, holder, 2, null, at('2026-12-02T00:00:00.000Z'));
    expect([await kindAt(first, '2026-12-02T01:59:59.999Z'), await kindAt(first, '2026-12-02T02:00:00.000Z'), await kindAt(second, '2027-12-02T02:00:00.000Z')]).toEqual(['consumer', 'stranger', 'consumer']);
    await revokeKeys(database.sql, holder, at('2026-12-03T00:00:00.000Z'));
    expect([await kindAt(second, '2026-12-03T00:00:00.000Z'), await kindAt('hub_nobody', '2026-12-03T00:00:00.000Z')]).toEqual(['stranger', 'stranger']);
    // As it was: the key of then is known to the standing of then.
    expect((await loadStanding(database.sql, '2026-12-02T12:00:00.000Z')).callerOf(second, new Date('2026-12-02T12:00:00.000Z')).kind).toBe('consumer');
  });

  test('whose end cannot be read has ended; an unknown holder is a stranger', () => {
    const ends = (expires: unknown, revoked: unknown = null, consumer = 'c') => new PolicyLog().take([
      { seq: '1', kind: 'consumer', code: 'c', body: { code: 'c' } },
      { seq: '2', kind: 'api_key', code: keyDigest, body: { consumer_code: consumer, administrator_code: null, expires_at: expires, revoked_at: revoked } },
    ]).callerOf('k', new Date('2026-11-24T00:00:00Z')).kind;
    expect([ends(null), ends('infinity'), ends('2099-01-01T00:00:00Z'), ends('2026-11-24T00:00:00Z'), ends('soon'), ends(7), ends(null, 'now'), ends(null, '2026-11-23T00:00:00Z'), ends(null, null, 'd')])
      .toEqual(['consumer', 'consumer', 'consumer', 'stranger', 'stranger', 'stranger', 'stranger', 'stranger', 'stranger']);
  });
});

test('a log taken change by change is the log taken at once', () => {
  const consumers = ['a', 'b', 'c', 'd'];
  const departments = ['X', 'Y'];
  const pick = (of: readonly string[]) => fc.constantFrom(...of);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('consumer'), code: pick(consumers), body: fc.option(fc.record({ department_code: pick(departments), territory: fc.constant([]) })) }),
    fc.record({ kind: fc.constant('sharing_grant'), code: pick(['g1', 'g2', 'g3']), body: fc.option(fc.record({ consumer_code: pick(consumers), tuples: fc.array(pick(['I', 'J', 'K']).map((code) => tuple(code)), { maxLength: 2 }), seals: fc.subarray(['s1', 's2']) })) }),
    fc.record({ kind: fc.constant('denial'), code: pick(['n1', 'n2']), body: fc.option(fc.oneof(fc.record({ consumer_code: pick(consumers), item: pick(['I', 'J']) }), fc.record({ department_code: pick(departments), item: pick(['I', 'J']) }))) }),
    fc.record({ kind: fc.constant('department'), code: pick(departments), body: fc.option(fc.record({ name: pick(['甲', '乙']) })) }),
    fc.record({ kind: fc.constant('seal'), code: pick(['s1', 's2']), body: fc.option(fc.record({ person_key: fc.constant('p') })) }),
    fc.record({ kind: fc.constant('concealment'), code: pick(['h1', 'h2']), body: fc.option(fc.record({ matter_code: fc.constant('m'), delay_days: fc.constantFrom(null, 3) })) }),
    fc.record({ kind: fc.constant('matter'), code: fc.constant('m'), body: fc.option(fc.record({ name: pick(['甲', '乙']), needs_case: fc.boolean() })) }),
  );
  const keyOf = (kind: string) => (kind === 'sharing_grant' ? 'approval_no' : 'code');
  const told = (standing: Standing) => ({
    consumers: consumers.map((code) => standing.consumer(code)), matter: standing.matter('m'), sealed: standing.sealed, concealments: standing.concealments().toSorted((a, b) => (a.code < b.code ? -1 : 1)),
    policies: consumers.map((code) => { const { tuples, denials, seals, territory } = standing.policyOf({ kind: 'consumer', consumer: code } as never); return { tuples: sorted(tuples), denials: sorted(denials), seals: [...seals].sort(), territory }; }),
  });
  fc.assert(fc.property(fc.array(change, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 30, maxLength: 30 }), (made, sizes) => {
    const changes = made.map(({ kind, code, body }, place): PolicyChange => ({ seq: String(place + 1), kind, code, body: body === null ? null : { [keyOf(kind)]: code, ...body } }));
    const [stepwise, atOnce] = [new PolicyLog(), new PolicyLog()];
    let last = stepwise.take([]);
    for (let start = 0, turn = 0; start < changes.length; turn += 1) {
      const end = start + (sizes[turn] ?? 1);
      last = stepwise.take(changes.slice(start, end));
      start = end;
    }
    expect(told(last)).toEqual(told(atOnce.take(changes)));
  }), { numRuns: 300 });
});

test('a concealment whose end cannot be read has none', () => {
  const ends = (body: Readonly<Record<string, unknown>>) => new PolicyLog().take([{ seq: '1', kind: 'concealment', code: 'h', body: { code: 'h', matter_code: 'm', ...body } }]).concealments().map(({ delayDays, until }) => [delayDays, until]);
  expect([ends({ delay_days: 3 }), ends({ until: '2026-12-01', delay_days: null }), ends({}), ends({ delay_days: 'three' }), ends({ delay_days: 3, until: 7 })]).toEqual([[[3, null]], [[null, '2026-12-01']], [[null, null]], [[null, null]], [[null, null]]]);
});

test('whoever is sealed under another code than these is told, and other statements are due with the first seal and with one too many', () => {
  const log = new PolicyLog();
  let seq = 0;
  const seal = (code: string, key: string | null): Standing => log.take([{ seq: String(seq += 1), kind: 'seal', code, body: key === null ? null : { code, person_key: key } }]);
  const nobody = log.take([]);
  expect([nobody.sealed, nobody.sealsListed, nobody.sealedBut([])]).toEqual([false, true, '{}']);
  const first = seal('s1', 'A');
  const second = seal('s2', 'B');
  const twice = seal('s3', 'A');
  expect([first.sealed, first.everybody === nobody.everybody, second.everybody === first.everybody, twice.everybody === first.everybody]).toEqual([true, false, true, true]);
  expect([[], ['s2'], ['s1'], ['s1', 's3'], ['s1', 's2', 's3']].map((codes) => twice.sealedBut(codes))).toEqual(['{"A","B"}', '{"A"}', '{"B","A"}', '{"B"}', '{}']);
  expect(first.sealedBut([])).toBe('{"A"}');
  for (let n = 4; n <= 100; n += 1) seal(`s${n}`, `K${n}`);
  const full = log.take([]);
  const more = seal('s101', 'C');
  const fewer = seal('s101', null);
  expect([full.sealsListed, more.sealsListed, fewer.sealsListed]).toEqual([true, false, true]);
  expect([full.everybody === first.everybody, more.everybody === full.everybody, fewer.everybody === more.everybody]).toEqual([true, false, false]);
  for (const odd of ['a"b', 'a\\b']) expect([seal('odd', odd).sealsListed, seal('odd', null).sealsListed]).toEqual([false, true]);
});

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

test('a change of one grant reads the tuples of its own consumer only, however many others there are', () => {
  const readsWith = (consumers: number): number => {
    let reads = 0;
    const grantOf = (n: number, seq: number): PolicyChange => {
      const body = { approval_no: `g${n}`, consumer_code: `c${n}`, get tuples() { reads += 1; return [tuple(item)]; } };
      return { seq: String(seq), kind: 'sharing_grant', code: `g${n}`, body };
    };
    const log = new PolicyLog();
    log.take(Array.from({ length: consumers }, (_, n): PolicyChange[] => [{ seq: String(2 * n + 1), kind: 'consumer', code: `c${n}`, body: { code: `c${n}`, department_code: 'D' } }, grantOf(n, 2 * n + 2)]).flat());
    const before = reads;
    log.take([grantOf(1, 2 * consumers + 1)]);
    return reads - before;
  };
  expect(readsWith(2000)).toBe(readsWith(10));
  expect(readsWith(10)).toBeGreaterThan(0);
});

test('tuples that are looked at once are the same and kept for nobody; those that are kept already are not unfolded again', () => {
  const log = new PolicyLog().take([
    { seq: '1', kind: 'department', code: 'GA', body: { code: 'GA', name: '公安' } }, { seq: '2', kind: 'consumer', code: 'c', body: { code: 'c', name: 'c', department_code: 'GA' } },
    { seq: '3', kind: 'sharing_grant', code: 'S-9', body: { approval_no: 'S-9', consumer_code: 'c', tuples: [tuple(item), tuple(other)] } },
  ]);
  const policy = log.policyOf(log.consumer('c')!);
  const [once, again] = [lookedAtOnce(policy), lookedAtOnce(policy)];
  expect([once === policy, once.tuples === again.tuples, once.tuples.size]).toEqual([false, false, 2]);
  expect({ ...once }).toEqual({ ...policy });
  expect(lookedAtOnce(policy)).toBe(policy);
  expect(lookedAtOnce(noPolicy)).toBe(noPolicy);
});
