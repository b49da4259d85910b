/**
 * Random valid operations over the whole schema, with values that are in the data so that conditions hit.
 *
 * Left out: spatial conditions (their table is test/query/spatial.test.ts) and whatever is refused for its form
 * (two times in one operation, a search that is too wide, sizes beyond the limits).
 */
import fc from 'fast-check';
import { getNamedType, isInputObjectType, parse } from 'graphql';
import type { GraphQLEnumType, GraphQLField, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { tooLarge } from '../../src/graphql/limits.ts';
import { identifiers } from '../../src/registries/identifiers/index.ts';
import { callers } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import type { RootMeta, TypeMeta } from './contract.ts';
import type { Row } from './data.ts';
import { effectiveOn, madeIdentifier, messy, recordedAt } from './mess.ts';
import type { Argument, Directive, How, Model, Selection } from './model.ts';
import { printOperation } from './print.ts';
import { policyCount } from './policies.ts';
import { catalogs } from './world.ts';
import type { CatalogName, DifferentialWorld, Request } from './world.ts';

const long = 'a'.repeat(63);
/** Names that collide in PostgreSQL, in JavaScript, in the compiler's own SQL, or with other fields. */
const aliases = ['a', 'o', 'phone', 'grade', 'geometry', '__proto__', 'toString', 'constructor', 'select', 'j', 'o0', 'r0', 'id', 'n', 'p', 'a0', 't1', 'k', 'length', 'A', '_', `${long}b`, `${long}c`, `${long}`, `${'n'.repeat(70)}`];

const how: fc.Arbitrary<How> = fc.constantFrom('literal', 'variable', 'default', 'inner');

const directives: fc.Arbitrary<readonly Directive[]> = fc.oneof(
  { weight: 16, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('skip' as const, 'include' as const), value: fc.boolean(), how }).map((one) => [one]) },
  { weight: 1, arbitrary: fc.tuple(fc.boolean(), fc.boolean(), how).map(([skip, include, by]) => [{ name: 'skip' as const, value: skip, how: by }, { name: 'include' as const, value: include, how: by }]) },
);

const alias = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...aliases) });

/** An operation to send; it prints as a client would write it. */
export class Operation implements Request {
  readonly caller: CallerName;
  readonly catalog: CatalogName;
  readonly policy: number;
  readonly underCase: boolean;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;

  constructor(schema: GraphQLSchema, model: Model) {
    this.caller = model.caller;
    this.catalog = model.catalog;
    this.policy = model.policy;
    this.underCase = model.underCase;
    ({ query: this.query, variables: this.variables } = printOperation(schema, model));
  }

  [fc.toStringMethod](): string {
    return `\nas ${this.caller} under the catalog "${this.catalog}", policy ${this.policy}${this.underCase ? ', in the case' : ''}:\n${this.query}\nvariables: ${JSON.stringify(this.variables)}\n`;
  }
}

/** Arbitraries over one world. */
export class Operations {
  readonly #world: DifferentialWorld;
  readonly #schema: GraphQLSchema;
  readonly #selections = new Map<string, fc.Arbitrary<readonly Selection[]>>();
  readonly #pools = new Map<string, readonly unknown[]>();

  constructor(world: DifferentialWorld) {
    this.#world = world;
    this.#schema = world.hub.schema;
  }

  /** Any operation. */
  operation(): fc.Arbitrary<Operation> {
    const roots = fc.oneof({ weight: 7, arbitrary: fc.array(this.#root(), { minLength: 1, maxLength: 4, size: 'max' }) }, { weight: 2, arbitrary: fc.tuple(this.#flatRoot()) });
    return this.#asked(roots);
  }

  /** Records by their key, and what hangs on them, in whole lists: nothing that more records would move on. */
  lookup(): fc.Arbitrary<Operation> {
    const keyed = [...this.#world.contract.roots.values()].filter(({ by }) => by === 'KEY' || by === 'KEYS');
    return this.#asked(fc.array(fc.constantFrom(...keyed).chain((root) => this.#recordRoot(root)), { minLength: 1, maxLength: 2 })).filter(({ query, variables }) => !/first|after|startCursor|endCursor|hasNextPage/.test(`${query}${JSON.stringify(variables)}`));
  }

  #asked(roots: fc.Arbitrary<readonly Selection[]>): fc.Arbitrary<Operation> {
    const caller = fc.oneof({ weight: 3, arbitrary: fc.constant<CallerName>('police') }, fc.constantFrom(...(Object.keys(callers) as CallerName[])));
    const catalog = fc.oneof({ weight: 3, arbitrary: fc.constant<CatalogName>('shared') }, { weight: 5, arbitrary: fc.constant<CatalogName>('bounded') }, { weight: 2, arbitrary: fc.constant<CatalogName>('exclusive') }, { weight: 4, arbitrary: fc.constant<CatalogName>('granted') }, { weight: 2, arbitrary: fc.constantFrom(...catalogs) });
    const policy = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: policyCount - 1 }) });
    const underCase = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
    return fc.record({ caller, catalog, policy, underCase, roots, lens: this.#lens() })
      .map((model) => new Operation(this.#schema, model)).filter(({ query }) => tooLarge(parse(query)) === null);
  }

  #lens(): fc.Arbitrary<readonly Argument[]> {
    const argument = (name: string, values: readonly string[]) => fc.record({ name: fc.constant(name), value: fc.constantFrom(...values), how });
    const asOf = argument('asOf', [...effectiveOn, '2009-12-31', '2024-02-28', '1999-12-31', '2030-01-01']);
    const knownAt = argument('knownAt', [...recordedAt, '2020-05-31T23:59:59.999Z', '2023-03-03T03:03:03.002Z', '2026-11-24T10:00:00+08:00', '2030-01-01T00:00:00.000Z']);
    return fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.tuple(asOf), fc.tuple(knownAt), fc.tuple(asOf, knownAt));
  }

  #root(): fc.Arbitrary<Selection> {
    const roots = [...this.#world.contract.roots.values()];
    const of = (by: RootMeta['by']) => fc.constantFrom(...roots.filter((root) => root.by === by)).chain((root) => this.#recordRoot(root));
    const field = (name: string, sub: readonly Selection[] | null): fc.Arbitrary<Selection> => fc.record({ alias, directives }).map((own) => ({ kind: 'field', name, args: [], ghosts: [], sub, again: null, ...own }));
    const plain = (name: string): Selection => ({ kind: 'field', name, alias: null, args: [], ghosts: [], sub: null, again: null, directives: [] });
    const record = fc.oneof({ weight: 3, arbitrary: of('KEY') }, { weight: 2, arbitrary: of('KEYS') }, { weight: 2, arbitrary: of('NARROW') }, { weight: 4, arbitrary: of('PAGE') });
    const wrapped = fc.record({ sub: fc.array(record, { minLength: 1, maxLength: 2 }), directives, twice: fc.boolean(), kind: fc.constantFrom('inline' as const, 'spread' as const), typed: fc.boolean() });
    return fc.oneof(
      { weight: 12, arbitrary: record },
      { weight: 1, arbitrary: wrapped },
      { weight: 1, arbitrary: field('__typename', null) },
      { weight: 1, arbitrary: field('me', [plain('code'), plain('departmentCode'), plain('__typename')]) },
    );
  }

  /** One page of plain values, which the hub writes another way than everything else. */
  #flatRoot(): fc.Arbitrary<Selection> {
    const pages = [...this.#world.contract.roots.values()].filter(({ by }) => by === 'PAGE');
    const leaves = (name: string) => {
      const fields = Object.values((this.#schema.getType(name) as GraphQLObjectType).getFields()).filter((field) => !('getFields' in getNamedType(field.type)) && field.args.length === 0);
      return fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fields).chain((field) => this.#plain(field.name)) }, { weight: 1, arbitrary: this.#plain('__typename') }), { minLength: 1, maxLength: 20, size: 'max' });
    };
    return fc.constantFrom(...pages).chain(({ name, type }) => {
      const under = (field: string, sub: fc.Arbitrary<readonly Selection[]>) => this.#withSelection(field, '', fc.constant([]), 0, fc.constant([]), sub);
      const parts = fc.tuple(under('nodes', leaves(type.name)), fc.option(under('pageInfo', leaves('PageInfo'))), fc.option(this.#plain('__typename')));
      return this.#connection(name, type, 0, fc.constantFrom(0, 1, 3, 50, 200), parts.map((all) => all.filter((one) => one !== null)));
    });
  }

  #recordRoot(root: RootMeta): fc.Arbitrary<Selection> {
    const { type } = root;
    switch (root.by) {
      case 'PAGE': return this.#connection(root.name, type, 3, fc.constantFrom(1, 3, 50, 200));
      case 'KEY': return this.#withSelection(root.name, type.name, this.#argument(root.argument, this.#key(type)), 3);
      case 'KEYS': return this.#withSelection(root.name, type.name, this.#argument(root.argument, fc.array(this.#key(type), { maxLength: 6, size: 'max' })), 3);
      case 'NARROW': return this.#withSelection(root.name, type.name, this.#argument('where', this.#narrow(type)), 3);
    }
  }

  #argument(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly Argument[]> {
    return fc.tuple(fc.record({ name: fc.constant(name), value, how }));
  }

  #withSelection(name: string, typeName: string, args: fc.Arbitrary<readonly Argument[]>, depth: number, ghosts: fc.Arbitrary<readonly string[]> = fc.constant([]), only?: fc.Arbitrary<readonly Selection[]>): fc.Arbitrary<Selection> {
    const sub = only ?? this.#selection(typeName, depth);
    const again = only ? fc.constant(null) : fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: this.#selection(typeName, Math.min(depth, 1)) });
    return fc.record({ kind: fc.constant('field' as const), name: fc.constant(name), alias, args, ghosts, sub, again, directives });
  }

  /** A key: of a record, sometimes written carelessly; or one that nobody has. */
  #key(type: TypeMeta): fc.Arbitrary<unknown> {
    const field = type.model.key ?? '';
    const identifier = type.model.identifiers?.[field];
    const careless = (key: unknown) => {
      const text = ` ${String(key).toLowerCase()}`;
      return (identifier ? identifiers[identifier].normalize(text) : text.trim()) === key ? text : key;
    };
    const known = this.#pool(type, field);
    const absent = fc.constantFrom(madeIdentifier(identifier, 77), madeIdentifier(identifier, 88));
    return known.length === 0 ? absent : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 2, arbitrary: fc.constantFrom(...known).map(careless) }, { weight: 1, arbitrary: absent });
  }

  /** A search that gives a declared combination, mostly as some record has it. */
  #narrow(type: TypeMeta): fc.Arbitrary<unknown> {
    const ways = type.model.narrow ?? [];
    const rows = this.#rows(type);
    const combination = (way: readonly string[], row: Row) => Object.fromEntries(way.map((field) => [field, { eq: row[field] }]));
    const known = (way: readonly string[]) => rows.filter((row) => way.every((field) => this.#pool(type, field).includes(row[field])));
    const some = fc.constantFrom(...ways).chain((way) => fc.constantFrom(...known(way)).map((row) => combination(way, row)));
    const combinations = fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: fc.constantFrom(...ways.map((way) => mostFrequent(known(way).map((row) => combination(way, row))))) });
    return fc.tuple(combinations, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: this.#where(type) })).map(([combination, more]) => ({ ...more, ...combination }));
  }

  #selection(typeName: string, depth: number): fc.Arbitrary<readonly Selection[]> {
    const place = `${typeName} ${depth}`;
    const known = this.#selections.get(place) ?? this.#makeSelection(typeName, depth);
    this.#selections.set(place, known);
    return known;
  }

  #makeSelection(typeName: string, depth: number): fc.Arbitrary<readonly Selection[]> {
    const type = this.#schema.getType(typeName) as GraphQLObjectType;
    const isRecord = this.#world.contract.types.has(typeName);
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => !('getFields' in getNamedType(field.type)));
    const edges = fields.filter((field) => 'getFields' in getNamedType(field.type));
    const leaf = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...leaves).chain((field) => this.#leaf(typeName, field)) }, { weight: 1, arbitrary: this.#plain('__typename') });
    const edge = edges.length > 0 && depth > 0 ? [{ weight: isRecord ? 1 : 5, arbitrary: fc.constantFrom(...edges).chain((field) => this.#edge(field, isRecord ? depth - 1 : depth)) }] : [];
    const inner = () => fc.array(fc.oneof({ weight: 3, arbitrary: leaf }, ...edge), { minLength: 1, maxLength: 2 });
    const fragment = fc.record({ kind: fc.constantFrom('inline' as const, 'spread' as const), typed: fc.boolean(), twice: fc.boolean(), sub: inner(), directives }) as fc.Arbitrary<Selection>;
    const choices = [{ weight: 5, arbitrary: leaf }, ...edge, { weight: 1, arbitrary: fragment }, ...(isRecord ? [{ weight: 1, arbitrary: fc.constant<Selection>({ kind: 'common' }) }] : [])];
    const some = fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 5 });
    return isRecord ? fc.oneof({ weight: 30, arbitrary: some }, { weight: 1, arbitrary: this.#wide(leaves) }) : some;
  }

  /** More fields than `json_build_object` takes. */
  #wide(leaves: readonly GraphQLField<unknown, unknown>[]): fc.Arbitrary<readonly Selection[]> {
    const without = leaves.filter((field) => field.args.length === 0);
    return fc.constant(Array.from({ length: 120 }, (_, n): Selection => ({ kind: 'field', name: without[n % without.length]?.name ?? 'id', alias: n % 40 === 7 ? `${long}w${n}` : `w${n}`, args: [], ghosts: [], sub: null, again: null, directives: [] })));
  }

  #plain(name: string): fc.Arbitrary<Selection> {
    return fc.record({ alias, directives }).map((own) => ({ kind: 'field', name, args: [], ghosts: [], sub: null, again: null, ...own }));
  }

  #leaf(typeName: string, field: GraphQLField<unknown, unknown>): fc.Arbitrary<Selection> {
    const [argument] = field.args;
    if (!argument) return this.#plain(field.name);
    const of = this.#world.contract.types.get(typeName)?.fields.get(field.name);
    const args = argument.name === 'crs'
      ? fc.oneof(fc.constant([]), this.#argument('crs', fc.constantFrom('EPSG4490', 'EPSG4326', 'GCJ02')))
      : of?.kind === 'verify' && of.by === 'AT_LEAST' ? this.#argument(argument.name, fc.constantFrom(...years))
      : this.#argument(argument.name, fc.constantFrom('', ...this.#pool(this.#type(typeName), of?.kind === 'verify' ? of.of : '')));
    return fc.record({ kind: fc.constant('field' as const), name: fc.constant(field.name), alias, args, ghosts: fc.constant([]), sub: fc.constant(null), again: fc.constant(null), directives });
  }

  #edge(field: GraphQLField<unknown, unknown>, depth: number): fc.Arbitrary<Selection> {
    const target = getNamedType(field.type).name;
    const type = this.#world.contract.types.get(target.replace(/Connection$/, ''));
    if (type && target.endsWith('Connection')) return this.#connection(field.name, type, depth, fc.constantFrom(0, 1, 2, 5, 20));
    return this.#withSelection(field.name, target, fc.constant([]), depth);
  }

  #connection(name: string, type: TypeMeta, depth: number, sizes: fc.Arbitrary<number>, only?: fc.Arbitrary<readonly Selection[]>): fc.Arbitrary<Selection> {
    const definition = (this.#schema.getType('Query') as GraphQLObjectType).getFields()[name]?.args ?? [];
    const optional = (own: fc.Arbitrary<readonly Argument[]>, freq = 2) => fc.option(own, { freq, nil: [] as readonly Argument[] });
    const ids = this.#rows(type).map((row) => row['id']);
    const orderField = this.#schema.getType(`${type.name}OrderField`) as GraphQLEnumType | undefined;
    const term = fc.record({ field: fc.constantFrom(...(orderField?.getValues().map((one) => one.name) ?? [''])), direction: fc.constantFrom('ASC', 'DESC') }, { requiredKeys: ['field'] });
    const args = fc.tuple(
      optional(this.#argument('first', fc.oneof({ weight: 9, arbitrary: sizes }, { weight: 1, arbitrary: fc.constant(null) })), 4),
      ids.length > 0 ? optional(this.#argument('after', fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.constant(null) })), 2) : fc.constant([]),
      this.#schema.getType(`${type.name}Filter`) ? optional(this.#argument('where', this.#where(type)), 2) : fc.constant([]),
      orderField ? optional(this.#argument('orderBy', fc.array(term, { maxLength: 3, size: 'max' })), 3) : fc.constant([]),
    ).map((parts) => parts.flat());
    const ghosts = fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(['first', 'after', ...(definition.some((one) => one.name === 'where') ? ['where'] : [])]) });
    return this.#withSelection(name, `${type.name}Connection`, args, depth, ghosts, only);
  }

  #where(type: TypeMeta): fc.Arbitrary<Readonly<Record<string, unknown>>> {
    const filter = this.#schema.getType(`${type.name}Filter`) as GraphQLInputObjectType;
    const choices = Object.values(filter.getFields()).flatMap((field) => {
      const tests = Object.values((field.type as GraphQLInputObjectType).getFields()).filter((test) => !isInputObjectType(getNamedType(test.type)));
      const pool = this.#pool(type, field.name);
      return tests.length === 0 || pool.length === 0 ? [] : [{ name: field.name, ops: tests.map((test) => test.name), pool }];
    });
    if (choices.length === 0) return fc.constant({});
    const condition = fc.constantFrom(...choices).chain(({ name, ops, pool }) =>
      fc.tuple(fc.constant(name), fc.uniqueArray(fc.constantFrom(...ops), { minLength: 1, maxLength: 2 }).chain((chosen) => fc.record(Object.fromEntries(chosen.map((op) => [op, operand(op, pool)]))))));
    return fc.array(condition, { minLength: 1, maxLength: 2 }).map((conditions) => Object.fromEntries(conditions));
  }

  /** Values of a field that rows have, as a client sends them; where an identifier has a rule, only those that keep it. */
  #pool(type: TypeMeta, field: string): readonly unknown[] {
    const place = `${type.name}.${field}`;
    const known = this.#pools.get(place) ?? this.#makePool(type, field);
    this.#pools.set(place, known);
    return known;
  }

  #makePool(type: TypeMeta, field: string): readonly unknown[] {
    if (type.fields.get(field)?.kind === 'derived') return years;
    const table = this.#world.data.get(type.name);
    const kind = table?.kinds.get(field);
    const identifier = type.model.identifiers?.[field];
    if (kind === undefined || kind === 'geometry' || kind === 'json' || kind === 'textList') return [];
    const values = new Set(this.#rows(type).map((row) => row[field]).filter((value) => value !== null));
    const sent = [...values].map((value) => (kind === 'instant' ? new Date(Number(value)).toISOString() : value));
    return sent.filter((value) => identifier === undefined || identifiers[identifier].problem(String(value), '2026-11-24') === null).slice(-80);
  }

  /** Some rows of a type: a few of the seeded county, and the whole mess. */
  #rows(type: TypeMeta): readonly Row[] {
    const table = this.#world.data.get(type.name);
    const rows = [...(table?.current ?? []), ...(table?.versions ?? [])];
    const seeded = rows.filter((row) => row['sourceVersion'] !== messy);
    return [...seeded.filter((_, index) => index % Math.ceil(seeded.length / 40) === 0), ...rows.filter((row) => row['sourceVersion'] === messy)];
  }

  #type(name: string): TypeMeta {
    return this.#world.contract.types.get(name) as TypeMeta;
  }
}

/** Numbers that an age may be compared with. */
const years = [-1, 0, 1, 17, 18, 19, 36, 60, 80, 2026];

/** What too many records have in common. */
function mostFrequent(combinations: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>> {
  const counts = Map.groupBy(combinations, (one) => JSON.stringify(one));
  return [...counts.values()].sort((a, b) => b.length - a.length)[0]?.[0] ?? {};
}

function operand(op: string, pool: readonly unknown[]): fc.Arbitrary<unknown> {
  const value = fc.constantFrom(...pool);
  if (op === 'in') return fc.array(value, { maxLength: 4, size: 'max' });
  if (op === 'startsWith') return fc.tuple(value, fc.constantFrom(0, 1, 2, 6)).map(([text, length]) => [...String(text)].slice(0, length).join(''));
  return value;
}
