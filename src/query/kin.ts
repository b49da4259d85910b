/**
 * Whom a case covers beside its subjects: the kin that its matter names, as the registers know them on that day.
 *
 * Kin are looked up when a case is opened and kept with it, so that asking under it costs no more than a look at a list, and so
 * that a case covers tomorrow whom it covers today. It is looked up anew where it would tell too much: when the matter names
 * other kin, and when somebody is sealed. A sealed person has no kin and is nobody's, whoever asks: else a case would tell that he is there.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { caseSubject, matter, seal, serviceCase } from '../db/policy-tables.ts';
import { HubError } from '../errors.ts';
import { records } from '../registries/index.ts';
import { kinWords } from '../sharing/terms.ts';

/** The part of a transaction that this needs. */
export interface KinSession {
  unsafe(text: string, parameters: string[]): PromiseLike<unknown>;
}

const dialect = new PgDialect();

/** Looks the kin of one case up. */
export function refreshKinOfCase(session: KinSession, caseId: string, today: string): Promise<void> {
  return refreshKin(session, sql`c.id = ${caseId}::uuid`, today);
}

/** Looks the kin of every open case of a matter up, after the matter has come to name others. */
export function refreshKinOfMatter(session: KinSession, matterCode: string, today: string): Promise<void> {
  return refreshKin(session, sql`c.matter_code = ${matterCode} and c.closed_at is null`, today);
}

/** Looks the kin of every open case up in which a person stands, after he was sealed or is no longer. */
export function refreshKinAround(session: KinSession, personKey: string, today: string): Promise<void> {
  return refreshKin(session, sql`c.closed_at is null and exists (select from ${caseSubject} own where own.case_id = c.id and own.subject_key = ${personKey})`, today);
}

/** Which cases is fixed first: what is taken out is what some of them are found by. */
async function refreshKin(session: KinSession, which: SQL, today: string): Promise<void> {
  const ids = await run(session, sql`select c.id::text as id from ${serviceCase} c where ${which} order by c.id for update`) as readonly { readonly id: string }[];
  if (ids.length === 0) return;
  const cases = sql`${`{${ids.map(({ id }) => id).join()}}`}::uuid[]`;
  await run(session, sql`delete from ${caseSubject} where case_id = any(${cases}) and relation <> 'SUBJECT'`);
  await run(session, sql`
    with about as materialized (
      select s.case_id, s.subject_key, m.kin from ${caseSubject} s join ${serviceCase} c on c.id = s.case_id join ${matter} m on m.code = c.matter_code
      where s.case_id = any(${cases}) and s.relation = 'SUBJECT' and not ${sealed(sql`s.subject_key`)}
    ), found as (${members} union all ${toldByThem(today)} union all ${toldByKin(today)})
    insert into ${caseSubject} (case_id, subject_key, relation)
    select distinct on (case_id, key) case_id, key, word from found where not ${sealed(sql`key`)}
    order by case_id, key, array_position(${`{${kinWords.join()}}`}::text[], word)
    on conflict do nothing`);
}

function run(session: KinSession, statement: SQL): PromiseLike<unknown> {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  return session.unsafe(text, params as string[]);
}

function sealed(key: SQL): SQL {
  return sql`exists (select from ${seal} z where z.person_key = ${key})`;
}

const table = (type: string) => modelOf(type).tables.current;

/** A column of a record type, as its table calls it. */
const of = (type: string) => (field: string): SQL => {
  const column = modelOf(type).columns[field];
  if (column === undefined) throw new HubError('CONTRACT_BROKEN', `${type}.${field} has no column, and kin are told by it.`);
  return sql`${sql.identifier(column.name)}`;
};

function modelOf(type: string) {
  const model = records.find((one) => one.type === type);
  if (model === undefined) throw new HubError('CONTRACT_BROKEN', `No registry declares ${type}.`);
  return model;
}

const [p, k, h] = [of('Person'), of('Kinship'), of('Household')];

/** Members of the same family household. In a collective one (集体户: a school, a dormitory) nobody is kin, and neither where its kind is not known. */
const members = sql`
  select a.case_id, m.${p('personKey')} as key, 'HOUSEHOLD' as word
  from about a join ${table('Person')} o on o.${p('personKey')} = a.subject_key
    join ${table('Household')} h on h.${h('householdNo')} = o.${p('householdNo')} and h.${h('householdTypeCode')} = '1'
    join ${table('Person')} m on m.${p('householdNo')} = h.${h('householdNo')} and m.${p('personKey')} is not null
  where 'HOUSEHOLD' = any(a.kin)`;

/** The word of a relation by GB/T 4761: 1 spouse, 2 son, 3 daughter, 5 parent, 7 sibling; 0 is oneself and no kin; null is none. */
const word = (told: boolean): SQL => {
  const [child, parent] = told ? ['CHILD', 'PARENT'] : ['PARENT', 'CHILD'];
  return sql`case left(r.${k('relationCode')}, 1) when '1' then 'SPOUSE' when '2' then ${child}::text when '3' then ${child}::text when '5' then ${parent}::text when '7' then 'SIBLING'
    when '4' then 'OTHER' when '6' then 'OTHER' when '8' then 'OTHER' when '9' then 'OTHER' end`;
};

const onDay = (today: string): SQL => sql`(r.${k('validFrom')} is null or r.${k('validFrom')} <= ${today}::date) and (r.${k('validTo')} is null or r.${k('validTo')} >= ${today}::date)`;

/** "The relative is the subject's ...", told of a subject of the case. */
const toldByThem = (today: string): SQL => sql`
  select a.case_id, r.${k('relativePersonKey')}, ${word(true)}
  from about a join ${table('Kinship')} r on r.${k('subjectPersonKey')} = a.subject_key
  where r.${k('relativePersonKey')} is not null and ${onDay(today)} and ${word(true)} = any(a.kin)`;

/** The same, told of the relative: one direction is enough. */
const toldByKin = (today: string): SQL => sql`
  select a.case_id, r.${k('subjectPersonKey')}, ${word(false)}
  from about a join ${table('Kinship')} r on r.${k('relativePersonKey')} = a.subject_key
  where r.${k('subjectPersonKey')} is not null and ${onDay(today)} and ${word(false)} = any(a.kin)`;
