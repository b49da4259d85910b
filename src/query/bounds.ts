/**
 * What a bound means on a table: territory, cells, seals and cases as predicates over today's record, whatever time a question
 * is about. A bound that cannot be judged on a type holds nowhere on it.
 *
 * Whom a record is about and where it lies is declared by its type (`subject` in registries/record.ts); what hangs on a person is
 * judged by that person's record of today.
 */
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { holderAuthorization, seal, subjectListMember } from '../db/policy-tables.ts';
import { kindOf } from '../registries/columns.ts';
import type { Link } from '../registries/links.ts';
import type { RecordModel, Subject } from '../registries/record.ts';
import type { Bound } from '../sharing/terms.ts';
import type { Slot } from './tree.ts';

type Columns = Readonly<Record<string, PgColumn>>;

/** What predicates need of the statement around them. */
export interface Surroundings {
  /** The models of persons and legal entities, whose records bounds of other types are judged by. */
  readonly person: RecordModel;
  readonly legalEntity: RecordModel;
  /** A value read from the request at run time. */
  value(slot: Slot, type: string): SQL;
  /** A name used once in the statement. */
  fresh(prefix: string): SQL;
  /** The keys of everybody whom the open case covers. Whoever takes them asks under it. */
  caseKeys(): SQL;
  /** The keys of all who are sealed for the caller, each in quotation marks, sent along with the request; null: there are too many, and each one is looked up. */
  sealedKeys(as: 'text' | 'text[]'): SQL | null;
}

/** The edge by which a record is reached, and the type that it starts from. */
export interface Edge {
  readonly link: Link;
  readonly from: {
    readonly type: { readonly model: RecordModel };
    /** Bounds that hold on the near end, wherever its far end is read. */
    readonly sure: readonly Bound[];
  };
}

const readMatter: Slot = (run) => run.purpose.matter;
const readConsumer: Slot = (run) => run.purpose.consumer;
const readNow: Slot = (run) => run.now;

/** The predicate of one bound on today's record of a type. */
export function insideBound(own: Surroundings, bound: Bound, model: RecordModel, today: Columns): SQL {
  const { subject } = model;
  switch (bound.kind) {
    case 'ownRows': return sql`${today['source']} = ${bound.department}`;
    case 'division': return insideDivision(own, bound, model, today);
    case 'category': return ofEntity(own, model, today, 'category', (column) => sql`${column} = any(${texts(bound.codes)})`);
    case 'registrar': return ofEntity(own, model, today, 'registrarCode', (column) => sql`${column} = any(${texts(bound.codes)})`);
    case 'case':
      return about(own, subject, today, { one: (key) => sql`${key} = any(${own.caseKeys()})`, some: (keys) => sql`${keys} && ${own.caseKeys()}` });
    case 'list': return about(own, subject, today, among((key) => {
      const member = own.fresh('b');
      return sql`exists (select from ${subjectListMember} ${member} where ${member}.list_code = ${bound.list} and ${key(sql`${member}.subject_key`)})`;
    }));
    case 'authorization': return about(own, subject, today, among((key) => {
      const given = own.fresh('b');
      const [now, matter] = [own.value(readNow, 'timestamptz'), own.value(readMatter, 'text')];
      return sql`exists (select from ${holderAuthorization} ${given} where ${given}.consumer_code = ${own.value(readConsumer, 'text')} and ${key(sql`${given}.subject_key`)}
        and (${given}.matter_code is null or ${given}.matter_code = ${matter}) and ${given}.valid_from <= ${now} and ${given}.valid_to > ${now} and ${given}.revoked_at is null)`;
    }));
  }
}

/** Can a bound be judged on records of a type at all? */
export function canJudge(bound: Bound, { subject }: RecordModel): boolean {
  const ofPersons = subject.persons !== undefined || subject.members !== undefined;
  switch (bound.kind) {
    case 'ownRows': return true;
    case 'division': return bound.by === 'LOCATION' ? subject.place !== undefined : ofPersons && subject.entities === undefined;
    case 'category':
    case 'registrar': return subject.entities !== undefined && !ofPersons;
    case 'case':
    case 'list':
    case 'authorization': return ofPersons || subject.entities !== undefined;
  }
}

/** Does a bound read other tables than the record's own? */
export function looksElsewhere(bound: Bound, model: RecordModel): boolean {
  switch (bound.kind) {
    case 'ownRows': return false;
    case 'division': return bound.by !== 'LOCATION' && model.type !== 'Person';
    case 'category':
    case 'registrar': return model.type !== 'LegalEntity';
    case 'case':
    case 'list':
    case 'authorization': return true;
  }
}

/** The fields of a record that a bound is judged by; what it reads elsewhere is not the record's. */
export function fieldsOfBound(bound: Bound, { type, subject }: RecordModel): readonly string[] {
  const subjects = [...(subject.persons ?? []), ...(subject.entities ?? []), ...(subject.members === undefined ? [] : [subject.members])];
  switch (bound.kind) {
    case 'ownRows': return [];
    case 'division': return bound.by === 'LOCATION' ? (subject.place === undefined ? [] : [subject.place]) : type === 'Person' ? [bound.by === 'RESIDENCE' ? 'residenceDivisionCode' : 'registeredDivisionCode'] : subjects;
    case 'category': return type === 'LegalEntity' ? ['category'] : subjects;
    case 'registrar': return type === 'LegalEntity' ? ['registrarCode'] : subjects;
    case 'case':
    case 'list':
    case 'authorization': return subjects;
  }
}

/** The fields by which it is known whether somebody whom a record is about, or mentions, is sealed. */
export function fieldsOfSeals({ subject }: RecordModel): readonly string[] {
  return [...(subject.persons ?? []), ...(subject.members === undefined ? [] : [subject.members]), ...Object.keys(subject.mentions ?? {})];
}

const nobody = sql`false`;

function texts(codes: readonly string[]): SQL {
  return sql`${`{${codes.map((code) => `"${code.replaceAll(/["\\]/g, '\\$&')}"`).join()}}`}::text[]`;
}

/** A column's code lies in one of these subtrees: shorter codes stand for all that begin with them. */
function below(column: SQL | PgColumn, codes: readonly string[]): SQL {
  return codes.length === 0 ? nobody : sql`(${sql.join(codes.map((code) => sql`starts_with(${column}, ${subtree(code)})`), sql` or `)})`;
}

/** 620623000000 is the whole of 620623: padding zeros are no part of where a subtree begins. */
export function subtree(code: string): string {
  return /^\d{12}$/.test(code) ? code.replace(/^(\d{2})0{10}$|^(\d{4})0{8}$|^(\d{6})0{6}$|^(\d{9})000$/, '$1$2$3$4') : code;
}

function insideDivision(own: Surroundings, { by, codes }: Extract<Bound, { kind: 'division' }>, model: RecordModel, today: Columns): SQL {
  const { subject } = model;
  if (by === 'LOCATION') return subject.place === undefined ? nobody : below(column(today, subject.place), codes);
  const field = by === 'RESIDENCE' ? 'residenceDivisionCode' : 'registeredDivisionCode';
  if (model.type === own.person.type) return below(column(today, field), codes);
  return throughPersons(own, subject, today, (person) => below(sql`${person}.${sql.identifier(columnName(own.person, field))}`, codes));
}

/** Somebody whom the record is about satisfies a condition. */
function throughPersons(own: Surroundings, subject: Subject, today: Columns, condition: (person: SQL) => SQL): SQL {
  const { person } = own;
  const name = own.fresh('b');
  const key = sql`${name}.${sql.identifier(columnName(person, 'personKey'))}`;
  const joins: SQL[] = [];
  if (subject.members !== undefined) joins.push(sql`${name}.${sql.identifier(columnName(person, subject.members))} = ${column(today, subject.members)}`);
  for (const field of subject.persons ?? []) joins.push(isList(today, field) ? sql`${key} = any(${column(today, field)})` : sql`${key} = ${column(today, field)}`);
  if (joins.length === 0) return nobody;
  return sql`exists (select from ${person.tables.current} ${name} where (${sql.join(joins, sql` or `)}) and ${condition(name)})`;
}

/** The entity that the record is, or is about, satisfies a condition on one of its columns. */
function ofEntity(own: Surroundings, { type, subject: { entities } }: RecordModel, today: Columns, field: string, condition: (column: SQL | PgColumn) => SQL): SQL {
  const { legalEntity } = own;
  if (type === legalEntity.type) return condition(column(today, field));
  if (entities === undefined) return nobody;
  const name = own.fresh('b');
  const uscc = sql`${name}.${sql.identifier(columnName(legalEntity, 'uscc'))}`;
  const joins = entities.map((one) => (isList(today, one) ? sql`${uscc} = any(${column(today, one)})` : sql`${uscc} = ${column(today, one)}`));
  return sql`exists (select from ${legalEntity.tables.current} ${name} where (${sql.join(joins, sql` or `)}) and ${condition(sql`${name}.${sql.identifier(columnName(legalEntity, field))}`)})`;
}

/** How keys of subjects are tested: a single column, a list column. */
interface KeyTest {
  readonly one: (key: SQL | PgColumn) => SQL;
  readonly some: (keys: SQL | PgColumn) => SQL;
}

/** A test by a table of keys. */
function among(exists: (key: (member: SQL) => SQL) => SQL): KeyTest {
  return {
    one: (key) => exists((member) => sql`${member} = ${key}`),
    some: (keys) => exists((member) => sql`${member} = any(${keys})`),
  };
}

/** One of those whom a record is about passes a test; members of a household are looked up. */
function about(own: Surroundings, subject: Subject, today: Columns, test: KeyTest): SQL {
  const tests = [...(subject.persons ?? []), ...(subject.entities ?? [])].map((field) => (isList(today, field) ? test.some(column(today, field)) : test.one(column(today, field))));
  if (subject.members !== undefined) tests.push(throughPersons(own, { members: subject.members }, today, (person) => test.one(sql`${person}.${sql.identifier(columnName(own.person, 'personKey'))}`)));
  return tests.length === 0 ? nobody : sql`(${sql.join(tests, sql` or `)})`;
}

/**
 * Nobody whom a row is about is sealed, except under seals that the caller looks behind. Both rows count: the one asked for and
 * today's. `reached`: the edge to a current row, whose near end is delivered only where nobody whom it is about is sealed; who is
 * known by it is not looked for again.
 */
export function unsealed(own: Surroundings, { subject }: RecordModel, rows: readonly Columns[], seals: readonly string[], reached: Edge | null): SQL[] {
  const fields = subject.persons ?? [];
  const conditions = rows.flatMap((row) => fields.flatMap((field) => (isKnownOpen(reached, row, field) ? [] : [sql`not ${sealedKey(own, column(row, field), isList(row, field), seals)}`])));
  if (subject.members === undefined || isMember(own, reached, subject.members)) return conditions;
  // A household of sealed persons only is nobody's.
  const [row] = rows;
  const anyMember = row === undefined ? nobody : throughPersons(own, { members: subject.members }, row, () => sql`true`);
  const openMember = row === undefined ? nobody : throughPersons(own, { members: subject.members }, row, (person) => sql`not ${sealedKey(own, sql`${person}.${sql.identifier(columnName(own.person, 'personKey'))}`, false, seals)}`);
  // Most households have an open member, and then the other question is not asked.
  return [...conditions, sql`(${openMember} or not ${anyMember})`];
}

/** Is the person of a field one whom the near end of the edge is about? A list may name others beside him. */
function isKnownOpen(reached: Edge | null, row: Columns, field: string): boolean {
  return reached !== null && reached.link.toColumn === field && startsAtKey(reached) && !isList(row, field);
}

/** Does the edge start at the key of somebody whom its near end is about? */
function startsAtKey({ link, from }: Edge): boolean {
  return from.type.model.subject.persons?.includes(link.fromColumn) === true;
}

/** Does the edge come from a person who is one of the members? */
function isMember({ person }: Pick<Surroundings, 'person'>, reached: Edge | null, members: string): boolean {
  return reached !== null && reached.from.type.model.type === person.type && reached.link.fromColumn === members && reached.link.toColumn === members;
}

/** Does the edge lead from a person to a record about him, be it beside others? Then bounds of persons hold there that hold on him. */
export function isAboutNearEnd(own: Pick<Surroundings, 'person'>, { subject }: RecordModel, reached: Edge): boolean {
  if (reached.from.type.model.type !== own.person.type) return false;
  if (subject.members !== undefined && isMember(own, reached, subject.members)) return true;
  return subject.persons?.includes(reached.link.toColumn) === true && startsAtKey(reached);
}

/** Bounds that hold on a record because they hold on the person from whom it is reached, and it is about him. Both ends are of today. */
export function sureByEdge(own: Pick<Surroundings, 'person'>, model: RecordModel, reached: Edge | null): readonly Bound[] {
  return reached !== null && isAboutNearEnd(own, model, reached) ? reached.from.sure.filter(isOfPersons) : [];
}

/** Is it a bound of the persons whom a record is about, and not of the record? */
export function isOfPersons(bound: Bound): boolean {
  switch (bound.kind) {
    case 'division': return bound.by !== 'LOCATION';
    case 'case':
    case 'list':
    case 'authorization': return true;
    case 'ownRows':
    case 'category':
    case 'registrar': return false;
  }
}

/** Is a field about somebody sealed whom its record only mentions? Null: it mentions nobody. */
export function mentionSealed(own: Surroundings, { subject }: RecordModel, field: string, row: Columns, seals: readonly string[]): SQL | null {
  const key = Object.entries(subject.mentions ?? {}).find(([, fields]) => fields.includes(field))?.[0];
  return key === undefined ? null : sealedKey(own, column(row, key), false, seals);
}

/** Whoever has no key is not sealed. */
function sealedKey(own: Surroundings, key: SQL | PgColumn, list: boolean, seals: readonly string[]): SQL {
  const listed = own.sealedKeys(list ? 'text[]' : 'text');
  // One key is looked for in the list as it came: taking the list apart would cost more than the rest of the look.
  if (listed !== null) return sql`coalesce(${list ? sql`${key} && ${listed}` : sql`strpos(${listed}, '"' || ${key} || '"') > 0`}, false)`;
  const name = own.fresh('z');
  const same = list ? sql`${name}.person_key = any(${key})` : sql`${name}.person_key = ${key}`;
  return sql`exists (select from ${seal} ${name} where ${same}${seals.length === 0 ? sql`` : sql` and ${name}.code <> all(${texts(seals)})`})`;
}

function column(columns: Columns, field: string): PgColumn {
  const found = columns[field];
  if (found === undefined) throw new Error(`A subject's column ${field} is not there.`);
  return found;
}

function columnName(model: RecordModel, field: string): string {
  return column(model.columns, field).name;
}

function isList(columns: Columns, field: string): boolean {
  return kindOf(column(columns, field)) === 'textList';
}
