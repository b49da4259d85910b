/**
 * What a look-up or a verification used of whom, for consumers that follow facts: the stored fields behind the facts that were told, by
 * subject. What was withheld, or put to a desk, was not used; of whoever is not there nothing was.
 */
import type { FactAnswer, FactStatus, SubjectAnswer } from '../matters/answer.ts';
import { fieldsBehind, usedFields } from '../query/noticed.ts';
import { daysAfter, mayFollow } from '../receipts/used.ts';
import type { Used } from '../receipts/used.ts';
import type { Contract } from '../registries/contract.ts';
import type { FactUse } from '../sync/fact-feed.ts';
import type { Verification, VerifiedClaims } from '../verification/verify.ts';
import type { HubContext } from './context.ts';
import type { MatterFacts } from './matter-facts.ts';

const known = new WeakMap<MatterFacts, ReadonlyMap<string, FactUse>>();

/** What the facts of a definition use, by code. */
export function usesOf(contract: Contract, facts: MatterFacts): ReadonlyMap<string, FactUse> {
  const uses = known.get(facts) ?? new Map(facts.questions.map(({ fact, asks }): [string, FactUse] => [fact.code, {
    role: fact.of, fields: usedFields(contract, asks.map(({ at }) => at)), certificateType: fact.form === 'CERTIFICATE' ? fact.certificateType : null,
  }]));
  known.set(facts, uses);
  return uses;
}

/** A look-up that was answered. */
export interface AnsweredLookup {
  readonly consumer: string;
  readonly matter: string;
  readonly caseNo: string | null;
  readonly version: number;
  readonly request: string;
  readonly at: string;
  /** Days for which it is known what was used, without a case and where the matter does not say. */
  readonly days: number;
  readonly subjects: readonly SubjectAnswer[];
  readonly answered: readonly FactAnswer[];
  /** The type and the key of a subject. */
  named(role: string, index: number): { readonly type: string; readonly key: string };
  /** Keys of all persons of whom was told. */
  readonly told: readonly string[];
}

const untold: ReadonlySet<FactStatus> = new Set(['WITHHELD', 'PENDING', 'SOURCE_UNREACHABLE']);

/** What it used, by subject. */
export function usedIn(contract: Contract, facts: MatterFacts, { consumer, matter, caseNo, version, request, at, days, subjects, answered, named, told }: AnsweredLookup): readonly Omit<Used, 'receipt'>[] {
  const uses = usesOf(contract, facts);
  const keys = new Set(subjects.map(({ role, index }) => named(role, index).key));
  const beside = told.filter((key) => !keys.has(key));
  const { followedDays } = facts.definition;
  return subjects.flatMap(({ role, index, record }) => {
    if (record === null) return [];
    const fields = [...new Set(answered.flatMap((fact) => (fact.role === role && fact.index === index && !untold.has(fact.status) ? uses.get(fact.code)?.fields ?? [] : [])))];
    if (fields.length === 0) return [];
    return [{ consumer, matter, caseNo, role, place: index, ...named(role, index), beside, fields, version, request, at, until: daysAfter(at, followedDays ?? days), withCase: followedDays === undefined && caseNo !== null }];
  });
}

/**
 * What a verification used, for who follows facts; null: he does not. It is kept of whoever is not there too, as nothing: nobody takes as
 * long as somebody.
 */
export function usedInClaims(contract: Contract, { caller, standing, purpose: { matter, caseNo }, now, trace }: HubContext, { judged: { question: { type }, plan: { allowed } } }: Verification, { rows, guesses }: VerifiedClaims, days: number): Used | null {
  if (caller.kind !== 'consumer' || matter === null || guesses === null || !mayFollow(standing.policyOf(caller), matter.code)) return null;
  const fields = fieldsBehind(contract, type, allowed.flatMap(({ outputs }) => outputs.map(({ of }) => of)));
  return {
    consumer: caller.consumer, matter: matter.code, caseNo, role: '', place: 0, type: type.name, key: guesses.subject, beside: [], fields: rows === 0 ? [] : fields,
    version: null, receipt: null, request: trace.request, at: now, until: daysAfter(now, days), withCase: caseNo !== null,
  };
}
