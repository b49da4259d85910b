/**
 * A pair for every coordinate of the contract: the smallest operation that asks it, the uses of items that it needs, and the one use
 * without which it must not be answered. Read from the contract, so that a new field has its pair by itself.
 */
import { getTableName } from 'drizzle-orm';
import { getNamedType, isRequiredArgument } from 'graphql';
import type { GraphQLField, GraphQLObjectType } from 'graphql';
import type { Database } from '../../src/db/open.ts';
import type { HubSchema } from '../../src/graphql/schema.ts';
import type { LeafField, Lookup, RecordField, RecordType, RelationField } from '../../src/registries/contract.ts';
import { noPolicy } from '../../src/sharing/grant.ts';
import type { GrantTuple, Policy } from '../../src/sharing/grant.ts';
import type { Use } from '../../src/sharing/terms.ts';
import type { Json, TestHub } from '../world/hub.ts';

/** A use of an item. */
export interface Need {
  readonly item: string;
  readonly use: Use;
}

export interface Pair {
  /** The coordinate where a refusal is told. */
  readonly at: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** All that it needs. */
  readonly needs: readonly Need[];
  /** The uses of which each is needed at this coordinate. */
  readonly own: readonly Need[];
  /** Without it: what stands at `x` is null and told, or nothing runs, or (for the item that a record exists) there is no record. */
  readonly without: 'withheld' | 'refused' | 'absent';
}

/** A policy that grants exactly these uses. */
export function granting(needs: readonly Need[], version: string): Policy {
  const tuples = needs.map(({ item, use }): GrantTuple => ({
    approvalNo: 'A-1', item, uses: [use], modes: ['QUERY'], mask: null, bounds: [], matters: null, quotaPerDay: null, validFrom: '2026-01-01T00:00:00.000Z', validTo: null,
  }));
  return { ...noPolicy, version, tuples: Map.groupBy(tuples, ({ item }) => item) };
}

/** Everything that stands under the response name `x`. */
export function valuesAtX(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data.flatMap(valuesAtX);
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) => (name === 'x' ? [value] : valuesAtX(value)));
}

/** What showing a field takes of its items. */
function useOf(field: RecordField): Use {
  return field.kind === 'relation' ? 'exist' : field.kind === 'verify' ? 'verify' : field.use;
}

/** How a type is reached: a root, and relations from there. */
interface Path {
  readonly lookup: Lookup;
  readonly steps: readonly { readonly from: RecordType; readonly relation: RelationField }[];
}

/** Makes the pairs of one hub's contract, with values from its database. `open`: a hub on the same rows in which everything is shared. */
export class Pairs {
  readonly #hub: HubSchema;
  readonly #database: Database;
  readonly #open: TestHub;
  readonly #keys = new Map<string, readonly string[]>();

  constructor({ schema, database }: TestHub, open: TestHub) {
    this.#hub = schema;
    this.#database = database;
    this.#open = open;
  }

  /** All pairs of a record type: its look-ups, its existence, its fields, its filters, its orders. */
  async of(type: RecordType): Promise<readonly Pair[]> {
    const path = this.#pathTo(type);
    const keys = await this.#keysFor(path);
    const pairs: Pair[] = [...this.#roots(type, keys), this.#pair(path, keys, `${type.name}`, 'x: __typename', [{ item: type.existsItem, use: 'read' }], 'absent')];
    for (const field of type.fields.values()) {
      const at = `${type.name}.${field.name}`;
      const use = useOf(field);
      const own = field.items.map((item): Need => ({ item, use }));
      const target = field.kind === 'relation' ? this.#type(field.link.toType) : null;
      const beside: Need[] = [{ item: type.existsItem, use: 'read' }, ...(target === null ? [] : [{ item: target.existsItem, use: 'read' as const }])];
      const selection = target === null ? '' : field.kind === 'relation' && field.many ? '(first: 5) { totalCount nodes { __typename } }' : ' { __typename }';
      const best = path.steps.length === 0 && field.kind === 'leaf' && field.column !== null ? await this.#keysOf(path.lookup, field) : keys;
      pairs.push(this.#pair(path, best, at, `x: ${field.name}${this.#arguments(type, field.name)}${selection}`, own, 'withheld', beside));
    }
    return [...pairs, ...await this.#finds(type)];
  }

  /** The uses that anything in the contract asks of an item, as `item use`. */
  uses(): ReadonlySet<string> {
    const uses = new Set<string>();
    for (const type of this.#hub.contract.types.values()) {
      uses.add(`${type.existsItem} read`);
      for (const field of type.fields.values()) for (const item of field.items) uses.add(`${item} ${useOf(field)}`);
      if (this.#filtersOf(type).length > 0) for (const field of leaves(type)) if (filterOp(field) !== null) for (const item of field.items) uses.add(`${item} ${field.find.has('KEY') ? 'key' : 'find'}`);
    }
    for (const { type, by } of this.#hub.contract.lookups.values()) {
      uses.add(`${this.#type(type).existsItem} exist`);
      if (by === 'KEY' || by === 'KEYS') for (const item of keyField(this.#type(type)).items) uses.add(`${item} key`);
    }
    return uses;
  }

  #pair(path: Path, keys: readonly string[], at: string, selection: string, own: readonly Need[], without: Pair['without'], beside: readonly Need[] = []): Pair {
    const { lookup, steps } = path;
    const inner = steps.toReversed().reduce((sum, { relation }) => (relation.many ? `${relation.name}(first: 5) { nodes { ${sum} } }` : `${relation.name} { ${sum} }`), selection);
    const needs: Need[] = [...this.#needsOf(lookup), ...steps.flatMap(({ from, relation }) => [{ item: from.existsItem, use: 'read' as const }, ...relation.items.map((item) => ({ item, use: 'exist' as const }))])];
    const [query, variables] = lookup.by === 'PAGE' ? [`{ ${lookup.root}(first: 20) { nodes { ${inner} } } }`, {}] : [`query ($keys: [String!]!) { ${lookup.root}(${lookup.argument}: $keys) { ${inner} } }`, { keys }];
    return { at, query, variables, needs: [...needs, ...own, ...beside], own, without };
  }

  #needsOf({ type, by }: Lookup): Need[] {
    const record = this.#type(type);
    return [{ item: record.existsItem, use: 'exist' }, ...(by === 'KEY' || by === 'KEYS' ? keyField(record).items.map((item) => ({ item, use: 'key' as const })) : [])];
  }

  /** The root fields of a type: that such a record exists, and by which identifier it is looked up. */
  #roots(type: RecordType, keys: readonly string[]): readonly Pair[] {
    return [...this.#hub.contract.lookups.values()].filter((lookup) => lookup.type === type.name && lookup.by !== 'NARROW').flatMap((lookup): Pair[] => {
      const at = `Query.${lookup.root}`;
      const [first] = keys;
      const [query, variables] = lookup.by === 'PAGE' ? [`{ x: ${lookup.root}(first: 5) { totalCount nodes { __typename } } }`, {}]
        : [`query ($key: ${lookup.by === 'KEY' ? 'String!' : '[String!]!'}) { x: ${lookup.root}(${lookup.argument}: $key) { __typename } }`, { key: lookup.by === 'KEY' ? first : keys }];
      const needs = [...this.#needsOf(lookup), { item: type.existsItem, use: 'read' as const }];
      const pair = (where: string, own: readonly Need[], without: Pair['without']): Pair => ({ at: where, query, variables, needs, own, without });
      return [
        pair(at, [{ item: type.existsItem, use: 'exist' }], 'withheld'),
        ...(lookup.by === 'PAGE' ? [] : [pair(`${at}(${lookup.argument})`, keyField(type).items.map((item) => ({ item, use: 'key' as const })), 'refused')]),
      ];
    });
  }

  /** Filters and orders of a type, at one place where it takes them. */
  async #finds(type: RecordType): Promise<readonly Pair[]> {
    const [place] = this.#filtersOf(type);
    if (place === undefined) return [];
    const pairs: Pair[] = [];
    for (const field of leaves(type)) {
      const op = filterOp(field);
      if (op === null) continue;
      const own = field.items.map((item): Need => ({ item, use: field.find.has('KEY') ? 'key' : 'find' }));
      pairs.push(await place(field, op, own));
    }
    return pairs;
  }

  #filtersOf(type: RecordType): readonly ((field: LeafField, op: string, own: readonly Need[]) => Promise<Pair>)[] {
    const read: Need = { item: type.existsItem, use: 'read' };
    const { lookups, types } = this.#hub.contract;
    const roots = [...lookups.values()].filter((lookup) => lookup.type === type.name);
    const pages = roots.filter(({ by }) => by === 'PAGE').map((lookup) => async (field: LeafField, op: string, own: readonly Need[]): Promise<Pair> => {
      const [argument, name] = await this.#argumentOf(type, field, op);
      return { at: `Query.${lookup.root}(${name}.${field.name})`, query: `{ x: ${lookup.root}(first: 5, ${argument}) { totalCount nodes { __typename } } }`, variables: {}, needs: [...this.#needsOf(lookup), read, ...own], own, without: 'refused' };
    });
    const narrow = roots.filter(({ by }) => by === 'NARROW').map((lookup) => async (field: LeafField, op: string, own: readonly Need[]): Promise<Pair> => {
      // A combination that does not take the item itself, where there is one.
      const ways = type.model.narrow ?? [];
      const way = ways.find((one) => one.every((name) => name === field.name || !type.fields.get(name)?.items.some((item) => field.items.includes(item)))) ?? ways[0] ?? [];
      const fields = way.map((name) => type.fields.get(name) as LeafField);
      const row = await this.#row(type, [...fields, field]);
      const where = new Map([...fields.map((one) => [one.name, `${one.name}: { eq: ${literal(one, row[one.name])} }`] as const), ...(way.includes(field.name) ? [] : [[field.name, condition(field, op, row[field.name])] as const])]);
      const needs = [...fields.flatMap(({ items }) => items).map((item) => ({ item, use: 'find' as const })), ...own];
      return { at: `Query.${lookup.root}(where.${field.name})`, query: `{ x: ${lookup.root}(where: { ${[...where.values()].join(', ')} }) { __typename } }`, variables: {}, needs: [...this.#needsOf(lookup), read, ...needs], own, without: 'refused' };
    });
    const nested = [...types.values()].flatMap((from) => [...from.fields.values()].flatMap((relation) => {
      if (relation.kind !== 'relation' || !relation.many || relation.link.toType !== type.name) return [];
      return [async (field: LeafField, op: string, own: readonly Need[]): Promise<Pair> => {
        const path = this.#pathTo(from);
        const [argument, name] = await this.#argumentOf(type, field, op);
        const beside: Need[] = [read, { item: from.existsItem, use: 'read' }, ...relation.items.map((item) => ({ item, use: 'exist' as const }))];
        return this.#pair(path, await this.#keysFor({ ...path, steps: [...path.steps, { from, relation }] }), `${from.name}.${relation.name}(${name}.${field.name})`, `x: ${relation.name}(first: 5, ${argument}) { totalCount }`, own, 'refused', beside);
      }];
    }));
    return [...pages, ...narrow, ...nested];
  }

  /** A filter or, where the field has none, an order by it. */
  async #argumentOf(type: RecordType, field: LeafField, op: string): Promise<readonly [text: string, name: 'where' | 'orderBy']> {
    if (op === 'order') return [`orderBy: [{ field: ${field.name}, direction: ASC }]`, 'orderBy'];
    const row = await this.#row(type, [field]);
    return [`where: { ${condition(field, op, row[field.name] ?? identifierOf(type, field))} }`, 'where'];
  }

  /** Values of one current record that has the last of these fields, where any has. */
  async #row(type: RecordType, fields: readonly LeafField[]): Promise<Readonly<Record<string, string | null>>> {
    const table = getTableName(type.model.tables.current);
    const columns = fields.filter(({ column }) => column !== null).map((field) => `${field.columnKind === 'textList' ? `${field.column?.name}[1]` : field.columnKind === 'instant' ? `to_char(${field.column?.name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : field.column?.name}::text as "${field.name}"`);
    const present = fields.flatMap(({ column }) => (column === null ? [] : [`(${column.name} is null)`]));
    const [row] = await this.#database.sql.unsafe<Record<string, string | null>[]>(`select ${columns.join(', ')} from ${table} order by ${present.toReversed().join(', ')} limit 1`);
    return row ?? {};
  }

  async #keysOf({ type, by }: Lookup, field: LeafField | null): Promise<readonly string[]> {
    if (by === 'PAGE') return [];
    const record = this.#type(type);
    const key = keyField(record).column?.name ?? '';
    const rows = await this.#database.sql.unsafe<{ key: string }[]>(`select ${key} as key from ${getTableName(record.model.tables.current)} where ${key} is not null order by ${field?.column ? `(${field.column.name} is null), ` : ''}${key} limit ${field === null ? 600 : 4}`);
    return rows.map((row) => row.key);
  }

  /** Keys of records from which the end of a path is reached. */
  async #keysFor(path: Path): Promise<readonly string[]> {
    const name = `${path.lookup.root} ${path.steps.map(({ relation }) => relation.name).join(' ')}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const all = await this.#keysOf(path.lookup, null);
    const found: string[] = [];
    for (let start = 0; start < all.length && found.length < 12; start += 100) {
      const keys = all.slice(start, start + 100);
      const { query } = this.#pair(path, keys, '', 'x: __typename', [], 'withheld');
      const { data } = await this.#open.ask('police', query, { variables: { keys } });
      const answers = data[path.lookup.root] as Json & readonly Json[];
      found.push(...keys.filter((_, place) => valuesAtX(answers[place]).length > 0));
    }
    this.#keys.set(name, found.slice(0, 12));
    return found.slice(0, 12);
  }

  /** The shortest way to a type, from a look-up by keys where there is one. */
  #pathTo(type: RecordType): Path {
    const { lookups, types } = this.#hub.contract;
    const paths = new Map<string, Path>();
    for (const by of ['KEYS', 'PAGE'] as const) for (const lookup of lookups.values()) if (lookup.by === by && !paths.has(lookup.type)) paths.set(lookup.type, { lookup, steps: [] });
    // A map is walked in the order in which it grows: the nearest types first.
    for (const [name, path] of paths) {
      const from = types.get(name) as RecordType;
      for (const relation of from.fields.values()) if (relation.kind === 'relation' && !paths.has(relation.link.toType)) paths.set(relation.link.toType, { lookup: path.lookup, steps: [...path.steps, { from, relation }] });
    }
    const found = paths.get(type.name);
    if (found === undefined) throw new Error(`Nothing leads to ${type.name}.`);
    return found;
  }

  /** Required arguments of a field, with a value for each. */
  #arguments(type: RecordType, name: string): string {
    const field = (this.#hub.schema.getType(type.name) as GraphQLObjectType).getFields()[name] as GraphQLField<unknown, unknown>;
    const given = field.args.filter((argument) => isRequiredArgument(argument)).map((argument) => {
      const scalar = getNamedType(argument.type).name;
      return `${argument.name}: ${({ Int: '18', Float: '1', Boolean: 'true', Date: '"2000-01-01"' } as Readonly<Record<string, string>>)[scalar] ?? '"x"'}`;
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #type(name: string): RecordType {
    return this.#hub.contract.types.get(name) as RecordType;
  }
}

/** An identifier that passes, for a column that nobody in the test county has filled. */
function identifierOf({ model }: RecordType, { name }: LeafField): string | undefined {
  return ({ uscc: '91620623225490485M', implementationCode: '11100000000013338W4000125001000' } as Readonly<Record<string, string>>)[model.identifiers?.[name] ?? ''];
}

function keyField(type: RecordType): LeafField {
  return type.fields.get(type.model.key ?? '') as LeafField;
}

function leaves(type: RecordType): readonly LeafField[] {
  return [...type.fields.values()].flatMap((field) => (field.kind === 'leaf' ? [field] : []));
}

/** The operator by which a field is found in its pair; null: it is not found by. */
function filterOp({ find }: LeafField): string | null {
  if (find.has('KEY') || find.has('EQ')) return 'eq';
  if (find.has('IN')) return 'in';
  if (find.has('STARTS_WITH')) return 'startsWith';
  if (find.has('RANGE')) return 'gte';
  if (find.has('SPATIAL')) return 'box';
  return find.has('ORDER') ? 'order' : null;
}

function condition(field: LeafField, op: string, value: string | null | undefined): string {
  if (op === 'box') return `${field.name}: { box: { west: 100, south: 35, east: 105, north: 39 } }`;
  const one = literal(field, value);
  return `${field.name}: { ${op}: ${op === 'in' ? `[${one}]` : one} }`;
}

function literal({ columnKind }: LeafField, value: string | null | undefined): string {
  const given = value ?? ({ date: '2000-01-01', instant: '2000-01-01T00:00:00.000Z', decimal: '1', integer: '1', flag: 'true' } as Readonly<Record<string, string>>)[columnKind] ?? 'x';
  return columnKind === 'integer' || columnKind === 'flag' ? given : JSON.stringify(given);
}

