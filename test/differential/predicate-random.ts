/**
 * Draws random predicates: over every field, edge and list of the contract that a predicate may read, with values that stand in the
 * rows, so that answers of every kind come about.
 */
import type { LeafField, RelationField } from '../../src/registries/contract.ts';
import type { Contract } from '../../src/registries/contract.ts';
import type { Data, Value } from './data.ts';
import type { Kind, Question, Var, Where } from './predicate-model.ts';

const kinds: Readonly<Record<string, Kind>> = { text: 'text', date: 'date', instant: 'date', decimal: 'number', integer: 'number', flag: 'boolean' };

/** What a clerk may type in, in every random predicate. */
export const typedIn = { word: 'String', count: 'Int', day: 'Date' } as const;
export type Typed = Readonly<Record<keyof typeof typedIn, string | number | null>>;

/** See the head of this file. */
export class Predicates {
  readonly #contract: Contract;
  readonly #data: Data;
  readonly #random: () => number;
  readonly #typed: Typed;
  #names = 0;

  constructor(contract: Contract, data: Data, random: () => number, typed: Typed) {
    this.#contract = contract;
    this.#data = data;
    this.#random = random;
    this.#typed = typed;
  }

  /** A question about a record of a type. */
  question(type: string): Question {
    this.#names = 0;
    return this.#asked([{ name: null, type, at: '' }], 3, 2);
  }

  /** `depth`: of signs; `lists`: of lists within lists that may still come. */
  #asked(scope: readonly Var[], depth: number, lists: number): Question {
    const more = depth > 0;
    const many = lists > 0 && scope.some((one) => one.type !== null && this.#edges(one.type, true).length > 0);
    const of = (n: number): Question[] => Array.from({ length: n }, () => this.#asked(scope, depth - 1, lists));
    return this.#one<() => Question>([
      ...(more ? [() => ({ k: 'not' as const, of: this.#asked(scope, depth - 1, lists) }), () => ({ k: this.#one(['and', 'or'] as const), of: of(this.#one([2, 2, 3])) }), () => ({ k: this.#one(['and', 'or'] as const), of: of(2) })] : []),
      ...(more && many ? Array.from({ length: 4 }, () => () => this.#overMany(scope, depth, lists)) : []),
      () => this.#comparison(scope), () => this.#comparison(scope), () => this.#comparison(scope),
      () => this.#leafQuestion(scope), () => this.#leafQuestion(scope),
      () => ({ k: 'literal', kind: 'boolean', value: this.#one([true, false, null]) }),
    ])();
  }

  #leafQuestion(scope: readonly Var[]): Question {
    const where = this.#where(scope);
    const fields = this.#leaves(where.type);
    const flags = fields.filter(({ columnKind }) => columnKind === 'flag');
    const lists = fields.filter(({ columnKind }) => columnKind === 'textList');
    const ones = this.#edges(where.type, false);
    return this.#one<() => Question>([
      () => ({ k: 'has', ...where.place, name: this.#one(fields).name }),
      ...(flags.length > 0 ? [() => ({ k: 'field' as const, ...where.place, name: this.#one(flags).name })] : []),
      ...(ones.length > 0 ? [() => ({ k: 'hasOne' as const, ...where.place, name: this.#one(ones).name })] : []),
      ...(lists.length > 0 ? [() => this.#inList(scope, where, lists)] : []),
    ])();
  }

  #inList(scope: readonly Var[], { place, type }: Placed, lists: readonly LeafField[]): Question {
    const { name } = this.#one(lists);
    if (this.#chance(0.5)) return { k: 'contained', ...place, name, a: this.#chance(0.7) ? this.#drawn(type, name, 'text') : this.#value(scope, 'text') };
    if (this.#chance(0.3)) return this.#compared('number', { k: 'size', ...place, name }, { k: 'literal', kind: 'number', value: String(this.#one([0, 1, 2])) });
    const each: Var = { name: this.#fresh(), type: null, at: '' };
    const body = this.#compared('text', { k: 'element', on: each }, this.#chance(0.6) ? this.#drawn(type, name, 'text') : this.#value(scope, 'text'));
    return { k: this.#one(['exists', 'all'] as const), ...place, name, each, body };
  }

  #overMany(scope: readonly Var[], depth: number, lists: number): Question {
    const where = this.#where(scope, (type) => this.#edges(type, true).length > 0);
    const edge = this.#one(this.#edges(where.type, true));
    const each: Var = { name: this.#fresh(), type: edge.link.toType, at: `${where.at}/${edge.name}` };
    const over = { ...where.place, name: edge.name };
    if (this.#chance(0.15)) return this.#compared('number', { k: 'size', ...over }, { k: 'literal', kind: 'number', value: String(this.#one([0, 1, 2, 3])) });
    const body = this.#asked([...scope, each], depth - 1, lists - 1);
    if (this.#chance(0.2)) return this.#compared('number', { k: 'count', ...over, each, body }, { k: 'literal', kind: 'number', value: String(this.#one([0, 1, 2])) });
    return { k: this.#one(['exists', 'exists', 'all'] as const), ...over, each, body };
  }

  #comparison(scope: readonly Var[]): Question {
    const where = this.#where(scope);
    const fields = this.#leaves(where.type).filter(({ columnKind }) => kinds[columnKind] !== undefined && columnKind !== 'flag');
    const field = this.#one(fields);
    const kind = kinds[field.columnKind] as Kind;
    const value: Question = { k: 'field', ...where.place, name: field.name };
    const literal = () => this.#drawn(where.type, field.name, kind);
    if (kind === 'text' && this.#chance(0.2)) return { k: 'startsWith', a: value, b: this.#chance(0.7) ? shorter(literal()) : this.#value(scope, 'text') };
    if (this.#chance(0.2)) return { k: 'among', a: value, of: Array.from({ length: this.#one([1, 2, 4]) }, literal) };
    return this.#compared(kind, this.#chance(0.4) ? this.#moved(scope, kind, value) : value, this.#chance(0.6) ? literal() : this.#value(scope, kind));
  }

  #compared(kind: Kind, a: Question, b: Question): Question {
    const [x, y] = this.#chance(0.5) ? [a, b] : [b, a];
    return { k: 'compare', op: this.#one(kind === 'text' ? ['==', '==', '!=', '<', '>='] as const : ['==', '!=', '<', '<=', '>', '>='] as const), a: x, b: y };
  }

  /** What is computed from a value. */
  #moved(scope: readonly Var[], kind: Kind, value: Question): Question {
    if (kind === 'date') return this.#shifted(value);
    if (kind !== 'number') return value;
    if (this.#chance(0.3)) return { k: 'minus', of: value };
    const added = (): Question => (this.#chance(0.5) ? this.#value(scope, 'number') : { k: 'literal', kind: 'number', value: '1.5' });
    return { k: 'sum', first: value, rest: Array.from({ length: this.#one([1, 2]) }, () => ({ sign: this.#one(['+', '-'] as const), of: added() })) };
  }

  #shifted(first: Question): Question {
    return { k: 'shift', first, by: Array.from({ length: this.#one([1, 1, 2]) }, () => ({ sign: this.#one(['+', '-'] as const), unit: this.#one(['years', 'months', 'days'] as const), count: this.#one([0, 1, 5, 18, 28]) })) };
  }

  /** Any value of a kind: of somewhere, of today, typed in. */
  #value(scope: readonly Var[], kind: Kind): Question {
    const typed = ({ text: 'word', number: 'count', date: 'day', boolean: 'word' } as const)[kind];
    const where = this.#where(scope);
    const fields = this.#leaves(where.type).filter(({ columnKind }) => kinds[columnKind] === kind);
    const elements = scope.filter(({ type }) => type === null);
    return this.#one<() => Question>([
      () => ({ k: 'typed', kind, name: typed, value: this.#typed[typed] }),
      ...(kind === 'date' ? [() => this.#shifted({ k: 'today' }), () => ({ k: 'today' as const })] : []),
      ...(kind === 'text' && elements.length > 0 ? [() => ({ k: 'element' as const, on: this.#one(elements) })] : []),
      ...(fields.length > 0 ? [0, 1].map(() => () => ({ k: 'field' as const, ...where.place, name: this.#one(fields).name })) : []),
    ])();
  }

  /** A value as it stands in some row. */
  #drawn(type: string, name: string, kind: Kind): Question {
    const rows = this.#data.get(type)?.current ?? [];
    const found = Array.from({ length: 6 }, () => rows[Math.floor(this.#random() * rows.length)]?.[name]).flatMap((value) => asLiteral(value, kind) ?? []);
    const [value = kind === 'text' ? 'a' : kind === 'date' ? '2020-01-01' : String(this.#one([0, 1, 18, 60]))] = found;
    return value.startsWith('-') ? { k: 'literal', kind, value: value.slice(1) } : { k: 'literal', kind, value };
  }

  #where(scope: readonly Var[], fits: (type: string) => boolean = () => true): Placed {
    const on = this.#one(scope.filter(({ type }) => type !== null && fits(type)));
    const path: string[] = [];
    let type = on.type as string;
    while (path.length < 2 && this.#chance(0.25)) {
      const edges = this.#edges(type, false).filter(({ link }) => fits(link.toType));
      if (edges.length === 0) break;
      const edge = this.#one(edges);
      path.push(edge.name);
      type = edge.link.toType;
    }
    return { place: { on, path }, type, at: [on.at, ...path].join('/') };
  }

  #leaves(type: string): readonly LeafField[] {
    return [...this.#contract.types.get(type)?.fields.values() ?? []].filter((field): field is LeafField => field.kind === 'leaf' && (kinds[field.columnKind] !== undefined || field.columnKind === 'textList'));
  }

  #edges(type: string, many: boolean): readonly RelationField[] {
    return [...this.#contract.types.get(type)?.fields.values() ?? []].filter((field): field is RelationField => field.kind === 'relation' && field.many === many);
  }

  #fresh(): string {
    this.#names += 1;
    return `v${this.#names}`;
  }

  #one<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }
}

interface Placed {
  readonly place: Where;
  readonly type: string;
  /** The record that it is, the same for all that lead to it. */
  readonly at: string;
}

/** A value of a row as it may be written down; null: it may not. */
function asLiteral(value: Value | undefined, kind: Kind): string | null {
  const one = Array.isArray(value) ? value[0] as string | undefined : value;
  if (one === null || one === undefined || typeof one === 'object') return null;
  switch (kind) {
    // eslint-disable-next-line no-control-regex
    case 'text': return String(one).length > 60 || /[\u0000-\u0008\u000b-\u001f]/.test(String(one)) ? null : String(one);
    case 'number': return String(one).slice(0, 18);
    case 'date': return typeof one === 'number' ? new Date(one).toISOString().slice(0, 10) : String(one).slice(0, 10);
    case 'boolean': return null;
  }
}

function shorter(question: Question): Question {
  return question.k === 'literal' && typeof question.value === 'string' ? { ...question, value: [...question.value].slice(0, 2).join('') } : question;
}
