/**
 * What a predicate must answer, told plainly and slowly: Kleene's three values over rows in memory, on what the caller may have of each.
 * It shares the judge with the hub, and nothing with the reader and the compiler.
 */
import { normalized } from '../../src/query/normal.ts';
import type { Link } from '../../src/registries/links.ts';
import { itemsOf } from './contract.ts';
import type { ContractMeta, FieldMeta, TypeMeta } from './contract.ts';
import type { Data, Row, Value } from './data.ts';
import { derivedValues } from './derived.ts';
import { listed } from './permission.ts';
import type { Permission } from './permission.ts';
import { eachPart } from './predicate-model.ts';
import type { Question, Var, Where } from './predicate-model.ts';

/** Numbers in millionths, dates in milliseconds; null is unknown. */
type Known = string | bigint | number | boolean | null;

/** An edge to one record leads to several: which of them is meant is not told. */
export class Ambiguous extends Error {}

/** When it is asked. */
export interface Moment {
  readonly today: string;
  readonly now: string;
  readonly asOf: string | null;
}

const day = 86_400_000;

/** See the head of this file. */
export class Answers {
  readonly #contract: ContractMeta;
  readonly #data: Data;
  readonly #permission: Permission;
  readonly #moment: Moment;
  readonly #rows = new Map<string, readonly Row[]>();

  constructor(contract: ContractMeta, data: Data, permission: Permission, moment: Moment) {
    this.#contract = contract;
    this.#data = data;
    this.#permission = permission;
    this.#moment = moment;
  }

  /** Rows of a type that stand at the moment of the question, whoever asks. */
  rowsOf(type: string): readonly Row[] {
    const known = this.#rows.get(type) ?? this.#atTime(type);
    this.#rows.set(type, known);
    return known;
  }

  /** Does it read an item of which nothing may be verified on any row? */
  isWithheld(question: Question, type: string): boolean {
    const looked = new Map<string, { type: TypeMeta; fields: number }>([['', { type: this.#type(type), fields: 0 }]]);
    const items = new Set<string>();
    const look = (at: string, own: TypeMeta) => {
      const known = looked.get(at) ?? { type: own, fields: 0 };
      looked.set(at, known);
      return known;
    };
    const along = ({ on, path }: Where): { at: string; type: TypeMeta } => path.reduce(({ at, type: from }, name) => {
      for (const item of itemsOf(from.fields.get(name))) items.add(item);
      const to = this.#type(linkOf(from, name).toType);
      look(`${at}/${name}`, to);
      return { at: `${at}/${name}`, type: to };
    }, { at: on.at, type: this.#type(on.type ?? '') });
    eachPart(question, (part) => {
      if (!('path' in part)) return;
      const { at, type: own } = along(part);
      const field = own.fields.get(part.name);
      for (const item of itemsOf(field)) items.add(item);
      if (field?.kind === 'one' || field?.kind === 'many') look(`${at}/${part.name}`, this.#type(field.link.toType));
      else look(at, own).fields += 1;
    });
    for (const { type: own, fields } of looked.values()) if (fields === 0) items.add(own.existsItem);
    return [...items].some((item) => this.#permission.extent(item, 'verify') === 'none' || this.#permission.extent(item, 'verify', true) === 'none');
  }

  /** The answer about a row. */
  of(question: Question, type: string, row: Row): boolean | null {
    const subject: Var = { name: null, type, at: '' };
    return this.#asked(question, subject, new Map<string | null, Row | string>([[null, row]])) as boolean | null;
  }

  /** What is asked of one record; unknown where something of it that is read may not be verified. */
  #asked(body: Question, variable: Var, env: ReadonlyMap<string | null, Row | string>): Known {
    const read = new Set<string>();
    eachPart(body, (part) => {
      if ('path' in part && part.path.length === 0 && part.on.name === variable.name && isValue(this.#type(part.on.type ?? '').fields.get(part.name))) read.add(part.name);
    });
    const row = env.get(variable.name);
    if (typeof row === 'object' && [...read].some((name) => !this.#may(this.#type(variable.type ?? ''), row, name))) return null;
    return this.#value(body, env);
  }

  #value(question: Question, env: ReadonlyMap<string | null, Row | string>): Known {
    const of = (one: Question) => this.#value(one, env);
    switch (question.k) {
      case 'literal': return question.kind === 'number' ? millionths(String(question.value)) : question.kind === 'date' ? dayOf(String(question.value)) : question.value;
      case 'typed': return question.value === null ? null : question.kind === 'number' ? millionths(String(question.value)) : question.kind === 'date' ? dayOf(String(question.value)) : question.value;
      case 'today': return dayOf(this.#moment.asOf ?? this.#moment.today);
      case 'element': return env.get(question.on.name) as string;
      case 'field': return this.#along(question, env, (type, row) => this.#kept(question, type, row, () => known(this.#plain(type, row, question.name), this.#kind(type, question.name))));
      case 'has': return this.#along(question, env, (type, row) => this.#kept(question, type, row, () => this.#plain(type, row, question.name) !== null));
      case 'hasOne': return this.#along(question, env, (type, row) => this.#behind(type, row, question.name).length > 0);
      case 'not': return no(of(question.of) as boolean | null);
      case 'minus': {
        const value = of(question.of);
        return value === null ? null : -(value as bigint);
      }
      case 'and': return all(question.of.map(of) as (boolean | null)[]);
      case 'or': return some(question.of.map(of) as (boolean | null)[]);
      case 'compare': {
        const [a, b] = [of(question.a), of(question.b)];
        // What was typed in is compared in its normal form, where it is asked whether it is the same.
        const typedIn = (question.op === '==' || question.op === '!=') && (question.a.k === 'typed' || question.b.k === 'typed');
        return typedIn && typeof a === 'string' && typeof b === 'string' ? compared(question.op, normalized(a, 'text'), normalized(b, 'text')) : compared(question.op, a, b);
      }
      case 'among': return some(question.of.map((one) => compared('==', of(question.a), of(one))));
      case 'contained': {
        const value = of(question.a);
        return this.#along(question, env, (type, row) => this.#kept(question, type, row, () => {
          const list = this.#plain(type, row, question.name);
          // In an empty list nothing is, whatever it may be.
          return list === null ? null : some(listed(list).map((one) => compared('==', value, one)));
        }));
      }
      case 'startsWith': {
        const [value, start] = [of(question.a), of(question.b)];
        return value === null || start === null ? null : String(value).startsWith(String(start));
      }
      case 'sum': return question.rest.reduce<Known>((total, { sign, of: one }) => {
        const value = of(one);
        return total === null || value === null ? null : sign === '+' ? (total as bigint) + (value as bigint) : (total as bigint) - (value as bigint);
      }, of(question.first));
      case 'shift': return question.by.reduce<Known>((date, { sign, unit, count }) => (date === null ? null : moved(date as number, unit, sign === '+' ? count : -count)), of(question.first));
      case 'exists': return this.#each(question, question.each, question.body, env, some);
      case 'all': return this.#each(question, question.each, question.body, env, all);
      case 'count': return this.#each(question, question.each, question.body, env, (answers) => (answers.includes(null) ? null : millionths(String(answers.filter((one) => one === true).length))));
      case 'size': return this.#each(question, { name: null, type: null, at: '' }, { k: 'literal', kind: 'boolean', value: true }, env, (answers) => millionths(String(answers.length)));
    }
  }

  #each(question: Where & { readonly name: string }, variable: Var, body: Question, env: ReadonlyMap<string | null, Row | string>, together: (answers: (boolean | null)[]) => Known): Known {
    return this.#along(question, env, (type, row) => {
      if (type.fields.get(question.name)?.kind === 'many') {
        return together(this.#behind(type, row, question.name).map((one) => (variable.name === null ? true : this.#asked(body, variable, new Map([...env, [variable.name, one]])) as boolean | null)));
      }
      return this.#kept(question, type, row, () => {
        const list = this.#plain(type, row, question.name);
        return list === null ? null : together(listed(list).map((one) => this.#value(body, variable.name === null ? env : new Map([...env, [variable.name, one]])) as boolean | null));
      });
    });
  }

  /** Follows the edges to one record; unknown where there is none. */
  #along({ on, path }: Where, env: ReadonlyMap<string | null, Row | string>, inner: (type: TypeMeta, row: Row) => Known): Known {
    let [type, row] = [this.#type(on.type ?? ''), env.get(on.name) as Row];
    for (const name of path) {
      const [one, another] = this.#behind(type, row, name);
      if (one === undefined) return null;
      if (another !== undefined) throw new Ambiguous(`${type.name}.${name}`);
      [type, row] = [this.#type(linkOf(type, name).toType), one];
    }
    return inner(type, row);
  }

  /** At the end of a path the field's verdict is looked at there. */
  #kept({ path, name }: Where & { readonly name: string }, type: TypeMeta, row: Row, value: () => Known): Known {
    return path.length > 0 && !this.#may(type, row, name) ? null : value();
  }

  /** The records behind an edge that the caller may know of. */
  #behind(type: TypeMeta, row: Row, name: string): readonly Row[] {
    const link = linkOf(type, name);
    const target = this.#type(link.toType);
    const items = itemsOf(type.fields.get(name));
    return this.rowsOf(target.name).filter((other) => isLinked(link, row, other) && this.#permission.exists(target, other) && items.every((item) => this.#permission.may(target, other, item, 'verify')));
  }

  #may(type: TypeMeta, row: Row, name: string): boolean {
    return itemsOf(type.fields.get(name)).every((item) => this.#permission.may(type, row, item, 'verify'));
  }

  #plain(type: TypeMeta, row: Row, name: string): Value {
    const field = type.fields.get(name);
    if (field?.kind === 'derived') {
      const { over } = field;
      const behind = over === null ? [] : this.rowsOf(over.toType).filter((other) => isLinked(over, row, other));
      return derivedValues[`${type.name}.${name}`]?.(row, this.#moment.asOf ?? this.#moment.today, behind) ?? null;
    }
    return this.#permission.isAboutSealed(type, row, name) ? null : row[name] ?? null;
  }

  #kind(type: TypeMeta, name: string): string {
    return this.#data.get(type.name)?.kinds.get(name) ?? (name === 'age' ? 'integer' : 'flag');
  }

  #atTime(type: string): readonly Row[] {
    const { current = [], versions = [] } = this.#data.get(type) ?? {};
    const { asOf, now } = this.#moment;
    if (asOf === null) return current;
    const bound = (value: Value | undefined) => (value === 'infinity' ? '~' : value === '-infinity' ? '' : String(value));
    return versions.filter((row) => bound(row['effectiveFrom']) <= asOf && bound(row['effectiveTo']) > asOf && Number(row['recordedFrom']) <= Date.parse(now) && Number(row['recordedTo']) > Date.parse(now));
  }

  #type(name: string): TypeMeta {
    const type = this.#contract.types.get(name);
    if (type === undefined) throw new Error(`${name} is no record type.`);
    return type;
  }
}

function isValue(field: FieldMeta | undefined): boolean {
  return field?.kind === 'leaf' || field?.kind === 'derived';
}

function linkOf(type: TypeMeta, name: string): Link {
  const field = type.fields.get(name);
  if (field?.kind !== 'one' && field?.kind !== 'many') throw new Error(`${type.name}.${name} is no edge.`);
  return field.link;
}

/** A list on either side means "contains". */
function isLinked({ fromColumn, toColumn }: Link, from: Row, to: Row): boolean {
  return listed(from[fromColumn]).some((value) => listed(to[toColumn]).includes(value));
}

function no(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function all(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(false) ? false : values.includes(null) ? null : true;
}

function some(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(true) ? true : values.includes(null) ? null : false;
}

function compared(op: '==' | '!=' | '<' | '<=' | '>' | '>=', a: Known, b: Known): boolean | null {
  if (a === null || b === null) return null;
  const order = typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : a < b ? -1 : a > b ? 1 : 0;
  return { '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[op];
}

/** A value of a row as a predicate takes it. */
function known(value: Value, kind: string): Known {
  if (value === null) return null;
  switch (kind) {
    case 'decimal':
    case 'integer': return millionths(String(value));
    case 'date': return dayOf(String(value));
    // The civil day in Asia/Shanghai.
    case 'instant': return Math.floor((Number(value) + 8 * 3_600_000) / day) * day;
    default: return value as string | boolean;
  }
}

/** A number, exactly. */
function millionths(text: string): bigint {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${part.padEnd(6, '0').slice(0, 6)}`);
}

function dayOf(text: string): number {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  return new Date(0).setUTCFullYear(year, month - 1, date);
}

/** A date moved by the calendar: what would fall behind the end of a month falls on it. */
function moved(date: number, unit: 'years' | 'months' | 'days', count: number): number {
  if (unit === 'days') return date + count * day;
  const from = new Date(date);
  const months = from.getUTCFullYear() * 12 + from.getUTCMonth() + count * (unit === 'years' ? 12 : 1);
  const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
  const last = new Date(new Date(0).setUTCFullYear(year, month + 1, 0)).getUTCDate();
  return new Date(0).setUTCFullYear(year, month, Math.min(from.getUTCDate(), last));
}
