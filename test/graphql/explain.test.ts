/**
 * `explain`, `whoMaySee`, `whatSees`: the same verdicts as answers give, for whom they concern, today and in the past, without a record read.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStanding } from '../../src/identity/standing.ts';
import type { Standing } from '../../src/identity/standing.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { whatSees, whoMaySee } from '../../src/graphql/explain.ts';
import { administrators, callers, testMatter } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, Json, TestHub } from '../world/hub.ts';

/** The template's catalog is written down by the clock of the machine: the past of these tests begins after it. */
const day = 86_400_000;
let clock = Date.now() + day;
let hub: TestHub;

beforeAll(async () => {
  hub = await clonedHub({ now: () => new Date(clock) });
});
afterAll(() => hub?.close());

const document = `query ($name: String!) {
  person(idNumber: "${idNumberWithCheck('11010119000101001')}") { name idNumber maritalStatusCode household { householdNo } }
  legalEntities(first: 1, where: { name: { eq: $name } }) { totalCount nodes { name } }
}`;
const explained = `query ($consumer: ID, $document: String!, $variables: JSON, $matter: String, $underCase: Boolean! = false, $mode: Mode! = QUERY, $at: DateTime) {
  explain(consumer: $consumer, document: $document, variables: $variables, matter: $matter, underCase: $underCase, mode: $mode, at: $at) {
    consumer consumerName departmentCode at standing mode matter underCase matters { code } refused refusals { code because at }
    asksOfOthers asks { at item itemName use allowed rule because apply until ways { rule approvalNo mask rows bounds { ownRows case division { by codes } } tuple { item uses modes mask matters quotaPerDay validFrom validTo } } }
    withheld { at item because apply instead } masked { at item masks } territory { types within { division { codes } } } seals until
  }
}`;
type Asked = CallerName | AdministratorName | 'stranger';
const explain = async (caller: Asked, variables: Readonly<Record<string, unknown>>): Promise<Answer> =>
  hub.ask(caller, explained, { variables: { document, variables: { name: 'x' }, matter: testMatter, ...variables } });
const told = async (variables: Readonly<Record<string, unknown>>): Promise<Json> => {
  const answer = await explain('auditor', { consumer: 'test-market', ...variables });
  expect(answer.errors).toEqual([]);
  return answer.data['explain'] as Json;
};
const list = (value: unknown): readonly Json[] => value as readonly Json[];
const askAt = (explanation: Json, at: string): Json => list(explanation['asks']).find((ask) => String(ask['at']) === at) as Json;
const codesOf = ({ errors }: Answer) => errors.map(({ extensions }) => String(extensions['code']));

describe('an explanation', () => {
  it('tells each ask the verdict and the rule, and of the whole what the answer withholds', async () => {
    const explanation = await told({});
    expect(explanation['refused']).toBe(false);
    expect(askAt(explanation, 'Person.name')).toMatchObject({ item: 'RK-0002', itemName: '姓名', use: 'READ', allowed: true, rule: 'unconditional' });
    expect(askAt(explanation, 'Person.idNumber')).toMatchObject({ allowed: false, rule: 'otherwise withheld', ways: [] });
    expect(askAt(explanation, 'Query.person(idNumber)')).toMatchObject({ item: 'RK-0001', use: 'KEY', allowed: true });
    const answer = await hub.ask('market', document, { variables: { name: 'x' } });
    expect(explanation['withheld']).toEqual(list(answer.extensions['hub']?.['withheld']).map((entry) => ({ instead: [], ...entry })));
  });

  it.each([
    ['a field', { document: '{ person(idNumber: "x") { phon } }' }],
    ['an input field of a variable', { document: 'query ($w: LegalEntityFilter) { legalEntities(where: $w) { totalCount } }', variables: { w: { nam: { eq: 'x' } } } }],
  ])('suggests no names that the caller may not know: %s', async (_what, wrong) => {
    const answer = await explain('market', wrong);
    expect(list((answer.data['explain'] as Json)['refusals'])).toHaveLength(1);
    expect(answer.text).not.toContain('Did you mean');
  });

  it('names the line of the grant, its mask, its rows, its end', async () => {
    const validTo = new Date(clock + 30 * day).toISOString();
    await grantTo(hub, 'test-market', 'A-EXPLAIN-1', [
      { item: 'RK-0001', mask: 'ID_NUMBER_STRICT', bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }], matters: [testMatter], quotaPerDay: 50, validTo },
    ]);
    const explanation = await told({});
    const ask = askAt(explanation, 'Person.idNumber');
    const [way] = list(ask['ways']);
    expect(way).toMatchObject({ rule: 'granted', approvalNo: 'A-EXPLAIN-1', mask: 'ID_NUMBER_STRICT', bounds: [{ division: { by: 'RESIDENCE', codes: ['620623000000'] } }] });
    expect(String(way?.['rows'])).toMatch(/居住地在 620623000000 及其下级 · residence in 620623000000 or below/);
    expect(way?.['tuple']).toMatchObject({ item: 'RK-0001', uses: ['READ'], modes: ['QUERY'], matters: [testMatter], quotaPerDay: 50 });
    expect(Date.parse(String(ask['until']))).toBe(Date.parse(validTo));
    expect(Date.parse(String(explanation['until']))).toBe(Date.parse(validTo));
    expect(explanation['masked']).toEqual([{ at: 'Person.idNumber', item: 'RK-0001', masks: ['ID_NUMBER_STRICT'] }]);
  });

  it('tells why the whole is refused, in the code of the answer', async () => {
    const refusal = async (variables: Readonly<Record<string, unknown>>) => list((await told(variables))['refusals']).map(({ code }) => String(code));
    expect(await refusal({ document: '{ searchPersons(where: { name: { eq: "a" }, birthDate: { eq: "2000-01-01" }, maritalStatusCode: { eq: "1" } }) { name } }' })).toEqual(['FIND_NOT_SHARED']);
    expect(await refusal({ document: '{ searchPersons(where: { name: { eq: "a" } }) { name } }' })).toEqual(['SEARCH_TOO_WIDE']);
    expect(await refusal({ document: '{ nothing }' })).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await refusal({ document: 'mutation { endGrant(approvalNo: "A") }' })).toEqual(['FORBIDDEN']);
    expect(await refusal({ variables: {} })).toEqual(['BAD_INPUT']);
    const unknown = await told({ matter: 'NO-SUCH-MATTER' });
    expect(list(unknown['refusals']).map(({ code }) => String(code))).toEqual(['PURPOSE_REFUSED', 'FIND_NOT_SHARED']);
    expect(list(unknown['matters']).map(({ code }) => String(code))).toContain(testMatter);
    expect(askAt(await told({ matter: null }), 'Person.name')).toMatchObject({ allowed: false, rule: 'no purpose' });
  });

  it('tells that a case is needed, and what it bounds', async () => {
    const { code } = [...hub.standing.matters()].find(({ needsCase, participants, department }) => needsCase && (department === callers.civilAffairs || participants.includes(callers.civilAffairs))) as { code: string };
    const of = (underCase: boolean) => told({ consumer: 'test-civilAffairs', matter: code, underCase });
    expect(askAt(await of(false), 'Person.name')).toMatchObject({ allowed: false, rule: 'no case' });
    expect(askAt(await of(true), 'Person.name')).toMatchObject({ allowed: true, ways: [{ rule: 'unconditional', bounds: [{ case: true }] }] });
  });

  it('reads no record', async () => {
    for (const query of [explained, '{ whoMaySee(item: "RK-0001") { consumer } }', '{ whatSees(consumer: "test-police") { item } }']) {
      const answer = await hub.ask('auditor', query, { variables: query === explained ? { consumer: 'test-police', document, variables: { name: 'x' } } : {} });
      expect([answer.errors, answer.statements]).toEqual([[], 0]);
    }
  });
});

describe('who is told', () => {
  const everybody = [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[];
  const open = { explain: ['security', 'auditor', 'steward', 'civilSteward'], whoMaySee: ['security', 'auditor', 'steward', 'civilSteward'], whatSees: ['security', 'auditor', 'steward', 'civilSteward'] };

  it('administrators who oversee, stewards of their own items, applications of themselves', async () => {
    for (const name of everybody) {
      const administrator = name in administrators;
      expect([name, codesOf(await explain(name, { consumer: 'test-market' }))]).toEqual([name, open.explain.includes(name) || name === 'market' ? [] : ['FORBIDDEN']]);
      expect([name, codesOf(await hub.ask(name, '{ whoMaySee(item: "RK-0013") { consumer } }'))]).toEqual([name, open.whoMaySee.includes(name) && name !== 'steward' ? [] : ['FORBIDDEN']]);
      expect([name, codesOf(await hub.ask(name, '{ whatSees(consumer: "test-market") { item } }'))]).toEqual([name, open.whatSees.includes(name) || name === 'market' ? [] : ['FORBIDDEN']]);
      if (!administrator) expect([name, codesOf(await explain(name, {}))]).toEqual([name, []]);
    }
    expect(codesOf(await explain('stranger', { consumer: 'test-market' }))).toEqual(['UNAUTHENTICATED']);
  });

  it('an application hears the same about another whether or not there is one, and no seals', async () => {
    const answers = await Promise.all(['test-police', 'no-such-consumer'].map((consumer) => explain('market', { consumer })));
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect((await explain('market', {})).data['explain']?.['seals']).toBeNull();
    expect((await explain('auditor', { consumer: 'test-market' })).data['explain']?.['seals']).toEqual([]);
  });

  it('a steward hears of the items of his department only, of his own applications all', async () => {
    const seenBy = async (name: Asked, consumer: string) => list((await hub.ask(name, 'query ($consumer: ID) { whatSees(consumer: $consumer) { item use } }', { variables: { consumer } })).data['whatSees']);
    const [all, seen] = [await seenBy('auditor', 'test-police'), await seenBy('civilSteward', 'test-police')];
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual(all.filter(({ item }) => hub.standing.catalog.item(String(item))?.ownerDepartment === administrators.civilSteward.department));
    expect(await seenBy('civilSteward', 'test-civilAffairs')).toEqual(await seenBy('civilAffairs', 'test-civilAffairs'));
    expect(await seenBy('steward', 'test-police')).toEqual(all);
  });
});

describe('who may see an item', () => {
  const who = async (item: string, rest = '') => list((await hub.ask('auditor', `{ whoMaySee(item: "${item}"${rest}) { consumer use allowed rule takesMatter takesCase ways { rule approvalNo mask rows } } }`)).data['whoMaySee']);

  it('tells providers, grants and denials', async () => {
    await grantTo(hub, 'test-credit', 'A-EXPLAIN-2', [{ item: 'RK-0013', uses: ['READ', 'VERIFY'] }]);
    await decided(hub, 'mutation { deny(code: "D-EXPLAIN", whom: { consumer: "test-police" }, item: "RK-0013", because: "核查中") }');
    const seen = await who('RK-0013');
    const of = (consumer: string) => seen.filter((access) => String(access['consumer']) === consumer);
    expect(of('test-civilAffairs').map(({ rule }) => String(rule))).toContain('own data');
    expect(of('test-credit').map(({ use, ways }) => [use, list(ways)[0]?.['approvalNo']])).toEqual([['READ', 'A-EXPLAIN-2'], ['VERIFY', 'A-EXPLAIN-2']]);
    expect(of('test-credit').every(({ takesMatter }) => takesMatter as unknown === true)).toBe(true);
    expect(new Set(of('test-police').map(({ allowed, rule }) => `${String(allowed)} ${String(rule)}`))).toEqual(new Set(['false denied']));
    expect(of('test-naturalResources')).toEqual([]);
    expect((await who('RK-0013', ', use: READ')).every(({ use }) => String(use) === 'READ')).toBe(true);
    expect((await who('RK-0013', ', mode: BATCH')).filter(({ consumer }) => String(consumer) === 'test-credit')).toEqual([]);
  });

  it('agrees with what each consumer sees', () => {
    const at = new Date(clock).toISOString();
    const all = { use: null, mode: 'QUERY' } as const;
    for (const { consumer } of hub.standing.consumers()) {
      const seen = whatSees(hub.standing, consumer, (item) => item.startsWith('RK-00'), all, at);
      expect(seen.length).toBeGreaterThan(10);
      for (const { item, use, verdict } of seen.slice(0, 20)) {
        expect(whoMaySee(hub.standing, item, { use, mode: 'QUERY' }, at).find((access) => access.consumer.consumer === consumer)?.verdict).toEqual(verdict);
      }
    }
  });

  it('refuses what is no item', async () => {
    expect(codesOf(await hub.ask('auditor', '{ whoMaySee(item: "XX-9999") { consumer } }'))).toEqual(['BAD_INPUT']);
  });
});

describe('the past', () => {
  it('yesterday\'s decision is told again after the grant was ended, and tomorrow\'s before it begins', async () => {
    const begins = new Date(clock + 2 * day).toISOString();
    await grantTo(hub, 'test-disabledFederation', 'A-PAST-1', [{ item: 'RK-0013' }]);
    await grantTo(hub, 'test-disabledFederation', 'A-PAST-2', [{ item: 'RK-0017', validFrom: begins }]);
    clock += 1000;
    const yesterday = new Date(clock).toISOString();
    const about = { consumer: 'test-disabledFederation', document: '{ person(idNumber: "x") { maritalStatusCode registeredAddress } }' };
    const before = await told(about);
    clock += 1000;
    await decided(hub, 'mutation { endGrant(approvalNo: "A-PAST-1") }');
    await decided(hub, 'mutation { deny(code: "D-PAST", whom: { department: "620623-CL" }, item: "RK-0013", because: "已终止") }');
    clock += day;
    const after = await told(about);
    expect(askAt(before, 'Person.maritalStatusCode')).toMatchObject({ allowed: true, rule: 'granted' });
    expect(askAt(after, 'Person.maritalStatusCode')).toMatchObject({ allowed: false, rule: 'denied' });
    expect(await told({ ...about, at: yesterday })).toEqual(before);
    expect(askAt(await told({ ...about, at: yesterday }), 'Person.registeredAddress')).toMatchObject({ allowed: false });
    expect(askAt(await told({ ...about, at: begins }), 'Person.registeredAddress')).toMatchObject({ allowed: true, rule: 'granted' });
    const whoSaw = async (at: string) => list((await hub.ask('auditor', 'query ($at: DateTime) { whoMaySee(item: "RK-0013", use: READ, at: $at) { consumer allowed } }', { variables: { at } })).data['whoMaySee'])
      .filter(({ consumer, allowed }) => String(consumer) === 'test-disabledFederation' && allowed as unknown === true).length;
    expect([await whoSaw(yesterday), await whoSaw(new Date(clock).toISOString())]).toEqual([1, 0]);
  });

  it('knows nobody before anybody was registered', async () => {
    expect(codesOf(await explain('auditor', { consumer: 'test-market', at: '2001-01-01T00:00:00Z' }))).toEqual(['BAD_INPUT']);
  });
});

describe('a steward is told of an operation', () => {
  const asTold = async (who: Asked, variables: Readonly<Record<string, unknown>>): Promise<Json> => {
    const answer = await explain(who, variables);
    expect(answer.errors).toEqual([]);
    return answer.data['explain'] as Json;
  };
  const isOwn = ({ item }: Json): boolean => hub.standing.catalog.item(String(item))?.ownerDepartment === administrators.civilSteward.department;

  it('of his own application all that it is told itself; of the data authority, of any application, what overseers are; neither any seal', async () => {
    await grantTo(hub, 'test-civilAffairs', 'A-STEWARD-1', [{ item: 'RK-0001', mask: 'ID_NUMBER_STRICT', validTo: new Date(clock + day).toISOString() }]);
    const own = { consumer: 'test-civilAffairs' };
    const whole = await asTold('auditor', own);
    expect([whole['seals'], whole['asksOfOthers'], list(whole['masked']).length]).toEqual([[], 0, 1]);
    for (const who of ['civilAffairs', 'civilSteward', 'steward'] as const) expect([who, await asTold(who, own)]).toEqual([who, { ...whole, seals: null }]);
    const other = { consumer: 'test-market' };
    expect(await asTold('steward', other)).toEqual({ ...await asTold('auditor', other), seals: null });
  });

  it('of another department\'s application what is about the items that his department provides, and how much else there is', async () => {
    await grantTo(hub, 'test-credit', 'A-STEWARD-2', [
      { item: 'RK-0001', mask: 'ID_NUMBER_STRICT', bounds: [{ division: { by: 'RESIDENCE', codes: ['620623'] } }], validTo: new Date(clock + day).toISOString() },
      { item: 'RK-0013' },
    ]);
    const other = { consumer: 'test-credit', document: '{ person(idNumber: "x") { name idNumber maritalStatusCode phone marriages(first: 1) { nodes { registeredOn } } household { householdNo } } }' };
    const [whole, told, answer] = [await asTold('auditor', other), await asTold('civilSteward', other), await explain('civilSteward', other)];
    const asks = list(whole['asks']).filter(isOwn);
    expect(asks.length).toBeGreaterThan(2);
    expect(told['asks']).toEqual(asks);
    expect(told['asksOfOthers']).toBe(list(whole['asks']).length - asks.length);
    expect(told['withheld']).toEqual(list(whole['withheld']).filter(isOwn));
    expect(list(told['withheld']).length).toBeGreaterThan(0);
    expect(list(whole['withheld']).length).toBeGreaterThan(list(told['withheld']).length);
    expect([list(whole['masked']).length, told['masked']]).toEqual([1, []]);
    // When others' grants end is theirs to know.
    expect([typeof whole['until'], told['until']]).toEqual(['string', null]);
    for (const secret of ['RK-0001', 'RK-0002', 'RK-0040', 'ID_NUMBER_STRICT', 'Person.name', 'Person.phone']) expect([secret, answer.text.includes(secret)]).toEqual([secret, false]);
    expect(answer.text).toContain('A-STEWARD-2');
  });

  it('and is not told of refusals that hang on others\' items, but of those that whoever asks would hear', async () => {
    const search = (where: string) => ({ consumer: 'test-naturalResources', document: `{ searchPersons(where: { name: { eq: "a" }, birthDate: { eq: "2000-01-01" }, ${where} }) { maritalStatusCode } }` });
    const refusals = async (who: Asked, variables: Readonly<Record<string, unknown>>) => {
      const { refused, refusals: told } = await asTold(who, variables);
      return [refused as unknown, list(told).map(({ code, at }) => `${String(code)} ${String(at)}`)];
    };
    const [mine, others] = [search('maritalStatusCode: { eq: "1" }'), search('registeredDivisionCode: { eq: "620623" }')];
    expect(await refusals('civilSteward', mine)).toEqual([true, ['FIND_NOT_SHARED Query.searchPersons(where.maritalStatusCode)']]);
    const [refused, because] = await refusals('auditor', others);
    expect([refused, (because as string[]).every((one) => one.startsWith('FIND_NOT_SHARED')), (because as string[]).length > 0]).toEqual([true, true, true]);
    expect(await refusals('civilSteward', others)).toEqual([false, []]);
    expect(await refusals('civilSteward', { consumer: 'test-market', document: '{ nothing }' })).toEqual([true, ['GRAPHQL_VALIDATION_FAILED null']]);
    expect(await refusals('civilSteward', { consumer: 'test-market', document: '{ placeNames(first: 1) { totalCount } }', matter: 'NO-SUCH-MATTER' })).toEqual([true, ['PURPOSE_REFUSED null']]);
  });

  it('and of no weaker question that may be asked for what others granted', async () => {
    await hub.database.sql`update catalog_item set owner_department = '620623-MZ' where code = 'RK-0037'`;
    await grantTo(hub, 'test-market', 'A-STEWARD-3', ['RK-0037', 'RK-0038'].map((item) => ({ item, uses: ['VERIFY'] })));
    const about = { consumer: 'test-market', document: '{ person(idNumber: "x") { idCardValidFrom } }' };
    expect((await asTold('auditor', about))['withheld']).toMatchObject([{ item: 'RK-0037', instead: ['Person.isIdCardValidToday'] }]);
    expect((await asTold('civilSteward', about))['withheld']).toMatchObject([{ item: 'RK-0037', instead: [] }]);
  });
});

it('two thousand applications are gone through in one answer', async () => {
  const { sql } = hub.database;
  await sql`insert into consumer (code, name, department_code) select 'many-' || n, '应用', ${callers.market} from generate_series(1, 2000) n`;
  await sql`insert into sharing_grant (approval_no, consumer_code, tuples) select 'MANY-' || n, 'many-' || n,
    '[{"item":"RK-0017","uses":["read"],"modes":["QUERY"],"validFrom":"2020-01-01T00:00:00Z"}]'::jsonb from generate_series(1, 2000) n`;
  const standing: Standing = await loadStanding(sql);
  const seen = whoMaySee(standing, 'RK-0017', { use: 'read', mode: 'QUERY' }, new Date(clock).toISOString());
  expect(seen.filter(({ consumer }) => consumer.consumer.startsWith('many-'))).toHaveLength(2000);
});
