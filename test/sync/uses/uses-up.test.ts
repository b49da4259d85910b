/**
 * Uses of certificates that the city has passed on go up and are there for whoever issued them: at least once, nothing twice in effect,
 * nothing lost, whatever fails on the way. Two hubs that are reached without a network.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeUses } from '../../../src/certificates/told-uses.ts';
import { CityError } from '../../../src/sync/city.ts';
import type { CityUses, PassedUpUse } from '../../../src/sync/city.ts';
import { deadLetters, redriveDeadLetters } from '../../../src/sync/dead-letters.ts';
import { pushAgain } from '../../../src/sync/push.ts';
import { passUsesUp } from '../../../src/sync/uses-up.ts';
import type { UsesContext } from '../../../src/sync/uses-up.ts';
import { callers } from '../../world/callers.ts';
import type { OtherName } from '../../world/callers.ts';
import { decided } from '../../world/grants.ts';
import type { TestHub } from '../../world/hub.ts';
import { pointedSql } from '../points.ts';
import { checkOf, cityPolice, given, hold, hub, hubName, issuer, matter, telling, toldUse, twoHubs } from './using.ts';
import type { Held } from './using.ts';

const now = '2026-11-24T02:01:00.000Z';
const shown = 'at certificateIdentifier mode copyId consumer departmentCode operator operatorVerified matterCode caseNo cause fields result division';

let city: TestHub;
let county: TestHub;
let desk: CityUses;
let sent: PassedUpUse[] = [];

beforeAll(async () => {
  ({ city, county, desk } = await twoHubs((uses) => void sent.push(...uses)));
}, 180_000);
afterAll(() => Promise.all([city.close(), county.close()]));
beforeEach(() => { sent = []; });

const context = (more: Partial<UsesContext> = {}): UsesContext => ({ sql: county.database.sql, uses: desk, division: '620623', now, ...more });

let cards = 0;
/** A certificate of the city's police that both hubs have. */
async function passedOn(): Promise<Held> {
  cards += 1;
  const held = await hold(city.database, cards, '620600');
  await hold(county.database, cards, '620623');
  await given(city.database, hub, held);
  return held;
}
/** One that was checked in the county. */
async function used(result?: string): Promise<Held> {
  const held = await passedOn();
  await checkOf(county.database, held, result);
  return held;
}
const usesFor = async (at: TestHub, who: OtherName | 'authority', { identifier }: Held) => {
  const { data, errors } = await at.ask(who, `query ($id: String!) { it: certificateUses(certificateIdentifier: $id) { nodes { ${shown} } } }`, { variables: { id: identifier } });
  expect(errors).toEqual([]);
  return (data as unknown as { it: { nodes: readonly Readonly<Record<string, unknown>>[] } }).it.nodes;
};
const there = async (held: Held) => usesFor(city, issuer, held);
const states = async () => (await county.database.sql<{ state: string }[]>`select state from certificate_use_up order by use_id`).map(({ state }) => state);

test('copies and checks of a city\'s certificate are there for its issuer as they are here for whoever provides the library, and for nobody else', async () => {
  const held = await passedOn();
  const opened = await county.ask('civilAffairs', 'mutation ($matter: String!, $idNumber: String!) { openCase(matter: $matter, caseNo: "2026-1", subjects: [{idNumber: $idNumber}]) { deadline } }', { variables: { matter, idNumber: held.holder } });
  expect(opened.errors).toEqual([]);
  const issued = await county.ask('civilAffairs', 'mutation ($id: String!) { issueCopy(certificateIdentifier: $id, cause: "核对身份", validDays: 7) { id code shown } }', { variables: { id: held.identifier }, headers: { 'hub-matter': matter, 'hub-case': '2026-1', 'hub-operator': 'MZ-0317' } });
  expect(issued.errors).toEqual([]);
  const copy = issued.data['issueCopy'] as unknown as { readonly id: string; readonly code: string; readonly shown: readonly string[] };
  expect((await county.ask('stranger', 'query ($id: String!, $code: String!) { verifyCertificate(certificateIdentifier: $id, code: $code) { verdict } }', { variables: { id: held.identifier, code: copy.code } })).data).toEqual({ verifyCertificate: { verdict: 'VALID' } });
  expect(await there(held)).toEqual([]);
  expect(await passUsesUp(context())).toEqual({ changes: 2, refused: 0, more: false });
  const here = await usesFor(county, 'authority', held);
  expect(here).toMatchObject([{ mode: 'CHECK', result: 'VALID', division: null }, { mode: 'COPY', copyId: copy.id, departmentCode: callers.civilAffairs, operator: 'MZ-0317', operatorVerified: false, caseNo: '2026-1', cause: '核对身份', fields: copy.shown, division: null }]);
  // All that an issuer reads at home, and nothing else: the same fields.
  expect(await there(held)).toEqual(here.map((use) => ({ ...use, division: '620623' })));
  expect(JSON.stringify(sent)).not.toContain(held.holder);
  expect(await usesFor(city, 'other-city-civil', held)).toEqual([]);
  expect(await passUsesUp(context())).toEqual({ changes: 0, refused: 0, more: false });
});

test('uses of what the county itself has issued stay, and a hub without one above it puts nothing aside', async () => {
  const before = (await states()).length;
  const own = await hold(county.database, 900, '620623', { source: '620623-ZS' });
  await checkOf(county.database, own, 'VALID', '620623-ZS');
  expect((await states()).length).toBe(before);
  expect(await usesFor(county, 'authority', own)).toHaveLength(1);
  const atCity = await hold(city.database, 901, '620600', { source: '620623-ZS' });
  await given(city.database, hub, atCity, '620623-ZS');
  await takeUses({ sql: city.database.sql, within: null }, { consumer: hub, division: '620623', departments: '620623' }, [toldUse(atCity, { key: crypto.randomUUID(), source: '620623-ZS' })]);
  expect(await usesFor(city, 'authority', atCity)).toHaveLength(1);
  expect(await city.database.sql`select 1 from certificate_use_up`).toHaveLength(0);
});

test('a city that is below a province tells it further', async () => {
  const held = await hold(city.database, 902, '620600', { source: '620000-GA' });
  await given(city.database, hub, held, '620000-GA');
  const key = crypto.randomUUID();
  const uses = [toldUse(held, { key, source: '620000-GA' })];
  for (let n = 0; n < 2; n += 1) await takeUses({ sql: city.database.sql, within: '6206' }, { consumer: hub, division: '620623', departments: '620623' }, uses);
  expect(await city.database.sql`select source, source_key, state from certificate_use_up`).toMatchObject([{ source: '620000-GA', source_key: held.key, state: 'WAITING' }]);
  await city.database.sql`delete from certificate_use_up`;
});

describe('what the upper hub takes', () => {
  const told = async (uses: readonly PassedUpUse[], who: OtherName | 'civilAffairs' = hubName) => {
    const { data, errors } = await city.ask(who, telling, { variables: { uses } });
    return errors.length > 0 ? errors[0]?.extensions['code'] : (data as unknown as { it: { outcomes: readonly { status: string; field: string | null; reason: string | null }[] } }).it.outcomes;
  };

  test('is a hub\'s, of certificates that were given to it, for departments of its division; anything else is refused by itself', async () => {
    const held = await passedOn();
    const secret = await hold(city.database, 903, '620600');
    const [key, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const outcomes = await told([
      toldUse(held, { key }), toldUse(held, { key }), toldUse(secret, { key: crypto.randomUUID() }), toldUse({ key: 'nothing' }, { key: crypto.randomUUID() }), toldUse(held, { key: other, departmentCode: '620622-SC' }),
      toldUse(held, { key: 'no-uuid' }), toldUse(held, { key: crypto.randomUUID(), result: 'a sentence' }), toldUse(held, { key: crypto.randomUUID(), cause: 'x'.repeat(201) }), toldUse(held, { key: other, departmentCode: null, consumer: null }),
    ]) as readonly { status: string; field: string | null; reason: string | null }[];
    expect(outcomes.map(({ status }) => status)).toEqual(['ACCEPTED', 'DUPLICATE', 'REJECTED', 'REJECTED', 'REJECTED', 'REJECTED', 'REJECTED', 'REJECTED', 'ACCEPTED']);
    // Whether there is such a certificate is not told to whoever was not given it.
    expect({ ...outcomes[2], index: 0, key: '' }).toEqual({ ...outcomes[3], index: 0, key: '' });
    expect(outcomes[4]).toMatchObject({ field: 'departmentCode' });
    expect((await there(held)).map(({ departmentCode }) => departmentCode)).toEqual([null, '620623-SC']);
    expect(await told([toldUse(held, { key })], 'civilAffairs')).toBe('FORBIDDEN');
    expect(await told([])).toBe('PAGE_TOO_LARGE');
    expect(await told(Array.from({ length: 201 }, () => toldUse(held, { key })))).toBe('PAGE_TOO_LARGE');
  });

  test('is no copy of its own: an id that a hub names tells nothing of a copy that was made here', async () => {
    const [own] = await city.database.sql<{ id: string }[]>`
      insert into certificate_copy (id, record_id, certificate_identifier, consumer_code, issued_at, expires_at, person_keys, digest, signed_at, key_version, signature)
      select '9Z9Z9Z9Z9Z', id, certificate_identifier, 'test-market', ${now}, '2027-01-01', '{}', 'x', ${now}, 1, 'x' from certificate limit 1 returning id`;
    const held = await passedOn();
    await told([toldUse(held, { key: crypto.randomUUID(), mode: 'COPY', copyId: own!.id }), toldUse(held, { key: crypto.randomUUID(), mode: 'COPY', copyId: own!.id })]);
    const checked = await city.ask('stranger', 'query ($id: String!) { verifyCertificate(certificateIdentifier: $id, code: "9Z9Z9-Z9Z9Z-0000-0000-0000-0000") { verdict } }', { variables: { id: held.identifier } });
    expect([checked.errors, checked.data]).toEqual([[], { verifyCertificate: { verdict: 'NOT_GENUINE' } }]);
  });

  test('is taken when the certificate is gone: it was used before', async () => {
    const held = await used('CERTIFICATE_NOT_VALID');
    const n = Number(held.key.slice('card-'.length));
    await hold(city.database, n, '620600', { gone: true });
    await hold(county.database, n, '620623', { gone: true });
    await checkOf(county.database, held, 'CERTIFICATE_NOT_VALID');
    expect(await passUsesUp(context())).toEqual({ changes: 2, refused: 0, more: false });
    expect(await there(held)).toHaveLength(2);
  });
});

describe('faults', () => {
  test('one that is refused is a dead letter and holds up nothing; it goes up again when told to', async () => {
    const held = await used();
    const other = await used();
    await city.database.sql`delete from feed_delivery where record_id = (select record_id from source_record where source = ${cityPolice} and source_key = ${held.key})`;
    expect(await passUsesUp(context())).toEqual({ changes: 2, refused: 1, more: false });
    expect([await there(held), await there(other)].map((uses) => uses.length)).toEqual([0, 1]);
    expect(await deadLetters(county.database.sql)).toMatchObject([{ type: 'CertificateUse', source: '620623-SC', field: 'sourceKey', tries: 1 }]);
    expect(await passUsesUp(context())).toMatchObject({ changes: 0 });
    await given(city.database, hub, held);
    expect(await redriveDeadLetters(county.database.sql, now)).toBe(1);
    expect(await passUsesUp(context())).toEqual({ changes: 1, refused: 0, more: false });
    expect(await deadLetters(county.database.sql)).toEqual([]);
    expect(await there(held)).toHaveLength(1);
  });

  test('an acknowledgement that is lost, and a call that is made twice at once: one use there', async () => {
    const held = await used();
    let lose = true;
    const forgetful: CityUses = { tellUses: async (uses) => {
      const outcomes = await desk.tellUses(uses);
      if (!lose) return outcomes;
      lose = false;
      throw new CityError('BROKEN', 'cut');
    } };
    await expect(passUsesUp(context({ uses: forgetful }))).rejects.toThrow('cut');
    expect(await states()).toContain('WAITING');
    await Promise.all([passUsesUp(context()), passUsesUp(context())]);
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(await there(held)).toHaveLength(1);
    expect(new Set(await states())).toEqual(new Set(['SENT']));
  });

  test('a process that ends at any point of a step, for every point: the same in the end', { timeout: 120_000 }, async () => {
    for (let n = 1; ; n += 1) {
      const held = await used();
      let left = n;
      const at = (): void => {
        left -= 1;
        if (left === 0) throw Object.assign(new Error('the process has ended'), { code: 'CONNECTION_CLOSED' });
      };
      await passUsesUp(context({ sql: pointedSql(county.database.sql, at), uses: { tellUses: async (uses) => { at(); const outcomes = await desk.tellUses(uses); at(); return outcomes; } } })).catch(() => undefined);
      await passUsesUp(context());
      expect(await there(held)).toHaveLength(1);
      expect(new Set(await states())).toEqual(new Set(['SENT']));
      if (left > 0) {
        expect(n).toBeGreaterThan(5);
        break;
      }
    }
  });

  test('uses of one certificate go in their order, page by page', async () => {
    const held = await passedOn();
    for (let n = 0; n < 205; n += 1) await checkOf(county.database, held, n % 2 === 0 ? 'VALID' : 'COPY_EXPIRED');
    expect(await passUsesUp(context())).toEqual({ changes: 200, refused: 0, more: true });
    expect(await passUsesUp(context())).toEqual({ changes: 5, refused: 0, more: false });
    expect(sent.map(({ result }) => result)).toEqual(Array.from({ length: 205 }, (_, n) => (n % 2 === 0 ? 'VALID' : 'COPY_EXPIRED')));
    const [{ same } = { same: false }] = await city.database.sql<{ same: boolean }[]>`select array_agg(told_key::text order by id) = ${sent.map(({ key }) => key)}::text[] as same from certificate_use where certificate_identifier = ${held.identifier}`;
    expect(same).toBe(true);
  });

  test('a city that is away for a thousand tries: nothing grows, and then it has the use', { timeout: 120_000 }, async () => {
    const held = await used();
    const rows = async () => (await county.database.sql<{ n: number }[]>`select (select count(*) from certificate_use_up)::int + (select count(*) from certificate_use)::int + (select count(*) from dead_letter)::int as n`)[0]?.n;
    const before = await rows();
    const away: CityUses = { tellUses: () => Promise.reject(new CityError('UNREACHABLE', 'away')) };
    for (let n = 0; n < 1000; n += 1) await passUsesUp(context({ uses: away })).catch((error: unknown) => { if (!(error instanceof CityError)) throw error; });
    expect(await rows()).toBe(before);
    await passUsesUp(context());
    expect(await there(held)).toHaveLength(1);
  });

  test('about whoever is sealed nothing leaves, and what waited goes once he is no longer', async () => {
    const held = await used();
    await decided(county, 'mutation ($idNumber: String!) { seal(code: "U-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: held.holder });
    expect(await passUsesUp(context())).toEqual({ changes: 0, refused: 0, more: false });
    expect((await county.ask('steward', '{ syncStatus { usesWaiting } }')).data).toEqual({ syncStatus: { usesWaiting: 1 } });
    await decided(county, 'mutation { unseal(code: "U-SEAL") }');
    expect(await passUsesUp(context())).toEqual({ changes: 1, refused: 0, more: false });
    expect(await there(held)).toHaveLength(1);
  });

  test('a city that was restored from a backup is told again, and knows what it still has', async () => {
    const [lost, kept] = [await used(), await used()];
    await passUsesUp(context());
    await city.database.sql`delete from certificate_use where certificate_identifier = ${lost.identifier}`;
    await county.database.sql.begin(pushAgain);
    for (let more = true; more;) ({ more } = await passUsesUp(context()));
    expect([await there(lost), await there(kept)].map((uses) => uses.length)).toEqual([1, 1]);
    expect(new Set(await states())).toEqual(new Set(['SENT']));
  });

  test('a worker whose lease is lost marks nothing', async () => {
    const held = await used();
    await expect(passUsesUp(context({ fence: () => Promise.reject(new Error('lost')) }))).rejects.toThrow('lost');
    expect(await states()).toContain('WAITING');
    await passUsesUp(context());
    expect(await there(held)).toHaveLength(1);
  });
});
