/**
 * What the resolvers of root fields that are no records get of the hub, beside the request's context: the way to write, and the
 * way to take what was just changed. The hub hands it in; tests hand in their own.
 */
import type { IsSignature } from '../audit/sealed.ts';
import type { Audit } from '../audit/writer.ts';
import type { DeadlineDays } from '../calendar/deadline.ts';
import type { LookupQuota } from '../config.ts';
import type { Checks } from '../certificates/check.ts';
import type { CopyParts } from '../certificates/copy.ts';
import type { ChangeLog } from '../certificates/revoked.ts';
import type { CitizenTokens } from '../identity/citizen.ts';
import type { Passwords } from '../identity/password.ts';
import type { OpenCases } from '../matters/open-cases.ts';
import type { Receipts } from '../receipts/receipt.ts';
import type { WriteContext } from '../records/write.ts';
import type { HubPlace } from '../sync/checks/check.ts';
import type { FactFeed } from '../sync/fact-feed.ts';
import type { Feed } from '../sync/feed.ts';
import type { ReadThrough } from '../sync/read-through.ts';
import type { HubContext } from './context.ts';
import type { KeptColumns } from './permission-columns.ts';
import type { SourcesShown } from '../sync/sources-shown.ts';
import type { LookUps } from '../sync/look-up.ts';
import type { Comparisons } from '../verification/comparison.ts';
import type { Verifier } from '../verification/verify.ts';

/** See the head of this file. */
export interface Work {
  /** What writing needs, at this moment: the database, the clock, the person keys. */
  writing(): WriteContext;
  /** `person_key` of an ID number. */
  readonly personKey: (idNumber: string) => string;
  /** Days for which a case is open where its opener names no deadline. */
  readonly caseDays: number;
  /** Days for which it is known what was used of whom, where neither a case nor the matter says. */
  readonly usedFactDays: number;
  /** Working days that each kind of work is given. */
  readonly deadlines: DeadlineDays;
  /** Where this hub stands among others. */
  readonly place: HubPlace;
  /** Was something signed by this hub? */
  readonly isSignature: IsSignature;
  /** How often a day one person may be looked up. */
  readonly lookups: LookupQuota;
  /** What look-ups are answered for is signed and kept here; absent: nothing is looked up for matters. */
  readonly receipts?: Receipts;
  /** Whom open cases cover. */
  readonly cases: OpenCases;
  /** Whose tokens identify callers; absent: nobody's. */
  readonly tokenIssuer?: string;
  /** How passwords of accounts at the console are kept; absent: there are none. */
  readonly passwords?: Passwords;
  /** Tokens of citizens; absent: nobody's are taken. */
  readonly citizens?: CitizenTokens;
  /** Columns of the matrix of field permissions that are kept; absent: they are judged for each question. */
  readonly columns?: KeptColumns;
  /** Takes what was changed in the policy: what a mutation did is in force here before its answer leaves. */
  look(): Promise<void>;
  /** The feed that others follow; absent: none is given. */
  readonly feed?: Feed;
  /** Where consumers are told that facts which they used have changed; absent: they are not. */
  readonly factFeed?: FactFeed;
  /** What single sources tell of records; absent: nobody is told. */
  readonly sources?: SourcesShown;
  /** What copies of certificates are made, checked and followed with; absent: there are none. */
  readonly copies?: CopyParts & { readonly checks: Checks; readonly written: ChangeLog };
  /** What other hubs look up; absent: they may not. */
  readonly lookUps?: LookUps;
  /** Where look-ups by key go on that find nothing here, or a copy that is too old; absent: nowhere. */
  readonly readThrough?: ReadThrough;
  /** Whom claims about subjects are verified by; absent: nobody's are. */
  readonly verifier?: Verifier;
  /** Lists of claims that are compared; absent: none are taken. */
  readonly comparisons?: Comparisons;
  /** Where every request is written down; answers wait for it, and without it there is none. Absent: statements do not tell whose data they hold. */
  readonly audit?: Audit;
  /** Hears of each request that was written down, and of what became of it: `OK`, or the code of what refused it. */
  readonly told?: Told;
}

/** See `Work.told`. */
export type Told = (context: HubContext, outcome: string) => void;
