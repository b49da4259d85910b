/**
 * Reports about another hub's words go up, and their answers come down: at least once, nothing twice in effect, nothing lost, whatever
 * fails on the way. Two hubs that are reached without a network.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { passReportsUp, takeAnswers } from '../../../src/sync/checks/pass-up.ts';
import type { ReportsContext } from '../../../src/sync/checks/pass-up.ts';
import { CityError } from '../../../src/sync/city.ts';
import type { CityChecks, PassedUpReport } from '../../../src/sync/city.ts';
import { deadLetters, redriveDeadLetters } from '../../../src/sync/dead-letters.ts';
import { readReported, readStandings } from '../../../src/sync/envelope.ts';
import { registerOther } from '../../world/callers.ts';
import { decided, grantTo } from '../../world/grants.ts';
import { clonedHub } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { pointedSql } from '../points.ts';
import { answer, checkFields, idNumber, list, report, reportDocument, tell } from './reporting.ts';
import type { Check } from './reporting.ts';

const hubName = 'other-county-hub';
const source = 'other-city-steward';
const cityPolice = '620600-GA';
const now = '2026-11-24T02:01:00.000Z';

let city: TestHub;
let county: TestHub;
let sent: PassedUpReport[] = [];

/** The city as it is reached without a network, in the form of its answers. */
const desk: CityChecks = {
  report: async (one) => {
    sent.push(one);
    const { key, type, source: whose, sourceKey, sourceVersion, field, believed, because, evidence, behalf } = one;
    const { data, errors } = await city.ask(hubName, reportDocument, {
      variables: { key, report: { type, source: whose, sourceKey, sourceVersion, because, evidence, items: [{ field, ...(believed === null ? {} : { believed: JSON.parse(believed) as unknown }) }] } },
      headers: behalf === null ? {} : { 'hub-behalf': behalf },
    });
    if (errors.length > 0) throw new CityError('REFUSED', String(errors[0]?.message), null, String(errors[0]?.extensions['code']));
    return readReported(data['it']);
  },
  standings: async (keys) => {
    const { data } = await city.ask(hubName, `query ($references: [String!]!) { it: checkRequests(filter: { references: $references }, first: 100) { nodes { ${checkFields} } } }`, { variables: { references: keys } });
    return readStandings(data['it']);
  },
};

beforeAll(async () => {
  city = await clonedHub();
  county = await clonedHub({ upper: true });
  await registerOther(city.database, hubName, '620623-ZS', null);
  await registerOther(city.database, source, cityPolice, 'STEWARD');
  await registerOther(city.database, 'other-provider', city.standing.catalog.item('RK-0002')?.ownerDepartment ?? '', 'STEWARD');
  await decided(city, `mutation { setHub(consumer: "test-${hubName}", division: "620623") }`);
  const granted = await grantTo(city, `test-${hubName}`, 'FOLLOWED', ['RK-0000', 'RK-0002'].map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : ['READ'], modes: ['SUBSCRIBE'] })));
  if (granted.errors.length > 0) throw new Error(granted.errors[0]?.message);
}, 120_000);
afterAll(() => Promise.all([city.close(), county.close()]));
beforeEach(() => {
  sent = [];
});

const context = (more: Partial<ReportsContext> = {}): ReportsContext => ({ sql: county.database.sql, checks: desk, division: '620623', now, ...more });

let people = 600;
/** Somebody whom the city's police tell, in both hubs; a report of the county's civil affairs about his name. */
async function reported(more: Readonly<Record<string, unknown>> = {}): Promise<Check> {
  people += 1;
  const values = { idNumber: idNumber(people), name: `市${people}` };
  await tell(city.database, cityPolice, `c-${people}`, '1', values, { division: '620600' });
  await tell(county.database, cityPolice, `c-${people}`, '1', values);
  const { checks: [check], errors } = await report(county, 'civilAffairs', { type: 'Person', key: idNumber(people), items: [{ field: 'name', believed: '正确的名字' }], ...more });
  if (check === undefined) throw new Error(errors[0]?.message ?? 'Nothing was reported.');
  return check;
}
const here = async (id: string) => (await list(county, 'civilAffairs')).checks.find((one) => one.id === id);
const asked = async () => (await list(city, source, { side: 'ASKED', states: ['OPEN'] })).checks;
const known = async (id: string) => (await city.database.sql`select 1 from check_request where reference = ${`check-${id}`}`).length;

test('a report about the city\'s word waits, goes up, is answered there, and the answer is here', async () => {
  const check = await reported();
  expect(check).toMatchObject({ state: 'WAITING', source: cityPolice, departmentCode: null, dueOn: null });
  expect(await passReportsUp(context())).toEqual({ changes: 1, refused: 0, more: false });
  expect(await here(check.id)).toMatchObject({ state: 'SENT', dueOn: '2026-12-08' });
  const [there] = await asked();
  expect(there).toMatchObject({ field: 'name', sourceKey: `c-${people}`, reportedFor: '620623-MZ', believed: '正确的名字', departmentCode: cityPolice, because: '与证件不符' });
  expect(await takeAnswers(context())).toBeNull();
  expect((await here(check.id))?.state).toBe('SENT');
  await tell(city.database, cityPolice, `c-${people}`, '2', { name: '正确的名字' }, { division: '620600' });
  expect((await answer(city, source, there!, { verdict: 'CORRECTED', correctedVersion: '2', because: '已更正' })).check?.state).toBe('ANSWERED');
  await takeAnswers(context());
  expect(await here(check.id)).toMatchObject({ state: 'ANSWERED', verdict: 'CORRECTED', correctedVersion: '2', answer: '已更正', answeredBy: cityPolice, standsIn: false });
  const before = sent.length;
  expect(await passReportsUp(context())).toEqual({ changes: 0, refused: 0, more: false });
  expect(sent).toHaveLength(before);
});

describe('a report about another county\'s word', () => {
  const otherPolice = '620622-GA';
  /** Somebody whom the police of another county tell, in both hubs; a report of this county about him, passed up. */
  async function doubted(): Promise<Check> {
    people += 1;
    const values = { idNumber: idNumber(people), name: `邻${people}` };
    for (const [hub, division] of [[city, '620600'], [county, '620623']] as const) await tell(hub.database, otherPolice, `n-${people}`, '1', values, { division });
    const { checks: [check], errors } = await report(county, 'civilAffairs', { type: 'Person', key: idNumber(people), items: [{ field: 'name' }] });
    if (check === undefined) throw new Error(errors[0]?.message ?? 'Nothing was reported.');
    expect(await passReportsUp(context())).toEqual({ changes: 1, refused: 0, more: false });
    return check;
  }
  const provider = (): string => city.standing.catalog.item('RK-0002')?.ownerDepartment ?? '';

  test('is answered at the city by whoever provides the item, who is told that it stands in, and the county is told who has answered', async () => {
    const check = await doubted();
    expect(check).toMatchObject({ source: otherPolice, state: 'WAITING', departmentCode: null, standsIn: false });
    const [there] = (await list(city, 'other-provider', { side: 'ASKED', states: ['OPEN'] })).checks.filter(({ source: whose }) => whose === otherPolice);
    expect(there).toMatchObject({ departmentCode: provider(), standsIn: true, sourceKey: `n-${people}`, reportedFor: '620623-MZ' });
    // A correction is that county's word alone: it is named once that county has told it.
    expect((await answer(city, 'other-provider', there!, { verdict: 'CORRECTED', correctedVersion: '2' })).code).toBe('BAD_INPUT');
    await tell(city.database, otherPolice, `n-${people}`, '2', { idNumber: idNumber(people), name: '邻县已更正' }, { division: '620600' });
    expect((await answer(city, 'other-provider', there!, { verdict: 'CORRECTED', correctedVersion: '2', because: '已请邻县公安局更正' })).check?.state).toBe('ANSWERED');
    await takeAnswers(context());
    expect(await here(check.id)).toMatchObject({ state: 'ANSWERED', verdict: 'CORRECTED', source: otherPolice, answeredBy: provider(), answer: '已请邻县公安局更正' });
  });

  test('also where the city knows that department and it has no steward there; with one it answers itself', async () => {
    await city.database.sql`insert into department (code, name, role) values (${otherPolice}, '邻县公安局', 'PROVIDER')`;
    await doubted();
    const asks = async () => (await city.database.sql<{ department: string }[]>`select department from check_request where source = ${otherPolice} and state = 'OPEN' order by seq desc limit 1`)[0]?.department;
    expect(await asks()).toBe(provider());
    await registerOther(city.database, 'other-neighbour', otherPolice, 'STEWARD');
    await doubted();
    expect(await asks()).toBe(otherPolice);
  });
});

test('what belongs to a department of the county does not leave it', async () => {
  people += 1;
  await tell(county.database, '620623-GA', `own-${people}`, '1', { idNumber: idNumber(people), name: '县' });
  const { checks } = await report(county, 'civilAffairs', { type: 'Person', key: idNumber(people), items: [{ field: 'name' }] });
  expect(checks.map(({ state, departmentCode }) => [state, departmentCode])).toEqual([['OPEN', '620623-GA']]);
  expect(await passReportsUp(context())).toMatchObject({ changes: 0 });
});

test('a steward has the city\'s word of a conflict checked in the same way, and once it is answered the conflict is open again', async () => {
  people += 1;
  // Of names the city's police are believed before a department that is no source of them.
  await tell(county.database, '620623-RS', `f-${people}`, '1', { idNumber: idNumber(people), name: '县' });
  const values = { idNumber: idNumber(people), name: '市' };
  await tell(city.database, cityPolice, `f-${people}`, '1', values, { division: '620600' });
  await tell(county.database, cityPolice, `f-${people}`, '1', values);
  const conflicts = async () => ((await county.ask('steward', '{ conflicts(first: 100) { nodes { id field holds state check { id state source verdict } } } }')).data as unknown as { conflicts: { nodes: { id: string; field: string; holds: string; state: string; check: { id: string; state: string; source: string; verdict: string | null } | null }[] } }).conflicts.nodes;
  const [conflict] = (await conflicts()).filter(({ field, state }) => field === 'name' && state === 'OPEN');
  const { errors } = await county.ask('steward', 'mutation ($id: ID!) { requestCheck(id: $id, because: "请核") { state } }', { variables: { id: conflict!.id } });
  expect(errors).toEqual([]);
  const stands = async () => (await conflicts()).find(({ id }) => id === conflict!.id);
  expect(await stands()).toMatchObject({ state: 'CHECKING', holds: cityPolice, check: { source: cityPolice, state: 'WAITING' } });
  // It needs no answer once it is decided.
  await county.ask('steward', 'mutation ($id: ID!) { keepValue(id: $id, because: "维持") { state } }', { variables: { id: conflict!.id } });
  expect(await stands()).toMatchObject({ state: 'KEPT', check: { state: 'LAPSED' } });
  await county.ask('steward', 'mutation ($id: ID!) { requestCheck(id: $id, because: "再核") { state } }', { variables: { id: conflict!.id } });
  expect(await passReportsUp(context())).toEqual({ changes: 1, refused: 0, more: false });
  const [there] = (await asked()).filter(({ because }) => because === '再核');
  expect((await answer(city, source, there!)).check?.state).toBe('ANSWERED');
  await takeAnswers(context());
  expect((await conflicts()).find(({ id }) => id === conflict!.id)).toMatchObject({ state: 'OPEN', check: { state: 'ANSWERED', verdict: 'CONFIRMED' } });
});

describe('refusals', () => {
  test('a report that the city refuses is a dead letter and holds up nothing; it goes up again when told to', async () => {
    const check = await reported();
    const other = await reported();
    const sentinel = new Set([`check-${check.id}`]);
    const picky: CityChecks = { ...desk, report: (one) => (sentinel.has(one.key) ? Promise.resolve(null) : desk.report(one)) };
    expect(await passReportsUp(context({ checks: picky }))).toEqual({ changes: 2, refused: 1, more: false });
    expect([(await here(check.id))?.state, (await here(other.id))?.state]).toEqual(['REFUSED', 'SENT']);
    expect(await deadLetters(county.database.sql)).toMatchObject([{ type: 'Discrepancy', source: '620623-MZ', field: 'Person.name', tries: 1 }]);
    expect(await passReportsUp(context())).toMatchObject({ changes: 0 });
    expect(await redriveDeadLetters(county.database.sql, now)).toBe(1);
    expect(await passReportsUp(context())).toEqual({ changes: 1, refused: 0, more: false });
    expect(await deadLetters(county.database.sql)).toEqual([]);
    expect((await here(check.id))?.state).toBe('SENT');
  });

  test('of a record that the city does not have it takes none', async () => {
    const check = await reported();
    await city.database.sql`delete from source_record where source = ${cityPolice} and source_key = ${`c-${people}`}`;
    expect(await passReportsUp(context())).toMatchObject({ refused: 1 });
    expect((await here(check.id))?.state).toBe('REFUSED');
    await county.database.sql`delete from dead_letter`;
  });

  test('where the city refuses this hub nothing is lost: everything waits', async () => {
    const check = await reported();
    const shut: CityChecks = { ...desk, report: () => Promise.reject(new CityError('REFUSED', 'no', null, 'FORBIDDEN')) };
    await expect(passReportsUp(context({ checks: shut }))).rejects.toThrow('no');
    expect((await here(check.id))?.state).toBe('WAITING');
    await passReportsUp(context());
    expect((await here(check.id))?.state).toBe('SENT');
  });

  test('a hub names whose word it doubts, and nobody else does', async () => {
    const given = { type: 'Person', source: cityPolice, sourceKey: 'c-601', sourceVersion: '1', items: [{ field: 'name' }] };
    expect((await report(city, hubName, { type: 'Person', key: idNumber(601), items: [{ field: 'name' }] })).code).toBe('BAD_INPUT');
    expect((await report(city, 'civilAffairs', given)).code).toBe('BAD_INPUT');
    expect((await report(city, hubName, { ...given, sourceKey: 'nothing' })).checks).toEqual([]);
    expect((await report(city, hubName, given, undefined, { 'hub-behalf': '620622-MZ' })).code).toBe('PURPOSE_REFUSED');
    // What another has reported is not a hub's business.
    expect((await list(city, hubName)).checks.every(({ reportedFor }) => reportedFor.startsWith('620623-'))).toBe(true);
  });

  test('about whoever is sealed nothing leaves, and what waited goes once he is no longer', async () => {
    const check = await reported();
    await decided(county, 'mutation ($idNumber: String!) { seal(code: "U-SEAL", idNumber: $idNumber, because: "测试") }', { idNumber: idNumber(people) });
    expect(await passReportsUp(context())).toMatchObject({ changes: 0 });
    await decided(county, 'mutation { unseal(code: "U-SEAL") }');
    expect(await passReportsUp(context())).toMatchObject({ changes: 1 });
    expect((await here(check.id))?.state).toBe('SENT');
  });
});

describe('faults', () => {
  test('an acknowledgement that is lost, and a report that comes twice: one request there', async () => {
    const check = await reported();
    let lose = true;
    const forgetful: CityChecks = { ...desk, report: async (one) => {
      const standing = await desk.report(one);
      if (!lose) return standing;
      lose = false;
      throw new CityError('BROKEN', 'cut');
    } };
    await expect(passReportsUp(context({ checks: forgetful }))).rejects.toThrow('cut');
    expect((await here(check.id))?.state).toBe('WAITING');
    await Promise.all([passReportsUp(context()), passReportsUp(context())]);
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect([await known(check.id), (await here(check.id))?.state]).toEqual([1, 'SENT']);
  });

  test('a process that ends at any point of passing up and of taking the answer, for every point: the same in the end', { timeout: 180_000 }, async () => {
    for (let n = 1; ; n += 1) {
      const check = await reported();
      let left = n;
      const at = (): void => {
        left -= 1;
        if (left === 0) throw Object.assign(new Error('the process has ended'), { code: 'CONNECTION_CLOSED' });
      };
      const pointed = (): ReportsContext => context({
        sql: pointedSql(county.database.sql, at),
        checks: { report: async (one) => { at(); const standing = await desk.report(one); at(); return standing; }, standings: async (keys) => { at(); const standings = await desk.standings(keys); at(); return standings; } },
      });
      const step = async (run: ReportsContext): Promise<void> => {
        await passReportsUp(run);
        const [there] = (await asked()).filter(({ sourceKey }) => sourceKey === `c-${people}`);
        if (there !== undefined) await answer(city, source, there);
        await takeAnswers(run);
      };
      await step(pointed()).catch(() => undefined);
      await step(context());
      expect(await here(check.id)).toMatchObject({ state: 'ANSWERED', verdict: 'CONFIRMED' });
      expect(await known(check.id)).toBe(1);
      const moves = await county.database.sql<{ verb: string }[]>`select verb from check_move where check_id = ${check.id} order by seq`;
      expect(moves.map(({ verb }) => verb)).toEqual(['report', 'send', 'arrive']);
      if (left > 0) {
        expect(n).toBeGreaterThan(15);
        break;
      }
    }
  });

  test('reports about one item go in the order in which they came, and behind one that is not taken nothing goes', async () => {
    const checks = [await reported(), await reported(), await reported()];
    const halfway: CityChecks = { ...desk, report: (one) => (one.key === `check-${checks[1]!.id}` ? Promise.reject(new CityError('UNREACHABLE', 'away')) : desk.report(one)) };
    await expect(passReportsUp(context({ checks: halfway }))).rejects.toThrow('away');
    expect(await Promise.all(checks.map(async ({ id }) => (await here(id))?.state))).toEqual(['SENT', 'WAITING', 'WAITING']);
    await passReportsUp(context());
    expect(sent.map(({ key }) => key)).toEqual(checks.map(({ id }) => `check-${id}`));
  });

  test('a city that is away for a thousand tries: nothing grows, and then it has the report', { timeout: 120_000 }, async () => {
    const check = await reported();
    const rows = async () => (await county.database.sql<{ n: number }[]>`select (select count(*) from check_request)::int + (select count(*) from check_move)::int + (select count(*) from dead_letter)::int as n`)[0]?.n;
    const before = await rows();
    const away: CityChecks = { report: () => Promise.reject(new CityError('UNREACHABLE', 'away')), standings: () => Promise.reject(new CityError('UNREACHABLE', 'away')) };
    for (let n = 0; n < 1000; n += 1) await passReportsUp(context({ checks: away })).catch((error: unknown) => { if (!(error instanceof CityError)) throw error; });
    expect(await rows()).toBe(before);
    await passReportsUp(context());
    expect([await known(check.id), (await here(check.id))?.state]).toEqual([1, 'SENT']);
  });

  test('a city that was restored from a backup is told again', async () => {
    const check = await reported();
    await passReportsUp(context());
    await city.database.sql`delete from submission where idempotency_key = ${`check-${check.id}`}`;
    await city.database.sql`update check_request set reference = null, state = 'LAPSED' where reference = ${`check-${check.id}`}`;
    await takeAnswers(context());
    expect((await here(check.id))?.state).toBe('WAITING');
    await passReportsUp(context());
    expect([await known(check.id), (await here(check.id))?.state]).toEqual([1, 'SENT']);
  });

  test('a worker whose lease is lost keeps nothing', async () => {
    const check = await reported();
    await expect(passReportsUp(context({ fence: () => Promise.reject(new Error('lost')) }))).rejects.toThrow('lost');
    expect((await here(check.id))?.state).toBe('WAITING');
    await passReportsUp(context());
    expect(await known(check.id)).toBe(1);
  });
});
