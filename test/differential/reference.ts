/**
 * The reference executor: what an operation must answer, told plainly and slowly. graphql-js executes the operation
 * twice over the hub's schema, once without data to see everything that is asked, once on rows held in memory.
 *
 * It shares nothing with the compiler. Spatial conditions are not answered here; the random operations hold none, the
 * table of test/query/spatial.test.ts compares them with known answers.
 */
import { execute } from 'graphql';
import type { ExecutionResult, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Link } from '../../src/registries/links.ts';
import type { Use } from '../../src/sharing/terms.ts';
import { Asked, normal, useOf } from './asked.ts';
import type { Args, ExpectedError, Order, Probe, Question, Where } from './asked.ts';
import { itemsOf } from './contract.ts';
import type { ContractMeta, TypeMeta } from './contract.ts';
import type { Data, Row, Table, Value } from './data.ts';
import { derivedValues } from './derived.ts';
import { listed } from './permission.ts';
import { Subjects } from './subjects.ts';
import { compareValues, writeValue } from './values.ts';

/** What the hub must answer: data with errors, or a refusal at one of these places. */
export type Expected =
  | { readonly kind: 'answer'; readonly data: unknown; readonly errors: readonly ExpectedError[]; readonly subjects: ReadonlySet<string> }
  | { readonly kind: 'refused'; readonly code: string; readonly at: ReadonlySet<string> };

/** Everything that stands on one operation. */
export class Reference {
  readonly #schema: GraphQLSchema;
  readonly #contract: ContractMeta;
  readonly #data: Data;

  constructor(schema: GraphQLSchema, contract: ContractMeta, data: Data) {
    this.#schema = schema;
    this.#contract = contract;
    this.#data = data;
  }

  answer(question: Question): Expected {
    const asked = new Asked(this.#contract, question);
    const seen = this.#execute(question, (source, args, _context, info) => asked.resolve(source as Probe, args as Args, info));
    const refused = new Set(asked.finds.filter(({ rows }) => rows === 'none').map(({ at }) => at));
    if (refused.size > 0) return { kind: 'refused', code: 'FIND_NOT_SHARED', at: refused };
    const nulls = asked.nullRoots(seen.data as Readonly<Record<string, unknown>>);
    if (!question.inCase(asked.keys)) return { kind: 'refused', code: 'CASE_NOT_OPEN', at: new Set() };
    const reading = new ReadingRows(this.#contract, this.#data, question, asked.lens, nulls);
    if (asked.cursors.some(({ root, type, after }) => !nulls.has(root) && !reading.isThere(type, after))) return { kind: 'refused', code: 'CURSOR_UNKNOWN', at: new Set() };
    const { data, errors = [] } = this.#execute(question, (source, args, _context, info) => reading.resolve(source, args as Args, info));
    const failed = errors.map((error): ExpectedError => {
      if (!(error.originalError instanceof Refusal)) throw error;
      return { code: error.originalError.message, at: error.originalError.at, path: (error.path ?? []).map(String) };
    });
    return { kind: 'answer', data, errors: [...asked.withheld(), ...failed], subjects: reading.subjects.keys };
  }

  #execute({ document, variables }: Question, fieldResolver: GraphQLFieldResolver<unknown, unknown>): ExecutionResult {
    return execute({ schema: this.#schema, document, variableValues: variables, fieldResolver }) as ExecutionResult;
  }
}

/** An error of one root. */
class Refusal extends Error {
  readonly at: string;

  constructor(code: string, at: string) {
    super(code);
    this.at = at;
  }
}

/** Executes an operation on rows. */
class ReadingRows {
  readonly subjects: Subjects;
  readonly #contract: ContractMeta;
  readonly #data: Data;
  readonly #question: Question;
  readonly #nulls: ReadonlySet<string>;
  readonly #lens: { readonly asOf: string; readonly knownAt: number } | null;
  readonly #visible = new Map<string, readonly Row[]>();

  constructor(contract: ContractMeta, data: Data, question: Question, { asOf, knownAt }: Asked['lens'], nulls: ReadonlySet<string>) {
    this.#contract = contract;
    this.#data = data;
    this.#question = question;
    this.#nulls = nulls;
    this.#lens = asOf === null && knownAt === null ? null : { asOf: asOf ?? question.today, knownAt: Date.parse(knownAt ?? question.now) };
    this.subjects = new Subjects(question.permission, this.#atTime(data.get('Person') as Table));
  }

  resolve(source: unknown, args: Args, info: GraphQLResolveInfo): unknown {
    const parent = info.parentType.name;
    if (parent === 'Query') return this.#root(args, info);
    const type = this.#contract.types.get(parent);
    if (type) return this.#field(type, source as Row, args, info.fieldName);
    if (info.fieldName === 'nodes' || info.fieldName === 'edges') for (const row of (source as Page).nodes) this.subjects.deliver((source as Page).of, row);
    return (source as Record<string, unknown>)[info.fieldName];
  }

  /** Is this record there for the caller? */
  isThere(type: string, id: string): boolean {
    return this.#rowsOf(this.#type(type)).some((row) => row['id'] === id);
  }

  #root(args: Args, info: GraphQLResolveInfo): unknown {
    const meta = this.#contract.roots.get(info.fieldName);
    const { caller } = this.#question;
    if (!meta) return { kind: 'CONSUMER', code: caller.consumer, role: null, name: caller.name, departmentCode: caller.department, departmentName: caller.departmentName };
    if (this.#nulls.has(String(info.path.key))) return null;
    const { type } = meta;
    const rows = this.#rowsOf(type).filter((row) => this.#may(type, row, type.existsItem, 'exist'));
    const key = type.model.key ?? '';
    const byKey = (text: string) => rows.find((row) => row[key] === normal(type, key, text) && this.#mayAll(type, row, key, 'key')) ?? null;
    switch (meta.by) {
      case 'KEY': return this.subjects.deliver(type, byKey(String(args[meta.argument])));
      case 'KEYS': return (args[meta.argument] as readonly string[]).map((text) => this.subjects.deliver(type, byKey(text)));
      case 'PAGE': return this.#page(type, rows, args, 50);
      case 'NARROW': {
        const hits = rows.filter((row) => this.#meets(type, row, args['where'] as Where)).sort(byId);
        if (hits.length > 10) throw new Refusal('TOO_MANY_HITS', `Query.${meta.name}`);
        return hits.map((row) => this.subjects.deliver(type, row));
      }
    }
  }

  #field(type: TypeMeta, row: Row, args: Args, name: string): unknown {
    if (name === 'id') return row['id'];
    const field = type.fields.get(name);
    if (!field) throw new Error(`${type.name}.${name} is not in the contract.`);
    const { permission } = this.#question;
    if (field.kind === 'leaf') {
      const mask = permission.shown(type, row, field.item);
      if (mask === undefined) return null;
      this.subjects.mention(type, row, name);
      return permission.masked(mask, writeValue(this.#value(type, row, name), this.#kind(type, name), args['crs']));
    }
    if (field.kind === 'derived') {
      if (!field.items.every((item) => this.#may(type, row, item, field.use))) return null;
      for (const one of field.from) this.subjects.mention(type, row, one);
      return this.#value(type, row, name);
    }
    if (field.kind === 'verify') {
      if (!field.items.every((item) => this.#may(type, row, item, 'verify'))) return null;
      this.subjects.mention(type, row, field.of);
      const [value, named] = [this.#value(type, row, field.of), args[field.argument]];
      return field.by === 'EQUAL' ? value === named : value === null ? null : Number(value) >= Number(named);
    }
    if (this.#question.permission.extent(field.item, 'exist') === 'none') return null;
    // An edge tells that a record on its far side exists: that is where its bound is judged.
    const target = this.#type(field.link.toType);
    const linked = this.#rowsOf(target).filter((other) => isLinked(field.link, row, other) && this.#may(target, other, field.item, 'exist'));
    if (field.kind === 'many') return this.#page(target, linked, args, 20);
    if (linked.length > 1) throw new Error(`${type.name}.${name} leads to several records.`);
    return this.subjects.deliver(target, linked[0] ?? null);
  }

  #page(type: TypeMeta, all: readonly Row[], args: Args, byDefault: number): Page {
    const order = (args['orderBy'] ?? []) as Order;
    const found = all.filter((row) => this.#meets(type, row, (args['where'] ?? {}) as Where)).sort((a, b) => this.#compare(type, order, a, b));
    const after = args['after'] ?? null;
    const mark = order.length === 0 ? ({ id: after } as Row) : this.#rowsOf(type).find((row) => row['id'] === after);
    // A cursor whose record is gone refuses the operation, unless nothing but the count is asked.
    const beyond = after === null ? found : found.filter((row) => mark !== undefined && this.#compare(type, order, row, mark) > 0);
    const first = Number(args['first'] ?? byDefault);
    const nodes = beyond.slice(0, first);
    const ids = nodes.map((row) => row['id']);
    return {
      of: type, nodes, totalCount: found.length,
      edges: nodes.map((node) => ({ node, cursor: node['id'] })),
      pageInfo: { hasNextPage: beyond.length > first, hasPreviousPage: after !== null, startCursor: ids[0] ?? null, endCursor: ids.at(-1) ?? null },
    };
  }

  #compare(type: TypeMeta, order: Order, a: Row, b: Row): number {
    for (const { field, direction } of order) {
      const [x, y] = [this.#sortValue(type, a, field), this.#sortValue(type, b, field)];
      if (x === null && y === null) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      const difference = compareValues(x, y, this.#kind(type, field));
      if (difference !== 0) return direction === 'DESC' ? -difference : difference;
    }
    return byId(a, b);
  }

  /** What may not be found by on this row sorts as if it were absent. */
  #sortValue(type: TypeMeta, row: Row, field: string): Value {
    return this.#mayAll(type, row, field, 'find') ? this.#value(type, row, field) : null;
  }

  #meets(type: TypeMeta, row: Row, where: Where): boolean {
    return Object.entries(where).every(([field, tests]) =>
      Object.entries(tests).every(([op, value]) => this.#mayAll(type, row, field, useOf(type, field, op)) && this.#test(type, field, this.#value(type, row, field), op, value)));
  }

  #test(type: TypeMeta, field: string, value: Value, op: string, given: unknown): boolean {
    if (value === null) return false;
    const kind = this.#kind(type, field);
    const same = (wanted: unknown) => compareValues(value, (typeof wanted === 'string' ? normal(type, field, wanted) : wanted) as Value, kind) === 0;
    switch (op) {
      case 'eq': return Array.isArray(value) ? value.includes(given) : same(given);
      case 'in': return (given as readonly unknown[]).some(same);
      case 'startsWith': return String(value).startsWith(String(given));
      case 'gt': return compareValues(value, given as Value, kind) > 0;
      case 'gte': return compareValues(value, given as Value, kind) >= 0;
      case 'lt': return compareValues(value, given as Value, kind) < 0;
      case 'lte': return compareValues(value, given as Value, kind) <= 0;
      default: throw new Error(`The reference does not know ${op}.`);
    }
  }

  /** Rows of a type at the question's time that exist for the caller. */
  #rowsOf(type: TypeMeta): readonly Row[] {
    const known = this.#visible.get(type.name) ?? this.#atTime(this.#table(type)).filter((row) => this.#question.permission.exists(type, row));
    this.#visible.set(type.name, known);
    return known;
  }

  #atTime({ current, versions }: Table): readonly Row[] {
    const lens = this.#lens;
    if (lens === null) return current;
    const day = (value: Value | undefined) => (value === 'infinity' ? '~' : value === '-infinity' ? '' : String(value));
    return versions.filter((row) => day(row['effectiveFrom']) <= lens.asOf && day(row['effectiveTo']) > lens.asOf
      && Number(row['recordedFrom']) <= lens.knownAt && Number(row['recordedTo']) > lens.knownAt);
  }

  #may(type: TypeMeta, row: Row, item: string, use: Use): boolean { return this.#question.permission.may(type, row, item, use); }

  #mayAll(type: TypeMeta, row: Row, field: string, use: Use): boolean { return itemsOf(type.fields.get(field)).every((item) => this.#may(type, row, item, use)); }

  /** A field's value; nothing where it is about somebody sealed. A derived one is computed from all rows of the question's time. */
  #value(type: TypeMeta, row: Row, field: string): Value {
    const meta = type.fields.get(field);
    if (meta?.kind === 'derived') {
      const { over } = meta;
      const behind = over === null ? [] : this.#atTime(this.#table(this.#type(over.toType))).filter((other) => isLinked(over, row, other));
      return derivedValues[`${type.name}.${field}`]?.(row, this.#lens?.asOf ?? this.#question.today, behind) ?? null;
    }
    return this.#question.permission.isAboutSealed(type, row, field) ? null : row[field] ?? null;
  }

  #kind(type: TypeMeta, field: string) { return this.#table(type).kinds.get(field) ?? (type.fields.get(field)?.kind === 'derived' ? 'integer' : 'text'); }

  #table(type: TypeMeta): Table { return this.#data.get(type.name) as Table; }

  #type(name: string): TypeMeta { return this.#contract.types.get(name) as TypeMeta; }
}

/** A connection, with the type of its records. */
type Page = Readonly<Record<string, unknown>> & { readonly of: TypeMeta; readonly nodes: readonly Row[] };

const byId = (a: Row, b: Row): number => (String(a['id']) < String(b['id']) ? -1 : a['id'] === b['id'] ? 0 : 1);

/** A list on either side of an edge means "contains". */
const isLinked = ({ fromColumn, toColumn }: Link, from: Row, to: Row): boolean => listed(from[fromColumn]).some((value) => listed(to[toColumn]).includes(value));
