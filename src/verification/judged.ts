/**
 * Claims, judged and run for one caller: what a single verification and a batch comparison have in common. Judged and compiled once for
 * each form of question, and kept until a grant begins or ends.
 *
 * It gives verdicts and nothing else: what is stored is compared in the database. What the plan does not allow is `NOT_ALLOWED` before
 * anybody is looked for, so that it is the same for somebody and for nobody.
 */
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import { circumstancesOf } from '../identity/purpose.ts';
import type { Purpose } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import { claimOf } from '../query/claimed.ts';
import type { Claim, Compared } from '../query/claimed.ts';
import { asksOfClaims, compileClaims, planClaims } from '../query/claims.ts';
import type { ClaimsPlan, ClaimsQuestion, ClaimsStatement, Claiming, Verified } from '../query/claims.ts';
import { identifierValue } from '../query/conditions.ts';
import { deliveredOf } from '../query/delivered.ts';
import { keyFieldOf } from '../query/passed-on.ts';
import { inCase } from '../query/run.ts';
import type { CoveredBy, StatementLanes } from '../query/run.ts';
import type { Run } from '../query/tree.ts';
import type { Contract, RecordType } from '../registries/contract.ts';
import { isPersonal } from '../sharing/catalog.ts';
import type { Withheld } from '../sharing/plan.ts';
import type { Consumer, Quota } from '../sharing/terms.ts';
import { decide } from '../sharing/verdict.ts';
import type { Standpoint } from '../sharing/verdict.ts';

/** The answer to one claim. */
export const verdicts = ['MATCH', 'MISMATCH', 'NO_RECORD', 'NOT_ALLOWED'] as const;
export type ClaimVerdict = (typeof verdicts)[number];

/** Who asks, for what, under which standing, when. */
export interface Asker {
  readonly caller: Consumer;
  readonly standing: Standing;
  readonly purpose: Purpose;
  /** Civil date, Asia/Shanghai; and the moment, ISO 8601. */
  readonly today: string;
  readonly now: string;
}

/** What judging needs of the hub. */
export interface JudgeParts {
  readonly contract: Contract;
  readonly lanes: StatementLanes;
  readonly personKey: (idNumber: string) => string;
  readonly covered: CoveredBy;
  /** The division that this hub is the home of, where it keeps copies of another hub's records. */
  readonly home?: string;
}

/** What the audit is told of a form of question; the same object for every question of that form. */
export interface ClaimFacts {
  readonly items: readonly string[];
  readonly delivered: Readonly<Record<string, readonly string[]>>;
  readonly by: readonly string[];
  readonly quotas: readonly Quota[];
  readonly personal: boolean;
  readonly withheld?: readonly { readonly at: string; readonly item: string; readonly because: string }[];
  readonly refused?: readonly { readonly at: string; readonly item: string; readonly use: 'find' | 'key'; readonly because: string }[];
}

/** A form of question, judged. */
export interface JudgedClaims {
  readonly question: ClaimsQuestion;
  readonly plan: ClaimsPlan;
  /** Null: nothing may be verified of it, or it was refused. */
  readonly statement: ClaimsStatement | null;
  readonly facts: ClaimFacts;
  /** Items of it that no grant gives the caller, and that are not for everybody. */
  readonly withoutGrant: readonly string[];
  /** Milliseconds since the epoch at which it may no longer be so. */
  readonly until: number;
}

/** See the head of this file. */
export class ClaimsJudge {
  readonly #parts: JudgeParts;
  readonly #known = new LRUCache<string, JudgedClaims>({ max: 1000 });

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** The record type that a word of the contract names; throws `BAD_INPUT`. */
  type(name: string): RecordType {
    const type = this.#parts.contract.types.get(name);
    if (type === undefined) throw new HubError('BAD_INPUT', `There is no record type ${name}.`);
    return type;
  }

  /** Judges claims of these names about subjects of a type, at a root of the contract. `place` says where in the question a name stands. */
  judge(at: string, type: RecordType, names: readonly string[], asker: Asker, place: (index: number) => string): JudgedClaims {
    const { caller, standing, purpose, now } = asker;
    const key = JSON.stringify([caller.consumer, standing.policyOf(caller).version, standing.everybody, standing.sealed, standing.sealsListed, purpose.matter?.code ?? null, purpose.mode, purpose.caseNo !== null, purpose.behalf, at, type.name, names]);
    const known = this.#known.get(key);
    if (known !== undefined && Date.parse(now) < known.until) return known;
    const made = this.#make({ type, at, claims: names.map((name, index) => claimOf(this.#parts.contract, type, name, place(index))) }, asker);
    this.#known.set(key, made);
    return made;
  }

  #make(question: ClaimsQuestion, { caller, standing, purpose, now }: Asker): JudgedClaims {
    const standpoint: Standpoint = { caller, catalog: standing.catalog, policy: standing.policyOf(caller), sealed: standing.sealed, circumstances: circumstancesOf(purpose, now) };
    const claimsPlan = planClaims(question, standpoint, this.#parts.contract);
    const { plan, tree, allowed } = claimsPlan;
    const refused = plan.refused.length > 0;
    const { items: delivered, quotas } = refused || allowed.length === 0 ? { items: {}, quotas: [] } : deliveredOf(tree, plan);
    const items = [...new Set(Object.values(delivered).flat())];
    const withheld = question.claims.filter((claim) => !allowed.includes(claim)).flatMap(({ at }) => plan.withheld(at) ?? []);
    const { home } = this.#parts;
    return {
      question, plan: claimsPlan,
      statement: refused || allowed.length === 0 ? null : compileClaims(question, claimsPlan, { sealsListed: standing.sealsListed, ...(home === undefined ? {} : { home }) }),
      facts: {
        items, delivered, quotas, by: [...keyFieldOf(question.type).items],
        personal: items.some((code) => {
          const item = standing.catalog.item(code);
          return item === undefined || isPersonal(item);
        }),
        ...(withheld.length === 0 ? {} : { withheld: withheld.map(({ at, item, because }) => ({ at, item, because })) }),
        ...(refused ? { refused: plan.refused.map(({ at, item, use, because }) => ({ at, item, use, because })) } : {}),
      },
      withoutGrant: withoutGrant(question, standpoint),
      until: plan.until === null ? Infinity : Date.parse(plan.until),
    };
  }

  /** The key that names a subject, in its one form; throws `BAD_INPUT`. */
  key(type: RecordType, text: string, today: string, at: string): string {
    return identifierValue(text, keyFieldOf(type), type, () => at, { today });
  }

  /** The request by which a statement is run; throws `CASE_NOT_OPEN` where it is asked under a case that does not cover everybody. */
  async request(statement: ClaimsStatement, claiming: Claiming, { caller, standing, purpose, today, now }: Asker): Promise<Run> {
    const sealed = standing.sealed && standing.sealsListed ? { sealedKeys: standing.sealedBut(standing.policyOf(caller).seals) } : undefined;
    return await inCase(statement, {
      ...sealed, variables: { ...claiming }, today, now, personKey: this.#parts.personKey,
      purpose: { matter: purpose.matter?.code ?? null, caseNo: purpose.caseNo, consumer: caller.consumer },
    }, this.#parts.covered);
  }

  /** Runs it: one statement, whoever is asked for. */
  async run(statement: ClaimsStatement, request: Run): Promise<readonly Verified[]> {
    const lane = (request.variables as unknown as Claiming).keys.length > 1 ? this.#parts.lanes.lists : this.#parts.lanes.points;
    return statement.read(await lane.query(statement.text, statement.parameters(request)));
  }
}

/** Items that are had neither as everybody has them nor under a grant: as their provider's own. */
function withoutGrant(question: ClaimsQuestion, standpoint: Standpoint): readonly string[] {
  const asks = asksOfClaims(question).filter(({ use }) => use !== 'exist');
  return [...new Set(asks.filter((ask) => !decide(ask, standpoint).ways.some(({ approvalNo, rule }) => approvalNo !== null || rule === 'unconditional')).map(({ item }) => item))];
}

/** Refuses a question that finds by what may not be found by. */
export function refuseFinds({ plan: { plan } }: JudgedClaims): void {
  const [refused] = plan.refused;
  if (refused !== undefined) throw new HubError('FIND_NOT_SHARED', `${refused.at} may not be found by: ${refused.because}`, { ...refused });
}

/** The values of claims that may be verified, as a statement takes them: by output and subject. `values`: by subject and claim of the question. */
export function columnsOf({ question, plan: { allowed } }: JudgedClaims, values: readonly (readonly (readonly Compared[] | null)[])[]): Claiming['values'] {
  return allowed.flatMap((claim) => {
    const place = question.claims.indexOf(claim);
    return claim.outputs.map((_output, nth) => values.map((row) => row[place]?.[nth] ?? null));
  });
}

/** The verdicts about one subject, by claim of the question. */
export function verdictsOf({ question, plan: { allowed, tellsOfNobody } }: JudgedClaims, verified: Verified | null): readonly ClaimVerdict[] {
  return question.claims.map((claim: Claim) => {
    const place = allowed.indexOf(claim);
    if (place < 0 || verified === null) return 'NOT_ALLOWED';
    if (!verified.found) return tellsOfNobody ? 'NO_RECORD' : 'MISMATCH';
    return verified.met[place] === true ? 'MATCH' : 'MISMATCH';
  });
}

/** Why a claim is not allowed; undefined: it is. */
export function withheldOf({ question, plan: { allowed, plan } }: JudgedClaims, place: number): Withheld | undefined {
  const claim = question.claims[place];
  return claim === undefined || allowed.includes(claim) ? undefined : plan.withheld(claim.at);
}
