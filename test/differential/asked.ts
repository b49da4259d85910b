/**
 * What an operation asks, by the reference: it is executed over one imaginary record of everything, and every place that is reached is
 * noted with the rows on which it may be had.
 */
import type { DocumentNode, GraphQLResolveInfo } from 'graphql';
import { identifiers } from '../../src/registries/identifiers/index.ts';
import type { Caller, Use } from '../../src/sharing/terms.ts';
import { itemsOf } from './contract.ts';
import type { ContractMeta, RootMeta, TypeMeta } from './contract.ts';
import type { Extent, Permission } from './permission.ts';

/** An error, as far as it is compared. */
export interface ExpectedError {
  readonly code: string;
  readonly at: string;
  readonly item?: string;
  readonly path: readonly string[];
}

/** What is asked, by whom, on what day. */
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

/** Arguments as graphql-js gives them. */
export type Args = Readonly<Record<string, unknown>>;
/** A filter. */
export type Where = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** The terms of an order. */
export type Order = readonly { readonly field: string; readonly direction: 'ASC' | 'DESC' }[];

/** A place of the operation, reached without data. */
export interface Probe {
  readonly root: string;
  /** Nothing above it is withheld. */
  readonly live: boolean;
  /** The arguments of the connection that it stands in. */
  readonly page: { readonly type: string; readonly args: Args } | null;
}

/** Executes an operation over one imaginary record of everything, and notes all that it asks. */
export class Asked {
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
    this.#ask(at, [meta.type.existsItem], 'exist', [as]);
    if (args['asOf']) this.lens.asOf = String(args['asOf']);
    if (args['knownAt']) this.lens.knownAt = String(args['knownAt']);
    if (meta.by === 'KEY' || meta.by === 'KEYS') {
      const key = meta.type.model.key ?? '';
      this.#find(meta.type, key, 'key', `${at}(${meta.argument})`);
      const underCase = meta.type.name === 'Person' && this.#question.permission.isUnderCase(itemsOf(meta.type.fields.get(key))[0] ?? '');
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
    const rows = this.#ask(at, itemsOf(field), field.kind === 'leaf' ? 'read' : field.kind === 'verify' ? 'verify' : field.kind === 'derived' ? field.use : 'exist', untilList(whole), field.kind === 'derived');
    if (whole.filter((key) => typeof key === 'string').length === 2) this.#roots.get(probe.root)?.below.set(String(whole.at(-1)), rows);
    if (!('link' in field)) return null;
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
    this.finds.push({ at, rows: least(itemsOf(type.fields.get(field)).map((item) => this.#question.permission.extent(item, use))) });
  }

  /** Of several items each is needed; the first of which nothing may be had is the one that is told. */
  #ask(at: string, items: readonly string[], use: Use, path: readonly string[], computed = false): Extent {
    const extents = items.map((item) => this.#question.permission.extent(item, use, computed));
    const rows = least(extents);
    if (!this.#places.has(at)) this.#places.set(at, { at, item: items[Math.max(0, extents.indexOf('none'))] ?? '', rows, path });
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

function least(extents: readonly Extent[]): Extent {
  return extents.includes('none') ? 'none' : extents.includes('some') ? 'some' : 'all';
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

/** What a condition of a field asks. */
export function useOf(type: TypeMeta, field: string, op: string): 'find' | 'key' {
  return type.keys.has(field) && (op === 'eq' || op === 'in') ? 'key' : 'find';
}

/** A text as its identifier's rule has it. */
export const normal = (type: TypeMeta, field: string, text: string): string => {
  const identifier = type.model.identifiers?.[field];
  return identifier ? identifiers[identifier].normalize(text) : text.trim();
};
