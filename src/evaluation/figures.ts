/**
 * What is counted of a day, from the audit, the receipts and the changes that were told, by department. Pure: rows come in, sums go out.
 *
 * REQUESTS: queries of its applications that were answered. REFUSED: those that were refused; not what was refused before it was read.
 * ANSWERS: answers to OTHER departments' applications that delivered at least one of its items and found somebody or something; one
 * answer counts once for each department whose items it holds. ITEMS: its items in those answers, one for each item and answer,
 * however many records. CHANGES, CHANGES_REJECTED: changes of records that its applications told, and of them those that were not
 * taken. LOOKUPS: look-ups for matters that were answered for with a receipt. PAPERS_ASKED, PAPERS_SAVED: papers that those matters
 * ask for, and of them those that nobody had to bring: in a case each paper once, on the day on which it was first known.
 */
import type { FactAnswer, PaperSum } from '../matters/answer.ts';
import { paperSum } from '../matters/answer.ts';
import type { Definition } from '../matters/definition.ts';

/** See the head of this file. */
export const dayFigures = ['REQUESTS', 'REFUSED', 'ANSWERS', 'ITEMS', 'CHANGES', 'CHANGES_REJECTED', 'LOOKUPS', 'PAPERS_ASKED', 'PAPERS_SAVED'] as const;
export type DayFigure = (typeof dayFigures)[number];

/** What records of one scope and outcome are together. */
export interface CountedScope {
  /** Null: an administrator, the command line, nobody. */
  readonly consumer: string | null;
  readonly department: string | null;
  readonly items: readonly string[];
  /** Items that were found by. */
  readonly by: readonly string[];
  readonly answered: boolean;
  readonly records: number;
  /** Those of them that found somebody or something. */
  readonly found: number;
}

/** A receipt of a case that was touched on the day, or of no case. */
export interface CountedReceipt {
  readonly department: string;
  readonly matter: string;
  /** Null: it was no case's, and is counted by itself. */
  readonly caseNo: string | null;
  /** It was given on a day before. */
  readonly before: boolean;
  readonly version: number;
  readonly facts: readonly { readonly fact: string; readonly status: string }[];
}

/** How often an application used an item. */
export interface ItemUse {
  readonly consumer: string;
  readonly item: string;
  delivered: number;
  used: number;
}

/** Adds a day up. */
export class DayCount {
  readonly #owners: ReadonlyMap<string, string>;
  readonly #figures = new Map<string, { readonly department: string; readonly figure: DayFigure; count: number }>();
  readonly #items = new Map<string, ItemUse>();

  /** `owners`: the department that provides each item. */
  constructor(owners: ReadonlyMap<string, string>) {
    this.#owners = owners;
  }

  add(department: string, figure: DayFigure, count: number): void {
    if (count === 0) return;
    const key = `${department} ${figure}`;
    const own = this.#figures.get(key);
    if (own === undefined) this.#figures.set(key, { department, figure, count });
    else own.count += count;
  }

  /** Records of the audit. */
  scope({ consumer, department, items, by, answered, records, found }: CountedScope): void {
    if (consumer === null || department === null) return;
    this.add(department, answered ? 'REQUESTS' : 'REFUSED', records);
    if (!answered) return;
    for (const item of new Set([...items, ...by])) this.#use(consumer, item, items.includes(item) ? found : 0, records);
    const provided = Map.groupBy(new Set(items), (item) => this.#owners.get(item) ?? '');
    for (const [owner, own] of provided) {
      if (owner === '' || owner === department) continue;
      this.add(owner, 'ANSWERS', found);
      this.add(owner, 'ITEMS', found * own.length);
    }
  }

  /** All receipts of a case until the end of the day; or one of no case, and how many there are that say the same. */
  receipts(all: readonly CountedReceipt[], definitionOf: (matter: string, version: number) => Definition | undefined, times = 1): void {
    const department = all[0]?.department ?? '';
    const sums = all.map((receipt) => ({ before: receipt.before, ...papersOf(receipt, definitionOf(receipt.matter, receipt.version)) }));
    this.add(department, 'LOOKUPS', sums.filter(({ before }) => !before).length * times);
    for (const [figure, papers] of [['PAPERS_ASKED', 'asked'], ['PAPERS_SAVED', 'saved']] as const) {
      const known = new Set(sums.flatMap((sum) => (sum.before ? sum[papers] : [])));
      this.add(department, figure, new Set(sums.flatMap((sum) => sum[papers]).filter((paper) => !known.has(paper))).size * times);
    }
  }

  get figures(): readonly { readonly department: string; readonly figure: DayFigure; readonly count: number }[] {
    return [...this.#figures.values()];
  }

  get items(): readonly ItemUse[] {
    return [...this.#items.values()];
  }

  #use(consumer: string, item: string, delivered: number, used: number): void {
    const key = `${consumer} ${item}`;
    const own = this.#items.get(key) ?? { consumer, item, delivered: 0, used: 0 };
    this.#items.set(key, own);
    own.delivered += delivered;
    own.used += used;
  }
}

/** The papers of a receipt, by the definition under which it was answered. */
function papersOf({ facts }: CountedReceipt, definition: Definition | undefined): Pick<PaperSum, 'asked' | 'saved'> {
  const papers = new Map(definition?.facts.map(({ code, paper }) => [code, paper]));
  return paperSum(facts.map(({ fact, status }) => ({ name: fact, paper: papers.get(fact) ?? null, status: status as FactAnswer['status'], because: null })));
}
