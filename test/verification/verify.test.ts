/**
 * 核验, in the words of the trade: a clerk claims what the citizen says, and hears whether it is so. Nobody learns what is stored, nor
 * by the answer, its statement or its record whether somebody is absent, sealed or outside.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../src/audit/record.ts';
import type { Policy } from '../../src/sharing/grant.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub, shared } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { testMatter } from '../world/callers.ts';

interface Stored {
  readonly idNumber: string;
  readonly name: string;
  readonly birthDate: string;
  readonly residence: string;
  readonly phone: string;
}

let hub: TestHub;
let facts: Facts;
let zhang: Stored;
const entries: Entry[] = [];

beforeAll(async () => {
  hub = await clonedHub({ audit: async (entry) => void entries.push(entry) });
  facts = await somePeople(hub.database);
  const [found] = await hub.database.sql<(Stored & { key: string })[]>`select id_number as "idNumber", name, birth_date::text as "birthDate", residence_division_code as residence, phone, person_key as key from person p
    where phone is not null and person_status = '在籍' and residence_division_code is not null and exists (select from certificate c where c.holder_person_keys @> array[p.person_key] and c.status = '01') order by id_number limit 1`;
  zhang = found!;
  const { errors } = await grantTo(hub, 'test-market', 'V-1', ['RK-0018', 'RK-0020', 'RK-0032', 'RK-0040', 'RK-0052', 'ZZ-0102', 'ZZ-0112', 'ZZ-0113', 'ZZ-0123', 'RK-0058'].map((item) => ({ item, uses: ['VERIFY'], matters: [testMatter] })));
  expect(errors).toEqual([]);
}, 240_000);
afterAll(() => hub.close());

const document = 'query ($subject: VerificationSubject!, $claims: [ClaimInput!]!) { verify(subject: $subject, claims: $claims) { claim verdict because } }';

interface ClaimInput { readonly field?: string; readonly ready?: string; readonly value?: string }

function verify(subject: Readonly<Record<string, string>>, claims: readonly ClaimInput[], { caller = 'market' as const, on = hub, policy, headers }: { caller?: 'market' | 'police'; on?: TestHub; policy?: Policy; headers?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  return on.ask(caller, document, { variables: { subject, claims }, ...(policy === undefined ? {} : { policy }), ...(headers === undefined ? {} : { headers }) });
}
const verdictsIn = ({ data, errors }: Answer): readonly string[] => {
  expect(errors).toEqual([]);
  return (data['verify'] as unknown as { verdict: string }[]).map(({ verdict }) => verdict);
};
const of = (idNumber: string) => ({ idNumber });

describe('a claim about a field', () => {
  test('is met or not, however it is written', async () => {
    const dotted = [...zhang.phone].join(' ');
    expect(verdictsIn(await verify(of(zhang.idNumber), [
      { field: 'name', value: zhang.name }, { field: 'name', value: ` ${zhang.name}　` }, { field: 'name', value: `${zhang.name}某` },
      { field: 'phone', value: dotted }, { field: 'phone', value: '13800000000' },
      { field: 'birthDate', value: zhang.birthDate.replaceAll('-', '') }, { field: 'birthDate', value: '1901-01-01' },
    ]))).toEqual(['MATCH', 'MATCH', 'MISMATCH', 'MATCH', 'MISMATCH', 'MATCH', 'MISMATCH']);
  });

  test('a name with a middle dot matches whatever dot is sent', async () => {
    await hub.database.sql`update person set name = '扎西·卓玛' where id_number = ${facts.idNumbers[5]!}`;
    for (const value of ['扎西·卓玛', '扎西・卓玛', '扎西•卓玛', '扎西.卓玛', '扎西 ‧ 卓玛']) expect(verdictsIn(await verify(of(facts.idNumbers[5]!), [{ field: 'name', value }]))).toEqual(['MATCH']);
  });

  test('an unknown value meets no claim', async () => {
    await hub.database.sql`update person set phone = null where id_number = ${facts.idNumbers[6]!}`;
    expect(verdictsIn(await verify(of(facts.idNumbers[6]!), [{ field: 'phone', value: '13800000000' }]))).toEqual(['MISMATCH']);
  });

  test('of an enterprise, by its code in any case; its legal representative by an old number', async () => {
    const open = await clonedHub({ item: shared });
    try {
      const [one] = await open.database.sql<{ uscc: string; name: string }[]>`select uscc, name from legal_entity where uscc ~ '[A-Z]' order by uscc limit 1`;
      await open.database.sql`update legal_entity set legal_rep_id_number = '622326198001010010' where uscc = ${one!.uscc}`;
      expect(verdictsIn(await verify({ uscc: one!.uscc.toLowerCase() }, [{ field: 'name', value: one!.name }, { field: 'name', value: '某某公司' }, { field: 'legalRepIdNumber', value: '622326800101001' }, { field: 'legalRepIdNumber', value: '622326198001010010' }], { on: open }))).toEqual(['MATCH', 'MISMATCH', 'MATCH', 'MATCH']);
      const [paper] = await open.database.sql<{ id: string; number: string; names: string }[]>`select certificate_identifier as id, certificate_number as number, array_to_string(holder_names, '|') as names from certificate where certificate_number is not null and cardinality(holder_names) > 0 order by 1 limit 1`;
      expect(verdictsIn(await verify({ certificateIdentifier: paper!.id }, [{ field: 'certificateNumber', value: paper!.number.toLowerCase() }, { field: 'holderNames', value: paper!.names.split('|')[0]! }, { field: 'holderNames', value: '无此人' }, { field: 'version', value: '999' }], { on: open }))).toEqual(['MATCH', 'MATCH', 'MISMATCH', 'MISMATCH']);
    } finally {
      await open.close();
    }
  });
});

describe('a ready question', () => {
  test('alive, of an age, resident, holding a valid certificate, on no list', async () => {
    const age = 2026 - Number(zhang.birthDate.slice(0, 4)) - (zhang.birthDate.slice(5) > '11-24' ? 1 : 0);
    const [{ type }] = await hub.database.sql<[{ type: string }]>`select c.type_code as type from certificate c join person p on c.holder_person_keys @> array[p.person_key] where p.id_number = ${zhang.idNumber} and c.status = '01' and c.valid_from <= '2026-11-24' and coalesce(c.valid_to >= '2026-11-24', true) limit 1`;
    expect(verdictsIn(await verify(of(zhang.idNumber), [
      { ready: 'ALIVE' }, { ready: 'ALIVE', value: 'false' }, { ready: 'AGE_BAND', value: `${age}-${age}` }, { ready: 'AGE_BAND', value: `${age + 1}-` }, { ready: 'AGE_BAND', value: `-${age}` }, { ready: 'AGE_BAND', value: `-${age - 1}` },
      { ready: 'RESIDENT_OF', value: zhang.residence }, { ready: 'RESIDENT_OF', value: zhang.residence.slice(0, 6) }, { ready: 'RESIDENT_OF', value: '110101' },
      { ready: 'HOLDS_VALID_CERTIFICATE', value: type }, { ready: 'HOLDS_VALID_CERTIFICATE', value: '000000000000000000000' }, { ready: 'NO_ACTIVE_LISTING' },
    ]))).toEqual(['MATCH', 'MISMATCH', 'MATCH', 'MISMATCH', 'MATCH', 'MISMATCH', 'MATCH', 'MATCH', 'MISMATCH', 'MATCH', 'MISMATCH', 'MATCH']);
  });

  test('who died is not alive; who stands on a list is told so, and commended is not', async () => {
    const [dead, listed, praised] = [facts.idNumbers[7]!, facts.idNumbers[8]!, facts.idNumbers[9]!];
    await hub.database.sql`update person set person_status = '死亡', death_date = '2026-01-02' where id_number = ${dead}`;
    for (const [idNumber, kind] of [[listed, '失信被执行人'], [praised, '守信激励']] as const) {
      await hub.database.sql`insert into credit_listing (id, record_no, counterparty_type, counterparty_person_key, kind, status, source, source_version, source_updated_at) select gen_random_uuid(), ${`T-${idNumber}`}, '01', person_key, ${kind}, '在列', '620623-FG', '1', now() from person where id_number = ${idNumber}`;
    }
    const asked = async (idNumber: string, claim: ClaimInput) => verdictsIn(await verify(of(idNumber), [claim]));
    expect(await asked(dead, { ready: 'ALIVE' })).toEqual(['MISMATCH']);
    expect(await asked(dead, { ready: 'ALIVE', value: '否' })).toEqual(['MATCH']);
    expect(await asked(listed, { ready: 'NO_ACTIVE_LISTING' })).toEqual(['MISMATCH']);
    expect(await asked(praised, { ready: 'NO_ACTIVE_LISTING' })).toEqual(['MATCH']);
  });
});

describe('who may not', () => {
  test('is told by the plan, alike about somebody and nobody, without a statement', async () => {
    const claims = [{ field: 'politicalStatusCode', value: '01' }, { ready: 'REGISTERED_IN', value: '620623' }, { field: 'politicalStatusCode', value: '13' }];
    const [there, absent] = [await verify(of(zhang.idNumber), [claims[0]!]), await verify(of(facts.nobody), [claims[0]!])];
    expect(verdictsIn(there)).toEqual(['NOT_ALLOWED']);
    expect(there.text).toBe(absent.text);
    expect([there.statements, absent.statements]).toEqual([0, 0]);
    const mixed = await verify(of(zhang.idNumber), claims);
    expect(verdictsIn(mixed)).toEqual(['NOT_ALLOWED', 'MATCH', 'NOT_ALLOWED']);
    expect(mixed.sql.join()).not.toContain('political_status_code');
    expect((mixed.data['verify'] as unknown as { because: string | null }[]).map(({ because }) => because === null)).toEqual([false, true, false]);
  });

  test('does not ask without a purpose, or as a stranger', async () => {
    const aimless = await verify(of(zhang.idNumber), [{ field: 'phone', value: zhang.phone }], { headers: { 'hub-matter': '' } });
    expect(aimless.errors[0]?.extensions['code']).toBe('FIND_NOT_SHARED');
    expect(aimless.statements).toBe(0);
    const stranger = await hub.ask('stranger', document, { variables: { subject: of(zhang.idNumber), claims: [{ field: 'name', value: '张' }] } });
    expect(stranger.errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(stranger.statements).toBe(0);
  });

  test('what cannot be a value or a claim is refused without repeating it', async () => {
    for (const claim of [{ field: 'birthDate', value: '1990-13-77' }, { field: 'nothing', value: 'x' }, { field: 'household', value: 'x' }, { field: 'name', value: '　 ' }, { ready: 'AGE_BAND', value: 'old-77' }, { field: 'name', ready: 'ALIVE' }, {}]) {
      const { errors, statements } = await verify(of(zhang.idNumber), [claim]);
      expect(errors[0]?.extensions['code']).toBe('BAD_INPUT');
      expect(errors[0]?.message).not.toContain('77');
      expect(statements).toBe(0);
    }
    const wrong = await verify(of('622326198001010011'), [{ field: 'name', value: '张' }]);
    expect(wrong.errors[0]?.extensions['code']).toBe('BAD_INPUT');
    expect(wrong.text).not.toContain('622326198001010011');
    const twice = await hub.ask('market', `query ($s: VerificationSubject!, $c: [ClaimInput!]!) { verify(subject: $s, claims: $c) { verdict } again: verify(subject: $s, claims: $c) { verdict } }`, { variables: { s: of(zhang.idNumber), c: [{ field: 'name', value: '张' }] } });
    expect(twice.errors[0]?.extensions['code']).toBe('BAD_INPUT');
  });
});

describe('nobody', () => {
  const claims = [{ field: 'name', value: '无此人名' }, { ready: 'ALIVE', value: 'false' }, { ready: 'HOLDS_VALID_CERTIFICATE', value: '000000000000000000000' }];

  test('is NO_RECORD to whoever may know that there is somebody, and nothing that matches to all others', async () => {
    expect(verdictsIn(await verify(of(facts.nobody), claims))).toEqual(['NO_RECORD', 'NO_RECORD', 'NO_RECORD']);
    const closed = await clonedHub({ item: (own) => (own.code === 'RK-0000' ? { ...own, shareType: 'CONDITIONAL', condition: 'of a test' } : own) });
    try {
      const [there, absent] = [await verify(of(zhang.idNumber), [claims[0]!], { on: closed }), await verify(of(facts.nobody), [claims[0]!], { on: closed })];
      expect(verdictsIn(absent)).toEqual(['MISMATCH']);
      expect(absent.text).toBe(there.text);
      expect(absent.sql).toEqual(there.sql);
      expect(absent.statements).toBe(1);
    } finally {
      await closed.close();
    }
  });

  test('and somebody sealed, or outside, look alike: answer, statements, record', async () => {
    const [sealed, outside] = [facts.idNumbers[20]!, facts.idNumbers[21]!];
    const own = await clonedHub({ audit: async (entry) => void entries.push(entry) });
    try {
      await decided(own, 'mutation ($id: String!) { seal(code: "S-V", idNumber: $id, because: "保护") }', { id: sealed });
      await own.database.sql`update person set residence_division_code = '620623100001' where id_number <> ${outside}`;
      await own.database.sql`update person set residence_division_code = '620623200001' where id_number = ${outside}`;
      await decided(own, 'mutation { setTerritory(consumer: "test-market", territory: [{ within: [{ division: { by: RESIDENCE, codes: ["620623100"] } }] }]) }');
      const asked = async (idNumber: string) => {
        entries.length = 0;
        const answer = await verify(of(idNumber), [claims[0]!], { on: own });
        return { text: answer.text, sql: answer.sql, subjects: entries[0]?.subjects, outcome: entries[0]?.outcome, rows: entries[0]?.rows };
      };
      const nobody = await asked(facts.nobody);
      expect(nobody.text).toContain('NO_RECORD');
      expect(nobody.subjects).toEqual([]);
      expect(await asked(sealed)).toEqual(nobody);
      expect(await asked(outside)).toEqual(nobody);
      expect((await asked(zhang.idNumber)).subjects).toHaveLength(1);
    } finally {
      await own.close();
    }
  });

  test('asks as many statements as somebody, wherever the number lies', async () => {
    const beyond = idNumberWithCheck('99999919900101001');
    for (const idNumber of [zhang.idNumber, facts.nobody, beyond]) expect((await verify(of(idNumber), claims)).statements).toBe(1);
  });
});

describe('what is written down', () => {
  test('names the items, whose data it was, and neither the claim nor what is stored', async () => {
    entries.length = 0;
    await verify(of(zhang.idNumber), [{ field: 'name', value: zhang.name }, { field: 'phone', value: '13911112222' }, { field: 'photoRef', value: 'x' }]);
    const [entry] = entries;
    const scope = JSON.parse(entry!.scope.body) as Record<string, unknown>;
    expect(scope).toMatchObject({ kind: 'QUERY', consumer: 'test-market', roots: ['Query.verify'], matter: testMatter, by: ['RK-0001'], delivered: { Person: ['RK-0000', 'RK-0002', 'RK-0040'] } });
    expect(scope['withheld']).toMatchObject([{ at: 'Person.photoRef', item: 'RK-0039' }]);
    expect(entry!.subjects).toHaveLength(1);
    const { variables, ...rest } = entry!;
    expect(variables).toContain('digest of');
    expect(JSON.stringify(rest)).not.toMatch(new RegExp(`${zhang.name}|${zhang.phone}|13911112222|${zhang.idNumber}`));
  });
});

describe('guessing', () => {
  const limit = 5;
  let audited: TestHub;
  beforeAll(async () => { audited = await clonedHub({ audited: true, unmetClaims: limit }); }, 120_000);
  afterAll(() => audited.close());
  const guess = (idNumber: string, count: number, name = '猜') => verify(of(idNumber), Array.from({ length: count }, (_, n) => ({ field: 'name', value: `${name}${n}` })), { on: audited });
  const codeOf = ({ errors }: Answer) => (errors[0]?.extensions['code'] === undefined ? null : String(errors[0].extensions['code']));

  test.each([['somebody', () => zhang.idNumber], ['nobody', () => facts.nobody]])('about %s ends with what a day allows, right or wrong', async (_who, idNumber) => {
    expect(codeOf(await guess(idNumber(), 3))).toBeNull();
    // Three more could be too many, whatever is true: it is refused before anybody learns, and nothing is counted.
    const refused = await guess(idNumber(), 3);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', quota: 'UNMET_CLAIMS', limit, resetAt: '2026-11-25T00:00:00+08:00' });
    expect(codeOf(await guess(idNumber(), 2))).toBeNull();
    // Used up: the right answer is no more told than a wrong one.
    const [right, wrong] = [await verify(of(idNumber()), [{ field: 'name', value: zhang.name }], { on: audited }), await guess(idNumber(), 1)];
    expect(codeOf(right)).toBe('QUOTA_EXCEEDED');
    expect(right.text).toBe(wrong.text);
    // Others, and other subjects, are not concerned.
    expect(codeOf(await guess(facts.idNumbers[30]!, 1))).toBeNull();
    expect(codeOf(await verify(of(idNumber()), [{ field: 'name', value: '张' }], { on: audited, caller: 'police' }))).toBeNull();
  });

  test('counts nothing of what is met', async () => {
    const [{ code }] = await audited.database.sql<[{ code: string }]>`select gender_code as code from person where id_number = ${facts.idNumbers[31]!}`;
    for (let n = 0; n < 2 * limit; n += 1) expect(verdictsIn(await verify(of(facts.idNumbers[31]!), [{ field: 'genderCode', value: code }], { on: audited }))).toEqual(['MATCH']);
  });

  test('many at once are never answered more than the limit', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(facts.idNumbers[32]!, 1, `同时${n}`)));
    expect(answers.filter((answer) => codeOf(answer) === null)).toHaveLength(limit);
    expect(answers.filter((answer) => codeOf(answer) === 'QUOTA_EXCEEDED')).toHaveLength(12 - limit);
  });

  describe('in queries', () => {
    const asked = (query: string, variables: Readonly<Record<string, unknown>>) => audited.ask('market', query, { variables });
    const matches = (idNumber: string, name: string) => asked('query ($id: String!, $name: String!) { person(idNumber: $id) { nameMatches(value: $name) } }', { id: idNumber, name });

    test.each([['somebody', () => facts.idNumbers[33]!], ['nobody', () => idNumberWithCheck('62062319000101991')]])('%s is guessed at as often as by verify, by one count', async (_who, idNumber) => {
      for (let n = 0; n < limit - 1; n += 1) expect(codeOf(await matches(idNumber(), `猜${n}`))).toBeNull();
      expect(codeOf(await guess(idNumber(), 2))).toBe('QUOTA_EXCEEDED');
      expect(codeOf(await guess(idNumber(), 1))).toBeNull();
      const [{ name } = { name: '张' }] = await audited.database.sql<{ name: string }[]>`select name from person where id_number = ${idNumber()}`;
      const [right, wrong] = [await matches(idNumber(), name), await matches(idNumber(), '猜')];
      expect([codeOf(right), right.text]).toEqual(['QUOTA_EXCEEDED', wrong.text]);
    });

    test('aliases are claims of their own, however they are laid out; what is met counts nothing', async () => {
      const [one, two, three] = facts.idNumbers.slice(34, 37);
      const guesses = Array.from({ length: limit + 1 }, (_, n) => `a${n}: nameMatches(value: "猜${n}")`).join(' ');
      expect(codeOf(await asked(`query ($id: String!) { person(idNumber: $id) { ${guesses} } }`, { id: one }))).toBe('QUOTA_EXCEEDED');
      const roots = Array.from({ length: limit + 1 }, (_, n) => `r${n}: person(idNumber: $id) { nameMatches(value: "猜") }`).join(' ');
      expect(codeOf(await asked(`query ($id: String!) { ${roots} }`, { id: two }))).toBe('QUOTA_EXCEEDED');
      const own = await audited.database.sql<{ name: string }[]>`select name from person where id_number = ${three!}`;
      for (let n = 0; n < limit + 2; n += 1) expect((await matches(three!, own[0]!.name)).data).toEqual({ person: { nameMatches: true } });
      expect(codeOf(await guess(three!, limit))).toBeNull();
    });

    test('of a list each is counted by himself, whoever is not there among them', async () => {
      const ids = [...facts.idNumbers.slice(37, 39), idNumberWithCheck('62062319000101993')];
      const list = (name: string) => asked('query ($ids: [String!]!, $name: String!) { persons(idNumbers: $ids) { nameMatches(value: $name) } }', { ids, name });
      for (let n = 0; n < limit; n += 1) expect(codeOf(await list(`猜${n}`))).toBeNull();
      expect(codeOf(await list('猜'))).toBe('QUOTA_EXCEEDED');
      for (const id of ids) expect(codeOf(await guess(id, 1))).toBe('QUOTA_EXCEEDED');
    });

    test('members of a household are counted by themselves', async () => {
      expect((await grantTo(audited, 'test-market', 'V-M', [...['RK-0030', 'RK-0150', 'RK-0100'].map((item) => ({ item, uses: ['EXIST'], matters: [testMatter] })), { item: 'RK-0101', uses: ['READ'], matters: [testMatter] }])).errors).toEqual([]);
      const [{ id }] = await audited.database.sql<[{ id: string }]>`select p.id_number as id from person p join person o on o.household_no = p.household_no and o.id <> p.id
        where not exists (select from person guessed where guessed.household_no = p.household_no and guessed.id_number = any(${facts.idNumbers.slice(0, 40)})) order by 1 limit 1`;
      const members = () => asked('query ($id: String!) { person(idNumber: $id) { household { members { nodes { nameMatches(value: "猜") } } } } }', { id });
      const first = await members();
      expect([first.errors, (first.data['person']?.['household']?.['members']?.['nodes'] as unknown as readonly unknown[] | undefined)?.length]).toEqual([[], expect.any(Number)]);
      for (let n = 1; n < limit; n += 1) expect(codeOf(await members())).toBeNull();
      expect(codeOf(await members())).toBe('QUOTA_EXCEEDED');
    });
  });
});
