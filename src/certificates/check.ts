/**
 * Checks a copy for anybody who holds the paper: is it genuine, and may it still be relied on? It says no more: nothing of the holder,
 * nothing of what the paper should say. A wrong code, a code of another certificate and one of a copy that never was are answered in the
 * same words for the same work; how often one certificate or copy is tried a minute has a limit.
 */
import { LRUCache } from 'lru-cache';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { isCodeOf, newCopyId, readCode } from './code.ts';
import type { CodeKeys, PrintedCode } from './code.ts';
import { writeUse } from './usage.ts';
import { validityOn } from './validity.ts';

/** What a check says. */
export type Verdict = 'VALID' | 'CERTIFICATE_NOT_VALID' | 'COPY_EXPIRED' | 'NOT_GENUINE';

/** A check's answer. */
export interface Checked {
  readonly verdict: Verdict;
  /** Genuine and not valid: the first civil day on which it is not, where that is known; null else. */
  readonly since: string | null;
}

/** What is checked. */
export interface Check {
  /** In its one form; null: the code alone says which copy it is. */
  readonly certificateIdentifier: string | null;
  readonly code: string;
  /** Who checks, where that is known. */
  readonly consumer: string | null;
  readonly department: string | null;
  readonly today: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly now: string;
}

/** What checking takes. */
export interface CheckParts {
  readonly sql: postgres.Sql;
  /** See `CopyParts.within`. */
  readonly within: string | null;
  readonly keys: CodeKeys & { readonly current: number };
}

/** Tries of one certificate or copy a minute, in each process. */
export const triesAMinute = 60;

interface CopyRow {
  readonly recordId: string;
  readonly identifier: string;
  readonly version: number;
  readonly expired: boolean;
  readonly expiresOn: string;
  readonly issuer: string | null;
}

/** See the head of this file. */
export class Checks {
  readonly #parts: CheckParts;
  readonly #tries = new LRUCache<string, { minute: number; count: number }>({ max: 50_000 });

  constructor(parts: CheckParts) {
    this.#parts = parts;
  }

  /** Checks; throws `RATE_LIMITED`. */
  async check(asked: Check): Promise<Checked> {
    const { sql, keys, within } = this.#parts;
    const { certificateIdentifier, consumer, department, today, now } = asked;
    const read = readCode(asked.code);
    // What has not the form of a code is looked for all the same: whoever tries learns nothing from how long it takes.
    const code: PrintedCode = read ?? { copyId: newCopyId(), mac: '0'.repeat(16) };
    this.#take(certificateIdentifier ?? `copy ${code.copyId}`, now);
    const [row] = await sql<CopyRow[]>`
      select c.record_id::text as "recordId", c.certificate_identifier as identifier, c.key_version as version, c.expires_at <= ${now} as expired, (c.expires_at at time zone 'Asia/Shanghai')::date::text as "expiresOn",
        (select u.issuer_code from certificate_use u where u.copy_id = c.id and u.mode = 'COPY' and u.told_by is null) as issuer
      from certificate_copy c where c.id = ${code.copyId}`;
    const isCode = isCodeOf(keys, code, row?.identifier ?? certificateIdentifier ?? '', row?.version ?? keys.current);
    if (row === undefined || !isCode || read === null || (certificateIdentifier !== null && certificateIdentifier !== row.identifier)) return { verdict: 'NOT_GENUINE', since: null };
    const checked = await this.#stands(row, today);
    await writeUse(sql, within, { recordId: row.recordId, at: now, certificateIdentifier: row.identifier, issuerCode: row.issuer, mode: 'CHECK', copyId: code.copyId, consumer, department, operator: null, matter: null, caseNo: null, cause: null, fields: [], result: checked.verdict });
    return checked;
  }

  async #stands({ recordId, expired, expiresOn }: CopyRow, today: string): Promise<Checked> {
    const validity = (await validityOn(this.#parts.sql, [recordId], today)).get(recordId);
    if (validity?.valid !== true) return { verdict: 'CERTIFICATE_NOT_VALID', since: validity?.since ?? null };
    return expired ? { verdict: 'COPY_EXPIRED', since: expiresOn } : { verdict: 'VALID', since: null };
  }

  #take(what: string, now: string): void {
    const minute = Math.floor(Date.parse(now) / 60_000);
    const known = this.#tries.get(what);
    const count = known?.minute === minute ? known.count + 1 : 1;
    this.#tries.set(what, { minute, count });
    if (count > triesAMinute) throw new HubError('RATE_LIMITED', `One certificate is checked ${triesAMinute} times a minute at most. Try again in a minute.`, { retryAfter: 60 });
  }
}
