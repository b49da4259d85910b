/**
 * The words of sharing (政务信息资源共享): what can be asked, who asks, under what circumstances, and what a verdict says.
 * Types only; the one place that decides is `verdict.ts`.
 */
import type { MaskName } from './mask.ts';

/** 共享类型: unconditional 无条件, conditional 有条件, not shared 不予 (发改高技〔2017〕1272号). */
export const shareTypes = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'] as const;
export type ShareType = (typeof shareTypes)[number];

/**
 * What one may want from an item: `read` its value · `find` by it (filter, order, count) · `key`, equality on a full
 * identifier · `exist`, that a related record exists · `verify`, a yes/no about it.
 */
export const uses = ['read', 'find', 'key', 'exist', 'verify'] as const;
export type Use = (typeof uses)[number];

/** How data is taken: one question at a time, in lists and files, or as a feed of changes (查询、批量、订阅). */
export const modes = ['QUERY', 'BATCH', 'SUBSCRIBE'] as const;
export type Mode = (typeof modes)[number];

/** Whom a matter may touch beside the subjects of a case: members of the household, and kin by GB/T 4761. */
export const kinWords = ['HOUSEHOLD', 'SPOUSE', 'CHILD', 'PARENT', 'SIBLING', 'OTHER'] as const;
export type KinWord = (typeof kinWords)[number];

/** One role each (三员分立): keeping the system, its permissions, its audit; and stewards, who look after a department's own items. */
export const roles = ['SYSTEM', 'SECURITY', 'AUDIT', 'STEWARD'] as const;
export type Role = (typeof roles)[number];

/** One thing that an operation would reveal: an item, the use of it, and the coordinate in the contract where it does. */
export interface Ask {
  readonly item: string;
  readonly use: Use;
  /** `Person.birthDate`, or for an argument `Query.searchPersons(where.name)`. */
  readonly at: string;
  /** Something is computed from the value: a mask of it will not do. */
  readonly whole?: true;
}

/** A department's application. */
export interface Consumer {
  readonly kind: 'consumer';
  /** Its code. */
  readonly consumer: string;
  readonly name: string;
  readonly department: string;
  readonly departmentName: string;
  /** Opens cases of every department's matters (政务服务平台). */
  readonly servicePlatform: boolean;
  /** A citizens' portal (公民门户): the client that it is at the issuer of citizens' tokens; absent: it is none. */
  readonly citizenPortal?: string;
  /** Another hub (上下级数据中枢): the division whose departments it speaks for, six digits; absent: it is none. */
  readonly hub?: string;
  /** How many of its queries are answered a minute, by all processes together; absent: as many as need be. */
  readonly requestsPerMinute?: number;
}

/** A person who administers. Reads only what is shared unconditionally and is no personal information; everything else is for applications. */
export interface Administrator {
  readonly kind: 'administrator';
  readonly code: string;
  readonly name: string;
  readonly role: Role;
  readonly department: string;
  readonly departmentName: string;
  /** Is the department the data authority (政务数据主管部门)? */
  readonly ofAuthority: boolean;
}

/** Who asks. A stranger is anybody whose key is absent, unknown, expired or revoked. */
export type Caller = { readonly kind: 'stranger' } | Consumer | Administrator;

/** A service matter (政务服务事项), as far as asking under it goes. */
export interface Matter {
  readonly code: string;
  readonly name: string;
  /** The responsible department, and those that take part. */
  readonly department: string;
  readonly participants: readonly string[];
  readonly kin: readonly KinWord[];
  /** Personal items can be asked under an open case only. */
  readonly needsCase: boolean;
  /** The version of its definition by which look-ups are answered; absent: none was published. */
  readonly publishedVersion?: number;
}

/** Accesses that those whom they are about are not told of, because a law says so: of a matter, or of one consumer under it. */
export interface Concealment {
  readonly code: string;
  readonly matter: string;
  /** Null: every consumer. */
  readonly consumer: string | null;
  /** Told after so many days; null: no such day is known. */
  readonly delayDays: number | null;
  /** Told from this civil day on; null: no such day is known. Without either it is never told. */
  readonly until: string | null;
}

/** Under what a question is asked. */
export interface Circumstances {
  readonly mode: Mode;
  /** The purpose; null: none was given. */
  readonly matter: Matter | null;
  /** Was a case (办件) named? Whether it is open, and whom it is about, is known where the records are. */
  readonly hasCase: boolean;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
}

/**
 * The rows on which something holds. `ownRows`: the winning source of the record is this department · `division`: a subtree of
 * divisions, by where a person lives or is registered, or by where a record lies · `category`, `registrar`: of a legal
 * entity · `case`: subjects of the open case and their kin · `list`: an explicit list of subjects · `authorization`:
 * subjects who have authorized the consumer.
 */
export type Bound =
  | { readonly kind: 'ownRows'; readonly department: string }
  | { readonly kind: 'division'; readonly by: 'RESIDENCE' | 'REGISTRATION' | 'LOCATION'; readonly codes: readonly string[] }
  | { readonly kind: 'category'; readonly codes: readonly string[] }
  | { readonly kind: 'registrar'; readonly codes: readonly string[] }
  | { readonly kind: 'case' }
  | { readonly kind: 'list'; readonly list: string }
  | { readonly kind: 'authorization' };

/** One way in which something may be had: on the rows where all of `bounds` hold, and of a value only what `mask` leaves. */
export interface Way {
  readonly bounds: readonly Bound[];
  /** Null: the value itself. */
  readonly mask: MaskName | null;
  /** The rule that opens it. */
  readonly rule: string;
  /** Number of the approval, where a grant opens it. */
  readonly approvalNo: string | null;
  /** How often a day, where the line of that grant says so. */
  readonly quota: Quota | null;
}

/** So many questions a day under one line of a grant (see quota.ts). */
export interface Quota {
  readonly approvalNo: string;
  readonly item: string;
  /** What tells this line from others of the grant about the same item. */
  readonly line: string;
  readonly perDay: number;
}

/** The judge's answer to one ask: a sentence that a clerk can read, signed by the rule that gave it. */
export interface Verdict {
  readonly allowed: boolean;
  /** Every way in which it is allowed; they add up. Empty on refusals. */
  readonly ways: readonly Way[];
  readonly rule: string;
  readonly because: string;
  /** What the caller can do to get it; null when nothing can be done. */
  readonly apply: string | null;
  /** The moment at which a grant begins or ends and another verdict may be due; null: no such moment is known. */
  readonly until: string | null;
}
