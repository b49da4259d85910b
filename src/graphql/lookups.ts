/**
 * One look-up for a matter (按事项查询): every fact that it takes, about its subjects, under what was granted for it, with a receipt.
 *
 * The facts are one statement, compiled once for each caller and version; the receipt is kept before the answer leaves. What no register
 * tells is put to a department's desk. Nothing here decides who may have what (matter-facts.ts), or what a status is (matters/answer.ts).
 */
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import { subjectKey } from '../identity/subjects.ts';
import { factsAnswered, paperSum, typedIn } from '../matters/answer.ts';
import type { DeskAnswer, FactAnswer, PaperSum, Stale, SubjectAnswer } from '../matters/answer.ts';
import { atDesks } from '../matters/desk.ts';
import type { DeskCase, DeskQuestion } from '../matters/desk.ts';
import type { ClaimField, Role } from '../matters/definition.ts';
import { versionOf } from '../matters/version.ts';
import { checkedName, factIn, keyVariable } from '../query/facts.ts';
import { claimsVariable } from '../query/predicate.ts';
import type { Assertion, IssuedReceipt, ReceiptPlace } from '../receipts/receipt.ts';
import { mayFollow } from '../receipts/used.ts';
import type { Used } from '../receipts/used.ts';
import type { Consumer, Matter } from '../sharing/terms.ts';
import type { FactFeedQuestion } from '../sync/fact-feed.ts';
import type { HubContext } from './context.ts';
import { factsFor, matterFactsOf } from './matter-facts.ts';
import type { FactsForCaller, MatterFacts } from './matter-facts.ts';
import type { Asking, Judged, Records, RecordsAnswer } from './resolvers/records.ts';
import type { HubSchema } from './schema.ts';
import { usedIn, usesOf } from './used-facts.ts';
import type { Work } from './work.ts';

/** A subject as it is named; one of the three. */
export interface LookupSubject {
  readonly role: string;
  readonly idNumber?: string | null;
  readonly uscc?: string | null;
  readonly key?: string | null;
}

/** What the clerk typed in. */
export interface Claim {
  readonly name: string;
  readonly value: string;
}

/** What is asked. */
export interface LookupQuestion {
  readonly subjects: readonly LookupSubject[];
  readonly claims: readonly Claim[];
}

/** An answered look-up. */
export interface LookupAnswer {
  readonly matter: string;
  readonly version: number;
  readonly caseNo: string | null;
  readonly at: string;
  readonly facts: readonly FactAnswer[];
  readonly papers: PaperSum;
  readonly receipt: IssuedReceipt;
  readonly question: unknown;
  readonly answer: unknown;
}

/** Subjects by role, each with its number in the order named. */
type Named = ReadonlyMap<string, { readonly role: Role; readonly numbers: readonly string[] }>;

/** What a caller may have of a matter's facts; `key` names the operation of it. */
interface Prepared {
  readonly facts: FactsForCaller;
  readonly key: string;
  /** May he be told that facts have changed? Then what he uses is kept. */
  readonly follows: boolean;
}

/** Subjects of a look-up at most. */
const mostSubjects = 20;

/** See the head of this file. */
export class Lookups {
  readonly #hub: HubSchema;
  readonly #records: Records;
  readonly #work: Work;
  readonly #versions = new LRUCache<string, MatterFacts>({ max: 200 });
  readonly #prepared = new LRUCache<string, Prepared>({ max: 2000 });

  constructor(hub: HubSchema, records: Records, work: Work) {
    this.#hub = hub;
    this.#records = records;
    this.#work = work;
  }

  /** Answers a look-up for the request's matter. */
  async answer(given: LookupQuestion, context: HubContext): Promise<LookupAnswer> {
    const { receipts } = this.#work;
    if (receipts === undefined) throw new HubError('UNAVAILABLE', 'This hub keeps no receipts, and without one nothing is looked up.');
    const place = receipts.expect();
    try {
      return await this.#answered(given, context, place);
    } finally {
      place.leave();
    }
  }

  async #answered(given: LookupQuestion, context: HubContext, place: ReceiptPlace): Promise<LookupAnswer> {
    const { purpose: { matter, caseNo }, now } = context;
    const consumer = consumerIn(context);
    if (matter === null) throw new HubError('PURPOSE_REFUSED', 'A look-up is one for a matter: name it in Hub-Matter, and the case in Hub-Case where it is handled case by case.');
    const version = await this.#versionFor(matter, context);
    const facts = await this.#factsOf(matter.code, version);
    const named = namedIn(facts, given.subjects);
    const claims = claimsIn(facts, given.claims);
    const asking: Asking = {
      caller: context.caller, standing: context.standing, purpose: context.purpose, today: context.today, now, wholeOrNothing: false, maxAge: context.maxAge,
      variables: { [claimsVariable]: claims, ...Object.fromEntries([...named].map(([role, { role: { many }, numbers }]) => [keyVariable(role), many ? numbers : numbers[0]])) },
    };
    const prepared = this.#preparedFor(`lookup ${matter.code} ${version} ${[...named.keys()].join(' ')}`, facts, new Set(named.keys()), asking);
    const judged = await this.#judged(prepared, asking, context);
    const records = judged === null ? null : await this.#records.answer(judged, asking, false);
    writtenDown(context, prepared.facts, judged, records);
    const desks = caseNo === null ? [] : await this.#desks(facts, named, { matter: matter.code, version, caseNo, consumer: consumer.consumer, now, today: context.today });
    const subjects = subjectsOf(named, prepared.facts.asked, records);
    const answered = factsAnswered(facts.definition, {
      own: new Set([...prepared.facts.fields].flatMap(([code, fields]) => (fields.length > 0 ? [code] : []))), subjects, withheld: withheldIn(prepared.facts, records), departments: prepared.facts.departments, desks, underCheck: underCheck(prepared.facts, facts, subjects),
    });
    const papers = paperSum(answered);
    // Keys in the order in which they are digested.
    const question = { caseNo, claims: given.claims.map(({ name, value }) => ({ name, value })), matter: matter.code, subjects: given.subjects.map((subject) => ({ number: numberOf(subject), role: subject.role })), version };
    const answer = answered.map(({ code, role, index, status, value, certificate }) => ({ certificate, code, index, role, status, value: value ?? null }));
    const subjectAt = (role: string, index: number): { readonly type: string; readonly key: string } => {
      const { role: { type }, numbers } = named.get(role) as { readonly role: Role; readonly numbers: readonly string[] };
      return { type, key: keyOf(type, numbers[index] ?? '', { today: asking.today, personKey: this.#work.personKey }) };
    };
    if (records !== null) context.trace.delivered = { ...records.delivered, claimed: typedIn(facts.definition, answered).map(({ role, index, ...counted }) => ({ subject: subjectAt(role, index).key, ...counted })) };
    const used = !prepared.follows ? [] : usedIn(this.#hub.contract, facts, {
      consumer: consumer.consumer, matter: matter.code, caseNo, version, request: context.trace.request, at: now, days: this.#work.usedFactDays, subjects, answered, told: records?.delivered.subjects ?? [], named: subjectAt,
    });
    const receipt = await this.#receiptOf(place, context, consumer, matter, version, answered, prepared.facts, { question, answer }, used);
    return { matter: matter.code, version, caseNo, at: now, facts: answered, papers, receipt, question, answer };
  }

  /** What the facts of a version use (`sync/fact-feed.ts`). */
  async usesOf(matter: string, version: number): ReturnType<FactFeedQuestion['usesOf']> {
    return usesOf(this.#hub.contract, await this.#factsOf(matter, version));
  }

  /** A case ends under the version under which it was begun; without a case, or where none was published then, the published one holds. */
  async #versionFor(matter: Matter, { purpose: { caseNo }, today }: HubContext): Promise<number> {
    const under = caseNo === null ? null : await this.#work.cases.versionUnder(matter.code, caseNo, today);
    if (under === undefined) throw caseNotOpen(matter.code, caseNo ?? '');
    const version = under ?? matter.publishedVersion;
    if (version === undefined) throw new HubError('BAD_INPUT', `Nothing is published of what matter ${matter.code} asks for. The data authority drafts and publishes it (draftMatterVersion, publishMatterVersion).`);
    return version;
  }

  async #factsOf(matter: string, version: number): Promise<MatterFacts> {
    const name = `${matter} ${version}`;
    const known = this.#versions.get(name);
    if (known !== undefined) return known;
    const found = await versionOf(this.#work.writing().sql, matter, version);
    if (found === undefined) throw new Error('A version that a matter or a case names is there.');
    const facts = matterFactsOf(this.#hub, found.definition);
    // A draft may be changed, and is never looked up by.
    if (found.state === 'PUBLISHED') this.#versions.set(name, facts);
    return facts;
  }

  #preparedFor(key: string, facts: MatterFacts, roles: ReadonlySet<string>, asking: Asking): Prepared {
    const name = this.#records.nameOf(key, asking);
    const known = this.#prepared.get(name);
    if (known !== undefined && Date.parse(asking.now) < known.facts.until) return known;
    const own = factsFor(this.#hub, facts, roles, asking);
    const { caller, standing, purpose: { matter } } = asking;
    const prepared = { facts: own, key: `${key}|${own.codes.join(' ')}|${own.told.join(' ')}`, follows: matter !== null && mayFollow(standing.policyOf(caller), matter.code) };
    this.#prepared.set(name, prepared);
    return prepared;
  }

  /** The operation, judged and compiled; counted like one that a client sent. */
  async #judged({ facts: { reading }, key }: Prepared, asking: Asking, { account }: HubContext): Promise<Judged | null> {
    if (reading === null) return null;
    const { judged } = this.#records.readBefore(key, asking) ?? await this.#records.prepare(key, key.length, () => reading, asking, account?.halts() ?? (async () => undefined));
    account?.spend(this.#records.cost(reading, asking));
    return judged;
  }

  /** Puts to desks what no register tells. Whether the case covers whom it is about is asked here too: where every other fact is withheld no statement has asked it. */
  async #desks({ definition }: MatterFacts, named: Named, asked: Omit<DeskCase, 'sql'>): Promise<readonly DeskAnswer[]> {
    const { cases, deadlines, personKey, writing } = this.#work;
    const questions = definition.facts.flatMap((fact) => (fact.form !== 'DESK' ? [] : (named.get(fact.of)?.numbers ?? []).map((number, index): DeskQuestion => ({
      fact: fact.code, role: fact.of, index, department: fact.department, workingDays: fact.workingDays ?? deadlines.desk, subjectNumber: number,
      subjectKey: keyOf(named.get(fact.of)?.role.type ?? '', number, { today: asked.today, personKey }),
    }))));
    const covered = questions.filter(({ role }) => namedBy[named.get(role)?.role.type ?? ''] !== undefined).map(({ subjectKey: key }) => key);
    if (questions.length > 0 && await cases.covering(asked.matter, asked.caseNo, asked.today, covered) === null) throw caseNotOpen(asked.matter, asked.caseNo);
    return atDesks({ sql: writing().sql, ...asked }, questions);
  }

  #receiptOf(place: ReceiptPlace, { now, today, purpose: { caseNo, operator }, standing, trace }: HubContext, consumer: Consumer, matter: Matter, version: number, facts: readonly FactAnswer[], { rules }: FactsForCaller, exchange: { readonly question: unknown; readonly answer: unknown }, used: readonly Omit<Used, 'receipt'>[]): Promise<IssuedReceipt> {
    const assertion: Assertion = {
      at: now, asOf: today, hub: this.#work.place.division, consumer: consumer.consumer, department: consumer.department, matter: matter.code, version, caseNo,
      operator: operator === null ? null : `${operator.verified ? 'signed' : 'said'}:${operator.code}`, policy: String(standing.version), request: trace.request,
      facts: facts.map(({ code, role, index, status, departments }) => ({ departments, fact: code, index, role, rule: rules.get(code) ?? 'desk', status })),
    };
    return place.issue(assertion, exchange, used);
  }
}

function writtenDown({ trace, standing }: HubContext, { entries }: FactsForCaller, judged: Judged | null, records: RecordsAnswer | null): void {
  const own = judged?.facts ?? nothing;
  trace.asked = { ...trace.asked, judged: factsTold(own, entries.map(({ at, item, because }) => ({ at, item, because })), standing.version) };
  if (records !== null) trace.delivered = records.delivered;
}

const nothing: Judged['facts'] = { items: [], delivered: {}, by: [], open: false, quotas: [], personal: false };

/** One object for each plan and set of refusals: what is the same in every record of it is written down once. */
const told = new WeakMap<object, { readonly version: unknown; readonly facts: Judged['facts'] }>();

function factsTold(own: Judged['facts'], withheld: NonNullable<Judged['facts']['withheld']>, version: unknown): Judged['facts'] {
  if (withheld.length === 0) return own;
  const known = told.get(own);
  if (known !== undefined && known.version === version) return known.facts;
  const facts = { ...own, withheld };
  told.set(own, { version, facts });
  return facts;
}

/** Facts that ask a field which is being checked. */
function underCheck({ fields }: FactsForCaller, { definition }: MatterFacts, subjects: readonly SubjectAnswer[]): ReadonlySet<string> {
  return new Set(subjects.flatMap(({ role, index, record }) => {
    const checked = record?.[checkedName];
    if (!Array.isArray(checked) || checked.length === 0) return [];
    return definition.facts.flatMap(({ code, of }) => (of === role && fields.get(code)?.some((name) => checked.includes(name)) === true ? [`${code} ${role} ${index}`] : []));
  }));
}

/** Why facts are withheld: by the verdicts of their items; and predicates of values that are masked for this caller. */
function withheldIn({ withheld }: FactsForCaller, records: RecordsAnswer | null): ReadonlyMap<string, string> {
  if (records === null || records.predicates.length === 0) return withheld;
  return new Map([...withheld, ...records.predicates.map(({ as, withheld: own }) => [factIn(as), own.because] as const)]);
}

/** In the words in which asking about records is refused: whether the case is not open or covers others is not told apart. */
function caseNotOpen(matter: string, caseNo: string): HubError {
  return new HubError('CASE_NOT_OPEN', `Case ${caseNo} of matter ${matter} is not open, or does not cover everybody who was asked for. Have it opened with them as its subjects (openCase, by a service platform or the responsible department), then ask again.`);
}

function consumerIn({ caller }: HubContext): Consumer {
  if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Look-ups are made by departments\' applications.');
  return caller;
}

/** How the record of each type of subject is named. */
const namedBy: Readonly<Record<string, 'idNumber' | 'uscc'>> = { Person: 'idNumber', LegalEntity: 'uscc' };

function numberOf({ idNumber, uscc, key }: LookupSubject): string {
  return idNumber ?? uscc ?? key ?? '';
}

function namedIn({ roles }: MatterFacts, subjects: readonly LookupSubject[]): Named {
  if (subjects.length > mostSubjects) throw new HubError('TOO_MANY_KEYS', `subjects names ${subjects.length}; a look-up is about ${mostSubjects} at most.`, { limit: mostSubjects });
  const named = new Map<string, { role: Role; numbers: string[] }>();
  subjects.forEach((subject, index) => {
    const at = `subjects[${index}]`;
    const role = roles.get(subject.role)?.role;
    if (role === undefined) throw new HubError('BAD_INPUT', `${at}.role is no role of this matter; it has ${[...roles.keys()].join(', ')}.`);
    const by = namedBy[role.type] ?? 'key';
    const given = (['idNumber', 'uscc', 'key'] as const).filter((name) => typeof subject[name] === 'string');
    if (given.length !== 1 || given[0] !== by) throw new HubError('BAD_INPUT', `${at} is a ${role.type} and is named by ${by}, and by nothing else.`);
    const own = named.get(role.role) ?? { role, numbers: [] };
    if (own.numbers.length > 0 && !role.many) throw new HubError('BAD_INPUT', `${at}: the matter has one ${role.role} (${role.name}) only.`);
    own.numbers.push(numberOf(subject).trim());
    named.set(role.role, own);
  });
  const missing = [...roles.values()].find(({ role }) => !role.optional && !named.has(role.role))?.role;
  if (missing !== undefined) throw new HubError('BAD_INPUT', `subjects names no ${missing.role} (${missing.name}), and this matter takes one.`);
  // In the definition's order: the same roles are the same statement.
  return new Map([...roles.keys()].flatMap((role) => {
    const own = named.get(role);
    return own === undefined ? [] : [[role, own] as const];
  }));
}

function claimsIn({ definition }: MatterFacts, claims: readonly Claim[]): Readonly<Record<string, unknown>> {
  const fields = new Map(definition.claims.map((field) => [field.name, field]));
  const seen = new Set<string>();
  return Object.fromEntries(claims.map(({ name, value }) => {
    const field = fields.get(name);
    if (field === undefined) throw new HubError('BAD_INPUT', `claims names ${name.slice(0, 40)}, which this matter does not take${fields.size === 0 ? '' : `; it takes ${[...fields.keys()].join(', ')}`}.`);
    if (seen.has(name)) throw new HubError('BAD_INPUT', `claims names ${name} twice.`);
    seen.add(name);
    return [name, claimValue(field, value)];
  }));
}

/** As predicates compare it: a whole number, a civil date, or a text. */
function claimValue({ name, type }: ClaimField, value: string): unknown {
  if (type === 'Int' && !/^-?\d{1,15}$/.test(value.trim())) throw new HubError('BAD_INPUT', `claims: ${name} is a whole number.`);
  if (type === 'Date' && !/^\d{4}-\d{2}-\d{2}$/.test(value.trim())) throw new HubError('BAD_INPUT', `claims: ${name} is a day, written YYYY-MM-DD.`);
  return type === 'Int' ? Number(value) : value.trim();
}

function keyOf(type: string, number: string, maker: Parameters<typeof subjectKey>[1]): string {
  const by = namedBy[type];
  return by === undefined ? number : subjectKey({ [by]: number }, maker, 'subjects');
}

/** What became of each subject's record. */
function subjectsOf(named: Named, asked: ReadonlySet<string>, records: RecordsAnswer | null): readonly SubjectAnswer[] {
  const json = new Map((records?.parts ?? []).map(({ as, json: text }) => [as, text]));
  const away = new Map((records?.errors ?? []).flatMap(({ path, extensions }) => (extensions?.['code'] === 'CITY_UNREACHABLE' ? [[String(path?.[0]), extensions['places'] as readonly number[] | undefined] as const] : [])));
  const old = new Map((records?.freshness ?? []).map((entry) => {
    const { as, ageSeconds, because } = entry as Stale & { readonly as: string };
    return [as, { ageSeconds, because }] as const;
  }));
  return [...named].flatMap(([role, { role: { many }, numbers }]) => {
    const read: unknown = asked.has(role) ? JSON.parse(String(json.get(role) ?? 'null')) : null;
    return numbers.map((_number, index): SubjectAnswer => {
      const record = (many ? (read as readonly unknown[] | null)?.[index] ?? null : read) as SubjectAnswer['record'];
      const places = away.get(role);
      return { role, index, record, unreachable: away.has(role) && (places === undefined || places.includes(index)), stale: record === null ? undefined : old.get(role) };
    });
  });
}
