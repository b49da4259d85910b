/**
 * The examples of docs/predicates.md, one for each matter, against the seeded county: each is asked about everybody there is, and
 * compared with a question to the tables that was written by hand.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Claims } from '../../../src/query/predicate.ts';
import { clonedHub, shared } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { Prepared } from '../../world/prepared.ts';

let hub: TestHub;
let prepared: Prepared;
beforeAll(async () => {
  hub = await clonedHub({ item: shared });
  // The template's county has no orphan.
  await hub.database.sql`
    update person set person_status = '死亡' where person_key in (select k.relative_person_key from kinship k where k.relation_code in ('51', '52') and k.subject_person_key = (
      select p.person_key from person p join kinship o on o.subject_person_key = p.person_key and o.relation_code in ('51', '52') where p.birth_date > '2012-01-01' order by 1 limit 1))`;
  prepared = new Prepared(hub.schema, hub.database);
});
afterAll(() => hub.close());

/** Name of a matter → the type that it asks of, and its text. */
const examples = new Map([...readFileSync(new URL('../../../docs/predicates.md', import.meta.url), 'utf8').matchAll(/```cel\n(\/\/ (\S+) · (\w+)\n[^`]*)```/g)]
  .map(([, text = '', name = '', type = '']) => [name, { type, text }] as const));

const claims: Claims = { certificateNo: 'String', bornUntil: 'Date' };

const here = `p.registered_division_code like '620623%'`;
const day = `date '2026-11-24'`;
const valid = (certificate: string) => `${certificate}.status = '01' and ${certificate}.valid_from <= ${day} and (${certificate}.valid_to is null or ${certificate}.valid_to >= ${day})`;
const estates = (key: string) => `(select count(*) from real_estate_unit u where ${key} = any(u.holder_person_keys))`;
const married = (type: string) => `(select count(*) from marriage_record m where p.person_key = any(m.party_person_keys) and m.type = '${type}' and m.status = '有效')`;
const parents = `kinship k left join person r on r.person_key = k.relative_person_key where k.subject_person_key = p.person_key and k.relation_code in ('51', '52')`;
const inHousehold = (all: string) => `case when exists (select from household h where h.household_no = p.household_no) then not exists (select from person m where m.household_no = p.household_no and not (${all})) end`;
const older = (years: number) => `p.birth_date <= (${day} - interval '${years} years')`;

/** By hand: the answer about a person `p` or a legal entity `e`, and what is typed in. */
const byHand: Readonly<Record<string, { readonly sql: string; readonly typed?: string; readonly always?: true }>> = {
  高龄津贴: { sql: `${older(80)} and p.person_status = '在籍' and ${here}` },
  公司设立登记: { sql: `${older(18)} and p.person_status = '在籍' and not exists (select from credit_listing l where l.counterparty_person_key = p.person_key and l.kind in ('失信被执行人', '严重失信主体名单') and l.removed_on is null)` },
  食品经营许可: { sql: `e.status = '1' and exists (select from certificate c where e.uscc = any(c.holder_usccs) and c.type_name = '营业执照' and ${valid('c')}) and not exists (select from credit_penalty x where x.counterparty_uscc = e.uscc and x.offence_kind = '食品安全违法' and x.decided_on >= date '2021-11-24')` },
  低保申请: { sql: inHousehold(`not exists (select from shareholding s join legal_entity l on l.uscc = s.uscc where s.investor_person_key = m.person_key and l.status = '1') and ${estates('m.person_key')} <= 1`) },
  残疾人两项补贴: { sql: `${here} and exists (select from disability_record d where d.person_key = p.person_key and d.status = '有效' and d.level_code in ('1', '2') and (d.valid_to is null or d.valid_to >= ${day}))` },
  孤儿保障: { sql: `not ${older(18)} and exists (select from ${parents}) and not exists (select from ${parents} and r.person_status is distinct from '死亡')` },
  生育登记: { sql: `${married('结婚')} > ${married('离婚')}` },
  不动产登记: { sql: `exists (select from real_estate_unit u where p.person_key = any(u.holder_person_keys) and u.certificate_no = $1 and not '查封' = any(u.restrictions))`, typed: 'select certificate_no as value from real_estate_unit where cardinality(holder_person_keys) > 0 order by unit_no limit 1' },
  公租房申请: { sql: inHousehold(`${estates('m.person_key')} = 0`) },
  城乡居民养老参保: { sql: `${older(16)} and not ${older(60)} and ${here} and not exists (select from social_insurance s where s.person_key = p.person_key and s.insurance_kind_code = '110' and s.participation_status_code = '1')` },
  义务教育入学: { sql: `p.birth_date <= $1::date and p.birth_date > $1::date - interval '1 year' and (${here} or exists (select from residence r where r.person_key = p.person_key and r.status = '有效' and r.expires_on >= ${day}))`, typed: `select '2020-08-31' as value` },
  惠农补贴: { sql: `p.person_status = '在籍' and exists (select from certificate c where p.person_key = any(c.holder_person_keys) and c.type_name = '农村土地承包经营权证' and ${valid('c')})` },
  企业注销一件事: { sql: `e.status = '1' and not exists (select from credit_penalty x where x.counterparty_uscc = e.uscc and x.public_status = '公示中' and (x.public_until is null or x.public_until >= ${day})) and not exists (select from credit_listing l where l.counterparty_uscc = e.uscc and l.kind = '经营异常名录' and l.removed_on is null)` },
};

test('there is one for each of the thirteen matters', () => {
  expect([...examples.keys()].sort()).toEqual(Object.keys(byHand).sort());
  expect(examples.size).toBe(13);
});

test.each(Object.entries(byHand))('%s', async (name, { sql: condition, typed }) => {
  const { type, text } = examples.get(name) as { type: string; text: string };
  const { sql } = hub.database;
  const [value] = typed === undefined ? [] : await sql.unsafe<{ value: string }[]>(typed);
  const [from, key, root] = type === 'Person' ? ['person p', 'p.id_number', 'persons(idNumbers: $keys)'] as const : ['legal_entity e', 'e.uscc', 'legalEntitiesByUscc(usccs: $keys)'] as const;
  const expected = await sql.unsafe<{ key: string; answer: boolean | null }[]>(`select ${key} as key, (${condition}) as answer from ${from} where ${key} is not null order by 1`, value === undefined ? [] : [value.value]);
  const answers: (boolean | null)[] = [];
  for (let first = 0; first < expected.length; first += 100) {
    const { root: found, statements } = await prepared.ask({
      caller: 'police', standing: hub.standing, query: `query ($keys: [String!]!) { ${root} { __typename } }`, variables: { keys: expected.slice(first, first + 100).map((one) => one.key) },
      predicates: { p: text }, claims, typed: { certificateNo: value?.value, bornUntil: value?.value },
    });
    expect(statements.length).toBe(1);
    answers.push(...(found as { p: boolean | null }[]).map(({ p }) => p));
  }
  expect(answers).toEqual(expected.map(({ answer }) => answer));
  // It tells some from others.
  expect(answers).toContain(true);
  expect(answers.some((one) => one !== true)).toBe(true);
});
