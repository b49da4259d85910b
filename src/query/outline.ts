/**
 * What an operation asks, written down without a value: its selection and the coordinates of its arguments, all by names of the
 * contract. No literal, no variable, no alias, no name that the client chose is in it.
 *
 * Judging takes no more than that: verdicts hang on asks, and what is delivered hangs on where they stand. So an outline that is read again
 * is judged, under whatever standing, as the operation itself would be. It cannot be run.
 */
import type { Contract, RecordType } from '../registries/contract.ts';
import { uses } from '../sharing/terms.ts';
import type { Ask } from '../sharing/terms.ts';
import { farType, onlyLooking, openLook, stepFrom } from './predicate/look.ts';
import type { OpenLook } from './predicate/look.ts';
import type { Look } from './predicate/terms.ts';
import type { EdgeOutput, Output, PageNode, PageOutput, RecordNode, RootNode, Tree } from './tree.ts';

/** An outline as it is kept. */
export interface Outline {
  /** Names and braces: `person{name household{members{nodes{name}}}}`. */
  readonly what: string;
  /** The asks of arguments: item, use and coordinate with a space between. */
  readonly by: readonly string[];
  readonly inCase?: true;
}

/** Characters of an outline at most; what is longer is not kept. */
const longest = 20_000;

/** The outline of an operation; null: it would be too long. */
export function outlineOf({ roots }: Tree, asks: readonly Ask[], inCase: boolean): Outline | null {
  const what = roots.map((root) => `${root.lookup.root}{${root.by === 'PAGE' ? pageText(root.page) : recordText(root.record)}}`).join(' ');
  const by = asks.filter(({ use }) => use === 'find' || use === 'key').map(({ item, use, at }) => `${item} ${use} ${at}`);
  return what.length + by.join().length > longest ? null : { what, by, ...(inCase ? { inCase: true } : {}) };
}

function recordText({ outputs }: RecordNode): string {
  return outputs.map((output) => {
    switch (output.kind) {
      case 'typename': return '__typename';
      case 'checked':
      case 'id': return 'id';
      case 'predicate': return `${predicateName}{${lookText(output.predicate.look)}}`;
      case 'one': return `${output.field.name}{${recordText(output.record)}}`;
      case 'many': return `${output.field.name}{${pageText(output.page)}}`;
      default: return output.field.name;
    }
  }).join(' ');
}

/** What stands for a predicate: no field of a contract is called so. Of its question only what it looks at is written down. */
const predicateName = '__predicate';

function lookText({ fields, over }: Look): string {
  return [...fields.keys(), ...[...over.values()].map(({ field, look }) => `${field.name}{${lookText(look)}}`)].join(' ');
}

function pageText({ outputs }: PageNode): string {
  return outputs.map((output) => {
    switch (output.kind) {
      case 'nodes': return `nodes{${recordText(output.record)}}`;
      case 'edges': return `edges{${output.outputs.map((edge) => (edge.kind === 'node' ? `node{${recordText(edge.record)}}` : edge.kind)).join(' ')}}`;
      default: return output.kind;
    }
  }).join(' ');
}

/** An outline read again: a tree that is judged and never run, and all its asks. Null: the contract has some of it no longer. */
export function readOutline(contract: Contract, { what, by }: Outline): { readonly tree: Tree; readonly asks: readonly Ask[] } | null {
  const reader = new Reader(contract);
  try {
    const roots = selectionIn(what).map((root) => reader.root(root));
    const asks = [...reader.asks.values(), ...by.map(askIn)];
    return { tree: { roots, lenses: { asOf: null, knownAt: null }, cost: neverRun }, asks };
  } catch (error) {
    if (error instanceof Gone) return null;
    throw error;
  }
}

class Gone extends Error {}

const neverRun = (): never => {
  throw new Error('An outline was run.');
};

/** A name of an outline, and what is selected of it. */
export interface Selected {
  readonly name: string;
  readonly inner: readonly Selected[];
}

/** The selection of an outline, from its text. */
export function selectionIn(text: string): readonly Selected[] {
  const words = text.match(/[A-Za-z_]\w*|[{}]/g) ?? [];
  let place = 0;
  const read = (): readonly Selected[] => {
    const selected: Selected[] = [];
    while (place < words.length && words[place] !== '}') {
      const name = words[place] as string;
      place += 1;
      if (words[place] !== '{') {
        selected.push({ name, inner: [] });
        continue;
      }
      place += 1;
      selected.push({ name, inner: read() });
      place += 1;
    }
    return selected;
  };
  return read();
}

function askIn(text: string): Ask {
  const [item = '', word, ...at] = text.split(' ');
  const use = uses.find((one) => one === word);
  if (use === undefined) throw new Gone();
  return { item, use, at: at.join(' ') };
}

class Reader {
  readonly asks = new Map<string, Ask>();
  readonly #contract: Contract;

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  root({ name, inner }: Selected): RootNode {
    const lookup = this.#contract.lookups.get(name);
    const type = this.#contract.types.get(lookup?.type ?? '');
    if (lookup === undefined || type === undefined) throw new Gone();
    const at = `Query.${name}`;
    this.#ask(type.existsItem, 'exist', at);
    const known = { as: name, at, lookup, keyAt: at };
    switch (lookup.by) {
      case 'KEY': return { ...known, by: 'KEY', key: neverRun, record: this.#record(type, inner) };
      case 'KEYS': return { ...known, by: 'KEYS', keys: neverRun, count: neverRun, record: this.#record(type, inner) };
      case 'NARROW': return { ...known, by: 'NARROW', where: [], record: this.#record(type, inner) };
      case 'PAGE': return { ...known, by: 'PAGE', page: this.#page(type, inner) };
    }
  }

  #record(type: RecordType, selected: readonly Selected[]): RecordNode {
    return { type, outputs: selected.map((one) => this.#output(type, one)) };
  }

  #output(type: RecordType, { name: as, inner }: Selected): Output {
    if (as === '__typename') return { kind: 'typename', as };
    if (as === 'id') return { kind: 'id', as };
    if (as === predicateName) return this.#predicate(type, inner);
    const at = `${type.name}.${as}`;
    const field = type.fields.get(as);
    if (field === undefined) throw new Gone();
    switch (field.kind) {
      case 'leaf':
        for (const item of field.items) this.#ask(item, field.use, at, field.derived !== null);
        return { kind: 'leaf', as, at, field, crs: 'EPSG4490' };
      case 'verify':
        for (const item of field.items) this.#ask(item, 'verify', at);
        return { kind: 'verify', as, at, field, value: neverRun };
      case 'relation': {
        for (const item of field.items) this.#ask(item, 'exist', at);
        const target = this.#contract.types.get(field.link.toType);
        if (target === undefined) throw new Gone();
        return field.many ? { kind: 'many', as, at, field, page: this.#page(target, inner) } : { kind: 'one', as, at, field, record: this.#record(target, inner) };
      }
    }
  }

  #predicate(type: RecordType, selected: readonly Selected[]): Output {
    const look = openLook(type);
    this.#look(look, selected);
    const predicate = onlyLooking(look);
    for (const { item, use, at, whole } of predicate.asks) this.#ask(item, use, at, whole);
    return { kind: 'predicate', as: predicateName, predicate };
  }

  #look(look: OpenLook, selected: readonly Selected[]): void {
    for (const { name, inner } of selected) {
      const field = look.type.fields.get(name);
      if (field === undefined || field.kind === 'verify') throw new Gone();
      if (field.kind === 'leaf') {
        look.fields.set(name, field);
        continue;
      }
      const target = farType(this.#contract, field);
      if (target === undefined) throw new Gone();
      this.#look(stepFrom(look, { field, type: target }), inner);
    }
  }

  #page(type: RecordType, selected: readonly Selected[]): PageNode {
    const outputs = selected.flatMap(({ name: as, inner }): readonly PageOutput[] => {
      if (as === 'nodes') return [{ kind: 'nodes', as, record: this.#record(type, inner) }];
      if (as !== 'edges') return [];
      const nodes = inner.flatMap(({ name, inner: own }): readonly EdgeOutput[] => (name === 'node' ? [{ kind: 'node', as: name, record: this.#record(type, own) }] : []));
      return [{ kind: 'edges', as, outputs: nodes }];
    });
    return { type, where: [], order: [], first: neverRun, after: null, outputs };
  }

  #ask(item: string, use: Ask['use'], at: string, computed = false): void {
    this.asks.set(`${item} ${use} ${at}`, { item, use, at, ...(computed ? { whole: true } : {}) });
  }
}
