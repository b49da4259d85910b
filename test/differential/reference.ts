/**
 * The reference executor: what an operation must answer, told plainly and slowly. graphql-js executes the operation
 * twice over the hub's schema, once without data to see everything that is asked, once on rows held in memory.
 *
 * It shares nothing with the compiler. Spatial conditions are not answered here; the random operations hold none, the
 * table of test/query/spatial.test.ts compares them with known answers.
 */
import { execute } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { identifiers } from '../../src/registries/identifiers/index.ts';
import type { Link } from '../../src/registries/links.ts';
import type { Caller, Use } from '../../src/sharing/terms.ts';
import type { ContractMeta, RootMeta, TypeMeta } from './contract.ts';
import type { Data, Row, Table, Value } from './data.ts';
import { listed } from './permission.ts';
import type { Extent, Permission } from './permission.ts';
import { Subjects } from './subjects.ts';
import { compareValues, writeValue } from './values.ts';

/** An error, as far as it is compared. */
export interface ExpectedError {
  readonly code: string;
  readonly at: string;
  readonly item?: string;
  readonly path: readonly string[];
}

/** What the hub must answer: data with errors, or a refusal at one of these places. */
export type Expected =
  | { readonly kind: 'answer'; readonly data: unknown; readonly errors: readonly ExpectedError[]; readonly subjects: ReadonlySet<string> }
  | { readonly kind: 'refused'; readonly code: string; readonly at: ReadonlySet<string> };

export interface Question {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Extract<Caller, { kind: 'consumer' }>;
  readonly permission: Permission;
  /** Are these all subjects of the case? True where none was named. */
  readonly inCase: (idNumbers: readonly string[]) => boolean;
  readonly today: string;
  readonly now: string;
}

type Args = Readonly<Record<string, unknown>>;
type Where = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Order = readonly { readonly field: string; readonly direction: 'ASC' | 'DESC' }[];

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

/** A place of the operation, reached without data. */
interface Probe {
  readonly root: string;
  /** Nothing above it is withheld. */
  readonly live: boolean;
  /** The arguments of the connection that it stands in. */
  readonly page: { readonly type: string; readonly args: Args } | null;
}

/** Executes an operation over one imaginary record of everything, and notes all that it asks. */
class Asked {
  readonly finds: { readonly at: string; readonly rows: Extent }[] = [];
  readonly cursors: { readonly root: string; readonly type: string; readonly after: string }[] = [];
  /** Numbers of the persons who are asked for under a case. */
  readonly keys: string[] = [];
  readonly lens: { asOf: string | null; knownAt: string | null } = { asOf: null, knownAt: null };
  readonly #contract: ContractMeta;
  readonly #question: Question;
  readonly #places = new Map<string, { at: string; item: string; rows: Extent; path: readonly string[] }>();
  /** Of each root: its own rows, and those of what is selected right below. */
  readonly #roots = new Map<string, { meta: RootMeta; below: Map<string, Extent> }>();

  constructor(contract: ContractMeta, question: Question) {
    this.#contract = contract;
    this.#question = question;
  }

  resolve(source: Probe | undefined, args: Args, info: GraphQLResolveInfo): unknown {
    const parent = info.parentType.name;
    if (parent === 'Query') return this.#root(args, info);
    if (parent === 'Caller') return '';
    const probe = source as Probe;
    const record = this.#contract.types.get(parent);
    if (record) return this.#field(probe, record, args, info);
    const rows = ['nodes', 'edges', 'hasNextPage', 'startCursor', 'endCursor'].includes(info.fieldName);
    if (rows && probe.live && probe.page) {
      const { type, args: given } = probe.page;
      if (given['after'] && (given['orderBy'] as Order | undefined)?.length) this.cursors.push({ root: probe.root, type, after: String(given['after']) });
    }
    switch (info.fieldName) {
      case 'nodes':
      case 'edges': return [probe];
      case 'node':
      case 'pageInfo': return probe;
      case 'hasNextPage':
      case 'hasPreviousPage': return false;
      default: return null;
    }
  }

  #root(args: Args, info: GraphQLResolveInfo): unknown {
    const meta = this.#contract.roots.get(info.fieldName);
    if (!meta) return {};
    const as = String(info.path.key);
    const at = `Query.${meta.name}`;
    this.#roots.set(as, { meta, below: new Map() });
    this.#ask(at, meta.type.existsItem, 'exist', [as]);
    if (args['asOf']) this.lens.asOf = String(args['asOf']);
    if (args['knownAt']) this.lens.knownAt = String(args['knownAt']);
    if (meta.by === 'KEY' || meta.by === 'KEYS') {
      const key = meta.type.model.key ?? '';
      this.#find(meta.type, key, 'key', `${at}(${meta.argument})`);
      const underCase = meta.type.name === 'Person' && this.#question.permission.isUnderCase(meta.type.fields.get(key)?.item ?? '');
      if (underCase) this.keys.push(...[args[meta.argument]].flat().map((one) => normal(meta.type, key, String(one))));
    }
    this.#findBy(meta.type, args, at);
    const probe: Probe = { root: as, live: true, page: meta.by === 'PAGE' ? { type: meta.type.name, args } : null };
    return meta.by === 'KEYS' || meta.by === 'NARROW' ? [probe] : probe;
  }

  #field(probe: Probe, type: TypeMeta, args: Args, info: GraphQLResolveInfo): unknown {
    if (info.fieldName === 'id') return 'id';
    const field = type.fields.get(info.fieldName);
    if (!field) throw new Error(`${type.name}.${info.fieldName} is not in the contract.`);
    const at = `${type.name}.${info.fieldName}`;
    const whole = pathOf(info);
    const rows = this.#ask(at, field.item, field.kind === 'leaf' ? 'read' : field.kind === 'verify' ? 'verify' : 'exist', untilList(whole));
    if (whole.filter((key) => typeof key === 'string').length === 2) this.#roots.get(probe.root)?.below.set(String(whole.at(-1)), rows);
    if (field.kind === 'leaf' || field.kind === 'verify') return null;
    const target = this.#contract.types.get(field.link.toType) as TypeMeta;
    if (field.kind === 'many') this.#findBy(target, args, at);
    return { root: probe.root, live: probe.live && rows !== 'none', page: field.kind === 'many' ? { type: target.name, args } : null };
  }

  #findBy(type: TypeMeta, args: Args, at: string): void {
    for (const [field, tests] of Object.entries((args['where'] ?? {}) as Where)) {
      for (const op of Object.keys(tests)) this.#find(type, field, useOf(type, field, op), `${at}(where.${field})`);
    }
    for (const { field } of (args['orderBy'] ?? []) as Order) this.#find(type, field, 'find', `${at}(orderBy.${field})`);
  }

  #find(type: TypeMeta, field: string, use: 'find' | 'key', at: string): void {
    this.finds.push({ at, rows: this.#question.permission.extent(type.fields.get(field)?.item ?? '', use) });
  }

  #ask(at: string, item: string, use: Use, path: readonly string[]): Extent {
    const rows = this.#question.permission.extent(item, use);
    if (!this.#places.has(at)) this.#places.set(at, { at, item, rows, path });
    return rows;
  }

  /** One entry for each coordinate of which nothing may be known. */
  withheld(): ExpectedError[] {
    return [...this.#places.values()].filter(({ rows }) => rows === 'none').map(({ at, item, path }) => ({ code: 'FIELD_NOT_SHARED', at, item, path }));
  }

  /** Roots of whose selection nothing may be read. */
  nullRoots(data: Readonly<Record<string, unknown>>): ReadonlySet<string> {
    const nulls = new Set<string>();
    for (const [as, { meta, below }] of this.#roots) {
      const first = (Array.isArray(data[as]) ? data[as][0] : data[as]) as Readonly<Record<string, unknown>> | null;
      const selected = Object.keys(first ?? {});
      const nothing = meta.by !== 'PAGE' && selected.length > 0 && selected.every((name) => below.get(name) === 'none');
      const unknown = meta.type.items.every((item) => this.#question.permission.extent(item, 'read') === 'none');
      if (nothing || unknown || this.#question.permission.extent(meta.type.existsItem, 'exist') === 'none') nulls.add(as);
    }
    return nulls;
  }
}

function pathOf({ path }: GraphQLResolveInfo): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step: typeof path | undefined = path; step; step = step.prev) keys.unshift(step.key);
  return keys;
}

function untilList(path: readonly (string | number)[]): string[] {
  const list = path.findIndex((key) => typeof key === 'number');
  return (list < 0 ? path : path.slice(0, list)).map(String);
}

function useOf(type: TypeMeta, field: string, op: string): 'find' | 'key' {
  return type.keys.has(field) && (op === 'eq' || op === 'in') ? 'key' : 'find';
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
    const byKey = (text: string) => rows.find((row) => row[key] === normal(type, key, text) && this.#may(type, row, type.fields.get(key)?.item ?? '', 'key')) ?? null;
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
    if (field.kind === 'verify') {
      if (!this.#may(type, row, field.item, 'verify')) return null;
      this.subjects.mention(type, row, field.of);
      return this.#value(type, row, field.of) === args['value'];
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
    return this.#may(type, row, type.fields.get(field)?.item ?? '', 'find') ? this.#value(type, row, field) : null;
  }

  #meets(type: TypeMeta, row: Row, where: Where): boolean {
    return Object.entries(where).every(([field, tests]) =>
      Object.entries(tests).every(([op, value]) => this.#may(type, row, type.fields.get(field)?.item ?? '', useOf(type, field, op)) && this.#test(type, field, this.#value(type, row, field), op, value)));
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

  /** A field's value; nothing where it is about somebody sealed. */
  #value(type: TypeMeta, row: Row, field: string): Value {
    return this.#question.permission.isAboutSealed(type, row, field) ? null : row[field] ?? null;
  }

  #kind(type: TypeMeta, field: string) { return this.#table(type).kinds.get(field) ?? 'text'; }

  #table(type: TypeMeta): Table { return this.#data.get(type.name) as Table; }

  #type(name: string): TypeMeta { return this.#contract.types.get(name) as TypeMeta; }
}

/** A connection, with the type of its records. */
type Page = Readonly<Record<string, unknown>> & { readonly of: TypeMeta; readonly nodes: readonly Row[] };

const byId = (a: Row, b: Row): number => (String(a['id']) < String(b['id']) ? -1 : a['id'] === b['id'] ? 0 : 1);

/** A list on either side of an edge means "contains". */
const isLinked = ({ fromColumn, toColumn }: Link, from: Row, to: Row): boolean => listed(from[fromColumn]).some((value) => listed(to[toColumn]).includes(value));

const normal = (type: TypeMeta, field: string, text: string): string => {
  const identifier = type.model.identifiers?.[field];
  return identifier ? identifiers[identifier].normalize(text) : text.trim();
};
