/**
 * What a look-up tells of each fact, as the fact's form allows and no more, and the sum: which papers the citizen need not bring, which
 * he still brings and why. Pure: the records' JSON, the plan's refusals and the desks' answers come in.
 *
 * Somebody who is absent, sealed or outside of the territory reads like somebody of whom nothing is held.
 */
import { behindToldAt, factField, factIn, predicateName } from '../query/facts.ts';
import type { Definition, Fact } from './definition.ts';

/**
 * HELD, NOT_HELD: of values and certificates · MATCH, MISMATCH: of what was typed in · TRUE, FALSE, UNKNOWN: of predicates · WITHHELD: the caller
 * may not have it · STALE: told from a copy that is too old, because the upper hub did not answer · SOURCE_UNREACHABLE: nothing is held, and it did not
 * answer · UNDER_CHECK: somebody has it checked at its source (校核) · PENDING: a department answers by hand.
 */
export const factStatuses = ['HELD', 'NOT_HELD', 'MATCH', 'MISMATCH', 'TRUE', 'FALSE', 'UNKNOWN', 'WITHHELD', 'STALE', 'SOURCE_UNREACHABLE', 'UNDER_CHECK', 'PENDING'] as const;
export type FactStatus = (typeof factStatuses)[number];

/** One fact of one subject, answered. */
export interface FactAnswer {
  readonly code: string;
  readonly name: string;
  readonly paper: string | null;
  readonly role: string;
  /** Which of the subjects of its role, from 0. */
  readonly index: number;
  readonly status: FactStatus;
  /** What a fact of values holds, as it was selected; of all others null. */
  readonly value: unknown;
  /** The identifier of the certificate behind it (电子证照标识). */
  readonly certificate: string | null;
  /** Departments whose items were asked, or whose desk answers. */
  readonly departments: readonly string[];
  /** When the sources told the latest of the records last from which the fact comes, ISO 8601; null: not known, or not this caller's to know. */
  readonly toldAt: string | null;
  /** Seconds since a copy was known to be so; null: it is no copy, or not known. */
  readonly ageSeconds: number | null;
  /** A sentence for the clerk where it is not answered by the registers. */
  readonly because: string | null;
  /** Until when a desk answers, a civil date. */
  readonly dueOn: string | null;
}

/** Why a copy is too old: the upper hub did not answer, let nobody look it up, or gives no such record. */
export interface Stale {
  /** The age of its oldest value in seconds; null: not known. */
  readonly ageSeconds: number | null;
  readonly because: 'UNREACHABLE' | 'REFUSED' | 'NOT_GIVEN';
}

const whyStale: Readonly<Record<Stale['because'], string>> = {
  UNREACHABLE: 'The city-level library does not answer, and what is held here is older than it may be.',
  REFUSED: 'The city-level library does not let this be looked up, and what is held here is older than it may be.',
  NOT_GIVEN: 'The city-level library gives no such record, and what is held here is older than it may be.',
};

/** What became of the record of one subject. */
export interface SubjectAnswer {
  readonly role: string;
  readonly index: number;
  /** What was selected of it, by response name; null: there is none for this caller. */
  readonly record: Readonly<Record<string, unknown>> | null;
  /** Nothing is held of it, and the upper hub did not answer. */
  readonly unreachable: boolean;
  /** It was told from a copy that is too old, and why; undefined: it was not. */
  readonly stale: Stale | undefined;
}

/** What a desk has said, or will say. */
export interface DeskAnswer {
  readonly fact: string;
  readonly role: string;
  readonly index: number;
  readonly dueOn: string;
  readonly verdict: 'HELD' | 'NOT_HELD' | 'TRUE' | 'FALSE' | 'UNKNOWN' | null;
  readonly words: string | null;
  readonly answeredAt: string | null;
}

/** All that the answers to facts are made from. */
export interface Told {
  readonly subjects: readonly SubjectAnswer[];
  /** Facts, by code, that read the subject's own record. */
  readonly own: ReadonlySet<string>;
  /** Why a fact is withheld, by its code. */
  readonly withheld: ReadonlyMap<string, string>;
  /** Departments whose items a fact asks, by its code. */
  readonly departments: ReadonlyMap<string, readonly string[]>;
  readonly desks: readonly DeskAnswer[];
  /** Subjects some item of which is being checked: `${fact} ${role} ${index}`. */
  readonly underCheck: ReadonlySet<string>;
}

/** The papers of a matter, before and after. */
export interface PaperSum {
  readonly asked: readonly string[];
  readonly saved: readonly string[];
  readonly toBring: readonly { readonly paper: string; readonly because: readonly string[] }[];
  /** Papers that wait for a department's answer. */
  readonly pending: readonly string[];
}

/** The code under which a record tells when its source told it last; no fact has it. */
export const toldCode = 'told';

/** What of a subject's record belongs to one fact. */
interface Part {
  /** What the fact selected, under the names that it gave. */
  readonly selected: [name: string, value: unknown][];
  /** When records behind its edges were told last. */
  readonly told: unknown[];
}

const noPart: Part = { selected: [], told: [] };

/** Answers every fact of every subject, in the definition's order. */
export function factsAnswered({ facts }: Definition, told: Told): readonly FactAnswer[] {
  const subjects = Map.groupBy(told.subjects, ({ role }) => role);
  const parts = new Map(told.subjects.map((subject) => [subject, partsOf(subject.record)]));
  return facts.flatMap((fact) => (subjects.get(fact.of) ?? []).map((subject) => factAnswered(fact, subject, parts.get(subject)?.get(fact.code) ?? noPart, told)));
}

function factAnswered(fact: Fact, subject: SubjectAnswer, part: Part, { own, withheld, departments, desks, underCheck }: Told): FactAnswer {
  const { role, index, record, stale } = subject;
  const toldAt = [...(own.has(fact.code) ? [record?.[factField(toldCode, 'sourceUpdatedAt')]] : []), ...part.told].filter((one) => typeof one === 'string').sort().at(-1);
  const base = {
    code: fact.code, name: fact.name, paper: fact.paper, role, index, value: null, certificate: null, departments: departments.get(fact.code) ?? [],
    toldAt: toldAt ?? null, ageSeconds: stale?.ageSeconds ?? null, because: null, dueOn: null,
  };
  if (fact.form === 'DESK') return { ...base, toldAt: null, ...deskAnswered(fact.department, desks.find((desk) => desk.fact === fact.code && desk.role === role && desk.index === index)) };
  const because = withheld.get(fact.code);
  // It looks the same whether or not there is anybody, so when the record was told is not said either.
  if (because !== undefined) return { ...base, toldAt: null, ageSeconds: null, status: 'WITHHELD', because };
  if (subject.unreachable) return { ...base, status: 'SOURCE_UNREACHABLE', because: 'Nothing is held here, and the city-level library does not answer at the moment. Ask again later.' };
  const answer = { ...base, ...registerAnswered(fact, record, part) };
  if (underCheck.has(`${fact.code} ${role} ${index}`)) return { ...answer, status: 'UNDER_CHECK', because: 'Somebody doubts it, and its source is having it checked (校核).' };
  if (stale !== undefined && answer.status !== 'NOT_HELD') return { ...answer, status: 'STALE', because: whyStale[stale.because] };
  return answer;
}

type Answered = Pick<FactAnswer, 'status' | 'value' | 'certificate' | 'because'>;

function registerAnswered(fact: Exclude<Fact, { form: 'DESK' }>, record: SubjectAnswer['record'], { selected }: Part): Answered {
  const bare = { value: null, certificate: null, because: null };
  switch (fact.form) {
    case 'VALUE': {
      const value = Object.fromEntries(selected);
      return holds(value) ? { ...bare, status: 'HELD', value } : { ...bare, status: 'NOT_HELD', because: 'The registers hold nothing of it.' };
    }
    case 'CERTIFICATE': {
      const all = certificatesIn(record?.[factField(fact.code, 'certificates')]);
      const valid = all.find(({ isValidToday }) => isValidToday === true);
      if (valid === undefined) return { ...bare, status: 'NOT_HELD', because: all.length === 0 ? 'No such certificate is held.' : 'Such a certificate is held, and it is not valid today.' };
      const { certificateIdentifier } = valid;
      return { ...bare, status: 'HELD', certificate: typeof certificateIdentifier === 'string' ? certificateIdentifier : null };
    }
    case 'VERIFY': return record?.[factField(fact.code, predicateName)] === true ? { ...bare, status: 'MATCH' } : { ...bare, status: 'MISMATCH', because: 'What was typed in is not what the registers hold, or they hold nothing.' };
    case 'PREDICATE': {
      const is = record?.[factField(fact.code, predicateName)];
      if (is === true) return { ...bare, status: 'TRUE' };
      return is === false ? { ...bare, status: 'FALSE' } : { ...bare, status: 'UNKNOWN', because: 'The registers do not hold what it takes to tell.' };
    }
  }
}

function deskAnswered(department: string, desk: DeskAnswer | undefined): Answered & Pick<FactAnswer, 'departments' | 'dueOn'> {
  const base = { value: null, certificate: null, departments: [department], dueOn: desk?.dueOn ?? null };
  if (desk === undefined) return { ...base, status: 'UNKNOWN', because: `Department ${department} answers it by hand, under an open case: name the case in Hub-Case.` };
  if (desk.verdict === null) return { ...base, status: 'PENDING', because: `Department ${department} answers by the end of ${desk.dueOn}.` };
  return { ...base, status: desk.verdict, because: desk.words };
}

/** A record by the facts that its members belong to. */
function partsOf(record: SubjectAnswer['record']): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const [name, own] of Object.entries(record ?? {})) {
    const code = factIn(name);
    let part = parts.get(code);
    if (part === undefined) parts.set(code, part = { selected: [], told: [] });
    part.selected.push([name.slice(factField(code, '').length), withoutTold(own, part.told)]);
  }
  return parts;
}

/** A value as its fact selects it; when records behind its edges were told last is put to `told`. */
function withoutTold(value: unknown, told: unknown[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutTold(one, told));
  if (typeof value !== 'object' || value === null) return value;
  // Inner names of a certificate's face are data, `__proto__` among what they could be: no assignment.
  const kept: [name: string, value: unknown][] = [];
  for (const [name, own] of Object.entries(value)) {
    if (name === behindToldAt) told.push(own);
    else kept.push([name, withoutTold(own, told)]);
  }
  return Object.fromEntries(kept);
}

function holds(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holds);
  if (typeof value === 'object' && value !== null) return Object.entries(value).some(([name, own]) => name !== '__typename' && holds(own));
  return value !== null && value !== undefined;
}

function certificatesIn(connection: unknown): readonly Readonly<Record<string, unknown>>[] {
  const nodes = (connection as { nodes?: unknown } | null | undefined)?.nodes;
  return Array.isArray(nodes) ? nodes as readonly Readonly<Record<string, unknown>>[] : [];
}

/** What was typed in about one subject, and how much of it is not so. */
export interface Typed {
  readonly role: string;
  readonly index: number;
  readonly claims: number;
  readonly unmet: number;
}

/** Facts that compare with what was typed in, by subject: whoever may type may guess (verification/guessing.ts). */
export function typedIn({ facts }: Definition, answers: readonly FactAnswer[]): readonly Typed[] {
  const compared = new Set(facts.flatMap((fact) => ((fact.form === 'VERIFY' || fact.form === 'PREDICATE') && /\bclaim\./.test(fact.ask) ? [fact.code] : [])));
  const told = answers.filter(({ code, status }) => compared.has(code) && status !== 'WITHHELD' && status !== 'SOURCE_UNREACHABLE');
  return [...Map.groupBy(told, ({ role, index }) => `${role} ${index}`).values()].flatMap((own) => own.slice(0, 1).map(({ role, index }): Typed => (
    { role, index, claims: own.length, unmet: own.filter(({ status }) => status === 'MISMATCH' || status === 'FALSE' || status === 'UNKNOWN').length })));
}

/** Statuses in which the registers have spoken, and nothing has to be brought. */
const answered: ReadonlySet<FactStatus> = new Set(['HELD', 'MATCH', 'TRUE', 'FALSE']);

/** A paper is saved where all facts that it would show are answered; it waits where none has to be brought and some desk will answer. */
export function paperSum(facts: readonly Pick<FactAnswer, 'name' | 'paper' | 'status' | 'because'>[]): PaperSum {
  const papers = Map.groupBy(facts.filter(({ paper }) => paper !== null), ({ paper }) => paper as string);
  const missing = [...papers].map(([paper, own]) => ({ paper, open: own.filter(({ status }) => !answered.has(status)) }));
  return {
    asked: [...papers.keys()],
    saved: missing.flatMap(({ paper, open }) => (open.length === 0 ? [paper] : [])),
    toBring: missing.flatMap(({ paper, open }) => {
      const because = open.filter(({ status }) => status !== 'PENDING').map(({ name, because: why }) => `${name}: ${why ?? ''}`);
      return because.length === 0 ? [] : [{ paper, because }];
    }),
    pending: missing.flatMap(({ paper, open }) => (open.length > 0 && open.every(({ status }) => status === 'PENDING') ? [paper] : [])),
  };
}
