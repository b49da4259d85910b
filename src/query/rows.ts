/**
 * Which rows: tables and their aliases, the two lenses of time, whose rows a caller sees, and every condition.
 *
 * All SQL is put together from drizzle's `SQL` objects: identifiers come from the registries' tables, values are
 * parameters. What a bound reads is always today's record, whatever time the question is about.
 */
import { getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { HubError } from '../errors.ts';
import { kindOf, parameterType } from '../registries/columns.ts';
import type { Derivation, LeafField, RecordType } from '../registries/contract.ts';
import { records } from '../registries/index.ts';
import type { Link } from '../registries/links.ts';
import type { RecordModel } from '../registries/record.ts';
import type { Plan } from '../sharing/plan.ts';
import { certain, given } from '../sharing/rows.ts';
import type { Rows } from '../sharing/rows.ts';
import type { Bound } from '../sharing/terms.ts';
import { insideBound, looksElsewhere, mentionSealed, sureByEdge, unsealed } from './bounds.ts';
import type { Edge, Surroundings } from './bounds.ts';
import { isInsideByEdge, territoryOn } from './territory.ts';
import type { Condition, Lenses, Run, SpatialPredicate, Slot } from './tree.ts';

/** What of a record type a source needs to know. */
type Kind = Pick<RecordType, 'name' | 'model'>;

/** How a source is come to, and what it is narrowed to beside what holds for its whole type. */
export interface Narrowing {
  /** The edge by which it is reached; null: it is a root. */
  readonly reached: Edge | null;
  /** Rows on which the caller may know of its records, ask for them by their key. */
  readonly rows: readonly Rows[];
}

/** One table in a statement. */
export interface Source {
  readonly type: Kind;
  readonly table: PgTable;
  readonly name: SQL;
  readonly columns: Readonly<Record<string, PgColumn>>;
  /** Today's record, which bounds are judged on: the same row without lenses, a joined one with them. */
  readonly today: Readonly<Record<string, PgColumn>>;
  /** The join that brings today's record beside `name`; empty without lenses. PostgreSQL drops it where nothing asks for it. */
  readonly join: SQL;
  /** `from` clause: the table with its join. */
  readonly from: SQL;
  /** The edge by which it is reached; null where it tells nothing of the record's today. */
  readonly reached: Edge | null;
  /** What is asked of its rows before any is let in (see `visible`). */
  readonly asked: readonly Rows[];
  /** Bounds that hold on all rows that are let in, and are not asked again. */
  readonly sure: readonly Bound[];
}

/** What a statement does beside answering. */
export interface CompileOptions {
  /** It tells whose data it delivers, for the audit (see subjects.ts). */
  readonly subjects?: boolean;
  /** Whoever is sealed for the caller comes with the request; else seals are looked up in their table. */
  readonly sealsListed?: boolean;
  /** The division that this hub is the home of, where it keeps copies of another hub's records: look-ups by key tell of them (see copies.ts). Absent: it keeps none. */
  readonly home?: string;
  /** It tells how many claims about each record are not met (see counted-claims.ts). */
  readonly countsClaims?: boolean;
  /** Whatever is asked, the database builds the JSON. */
  readonly built?: boolean;
}

/** What a statement is being compiled from, and the values it will read at run time. */
export class Compilation implements Surroundings {
  readonly person = modelOf('Person');
  readonly legalEntity = modelOf('LegalEntity');
  /** Does the statement ask under a case? Known when all of it is compiled. */
  asksUnderCase = false;
  readonly plan: Plan;
  readonly lenses: Lenses;
  /** Does the statement tell whose data it delivers (see subjects.ts)? */
  readonly tellsSubjects: boolean;
  readonly countsClaims: boolean;
  /** Claims that are counted, by the number under which rows tell of them. */
  readonly counted: number[] = [];
  readonly #sealsListed: boolean;
  /** See `CompileOptions`. */
  readonly home: string | null;
  /** Slots by placeholder name, in the order of first use. */
  readonly slots = new Map<string, Slot>();
  readonly #names = new Map<Slot, Map<string, string>>();
  readonly #beside = new Map<Slot, SQL>();
  #aliases = 0;

  constructor(plan: Plan, lenses: Lenses, { subjects = false, sealsListed = false, countsClaims = false, home }: CompileOptions) {
    this.plan = plan;
    this.lenses = lenses;
    this.tellsSubjects = subjects;
    this.countsClaims = countsClaims;
    this.#sealsListed = sealsListed;
    this.home = home ?? null;
  }

  /** A value read from the request at run time, cast to its SQL type so that the statement's plan never guesses. One name for one value of one type: it is sent once. */
  value(slot: Slot, type: string): SQL {
    const beside = this.#beside.get(slot);
    if (beside !== undefined) return beside;
    const names = this.#names.get(slot) ?? new Map<string, string>();
    const name = names.get(type) ?? `v${this.slots.size}`;
    this.#names.set(slot, names.set(type, name));
    this.slots.set(name, slot);
    return sql`${sql.placeholder(name)}::${sql.raw(type)}`;
  }

  /** From now on a slot is read from the rows of the statement, where they bring a value each, and not once from the request. */
  readFrom(slot: Slot, column: SQL): void {
    this.#beside.set(slot, column);
  }

  caseKeys(): SQL {
    this.asksUnderCase = true;
    return this.value(readCaseKeys, 'text[]');
  }

  sealedKeys(as: 'text' | 'text[]'): SQL | null {
    return this.#sealsListed ? this.value(readSealedKeys, as) : null;
  }

  get historic(): boolean {
    return this.lenses.asOf !== null || this.lenses.knownAt !== null;
  }

  /** The civil date that the question is about. */
  get today(): SQL {
    return this.value(this.lenses.asOf ?? readToday, 'date');
  }

  /** A name that is used once in the statement. */
  fresh(prefix: string): SQL {
    this.#aliases += 1;
    return sql`${sql.identifier(`${prefix}${this.#aliases}`)}`;
  }

  /** The table of a record type, as of the question's time; its rows are let in by `visible`. */
  source(type: Kind, narrowing: Narrowing = everyRow): Source {
    const { current, versions } = type.model.tables;
    this.#aliases += 1;
    const as = `t${this.#aliases}`;
    const table = this.historic ? versions : current;
    const columns = columnsOf(table, as);
    const name = sql`${sql.identifier(as)}`;
    const own = { type, table, name, columns, ...this.#letIn(type.model, narrowing) };
    if (!this.historic) return { ...own, today: columns, join: sql``, from: sql`${table} ${name}` };
    const nowAs = `n${this.#aliases}`;
    const today = columnsOf(current, nowAs);
    const join = sql` left join ${current} ${sql.identifier(nowAs)} on ${today['id']} = ${columns['id']}`;
    return { ...own, today, join, from: sql`${table} ${name}${join}` };
  }

  /**
   * What has to be asked of a source's rows, each only where nothing before has made sure of it: that they lie in the caller's
   * territory, that such records exist for him, that he may know of them here. Edges tell of today; what stands at another time
   * is looked at again.
   */
  #letIn(model: RecordModel, narrowing: Narrowing): Pick<Source, 'reached' | 'asked' | 'sure'> {
    const reached = this.historic ? null : narrowing.reached;
    const territory = this.plan.territory.flatMap((entry) => (isInsideByEdge(this, entry, model, reached) ? [] : [territoryOn(entry, model)]));
    const asked: Rows[] = [];
    let sure = sureByEdge(this, model, reached);
    for (const rows of [...territory, this.plan.existence(model.type), ...narrowing.rows]) {
      const left = given(rows, sure);
      if (left !== 'all') asked.push(left);
      sure = [...sure, ...certain(left)];
    }
    return { reached, asked, sure };
  }

  /**
   * What every row of a source must satisfy before anything is selected: that it is placed where this caller looks, and that nobody
   * whom it is about is sealed.
   */
  visible(source: Source): SQL[] {
    return [...this.placed(source), ...this.open(source)];
  }

  /** Its time, and all that is asked of its rows. */
  placed(source: Source): SQL[] {
    return [...this.atTime(source), ...source.asked.map((rows) => this.#holds(source, rows))];
  }

  /** That nobody whom it is about is sealed; nothing, where nobody is or it is about nobody. */
  open({ type: { model }, columns, today, reached }: Source): SQL[] {
    if (this.plan.seals === null) return [];
    return unsealed(this, model, this.historic ? [columns, today] : [columns], this.plan.seals, reached);
  }

  /** The rows of a source at the question's time; a current table has no others. */
  atTime({ columns }: Source): SQL[] {
    if (!this.historic) return [];
    const asOf = this.today;
    const knownAt = this.value(this.lenses.knownAt ?? readNow, 'timestamptz');
    return [
      sql`${columns['effectiveFrom']} <= ${asOf}`, sql`${columns['effectiveTo']} > ${asOf}`,
      sql`${columns['recordedFrom']} <= ${knownAt}`, sql`${columns['recordedTo']} > ${knownAt}`,
    ];
  }

  /** What is left of a verdict's rows, on a source whose rows were let in: what that has made sure of is not asked again. */
  left({ sure }: Source, rows: Rows): Rows {
    return given(rows, sure);
  }

  /** The predicate of a verdict's rows, on a source whose rows were let in. */
  inside(source: Source, rows: Rows): SQL {
    return this.#holds(source, this.left(source, rows));
  }

  #holds({ type: { model }, today }: Source, rows: Rows): SQL {
    if (rows === 'all') return sql`true`;
    if (rows.length === 0) return sql`false`;
    // What the row's own columns tell comes first: PostgreSQL asks in this order, and may not have to look anywhere else.
    const lookups = (bounds: readonly Bound[]): number => bounds.filter((bound) => looksElsewhere(bound, model)).length;
    const terms = [...rows].sort((a, b) => lookups(a) - lookups(b)).map((term) => [...term].sort((a, b) => lookups([a]) - lookups([b])));
    return any(terms.map((term) => sql`(${sql.join(term.map((bound) => insideBound(this, bound, model, today)), sql` and `)})`));
  }

  /** The predicate of one condition, with the bound of its find at that place. */
  condition(source: Source, condition: Condition): SQL {
    const test = this.#test(source, condition);
    const rows = this.left(source, this.plan.rows(condition.at, condition.use));
    return rows === 'all' ? test : sql`(${test} and ${this.inside(source, rows)})`;
  }

  #test(source: Source, { field, test }: Condition): SQL {
    const left = this.expression(source, field);
    const type = parameterType[field.columnKind];
    switch (test.op) {
      case 'eq': return field.columnKind === 'textList' ? sql`${left} @> array[${this.value(test.value, 'text')}]` : sql`${left} = ${this.value(test.value, type)}`;
      case 'gt': return sql`${left} > ${this.value(test.value, type)}`;
      case 'gte': return sql`${left} >= ${this.value(test.value, type)}`;
      case 'lt': return sql`${left} < ${this.value(test.value, type)}`;
      case 'lte': return sql`${left} <= ${this.value(test.value, type)}`;
      case 'in': return sql`${left} = any(${this.value(test.value, `${type}[]`)})`;
      case 'startsWith': {
        const { value } = test;
        // A range over bytes: the index serves it, and no character of the input is a pattern.
        return sql`(${left} >= ${this.value(value, 'text')} and ${left} < ${this.value(value, 'text')} || chr(1114111))`;
      }
      case 'box': {
        const [west, south, east, north] = test.corners.map((corner) => this.value(corner, 'double precision'));
        return sql`st_intersects(${left}, st_makeenvelope(${west}, ${south}, ${east}, ${north}, 4490))`;
      }
      case 'withinDistance': {
        const there = this.#geometry(test.geometry);
        const metres = this.value(test.metres, 'double precision');
        // The expanded box lets the geometry index serve; the distance itself is measured on the ellipsoid.
        return sql`(${left} && st_expand(${there}, ${this.value(degreesAround(test.metres), 'double precision')}) and st_dwithin(${left}::geography, ${there}::geography, ${metres}))`;
      }
      default: return sql`${predicates[test.op]}(${left}, ${this.#geometry(test.geometry)})`;
    }
  }

  #geometry(slot: Slot): SQL {
    return sql`st_setsrid(st_geomfromgeojson(${this.value(slot, 'text')}), 4490)`;
  }

  /**
   * A field's value on a row, or what `change` makes of it; nothing where it is about somebody sealed, or computed from what is.
   * `change` stands inside the look for seals: a function around a sub-select would be called row by row instead of being put into
   * the statement.
   */
  expression(source: Source, field: LeafField, change: (value: SQL) => SQL = (value) => value): SQL {
    const column = source.columns[field.name];
    if (field.derived === null && column === undefined) throw new HubError('CONTRACT_BROKEN', `${source.type.name}.${field.name} has no column.`);
    const value = change(field.derived === null ? sql`${column}` : this.#computed(source, field.derived));
    const { seals } = this.plan;
    const sealed = seals === null ? [] : (field.derived?.from ?? [field.name]).flatMap((name) => mentionSealed(this, source.type.model, name, source.columns, seals) ?? []);
    return sealed.length === 0 ? value : sql`case when not ${any(sealed)} then ${value} end`;
  }

  /**
   * A derived field is judged on the record that carries it. Behind an edge it looks at all records of the question's time: what the
   * caller may not see of them would else turn the answer into a wrong no.
   */
  #computed(source: Source, { compute, over }: Derivation): SQL {
    if (over === null) return sql`(${compute(source.columns, this.today)})`;
    const far = this.source(over.type);
    const rows = sql`from ${far.from}${where([this.linked(over.link, source, far), ...this.atTime(far), compute(far.columns, this.today)])}`;
    return over.value === undefined ? sql`exists (select ${rows})` : sql`array(select ${far.columns[over.value]} ${rows})`;
  }

  /** The join condition of an edge; a list on either side means "contains". */
  linked(link: Link, from: Source, to: Source): SQL {
    const near = from.columns[link.fromColumn];
    const far = to.columns[link.toColumn];
    if (!near || !far) throw new HubError('CONTRACT_BROKEN', `${link.fromType}.${link.field} joins columns that do not exist.`);
    const nearList = isList(near);
    if (isList(far)) return nearList ? sql`${far} && ${near}` : sql`${far} @> array[${near}]`;
    return nearList ? sql`${far} = any(${near})` : sql`${far} = ${near}`;
  }
}

const everyRow: Narrowing = { reached: null, rows: [] };

const readToday: Slot = (run: Run) => run.today;
const readNow: Slot = (run: Run) => run.now;
const readCaseKeys: Slot = (run: Run) => sent(run.caseKeys);
const readSealedKeys: Slot = (run: Run) => sent(run.sealedKeys);

/** Without its keys a statement is not run: it would find nobody sealed. */
function sent(keys: string | undefined): string {
  if (keys === undefined) throw new Error('A statement that takes keys of persons is run with them.');
  return keys;
}

const predicates: Readonly<Record<SpatialPredicate, SQL>> = {
  contains: sql`st_contains`, covers: sql`st_covers`, coveredBy: sql`st_coveredby`, crosses: sql`st_crosses`,
  intersects: sql`st_intersects`, overlaps: sql`st_overlaps`, touches: sql`st_touches`, within: sql`st_within`,
};

/** A degree of longitude at 54° N, the country's north end, is 65 km: never fewer degrees than the distance needs. */
const degreesAroundCache = new WeakMap<Slot, Slot>();
function degreesAround(metres: Slot): Slot {
  const known = degreesAroundCache.get(metres) ?? ((run: Run) => (metres(run) as number) / 65_000);
  degreesAroundCache.set(metres, known);
  return known;
}

/** True where any of the predicates is. */
export function any(predicates: readonly SQL[]): SQL {
  return sql`(${sql.join([...predicates], sql` or `)})`;
}

/** A `where` clause, or nothing. */
export function where(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`` : sql` where ${sql.join([...conditions], sql` and `)}`;
}

function columnsOf(table: PgTable, as: string): Readonly<Record<string, PgColumn>> {
  return getTableColumns(alias(table, as) as unknown as PgTable) as Record<string, PgColumn>;
}

function isList(column: PgColumn): boolean {
  return kindOf(column) === 'textList';
}

function modelOf(type: string): RecordModel {
  const model = records.find((one) => one.type === type);
  if (model === undefined) throw new HubError('CONTRACT_BROKEN', `No registry declares ${type}.`);
  return model;
}
