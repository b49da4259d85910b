/**
 * Field permissions (字段权限): what each of many consumers may have of each of many items, as a matrix of cells, with why.
 *
 * A cell is what `access.ts` finds for the five uses of its item, in one word. Cells that differ in nothing that the judge looks at are
 * judged once (lines of grants: see `alike.ts`): a matrix of tens of thousands of cells has some hundred kinds of them. Reasons name neither item nor consumer, so that
 * cells share them; a sentence about one cell is `whoMaySee`'s to tell. Territory and seals, which the judge does not look at, are not in it.
 */
import { accessTo } from './access.ts';
import type { Access } from './access.ts';
import { alike, come, putBack, underStandIns } from './alike.ts';
import type { Alike } from './alike.ts';
import type { Catalog, CatalogItem } from './catalog.ts';
import type { Denial, GrantTuple, Policy } from './grant.ts';
import { uses } from './terms.ts';
import type { Consumer, Matter, Mode, Use } from './terms.ts';
import { wayInWords } from './words.ts';
import type { Words } from './words.ts';

/**
 * What a cell says, the most first: the value itself under every purpose that may be named · the value on some rows or for some matters ·
 * nothing but a masked value · a yes/no about it · neither, but it may be found by, looked up with or known to exist · nothing.
 */
export const cellStates = ['SHOWN', 'PARTLY', 'MASKED', 'VERIFY_ONLY', 'FIND_ONLY', 'WITHHELD'] as const;
export type CellState = (typeof cellStates)[number];

/** One way in which cells are open, and the uses that it opens. */
export interface CellWay {
  readonly uses: readonly Use[];
  readonly words: Words;
  readonly approvalNo: string | null;
  readonly mask: string | null;
  /** The matters that the line of the grant is for; null: every matter, or no grant. */
  readonly matters: readonly string[] | null;
  /** When the line of the grant ends; null: without end, or no grant. */
  readonly validTo: string | null;
}

/** Why cells are as they are. */
export interface CellReason {
  readonly state: CellState;
  /** The rule that signs for the best that may be had; where nothing may be, the one that refuses reading. */
  readonly rule: string;
  /** All that is allowed. */
  readonly uses: readonly Use[];
  readonly ways: readonly CellWay[];
  readonly denial: Denial | null;
  readonly takesMatter: boolean;
  readonly takesCase: boolean;
  /** When a grant begins or ends and another verdict may be due; null: no such moment is known. */
  readonly until: string | null;
}

/** Reasons as text, each written once however many matrices it is in. */
const texts = new WeakMap<CellReason, string>();

function textOf(reason: CellReason): string {
  const text = texts.get(reason) ?? JSON.stringify(reason);
  texts.set(reason, text);
  return text;
}

/** Reasons, each once. Matrices that are compared share them: equal cells have equal numbers. */
export class CellReasons {
  readonly #numbers = new Map<string, number>();
  readonly #seen = new Map<CellReason, number>();
  readonly list: CellReason[] = [];

  /** The number of a reason: its place in the list. */
  numberOf(reason: CellReason): number {
    const seen = this.#seen.get(reason);
    if (seen !== undefined) return seen;
    const name = textOf(reason);
    const number = this.#numbers.get(name) ?? this.list.push(reason) - 1;
    this.#numbers.set(name, number);
    this.#seen.set(reason, number);
    return number;
  }
}

/** What is looked at, and when. */
export interface MatrixFrame {
  readonly catalog: Catalog;
  readonly items: readonly CatalogItem[];
  readonly sealed: boolean;
  readonly mode: Mode;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
}

/** A matrix, made consumer by consumer, so that whoever makes a large one may pause. */
export class Matrix {
  readonly #frame: MatrixFrame;
  readonly #reasons: CellReasons;
  readonly #kinds: readonly number[];
  /** Reasons by the kind of cell, under stand-ins where lines of grants count; and their numbers, with what was put back. */
  readonly #judged = new Map<string, CellReason>();
  readonly #numbers = new Map<string, number>();
  #count = 0;
  /** Short names for long ones, of which keys are made. */
  readonly #short = new Map<string, number>();

  constructor(frame: MatrixFrame, reasons: CellReasons) {
    this.#frame = frame;
    this.#reasons = reasons;
    this.#kinds = frame.items.map((item) => this.#shortFor(kindOf(item)));
  }

  /** How many cells were judged; the others were like one of these. */
  get judged(): number {
    return this.#count;
  }

  /** The cells of one consumer, in the order of the items: numbers of reasons. */
  column(caller: Consumer, policy: Policy, matters: readonly Matter[]): readonly number[] {
    const { items, at } = this.#frame;
    const { tuples, denials } = policy;
    const named = new Set(matters.map(({ code }) => code));
    const kindsOfMatters = (matters.some(({ needsCase }) => needsCase) ? 1 : 0) + (matters.some(({ needsCase }) => !needsCase) ? 2 : 0);
    return items.map((item, index) => {
      const denial = denials.get(item.code);
      const lines = tuples.get(item.code);
      // Whoever provides an item is told so by name.
      const own = item.ownerDepartment === caller.department ? this.#shortFor(caller.department) : '';
      const plain = `${kindsOfMatters}/${own}/${this.#kinds[index]}/${denial === undefined ? '' : this.#shortFor(JSON.stringify(denial))}`;
      const judge = (granted: readonly GrantTuple[]): CellReason => this.#judge(caller, { ...policyOf(policy), tuples: new Map([[item.code, granted]]) }, matters, item.code, denial ?? null);
      if (lines === undefined) return this.#numberOf(plain, plain, () => judge([]), (reason) => reason);
      const like = alike(lines);
      const kind = `${plain}/${come(like, at)}/${this.#shortFor(like.name)}/${this.#shortFor(like.matters.filter((code) => named.has(code)).join())}`;
      return this.#numberOf(kind, `${kind}/${this.#shortFor(like.own)}`, () => judge(underStandIns(lines, at)), (reason) => withOwn(reason, like));
    });
  }

  /** `kind`: what is judged alike; `name`: what says the same. */
  #numberOf(kind: string, name: string, judge: () => CellReason, finish: (reason: CellReason) => CellReason): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const reason = this.#judged.get(kind) ?? judge();
    this.#judged.set(kind, reason);
    const number = this.#reasons.numberOf(inOrder(finish(reason)));
    this.#numbers.set(name, number);
    return number;
  }

  #shortFor(name: string): number {
    const short = this.#short.get(name) ?? this.#short.size;
    this.#short.set(name, short);
    return short;
  }

  #judge(caller: Consumer, policy: Policy, matters: readonly Matter[], item: string, denial: Denial | null): CellReason {
    const { catalog, sealed, mode, at } = this.#frame;
    this.#count += 1;
    return reasonOf(uses.map((use) => accessTo({ caller, policy, matters, catalog, sealed, mode, at }, item, use)), denial);
  }
}

/** A policy may unfold its tuples when they are asked for: here they are put in. */
const policyOf = ({ version, territory, denials, seals }: Policy): Omit<Policy, 'tuples'> => ({ version, territory, denials, seals });

/** All of an item that a rule looks at, but for whose it is, which is asked of each consumer. The tests try every other property too. */
function kindOf({ shareType, keyShareType, sensitivity }: CatalogItem): string {
  return JSON.stringify([shareType, keyShareType, sensitivity]);
}

/** A reason with the numbers and moments of its own lines. */
function withOwn(reason: CellReason, like: Alike): CellReason {
  const { text, moment } = putBack(like);
  return {
    ...reason, until: reason.until === null ? null : moment(reason.until),
    ways: reason.ways.map((way) => ({ ...way, words: { zh: text(way.words.zh), en: text(way.words.en) }, approvalNo: way.approvalNo === null ? null : text(way.approvalNo), validTo: way.validTo === null ? null : moment(way.validTo) })),
  };
}

/** The ways of a reason in one order, however they were found. */
export function inOrder(reason: CellReason): CellReason {
  const name = ({ words, matters, validTo }: CellWay): string => JSON.stringify([words, matters, validTo]);
  return { ...reason, ways: [...reason.ways].sort((a, b) => (name(a) < name(b) ? -1 : 1)) };
}

/** Why a cell is as it is, from what is decided about each use. */
export function reasonOf(accesses: readonly Access[], denial: Denial | null): CellReason {
  const allowed = accesses.filter(({ verdict }) => verdict.allowed);
  const best = (['read', 'verify'] as const).flatMap((use) => allowed.find((own) => own.use === use) ?? [])[0] ?? allowed[0] ?? accesses.find(({ use }) => use === 'read');
  const until = accesses.flatMap(({ verdict }) => verdict.until ?? []).sort()[0] ?? null;
  return {
    state: stateOf(best), rule: best?.verdict.rule ?? '', uses: allowed.map(({ use }) => use), ways: waysOf(allowed), denial,
    takesMatter: best?.takesMatter === true, takesCase: best?.takesCase === true, until,
  };
}

function stateOf(best: Access | undefined): CellState {
  if (best === undefined || !best.verdict.allowed) return 'WITHHELD';
  if (best.use !== 'read') return best.use === 'verify' ? 'VERIFY_ONLY' : 'FIND_ONLY';
  const plain = best.ways.filter(({ way }) => way.mask === null);
  if (plain.length === 0) return 'MASKED';
  // That a case bounds its subjects is its purpose, and no limit of what was granted.
  return plain.some(({ way, tuple }) => way.bounds.every(({ kind }) => kind === 'case') && (tuple?.matters ?? null) === null) ? 'SHOWN' : 'PARTLY';
}

/** The ways of all uses; those that are told in the same words, for the same matters and as long, once. */
function waysOf(allowed: readonly Access[]): readonly CellWay[] {
  const ways = new Map<string, CellWay>();
  for (const { use, ways: open } of allowed) {
    for (const own of open) {
      const way: CellWay = { uses: [use], words: wayInWords(own), approvalNo: own.way.approvalNo, mask: own.way.mask, matters: own.tuple?.matters ?? null, validTo: own.tuple?.validTo ?? null };
      const name = JSON.stringify([way.words, way.matters, way.validTo]);
      const known = ways.get(name);
      if (known === undefined) ways.set(name, way);
      else if (!known.uses.includes(use)) ways.set(name, { ...known, uses: [...known.uses, use] });
    }
  }
  return [...ways.values()];
}
