/**
 * Rows that no register would hold, on top of whatever the template holds: every record type, every column, small
 * vocabularies so that orders tie and edges meet, gaps everywhere, texts that quote and escape, records of every
 * source, histories with corrections, ends and ghosts that are no longer current. Made from a seed, so a run can be
 * repeated. It drops the clone's check constraints and foreign keys: what is compared here is reading.
 */
import { getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../src/db/open.ts';
import { kindOf } from '../../src/registries/columns.ts';
import { certificateIdentifierWithCheck, idNumberWithCheck, orgCodeWithCheck, usccWithCheck } from '../../src/registries/identifiers/index.ts';
import type { IdentifierName } from '../../src/registries/identifiers/index.ts';
import { links, records } from '../../src/registries/index.ts';
import type { RecordModel } from '../../src/registries/record.ts';
import { callers } from '../world/callers.ts';

const rowsOfType = 24;

/** The source version of all rows made here. */
export const messy = 'mess';

/** Random numbers that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const texts = ['', 'a', 'A', 'ab', 'b', '张三', '才让·卓玛', 'say "no"', 'back\\slash', "it's", '100%_', 'é', 'tab\there', 'line\nbreak', '{x,y}', 'NULL', 'Ａ', '𠮷野', '\u0001\u007f', 'བོད'];
const dates = ['0001-01-01', '1987-06-05', '2000-02-29', '2019-12-31', '2020-01-01', '2026-11-24', '9999-12-31'];
const instants = ['1970-01-01T00:00:00.000Z', '1988-07-01T00:00:00.000Z', '2020-05-05T05:05:05.050Z', '2020-05-05T05:05:05.500Z', '2026-11-23T16:00:00.000Z', '2026-11-24T01:59:59.999Z'];
const faces = [{}, { 姓名: '张三', 序号: 1, 比例: 0.5, 空: null }, { 列表: [1, 'a\n"', [], { 内: true }] }];
const sources = [...Object.values(callers), '620600-GA', '620623-SW'];

/** The moments at which beliefs changed, and the days on which facts did: what questions about the past should hit. */
export const recordedAt = ['2020-06-01T00:00:00.000Z', '2023-03-03T03:03:03.003Z', '2026-11-24T02:00:00.000Z'] as const;
export const effectiveOn = ['2000-01-01', '2010-10-10', '2024-02-29', '2026-11-24', '2027-01-01'] as const;

/** A valid identifier that nobody has, by its number. */
export function madeIdentifier(name: IdentifierName | undefined, n: number): string {
  const digits = (length: number) => String(n).padStart(length, '0');
  switch (name) {
    case 'idNumber': return idNumberWithCheck(`99000119900101${digits(3)}`);
    case 'uscc': return usccWithCheck(`91990001${orgCodeWithCheck(`Y${digits(7)}`)}`);
    case 'orgCode': return orgCodeWithCheck(`Y${digits(7)}`);
    case 'certificateIdentifier': return certificateIdentifierWithCheck(`11990001000000000A${digits(3)}`, usccWithCheck(`11990001${orgCodeWithCheck('Y0000001')}`), digits(9), '001');
    case 'disabilityCertificate': return `${madeIdentifier('idNumber', n)}11`;
    case 'realEstateUnit': return `990001001001GB${digits(5)}F00010001`;
    case 'birthCertificate': return `Z${digits(9)}`;
    case 'divisionCode': return `990001${String(n % 900 + 100)}${digits(3).slice(-3)}`;
    case 'implementationCode': return `${madeIdentifier('uscc', n)}1${digits(12)}`;
    case undefined: return `no-${digits(4)}`;
  }
}

/** Columns that edges compare hold values of one vocabulary. */
function vocabularies(): ReadonlyMap<string, readonly string[]> {
  const classOf = new Map<string, Set<string>>();
  for (const link of links) {
    const merged = new Set([`${link.fromType}.${link.fromColumn}`, `${link.toType}.${link.toColumn}`].flatMap((name) => [name, ...(classOf.get(name) ?? [])]));
    for (const name of merged) classOf.set(name, merged);
  }
  const identifierOf = (name: string) => {
    const [type, column] = name.split('.') as [string, string];
    return records.find((model) => model.type === type)?.identifiers?.[column];
  };
  const made = new Map<Set<string>, readonly string[]>();
  return new Map([...classOf].map(([name, members]) => {
    const identifier = [...members].map(identifierOf).find((one) => one !== undefined);
    const prefix = identifier ? '' : `${[...members].sort()[0]}-`;
    const values = made.get(members) ?? Array.from({ length: rowsOfType + 6 }, (_, n) => `${prefix}${madeIdentifier(identifier, n + 1)}`);
    made.set(members, values);
    return [name, values];
  }));
}

type Made = Record<string, unknown>;

class Maker {
  readonly #random: () => number;
  readonly #vocabularies = vocabularies();

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  chance(part: number): boolean {
    return this.#random() < part;
  }

  one<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** One state of a record: its keys are its own, everything else is drawn. */
  state(model: RecordModel, unique: ReadonlySet<string>, n: number): Made {
    const state: Made = {};
    for (const [field, column] of Object.entries(getTableColumns(model.tables.current) as Record<string, PgColumn>)) {
      if (field === 'id') continue;
      if (field === 'source') state[column.name] = this.one(sources);
      else if (field === 'sourceVersion') state[column.name] = messy;
      else if (field === 'provenance') state[column.name] = null;
      else if (unique.has(column.name)) state[column.name] = n % 9 === 8 && field !== model.key ? null : this.#vocabularies.get(`${model.type}.${field}`)?.[n] ?? `${model.type}-${madeIdentifier(model.identifiers?.[field], n + 1)}`.replace(model.identifiers?.[field] ? `${model.type}-` : '', '');
      else state[column.name] = !column.notNull && this.chance(0.2) ? null : this.#value(model, field, column);
    }
    // Searches with 12 hits by name and birth date, 11 by name and registration, 10 by name and residence.
    const division = this.#vocabularies.get('Person.residenceDivisionCode')?.[rowsOfType];
    if (model.type === 'Person' && n % 2 === 0) {
      Object.assign(state, { name: '张三', birth_date: '1987-06-05', ...(n < 22 ? { registered_division_code: division } : {}), ...(n < 20 ? { residence_division_code: division } : {}) });
    }
    return state;
  }

  #value(model: RecordModel, field: string, column: PgColumn): unknown {
    const pool = this.#vocabularies.get(`${model.type}.${field}`)?.slice(0, 8);
    const identifier = model.identifiers?.[field];
    const type = column.getSQLType();
    switch (kindOf(column)) {
      case 'text': return pool ? this.one(pool) : identifier ? madeIdentifier(identifier, 1 + Math.floor(this.#random() * 5)) : this.one(texts);
      case 'textList': return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.one(pool ?? texts));
      case 'date': return this.one(dates);
      case 'instant': return this.one(instants);
      case 'decimal': {
        const scale = Number(/,\s*(\d+)/.exec(type)?.[1] ?? 0);
        return this.one(['0', '1', '2', '1.5', '-0.25', '9.99']).replace(/^(-?\d+)(\.\d+)?$/, (_, whole: string, part = '') => whole + (part as string).slice(0, scale + 1).replace(/^\.$/, ''));
      }
      case 'integer': return this.one([-1, 0, 1, 2, 10]);
      case 'flag': return this.chance(0.5);
      case 'json': return this.one(faces);
      case 'id': return this.uuid();
      case 'geometry': return this.#geometry(/\((\w+)/.exec(type)?.[1] ?? 'Geometry');
    }
  }

  #geometry(shape: string): string {
    const [x, y] = [102 + Math.floor(this.#random() * 2000) / 1000, 37 + Math.floor(this.#random() * 900_000) / 1_000_000];
    const square = `((${x} ${y}, ${x + 0.01} ${y}, ${x + 0.01} ${y + 0.01}, ${x} ${y + 0.01}, ${x} ${y}))`;
    const shapes: Record<string, string> = {
      Point: `POINT(${x} ${y})`, MultiPoint: `MULTIPOINT((${x} ${y}), (0 0))`, LineString: `LINESTRING(${x} ${y}, ${x + 0.1} ${y + 0.1})`,
      MultiLineString: `MULTILINESTRING((${x} ${y}, ${x + 0.1} ${y}))`, Polygon: `POLYGON${square}`, MultiPolygon: `MULTIPOLYGON(${square})`,
    };
    return `SRID=4490;${shapes[shape] ?? this.one(Object.values(shapes))}`;
  }

  /** Versions of one record: one belief; a fact that changed; a correction of the past; an end; a change to come. */
  history(id: string, state: () => Made, last: Made): Made[] {
    const version = (made: Made, from: string, to: string, since: string, until = 'infinity'): Made => ({ ...made, id, effective_from: from, effective_to: to, recorded_from: since, recorded_to: until });
    const [r0, r1, r2] = recordedAt;
    const [e0, e1, e2, e3, e4] = effectiveOn;
    switch (this.one([0, 1, 2, 3, 4])) {
      case 0: return [version(last, e0, 'infinity', r0)];
      case 1: return [version(state(), e0, e1, r0), version(last, e1, 'infinity', r0)];
      case 2: return [version(state(), e0, 'infinity', r0, r1), version(state(), e0, e2, r1), version(last, e2, 'infinity', r1, r2), version(last, e2, 'infinity', r2)];
      case 3: return [version(state(), '-infinity', e3, r1, r2), version(last, e3, 'infinity', r1)];
      default: return [version(last, e2, e4, r0), version(state(), e4, 'infinity', r2)];
    }
  }
}

/** Fills every record type of a clone. */
export async function makeMess(database: Database, seed: number): Promise<void> {
  await dropRules(database);
  const maker = new Maker(seed);
  for (const model of records) {
    const { current, versions } = model.tables;
    const unique = new Set(getTableConfig(current).indexes.filter((one) => one.config.unique).map((one) => (one.config.columns[0] as PgColumn).name));
    const currentRows: Made[] = [];
    const versionRows: Made[] = [];
    for (let n = 0; n < rowsOfType; n += 1) {
      const id = maker.uuid();
      const now = maker.state(model, unique, n);
      const keys = Object.fromEntries([...unique].map((column) => [column, now[column]]));
      versionRows.push(...maker.history(id, () => ({ ...maker.state(model, unique, n), ...keys }), now));
      // Every eighth is a ghost: it was, and is no more.
      if (n % 8 !== 7) currentRows.push({ ...now, id });
    }
    await insert(database, current, currentRows, []);
    await insert(database, versions, versionRows, ['version_id']);
  }
}

async function insert({ sql }: Database, table: PgTable, rows: readonly Made[], except: readonly string[]): Promise<void> {
  const columns = Object.values(getTableColumns(table)).map((column) => column.name).filter((name) => !except.includes(name));
  const list = columns.map((name) => `"${name}"`).join(', ');
  const name = getTableName(table);
  await sql.unsafe(`insert into "${name}" (${list}) select ${list} from json_populate_recordset(null::"${name}", $1::text::json)`, [JSON.stringify(rows)]);
}

async function dropRules({ sql }: Database): Promise<void> {
  const rules = await sql<{ name: string; rule: string }[]>`
    select c.conrelid::regclass::text as name, c.conname as rule from pg_constraint c
    where c.contype in ('c', 'f') and c.conrelid::regclass::text = any(${records.map((model) => model.tableName)})`;
  for (const { name, rule } of rules) await sql.unsafe(`alter table ${name} drop constraint "${rule}"`);
}
