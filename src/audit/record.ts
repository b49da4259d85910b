/**
 * One audit record: what is written down of one operation, and how records hang together.
 *
 * A record never holds a value: subjects by their keys, document and variables as keyed digests. What is the same in
 * every record of one plan (caller, matter, document, items delivered, what was withheld and why) is a `Scope`, stored once and bound
 * by its digest. A record's hash is SM3 (GB/T 32905-2016) over the hash before it and all that the record holds, so records
 * of one writer are a chain: none can be changed, taken out or put in without the next one telling. Pure.
 */
import { hash } from 'node:crypto';
import type { HubError } from '../errors.ts';

/** SM3 in base64url, 43 characters. */
export function sm3(text: string): string {
  return hash('sm3', text, 'base64url');
}

/** What is the same in every record of one plan. Made once, told by many records. */
export class Scope {
  /** JSON. */
  readonly body: string;
  readonly digest: string;
  /** Holds open reference data and nothing else: what may be answered for a while when the audit is down. */
  readonly open: boolean;

  constructor(facts: ScopeFacts, open = false) {
    this.body = JSON.stringify(facts);
    this.digest = sm3(this.body);
    this.open = open;
  }
}

/** What a scope says. Lists that are empty are left out by whoever makes one. */
export interface ScopeFacts {
  /** `QUERY` and `MUTATION`; `COMMAND` of the command line; `SESSION`, what somebody did with a session of the console; `REFUSALS`, requests that were refused unread, counted together; `CHAIN`, what a writer says of itself. */
  readonly kind: 'QUERY' | 'MUTATION' | 'COMMAND' | 'SESSION' | 'REFUSALS' | 'CHAIN';
  /** Code of the consumer or administrator; absent: a stranger, or the command line. */
  readonly consumer?: string;
  readonly administrator?: string;
  readonly department?: string;
  readonly matter?: string;
  /** Code of the department for which another hub asked. */
  readonly behalf?: string;
  readonly mode?: string;
  /** Keyed digest of the document; name of the operation. */
  readonly document?: string;
  readonly operation?: string;
  /** Coordinates of its root fields, or the words of a command. */
  readonly roots?: readonly string[];
  /** Every item delivered, and by record type. */
  readonly items?: readonly string[];
  readonly delivered?: Readonly<Record<string, readonly string[]>>;
  /** Items that records were found by. */
  readonly by?: readonly string[];
  readonly masked?: readonly unknown[];
  readonly withheld?: readonly unknown[];
  readonly refused?: readonly unknown[];
  /** What was asked of records, without a value or a word of the client's: what a change of policy is replayed over. */
  readonly asked?: AskedFacts;
}

/** See query/outline.ts. */
export interface AskedFacts {
  /** Its selection, by names of the contract. */
  readonly what: string;
  /** Of its arguments each item, use and coordinate. */
  readonly by: readonly string[];
  /** A case was named. */
  readonly inCase?: true;
}

/** One record, before it has its place in a chain. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Id of the request, as its answer tells it. */
  readonly request: string;
  readonly scope: Scope;
  /** The clerk as the consumer told: `signed:` and his code where the consumer has signed that, else `said:` and his code; '' none. */
  readonly operator: string;
  readonly caseNo: string;
  /** Keyed digest of the variables; '' none. */
  readonly variables: string;
  /** `OK`, `BEGUN` (a change that is about to be made), or the code of what refused or failed it. */
  readonly outcome: string;
  /** Why it was refused, in words that hold no value. */
  readonly reason: string;
  /** Records delivered at the root. */
  readonly rows: number;
  /** Keyed digest of the reference records delivered, which are about nobody; '' none. */
  readonly reference: string;
  /** Version of the policy that decided. */
  readonly policy: string;
  /** How long it took, in microseconds. */
  readonly micros: number;
  /** `person_key`s of everybody whose data was delivered. */
  readonly subjects: readonly string[];
  /** Ids of the certificates that were delivered; absent: none. Certificates are records of their issuers, who are told of their uses (certificates/usage.ts). */
  readonly certificates?: readonly string[];
  /** What it uses up, if anything; taken when it is written (see quota.ts). */
  readonly uses?: Uses;
}

/** One use of a quota. */
export interface Use {
  /** Civil date, Asia/Shanghai. */
  readonly day: string;
  /** Whose quota: a consumer's, or of one of its operators. */
  readonly who: string;
  /** Of what: a line of a grant, a person, a minute of that day. */
  readonly what: string;
  /** How often in that time. */
  readonly most: number;
  /** How often it is taken at once; 1 unless told. None is taken where it would be more than `most`, which of 0 times is a question. */
  readonly times?: number;
}

/** What a record uses up. */
export interface Uses {
  readonly list: readonly Use[];
  /** What is the same in all refusals: nothing is delivered. */
  readonly scope: () => Scope;
  /** Why there is no answer, where one of them is used up; holds no value. */
  readonly refusal: (usedUp: Use) => HubError;
}

/** What parts the fields of a record, and records from each other. */
export const between = '\u001f';
export const atEnd = '\u001e';

// Whatever comes from outside: names and numbers that could be taken for an end.
const control = /\p{Cc}/u;
const controls = /\p{Cc}/gu;

/** A text from outside, without what could be taken for an end. */
export function clean(text: string): string {
  return control.test(text) ? text.replace(controls, ' ') : text;
}

/** All that a record holds beside its scope and its hash, in the order in which it is hashed and stored. */
export function lineOf(entry: Entry): string {
  const { certificates = [] } = entry;
  // The last field is there where it holds something only: so it was before there was one.
  return `${entry.at}${between}${entry.request}${between}${clean(entry.operator)}${between}${clean(entry.caseNo)}${between}${entry.variables}${between}${entry.outcome}${between}${clean(entry.reason)}${between}${entry.rows}${between}${entry.reference}${between}${entry.policy}${between}${entry.micros}${between}${entry.subjects.join()}${certificates.length === 0 ? '' : `${between}${certificates.join(' ')}`}`;
}

/** The hash of a record behind `previous`. */
export function hashOf(previous: string, scopeDigest: string, line: string): string {
  return sm3(`${previous}${between}${scopeDigest}${between}${line}`);
}

/** A chain as it was begun. */
export interface Chain {
  /** Its number: the writer's, and its fencing token. */
  readonly writer: string;
  /** YYYYMM, civil time: the partition that its records lie in. */
  readonly month: number;
  /** What the process does: `serve`, `import` … */
  readonly process: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** Number of the seal after which it was begun ('0': none was there), and what that seal hands on. */
  readonly seal: string;
  readonly sealLink: string;
}

/** What the first record of a chain hangs on. */
export function rootOf({ writer, month, process, openedAt, seal, sealLink }: Chain): string {
  return sm3(['chain', writer, month, clean(process), openedAt, seal, sealLink].join(between));
}

/** A seal as it is signed: all chains' heads at one moment, behind the seal before. */
export interface Seal {
  readonly n: string;
  readonly at: number;
  /** `linkOf` the seal before; '' for the first. */
  readonly previous: string;
  readonly keyVersion: number;
  /** Ascending by writer. */
  readonly heads: readonly Head[];
}

/** The last record of a chain. */
export interface Head {
  readonly writer: string;
  readonly seq: string;
  readonly hash: string;
  /** It is the chain's end. */
  readonly closed: boolean;
}

/** The hash that a seal's signature is made over. */
export function sealHash({ n, at, previous, keyVersion, heads }: Seal): string {
  return sm3([n, at, previous, keyVersion, ...heads.map((head) => `${head.writer} ${head.seq} ${head.hash} ${head.closed}`)].join(between));
}

/** What the next seal, and every chain begun after it, hangs on: the signature is part of it, so that none can be replaced. */
export function linkOf(sealed: { readonly hash: string; readonly signature: string }): string {
  return sm3(`${sealed.hash}${between}${sealed.signature}`);
}

/** YYYYMM in Asia/Shanghai (UTC+8 since 1991 without exception). */
export function monthOf(at: number): number {
  const civil = new Date(at + 8 * 3_600_000);
  return civil.getUTCFullYear() * 100 + civil.getUTCMonth() + 1;
}
