/**
 * The port to the upper hub: what a county's hub asks of the city's, whatever carries it (`city-http.ts`: GraphQL over HTTP).
 *
 * Hubs pass on source records: what one department told of one record, in its own version. Each has one home, the hub of its
 * department's division; other hubs hold copies and merge by their own source order. So what is passed on may come twice, late
 * or in another order, and every hub ends up with the same (domain.md §1.6).
 *
 * An adapter checks the form of what it was sent and nothing else: whether a record may be written is the matter of whoever asked.
 */
import type { RegistryName } from '../registries/record.ts';
import type { Values } from '../records/timeline.ts';

/** What one source tells of a record, as a hub passes it on. */
export interface PassedOn {
  /** Code of the department. */
  readonly source: string;
  /** The department's own key of the record. */
  readonly key: string;
  /** The department's own version; see `compareVersions` in records/merge.ts. */
  readonly version: string;
  /** When the department changed it, ISO 8601 with an offset. */
  readonly changedAt: string;
  /** It has no such record any more, or none that may be had: `values` is empty. */
  readonly deleted: boolean;
  /** First day on which it holds, and first on which it holds no more; null: not known, without end. */
  readonly effectiveFrom: string | null;
  readonly effectiveTo: string | null;
  /** By field name, as far as they are shown. */
  readonly values: Values;
}

/** UPSERT: this is told now. TOMBSTONE: it is gone. CORRECTION: of days that are past. RIGHT_LOST: it is there, and no more for this hub. */
export type ChangeKind = 'UPSERT' | 'TOMBSTONE' | 'CORRECTION' | 'RIGHT_LOST';

/** One entry of the feed: a record, and what its sources tell. */
export interface ChangeEntry {
  /** Where it stands in the feed. */
  readonly cursor: string;
  readonly kind: ChangeKind;
  /** Record type. */
  readonly type: string;
  /** The record's id at the upper hub. */
  readonly id: string;
  /** Fields of the page's `shown` that are not shown of this record. */
  readonly hidden: readonly string[];
  readonly sources: readonly PassedOn[];
}

/** Something of an entry that has not the form of one: the whole of it, or one of its sources. Whoever reads the feed sets it aside. */
export interface Malformed {
  /** Where it stands in the feed; null: it does not say. */
  readonly cursor: string | null;
  /** Record type, department and its key, as far as they can be read. */
  readonly type: string | null;
  readonly source: string | null;
  readonly key: string | null;
  /** The field that is missing or not of its form. */
  readonly field: string;
  /** What is wrong with it, without its value. */
  readonly reason: string;
  /** Is it that something required is missing? Much of that says that the feed itself has changed. */
  readonly missing: boolean;
  /** As it came, JSON: an entry with this source alone, or the entry. */
  readonly raw: string;
}

/** Where a page of the feed ends: among what may be had no more, in the snapshot, or in the log. */
export type FeedPhase = 'LOST' | 'SNAPSHOT' | 'FEED';

/** A page of the feed of one registry. */
export interface ChangePage {
  /** Which life of the upper hub's database this is. */
  readonly epoch: string;
  /** Where it begins, as it was asked for. */
  readonly after: string | null;
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly phase: FeedPhase;
  /** Digest of the sharing conditions of the registry's items: when it moves they are asked for again. */
  readonly conditions: string;
  /** Fields that may be had unmasked, by record type; of others an entry says nothing. */
  readonly shown: ReadonlyMap<string, readonly string[]>;
  readonly entries: readonly ChangeEntry[];
  /** What of its entries could not be read. */
  readonly malformed: readonly Malformed[];
  /** Entries behind this page, as far as they are known. */
  readonly behind: number;
}

/** How the upper hub shares an item. */
export interface ItemCondition {
  readonly item: string;
  readonly shareType: 'UNCONDITIONAL' | 'CONDITIONAL' | 'NOT_SHARED';
  readonly condition: string;
}

/** For whom and for what records are looked up: the upper hub judges by it, and writes it down. */
export interface LookUpPurpose {
  readonly matter: string | null;
  readonly caseNo: string | null;
  readonly operator: string | null;
  /** Code of the department for which this hub asks; null: it asks for itself. */
  readonly behalf: string | null;
}

/** Records of one type that are looked up by natural keys, and the fields that are wanted of them. */
export interface LookUpOf {
  readonly type: string;
  readonly keys: readonly string[];
  readonly fields: readonly string[];
}

/** What was found of one `LookUpOf`: fields of it that may be had at all, and the records that are there and may be had. */
export interface LookedUp {
  readonly shown: readonly string[];
  readonly records: readonly LookedUpRecord[];
  /** Why nothing of this type may be looked up; null: it may. */
  readonly refused: string | null;
}

/** A record that was found by a key. */
export interface LookedUpRecord {
  readonly key: string;
  /** The record's id at the upper hub. */
  readonly id: string;
  /** Fields of `shown` that are not shown of this record. */
  readonly hidden: readonly string[];
  readonly sources: readonly PassedOn[];
}

/** The part of the upper hub that looks records up. May throw a `CityError`. */
export interface CityLookUp {
  /** Looks up at most a hundred keys in all; answers in the order of the question. */
  lookUp(purpose: LookUpPurpose, of: readonly LookUpOf[]): Promise<readonly LookedUp[]>;
}

/** The upper hub. Every call may throw a `CityError`. */
export interface City {
  /** The next page of a registry's feed; `after` null begins with a snapshot. Throws a `CityError` `EPOCH_CHANGED` where the cursor is of no use any more. */
  changes(registry: RegistryName, after: string | null, first: number): Promise<ChangePage>;
  /** How it shares a registry's items. */
  conditions(registry: RegistryName): Promise<readonly ItemCondition[]>;
  /** Lets go of what it holds open. */
  close(): Promise<void>;
}

/** A change that a hub passes up: what one of its own departments tells of a record, or corrects of its past. */
export interface PassedUp extends PassedOn {
  /** Record type. */
  readonly type: string;
  /** `values` are all that the department tells of the record; else they are of the days that are named. */
  readonly whole: boolean;
}

/** What became of one change; see `ChangeStatus` in schema/changes.graphql. */
export interface PassedUpOutcome {
  /** Its place in the call, from 0. */
  readonly index: number;
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'REJECTED';
  /** Why, for a person. */
  readonly reason: string | null;
  readonly field: string | null;
}

/** The upper hub as it takes what the county collects: `submitChanges`, as from departments' applications. Every call may throw a `CityError`. */
export interface CityInbox {
  /** At most 500 changes of one registry; again under the same key, they are taken once. */
  submit(registry: RegistryName, changes: readonly PassedUp[], idempotencyKey: string): Promise<readonly PassedUpOutcome[]>;
}

/** A report of a discrepancy that a hub passes up: an item of a record that was passed on to it, which somebody below finds wrong. */
export interface PassedUpReport {
  /** Under this key it is known there: the same report again is taken once. */
  readonly key: string;
  readonly type: string;
  /** Whose word it is, under which key of the department, in which version, as it was passed on. */
  readonly source: string;
  readonly sourceKey: string;
  readonly sourceVersion: string;
  readonly field: string;
  /** JSON: what is believed to be right; null: it is not said. */
  readonly believed: string | null;
  readonly because: string;
  readonly evidence: string | null;
  /** Code of the department that doubts it; null: it is none of this hub's division. */
  readonly behalf: string | null;
}

/** How a report stands there. */
export interface ReportStanding {
  readonly state: 'OPEN' | 'WAITING' | 'SENT' | 'REFUSED' | 'ANSWERED' | 'LAPSED';
  /** The last day on which it is answered in time. */
  readonly dueOn: string | null;
  readonly verdict: 'CONFIRMED' | 'CORRECTED' | 'CANNOT_TELL' | null;
  readonly answer: string | null;
  /** The version that has what is right, where the answer names it. */
  readonly correctedVersion: string | null;
  /** ISO 8601. */
  readonly answeredAt: string | null;
  /** The department that has answered: the source's, or one that stands in for it. */
  readonly answeredBy: string | null;
}

/** The upper hub as it takes reports of discrepancies: `reportDiscrepancy`, as from departments' applications. Every call may throw a `CityError`. */
export interface CityChecks {
  /** Reports one; null: there is no such item that this hub may have. */
  report(report: PassedUpReport): Promise<ReportStanding | null>;
  /** How reports stand, by their keys (a hundred at most); one that is not known there is left out. */
  standings(keys: readonly string[]): Promise<ReadonlyMap<string, ReportStanding>>;
}

/** A use of a certificate that a hub passes up: of one that was passed on to it. */
export interface PassedUpUse {
  /** Under this key (a UUID) it is known there: the same use again is taken once. */
  readonly key: string;
  /** Whose word the certificate is, under which key of the department, as it was passed on. */
  readonly source: string;
  readonly sourceKey: string;
  /** ISO 8601. */
  readonly at: string;
  readonly mode: string;
  readonly copyId: string | null;
  readonly consumer: string | null;
  readonly departmentCode: string | null;
  readonly operator: string | null;
  readonly operatorVerified: boolean;
  readonly matterCode: string | null;
  readonly caseNo: string | null;
  readonly cause: string | null;
  readonly fields: readonly string[];
  /** Items of certificates that an answer delivered; with QUERY only, which an upper hub of an older release does not know. */
  readonly items?: readonly string[];
  readonly result: string;
}

/** The upper hub as it takes uses of certificates: `tellCertificateUses`. Every call may throw a `CityError`. */
export interface CityUses {
  /** Tells of 200 at most; an outcome for each, in their order. */
  tellUses(uses: readonly PassedUpUse[]): Promise<readonly PassedUpOutcome[]>;
}

/** Source records in a bucket: those whose hash begins with these digits (query/source-digest.ts). */
export interface BucketDigest {
  readonly bucket: string;
  readonly count: number;
  /** What the digests of its source records add up to. */
  readonly digest: string;
}

/** The digest of one source record. */
export interface SourceDigest {
  readonly source: string;
  readonly key: string;
  readonly version: string;
  readonly digest: string;
}

/** What is to be compared: the source records of a type in buckets (all named by as many digits), by these fields. */
export interface ComparedBuckets {
  readonly type: string;
  readonly fields: readonly string[];
  readonly prefixes: readonly string[];
}

/** What a reconciliation asks of the upper hub. Sources of this hub's own division count nowhere. Every call may throw a `CityError`. */
export interface ComparableCity {
  /** Fields that may be compared, by record type of a registry. */
  comparable(registry: RegistryName): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Digests of the buckets of a depth below others, where they are not empty; `fields`: those that counted. */
  digests(compared: ComparedBuckets & { readonly depth: number }): Promise<{ readonly fields: readonly string[]; readonly buckets: readonly BucketDigest[] }>;
  /** The source records of buckets, each. */
  leaves(compared: ComparedBuckets): Promise<{ readonly fields: readonly string[]; readonly leaves: readonly SourceDigest[] }>;
  /** The records that these are of, as the feed tells them; one that is not among them is gone, or may not be had. */
  entries(type: string, keys: readonly { readonly source: string; readonly key: string }[]): Promise<Pick<ChangePage, 'shown' | 'entries' | 'malformed'>>;
}

/**
 * UNREACHABLE: no answer, in time or at all. BUSY: asked to come later. BROKEN: an answer that is none (cut off, no JSON, another form).
 * REFUSED: it says no. EPOCH_CHANGED: the cursor leads nowhere any more.
 */
export type CityFailure = 'UNREACHABLE' | 'BUSY' | 'BROKEN' | 'REFUSED' | 'EPOCH_CHANGED';

/** Why the upper hub did not answer. Its message is for a log and quotes no data. */
export class CityError extends Error {
  readonly failure: CityFailure;
  /** Milliseconds after which to ask again, where it said so. */
  readonly retryAfterMs: number | null;
  /** The code with which it refuses; null: it gave none. */
  readonly code: string | null;

  constructor(failure: CityFailure, message: string, retryAfterMs: number | null = null, code: string | null = null) {
    super(message);
    this.code = code;
    this.name = 'CityError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}
