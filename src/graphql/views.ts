/**
 * The contract as one caller sees it: what it may have today under one purpose or another, each description naming its condition.
 * Also the whole contract with the catalog's conditions, for whoever wants to know what to apply for.
 *
 * A view is for reading, by people and by tools: operations are always validated against the whole contract and judged ask by ask, so
 * nothing hangs on a view that anybody could gain by. A field whose item is in reach for one purpose and a filter that is for another
 * both stand in the view; one operation has one purpose. Views are kept, so many and no more, until a grant begins or ends.
 */
import { buildASTSchema, parse, print } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { takesPart } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import type { Contract, Lookup, RecordField, RecordType } from '../registries/contract.ts';
import { Reach } from '../sharing/reach.ts';
import type { Ask, Caller, Use } from '../sharing/terms.ts';
import { conditionInWords, wayInWords } from '../sharing/words.ts';
import type { Words } from '../sharing/words.ts';
import { hangDoors, isOpen, knock } from './doors.ts';
import type { Door } from './doors.ts';
import type { HubSchema } from './schema.ts';
import { partOf, plainContract } from './view.ts';
import type { Keep } from './view.ts';

/** Who looks, and when. */
export interface Looking {
  readonly caller: Caller;
  readonly standing: Standing;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
}

/** One view. */
export class View {
  /** SDL, valid by itself. */
  readonly text: string;
  /** Until this moment (milliseconds since the epoch) it is as it is. */
  readonly until: number;
  #schema: GraphQLSchema | undefined;

  constructor(document: DocumentNode, until: string | null) {
    this.text = print(document);
    this.until = until === null ? Infinity : Date.parse(until);
  }

  /** For introspection; nothing is resolved by it. Parsed from the text when it is first needed, so that a view is kept as its text. */
  get schema(): GraphQLSchema {
    this.#schema ??= buildASTSchema(parse(this.text, { noLocation: true }), { assumeValidSDL: true });
    return this.#schema;
  }
}

const viewsOfHubs = new WeakMap<HubSchema, Views>();

/** The views of a contract. */
export function viewsOf(hub: HubSchema): Views {
  const known = viewsOfHubs.get(hub) ?? new Views(hub);
  viewsOfHubs.set(hub, known);
  return known;
}

/** See the head of this file. */
export class Views {
  readonly #contract: Contract;
  readonly #plain: DocumentNode;
  readonly #doors: ReadonlyMap<string, Door>;
  readonly #kept = new LRUCache<string, View>({ max: 40 });

  constructor({ schema, contract }: HubSchema) {
    this.#contract = contract;
    this.#plain = plainContract(schema);
    this.#doors = hangDoors(schema, (root) => contract.lookups.has(root));
  }

  /** What a caller may have. A stranger may have nothing but the questions whether he is one. */
  async of(looking: Looking): Promise<View> {
    const { caller, standing, now } = looking;
    const key = `${JSON.stringify(caller)} ${standing.policyOf(caller).version} ${standing.everybody}`;
    const known = this.#kept.get(key);
    if (known !== undefined && Date.parse(now) < known.until) return known;
    const open = await this.#openRoots(caller);
    const reach = reachOf(looking);
    const shows = reach !== null ? new Shows(this.#contract, standing, reach).keep : noRecords(this.#contract);
    const view = new View(partOf(this.#plain, (at) => (isRoot(at) && !this.#isLookup(at) ? (open.has(at) ? '' : null) : shows(at))), reach?.until ?? null);
    this.#kept.set(key, view);
    return view;
  }

  /** The whole contract with the conditions of the catalog. */
  all(standing: Standing): View {
    const key = `all ${standing.everybody}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const items = itemsByCoordinate(this.#contract);
    const view = new View(partOf(this.#plain, (at) => (items.get(at) ?? []).flatMap((code) => {
      const item = standing.catalog.item(code);
      return item === undefined ? [] : [line('共享条件', 'Condition', conditionInWords(item))];
    }).join('\n')), null);
    this.#kept.set(key, view);
    return view;
  }

  async #openRoots(caller: Caller): Promise<ReadonlySet<string>> {
    const open = new Set<string>();
    for (const at of this.#doors.keys()) {
      if (isOpen(at, { caller }) || await knock(this.#doors, at, { caller }).then(() => true, () => false)) open.add(at);
    }
    return open;
  }

  #isLookup(at: string): boolean {
    return at.startsWith('Query.') && this.#contract.lookups.has(at.slice('Query.'.length));
  }
}

/** What somebody registered may reach at this moment; null for a stranger. */
function reachOf({ caller, standing, now }: Looking): Reach | null {
  if (caller.kind === 'stranger') return null;
  // A purpose opens nothing to an administrator.
  const matters = caller.kind === 'administrator' ? [] : [...standing.matters()].filter((matter) => takesPart(caller, matter));
  return new Reach({ caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed }, matters, 'QUERY', now);
}

const isRoot = (at: string): boolean => /^(Query|Mutation|Subscription)\./.test(at);

const line = (zh: string, en: string, words: Words): string => `${zh}：${words.zh} · ${en}: ${words.en}.`;

/** Nothing that is looked up. */
function noRecords({ lookups }: Contract): Keep {
  return (at) => (at.startsWith('Query.') && lookups.has(at.slice('Query.'.length)) ? null : '');
}

/** What of the contract's records one caller may have. */
class Shows {
  readonly #contract: Contract;
  readonly #standing: Standing;
  readonly #reach: Reach;
  readonly #known = new Map<string, string | null>();

  constructor(contract: Contract, standing: Standing, reach: Reach) {
    this.#contract = contract;
    this.#standing = standing;
    this.#reach = reach;
    for (const type of contract.types.values()) this.#judgeType(type);
    for (const lookup of contract.lookups.values()) this.#known.set(`Query.${lookup.root}`, this.#lookup(lookup));
  }

  /** Coordinates that no record stands behind are kept as they are. */
  readonly keep: Keep = (at) => (this.#known.has(at) ? this.#known.get(at) ?? null : '');

  #judgeType(type: RecordType): void {
    for (const field of type.fields.values()) {
      const at = `${type.name}.${field.name}`;
      this.#known.set(at, this.#field(field, at));
      if (field.kind !== 'leaf' || field.find.size === 0) continue;
      // A filter has both what finds by the full identifier and the rest: it is there for whoever may do both.
      const uses = new Set<Use>([...field.find].filter((find) => find !== 'ORDER').map((find) => (find === 'KEY' || (field.find.has('KEY') && (find === 'EQ' || find === 'IN')) ? 'key' : 'find')));
      if (uses.size > 0) this.#known.set(`${type.name}Filter.${field.name}`, this.#told([...uses].flatMap((use) => asksOf(field.items, use, `${at}(where)`))));
      if (field.find.has('ORDER')) this.#known.set(`${type.name}OrderField.${field.name}`, this.#told(asksOf(field.items, 'find', `${at}(orderBy)`)));
    }
  }

  #field(field: RecordField, at: string): string | null {
    switch (field.kind) {
      case 'leaf': return this.#told(asksOf(field.items, field.use, at, field.derived !== null));
      case 'verify': return this.#told(asksOf(field.items, 'verify', at));
      case 'relation': return this.#exists(field.link.toType) ? this.#told(asksOf(field.items, 'exist', at)) : null;
    }
  }

  /** A record is there for whoever may read anything of it. */
  #exists(type: string): boolean {
    return (this.#contract.itemsOfTypes.get(type) ?? []).some((item) => this.#reach.includes([{ item, use: 'read', at: type }]));
  }

  #lookup({ root, by, type: name, argument }: Lookup): string | null {
    const type = this.#contract.types.get(name);
    if (type === undefined || !this.#exists(name)) return null;
    const at = `Query.${root}`;
    const exist: Ask = { item: type.existsItem, use: 'exist', at };
    switch (by) {
      case 'KEY':
      case 'KEYS': {
        const keys = asksOf(type.fields.get(type.model.key ?? '')?.items ?? [], 'key', `${at}(${argument})`);
        return this.#told([exist, ...keys]);
      }
      case 'NARROW': {
        const ways = (type.model.narrow ?? []).filter((way) => this.#reach.includes([exist, ...way.flatMap((field) => asksOf(type.fields.get(field)?.items ?? [], 'find', at))]));
        const told = ways.length === 0 ? null : this.#told([exist]);
        return told === null ? null : `${told}\n可用组合 · Combinations: ${ways.map((way) => way.join(' + ')).join('; ')}.`;
      }
      case 'PAGE': return this.#told([exist]);
    }
  }

  /** The conditions under which these asks are allowed together; null: under none. */
  #told(asks: readonly Ask[]): string | null {
    if (!this.#reach.includes(asks)) return null;
    return asks.flatMap((ask) => {
      const item = this.#standing.catalog.item(ask.item);
      const ways = this.#reach.ways(ask).map(wayInWords);
      return item === undefined ? [] : [line('共享条件', 'Condition', {
        zh: `${item.name}（${item.code}）${shown(ways.map(({ zh }) => zh), '；')}`, en: `${item.code} ${shown(ways.map(({ en }) => en), '; ')}`,
      })];
    }).join('\n');
  }
}

const shown = (ways: readonly string[], comma: string): string => (ways.length <= 4 ? ways.join(comma) : `${ways.slice(0, 4).join(comma)}${comma}… (${ways.length})`);

function asksOf(items: readonly string[], use: Use, at: string, computed = false): readonly Ask[] {
  return items.map((item) => ({ item, use, at, ...(computed ? { whole: true as const } : {}) }));
}

function itemsByCoordinate({ types, lookups }: Contract): ReadonlyMap<string, readonly string[]> {
  const items = new Map<string, readonly string[]>();
  for (const type of types.values()) {
    for (const field of type.fields.values()) {
      items.set(`${type.name}.${field.name}`, field.items);
      items.set(`${type.name}Filter.${field.name}`, field.items);
    }
  }
  for (const { root, by, type: name } of lookups.values()) {
    const type = types.get(name);
    const key = by === 'KEY' || by === 'KEYS' ? type?.fields.get(type.model.key ?? '')?.items ?? [] : [];
    if (type !== undefined) items.set(`Query.${root}`, [...new Set([type.existsItem, ...key])]);
  }
  return items;
}
