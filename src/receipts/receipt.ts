/**
 * Receipts (回执): what was asserted in a look-up, to whom, under which rule, signed by the hub, so that the case file holds a receipt in
 * the place of paper and anyone with the public key can check it later, without the hub.
 *
 * A receipt names no person and quotes no value: question and answer stand in it as salted digests, and the salt goes to whoever asked.
 * (A bare digest of a question could be tried out against all ID numbers.) With `at` as the moment, what the hub knew then can be
 * asked again (`knownAt`). Receipts are only ever added to.
 *
 * One signature is made for all receipts that are kept by one statement, over the list of their digests: it takes as long as everything
 * else of a look-up together. Each receipt carries that list, so that it is checked by itself.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import type postgres from 'postgres';
import { sm3 } from '../audit/record.ts';
import { safeError } from '../db/failures.ts';
import type { KeyProvider } from '../identity/key-provider.ts';
import { canonicalText } from '../records/timeline.ts';
import { keeping } from './used.ts';
import type { Used } from './used.ts';

/** What is asserted. Times are ISO 8601; digests SM3 (GB/T 32905-2016) in base64url over the salt and the canonical JSON. */
export interface Assertion {
  readonly at: string;
  /** The civil date that the question is about. */
  readonly asOf: string;
  /** The division whose hub answers. */
  readonly hub: string;
  readonly consumer: string;
  readonly department: string;
  readonly matter: string;
  /** The version of the matter's definition. */
  readonly version: number;
  readonly caseNo: string | null;
  /** The clerk: `signed:` or `said:` and the code; null: none was named. */
  readonly operator: string | null;
  /** The version of the policy under which it was decided. */
  readonly policy: string;
  /** The request, as the audit names it. */
  readonly request: string;
  /** How each fact was answered, without its value. */
  readonly facts: readonly { readonly fact: string; readonly role: string; readonly index: number; readonly status: string; readonly departments: readonly string[]; readonly rule: string }[];
}

/** What is put to the digests: never stored. */
export interface Exchange {
  readonly question: unknown;
  readonly answer: unknown;
}

/** A signed receipt. */
export interface Receipt {
  readonly id: string;
  /** Canonical JSON of what is asserted. */
  readonly document: string;
  /** SM3 digests of the documents that were signed together, this one among them, in base64url, a line each; the text that is signed. */
  readonly signed: string;
  /** SM2 (GB/T 32918.2, user id 1234567812345678) over `signed`; DER in hex. */
  readonly signature: string;
  /** The version of the hub's keys. */
  readonly keyId: string;
}

/** A receipt as whoever asked is given it. */
export interface IssuedReceipt extends Receipt {
  /** What the digests of question and answer are salted with. */
  readonly salt: string;
}

/** Digest of one side of an exchange. */
export function saltedDigest(salt: string, side: unknown): string {
  return sm3(`${salt}\n${canonicalText(side)}`);
}

/** What is kept of a receipt before it is signed. */
interface Unsigned extends Pick<Assertion, 'at' | 'consumer' | 'department' | 'matter' | 'caseNo'> {
  readonly id: string;
  readonly document: string;
  /** What is kept with it of whom, for whoever follows facts. */
  readonly used: readonly Used[];
}

interface Row extends Unsigned, Receipt {}

/** Signs documents together. */
export function signTogether<T extends { readonly id: string; readonly document: string }>(keys: Pick<KeyProvider, 'current' | 'signSm2'>, rows: readonly T[]): readonly (T & Receipt)[] {
  const signed = rows.map(({ document }) => sm3(document)).join('\n');
  const [signature, keyId] = [keys.signSm2(signed, keys.current), String(keys.current)];
  return rows.map((row) => ({ ...row, signed, signature, keyId }));
}

/** Is the document among what was signed together? */
export function isAmong(document: string, signed: string): boolean {
  return signed.split('\n').includes(sm3(document));
}

/** Receipts that are signed and kept together at most: each carries the digests of all. */
const together = 32;

/** Milliseconds for which those who are about to come are waited for at most, unless told: a few times what a signature takes. */
const usualGatheringMs = 2;

/** Who is waited for until he has a receipt issued, or leaves. */
export interface ReceiptPlace extends Pick<Receipts, 'issue'> {
  /** He will not, or has: may be called again. */
  leave(): void;
}

/** Issues receipts and keeps them. */
export class Receipts {
  readonly #keys: KeyProvider;
  readonly #gatheringMs: number;
  readonly #rows: DataLoader<Unsigned, Receipt>;
  #writing: Promise<unknown> = Promise.resolve();
  #coming = 0;
  #gathering: (() => void) | undefined;

  constructor(sql: postgres.Sql, keys: KeyProvider, gatheringMs = usualGatheringMs) {
    this.#keys = keys;
    this.#gatheringMs = gatheringMs;
    // What comes while a statement runs goes into the next one.
    this.#rows = new DataLoader((rows: readonly Unsigned[]) => {
      const written = write(sql, signTogether(keys, rows));
      this.#writing = written.catch(() => undefined);
      return written;
    }, { cache: false, maxBatchSize: together, batchScheduleFn: (run) => void this.#writing.then(() => this.#gathered()).then(() => setImmediate(run)) });
  }

  /** A place for somebody who is about to have a receipt issued: the next signature waits for him a little. */
  expect(): ReceiptPlace {
    let waited = true;
    this.#coming += 1;
    const leave = (): void => {
      if (!waited) return;
      waited = false;
      this.#coming -= 1;
      if (this.#coming === 0) this.#gathering?.();
    };
    const issue: Receipts['issue'] = (...of) => {
      const issued = this.issue(...of);
      leave();
      return issued;
    };
    return { issue, leave };
  }

  /** Waits for those who are about to come, so that one signature serves them too. */
  #gathered(): Promise<void> | undefined {
    if (this.#coming === 0) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(late);
        this.#gathering = undefined;
        resolve();
      };
      const late = setTimeout(end, this.#gatheringMs);
      this.#gathering = end;
    });
  }

  /** Public keys by their id: what receipts are checked with. Uncompressed points in hex. */
  publicKeys(): readonly { readonly keyId: string; readonly publicKey: string }[] {
    return this.#keys.versions.map((version) => ({ keyId: String(version), publicKey: this.#keys.publicSm2(version) }));
  }

  /** Issues a receipt; it is kept when this resolves, and what was `used` with it. */
  async issue(assertion: Assertion, { question, answer }: Exchange, used: readonly Omit<Used, 'receipt'>[] = []): Promise<IssuedReceipt> {
    const [id, salt] = [randomUUID(), randomBytes(16).toString('base64url')];
    const document = canonicalText({ receipt: id, ...assertion, question: saltedDigest(salt, question), answer: saltedDigest(salt, answer) });
    const { at, consumer, department, matter, caseNo } = assertion;
    const { signed, signature, keyId } = await this.#rows.load({ id, document, at, consumer, department, matter, caseNo, used: used.map((one) => ({ ...one, receipt: id })) });
    return { id, document, signed, signature, keyId, salt };
  }
}

async function write(sql: postgres.Sql, rows: readonly Row[]): Promise<Receipt[]> {
  const column = <K extends keyof Row>(name: K) => rows.map((row) => row[name]);
  const used = rows.flatMap((row) => row.used);
  try {
    // Each waits for the disk, though the record of its answer, committed later, is on the disk only with all before it: that record is
    // written once more where the database was lost before it was taken, and the receipt would be lost by then.
    const kept = sql`
      insert into receipt (id, at, consumer_code, department_code, matter_code, case_no, document, signed, signature, key_id)
      select * from unnest(${column('id')}::uuid[], ${column('at')}::timestamptz[], ${column('consumer')}::text[], ${column('department')}::text[], ${column('matter')}::text[], ${column('caseNo') as string[]}::text[],
        ${column('document')}::text[], ${column('signed')}::text[], ${column('signature')}::text[], ${column('keyId')}::text[])`;
    await (used.length === 0 ? kept : sql`with kept as (${kept}) ${keeping(sql, JSON.stringify(used))}`);
    return [...rows];
  } catch (error) {
    throw safeError(error, 'keep receipts');
  }
}

/** Who may be shown a receipt: whoever asked, the department of the matter, and departments whose items were asked; the data authority any. */
export interface ReceiptReader {
  readonly department: string;
  readonly ofAuthority: boolean;
}

/** A receipt that is kept; undefined: there is none, or it is not this reader's to see, which looks the same. */
export async function receiptOf(sql: postgres.Sql, id: string, reader: ReceiptReader): Promise<Receipt | undefined> {
  try {
    const [row] = await sql<(Receipt & { entitled: boolean })[]>`
      select r.id, r.document, r.signed, r.signature, r.key_id as "keyId",
        ${reader.ofAuthority} or r.department_code = ${reader.department} or m.department_code = ${reader.department}
          or exists (select from jsonb_array_elements(r.document::jsonb -> 'facts') f where f -> 'departments' ? ${reader.department}) as entitled
      from receipt r left join matter m on m.code = r.matter_code where r.id = ${id}::uuid`;
    if (row === undefined || !row.entitled) return undefined;
    const { document, signed, signature, keyId } = row;
    return { id: row.id, document, signed, signature, keyId };
  } catch (error) {
    throw safeError(error, 'read a receipt');
  }
}
