/**
 * 核验: claims about one subject, each answered by a verdict and by nothing that is stored.
 *
 * The answer has one shape whoever is asked for, from one statement that does as much for nobody as for somebody. That there is nobody
 * is told to callers who may know that there is somebody (`exist`); all others hear that nothing matches. What does not match is
 * counted by subject and caller, also of subjects that are not there: who has asked too much about one hears no more about him that
 * day, right or wrong (`Guesses`, counted where the answer is written down).
 *
 * Where nothing is held here and another hub has what is missing, it is asked, as by any look-up by key (sync/read-through.ts).
 */
import { HubError } from '../errors.ts';
import { gapOf } from '../query/copies.ts';
import type { Filling } from '../query/copies.ts';
import type { Guesses } from './guessing.ts';
import { ClaimsJudge, columnsOf, refuseFinds, verdictsOf, withheldOf } from './judged.ts';
import type { Asker, ClaimVerdict, JudgedClaims, JudgeParts } from './judged.ts';

/** The coordinate at which verifying is judged. */
export const verifyAt = 'Query.verify';

/** Claims that one question may hold. */
export const mostClaims = 20;

/** Who is claimed something about: one of these. */
export interface SubjectForm {
  readonly idNumber?: string | null;
  readonly uscc?: string | null;
  readonly certificateIdentifier?: string | null;
}

/** What is claimed: a field or a ready question, and the value. */
export interface ClaimForm {
  readonly field?: string | null;
  readonly ready?: string | null;
  readonly value?: string | null;
}

/** One claim's answer. */
export interface ClaimAnswer {
  readonly claim: string;
  readonly verdict: ClaimVerdict;
  /** Why it is not allowed, and what can be done about it; from the plan, whoever is asked for. */
  readonly because: string | null;
  readonly apply: string | null;
}

/** An answer, and what of it is written down. */
export interface VerifiedClaims {
  readonly answers: readonly ClaimAnswer[];
  readonly subjects: readonly string[];
  readonly traced: readonly string[];
  readonly rows: number;
  readonly guesses: Guesses | null;
}

/** A question, judged and not yet asked. */
export interface Verification {
  readonly judged: JudgedClaims;
  readonly key: string;
  readonly values: readonly string[];
}

const roots: Readonly<Record<keyof SubjectForm, string>> = { idNumber: 'Person', uscc: 'LegalEntity', certificateIdentifier: 'Certificate' };

/** See the head of this file. */
export class Verifier {
  readonly #judge: ClaimsJudge;
  readonly #parts: Pick<JudgeParts, 'personKey'>;
  readonly #filling: Filling | null;
  /** Claims about one subject that may be not met in a day. */
  readonly mostUnmet: number;

  constructor(parts: JudgeParts, mostUnmet: number, filling: Filling | null = null) {
    this.#judge = new ClaimsJudge({ ...parts, ...(filling === null ? {} : { home: filling.home }) });
    this.#parts = parts;
    this.mostUnmet = mostUnmet;
    this.#filling = filling;
  }

  /** Reads a question and judges it; nobody has been looked for. Throws `BAD_INPUT`. */
  judged(subject: SubjectForm, claims: readonly ClaimForm[], asker: Asker): Verification {
    const [given, ...more] = (Object.keys(roots) as (keyof SubjectForm)[]).filter((name) => typeof subject[name] === 'string');
    if (given === undefined || more.length > 0) throw new HubError('BAD_INPUT', `A subject is named by one of ${Object.keys(roots).join(', ')}.`, { at: 'verify(subject)' });
    const most = Math.min(mostClaims, this.mostUnmet);
    if (claims.length === 0 || claims.length > most) throw new HubError('BAD_INPUT', `A verification makes 1 to ${most} claims.`, { at: 'verify(claims)', limit: most });
    const type = this.#judge.type(roots[given]);
    const names = claims.map(({ field = null, ready = null }, index) => {
      const name = field ?? ready;
      if (name === null || (field !== null && ready !== null)) throw new HubError('BAD_INPUT', `verify(claims[${index}]) claims either a field or a ready question.`, { at: `verify(claims[${index}])` });
      return name;
    });
    const judged = this.#judge.judge(verifyAt, type, names, asker, placed);
    return { judged, key: this.#judge.key(type, subject[given] as string, asker.today, `verify(subject.${given})`), values: claims.map(({ value }) => value ?? '') };
  }

  /** Answers it. Throws `FIND_NOT_SHARED`, `CASE_NOT_OPEN`, `BAD_INPUT`; `CITY_UNREACHABLE` where nothing is held and nobody can be asked. */
  async answer({ judged, key, values }: Verification, asker: Asker, maxAge: number | null): Promise<VerifiedClaims> {
    refuseFinds(judged);
    const { question: { claims, type }, plan: { allowed, tellsOfNobody }, statement } = judged;
    const compared = claims.map((claim, place) => claim.read(values[place] as string, placed(place)));
    const shown = (verdicts: readonly ClaimVerdict[]): ClaimAnswer[] => verdicts.map((verdict, place) => {
      const { because = null, apply = null } = withheldOf(judged, place) ?? {};
      return { claim: (claims[place] as { name: string }).name, verdict, because, apply };
    });
    if (statement === null) return { answers: shown(verdictsOf(judged, null)), subjects: [], traced: [], rows: 0, guesses: null };
    const since = performance.now();
    const request = await this.#judge.request(statement, { keys: [key], values: columnsOf(judged, [compared]) }, asker);
    let [verified] = await this.#judge.run(statement, request);
    if (verified === undefined) throw new Error('A statement of claims answers with a row for each subject.');
    const gap = statement.keyed === null ? null : gapOf(statement.keyed, verified.found, verified.copy);
    if (gap !== null && this.#filling !== null) {
      const { purpose: { matter, caseNo, operator }, standing, caller } = asker;
      const filled = await this.#filling.fill([gap], request, { department: caller.department, matter: matter?.code ?? null, caseNo, operator: operator?.code ?? null, catalog: standing.catalog, maxAge }, since);
      if (filled?.again === true) [verified = verified] = await this.#judge.run(statement, request);
      const left = gapOf(gap.root, verified.found, verified.copy);
      filled?.settle(left === null ? [] : [left]);
      // To whom nobody is as somebody of whom nothing is true, it is not told that nobody is held either.
      if (!verified.found && tellsOfNobody && filled?.unfilled(gap.root, 0) === 'UNREACHABLE') throw new HubError('CITY_UNREACHABLE', 'Nothing is held here of this subject, and the upper hub does not answer: whether a record is there is not known. Ask again later.', { at: verifyAt });
    }
    const verdicts = verdictsOf(judged, verified);
    const isPerson = type.name === 'Person';
    return {
      answers: shown(verdicts), subjects: verified.subjects, traced: verified.traced, rows: verified.found ? 1 : 0,
      guesses: { subject: isPerson ? this.#parts.personKey(key) : key, isPerson, claims: allowed.length, unmet: verdicts.filter((one) => one === 'MISMATCH' || one === 'NO_RECORD').length },
    };
  }
}

const placed = (index: number): string => `verify(claims[${index}])`;
