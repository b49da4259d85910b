/**
 * 批量比对: a file of claims is taken in, compared in the background, and its result fetched once.
 *
 * It takes what the judge allows in the mode BATCH, and a grant for every item that not everybody has: a provider's own right to its data
 * is none to compare lists. What was uploaded is kept until it is compared, chunk by chunk (comparison-run.ts); results hold lines and
 * verdicts, and are deleted once fetched or when their days are over. Nobody sees another's comparisons: they are not there.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { Scope } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { rowText } from '../files/csv.ts';
import type { Purpose } from '../identity/purpose.ts';
import { readClaimedFile } from './comparison-file.ts';
import type { ClaimedRow, FileForm } from './comparison-file.ts';
import { refuseFinds, withheldOf } from './judged.ts';
import type { Asker, ClaimFacts, ClaimsJudge, ClaimVerdict, JudgedClaims } from './judged.ts';

/** The coordinate at which comparing is judged; nobody asks there for a value. */
export const comparisonAt = 'Query.comparison';
/** How uploading and fetching stand in the audit. */
const uploading = 'POST /comparisons';
const fetching = 'GET /comparisons';

/** Types whose records are compared by their identifier. */
export const comparedTypes = ['Person', 'LegalEntity', 'Certificate'] as const;

/** Rows that are compared by one statement and kept by one transaction. */
export const rowsAtOnce = 500;
/** Comparisons that a consumer may have on their way, and files that a process takes in at once. */
const mostUnfinished = 5;
const mostReceived = 2;

/** What comparing needs of the hub. */
export interface ComparisonParts {
  readonly sql: postgres.Sql;
  readonly judge: ClaimsJudge;
  /** Without an audit nothing is compared. */
  readonly audit: Audit;
  /** Days for which a result is kept. */
  readonly keepDays: number;
  /** Somebody has uploaded something. */
  readonly uploaded?: () => void;
}

/** A comparison as its consumer sees it, and the contract tells it. */
export interface ComparisonShown {
  readonly id: string;
  readonly recordType: string;
  readonly claims: readonly string[];
  readonly matter: string | null;
  readonly state: 'RECEIVING' | 'WAITING' | 'RUNNING' | 'DONE' | 'STOPPED';
  readonly stopCode: string | null;
  readonly stopReason: string | null;
  readonly digest: string | null;
  readonly rows: number;
  readonly done: number;
  readonly refused: number;
  readonly matches: number;
  readonly mismatches: number;
  readonly noRecords: number;
  readonly notBefore: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly expiresAt: string;
  readonly fetchedAt: string | null;
  readonly deletedAt: string | null;
}

/** One row's result: a verdict for each claim of its line, null where nothing was claimed; or why it was refused. */
export type RowResult = readonly [line: number, verdicts: readonly (ClaimVerdict | null)[] | null, refused: string | null];

/** See the head of this file. */
export class Comparisons {
  readonly #parts: ComparisonParts;
  #receiving = 0;

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  /** Takes a file in. Throws what refuses it, and then nothing of it is kept. */
  async receive(body: AsyncIterable<Buffer>, form: FileForm, given: Asker): Promise<ComparisonShown> {
    const { sql, audit } = this.#parts;
    const asker = { ...given, purpose: batch(given.purpose) };
    if (this.#receiving >= mostReceived) throw new HubError('RATE_LIMITED', 'Other files are being taken in. Send this one in a few seconds.', { retryAfter: 5 });
    this.#receiving += 1;
    const id = randomUUID();
    let judged: JudgedClaims | null = null;
    try {
      await this.#refuseMany(asker);
      const types = comparedTypes.map((name) => this.#parts.judge.type(name));
      let n = 0;
      const facts = await readClaimedFile(body, form, types, asker.standing.catalog, async ({ type, claims }) => {
        const own = this.#parts.judge.judge(comparisonAt, type, claims, asker, () => 'the header');
        judged = own;
        refuseUngranted(own);
        await this.#begin(id, type.name, claims, asker);
        return {
          key: (text, at) => this.#parts.judge.key(type, text, asker.today, at),
          value: (place, text, at) => (own.question.claims[place] as JudgedClaims['question']['claims'][number]).read(text, at),
        };
      }, async (rows) => {
        await this.#keep(id, n, rows);
        n += 1;
      }, rowsAtOnce);
      // What cannot be written down is not begun.
      await audit.write(entryOf('MUTATION', uploading, asker, judgedFacts(judged), { request: id, outcome: 'OK', variables: facts.digest, rows: facts.rows }));
      await sql`update comparison set digest = ${facts.digest}, bytes = ${facts.bytes}, rows = ${facts.rows}, state = 'WAITING' where id = ${id}`;
      this.#parts.uploaded?.();
      return (await this.of(id, asker.caller.consumer)) as ComparisonShown;
    } catch (error) {
      await sql`delete from comparison where id = ${id}`.catch(() => undefined);
      if (error instanceof HubError && error.code !== 'AUDIT_UNAVAILABLE') await audit.write(entryOf('MUTATION', uploading, asker, judgedFacts(judged), { request: id, outcome: error.code, reason: error.code === 'BAD_INPUT' ? '' : error.message }));
      throw error instanceof HubError ? error : safeError(error, 'take a comparison in');
    } finally {
      this.#receiving -= 1;
    }
  }

  async #refuseMany({ caller }: Asker): Promise<void> {
    const [{ unfinished } = { unfinished: 0 }] = await this.#parts.sql<{ unfinished: number }[]>`select count(*)::integer as unfinished from comparison where consumer_code = ${caller.consumer} and state in ('RECEIVING', 'WAITING', 'RUNNING')`;
    if (unfinished >= mostUnfinished) throw new HubError('CONFLICT', `This application has ${unfinished} comparisons on their way. Wait until one is done (comparisons tells which).`, { limit: mostUnfinished });
  }

  async #begin(id: string, type: string, claims: readonly string[], { caller, purpose: { matter, operator }, now }: Asker): Promise<void> {
    const expires = new Date(Date.parse(now) + this.#parts.keepDays * 86_400_000).toISOString();
    await this.#parts.sql`insert into comparison (id, consumer_code, matter_code, operator, record_type, claims, state, created_at, expires_at)
      values (${id}, ${caller.consumer}, ${matter?.code ?? null}, ${operator === null ? '' : `${operator.verified ? 'signed' : 'said'}:${operator.code}`}, ${type}, ${JSON.stringify(claims)}::text::json, 'RECEIVING', ${now}, ${expires})`;
  }

  async #keep(id: string, n: number, rows: readonly ClaimedRow[]): Promise<void> {
    await this.#parts.sql`insert into comparison_chunk (comparison_id, n, rows, input) values (${id}, ${n}, ${rows.length}, ${JSON.stringify(rows)}::text::json)`;
  }

  /** One of a consumer's comparisons; null: it has none of this id. */
  async of(id: string, consumer: string): Promise<ComparisonShown | null> {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
    const [row] = await this.#shown(this.#parts.sql`id = ${id} and consumer_code = ${consumer}`, 1);
    return row ?? null;
  }

  /** A consumer's last comparisons, the newest first. */
  list(consumer: string, first: number): Promise<readonly ComparisonShown[]> {
    return this.#shown(this.#parts.sql`consumer_code = ${consumer}`, first);
  }

  async #shown(where: postgres.PendingQuery<postgres.Row[]>, first: number): Promise<readonly ComparisonShown[]> {
    const { sql } = this.#parts;
    const rows = await sql<(Omit<ComparisonShown, 'claims'> & { readonly claims: string })[]>`
      select id, record_type as "recordType", claims::text, matter_code as matter, state, stop_code as "stopCode", stop_reason as "stopReason", digest, rows, done, refused, matches, mismatches, no_records as "noRecords",
        ${iso(sql, 'not_before')} as "notBefore", ${iso(sql, 'created_at')} as "createdAt", ${iso(sql, 'finished_at')} as "finishedAt", ${iso(sql, 'expires_at')} as "expiresAt", ${iso(sql, 'fetched_at')} as "fetchedAt", ${iso(sql, 'deleted_at')} as "deletedAt"
      from comparison where ${where} order by created_at desc, id limit ${first}`;
    return rows.map((row) => ({ ...row, claims: JSON.parse(row.claims) as string[] }));
  }

  /**
   * The result, as CSV or JSON Lines, once: whoever has taken it to its end finds nothing there any more. Throws `CONFLICT` where it is not
   * done, or was fetched; `BAD_INPUT` where there is none.
   */
  async fetch(id: string, format: FileForm['format'], { caller, standing, purpose, now }: Pick<Asker, 'caller' | 'standing' | 'purpose' | 'now'>): Promise<AsyncIterable<string>> {
    const { sql, audit } = this.#parts;
    const found = await this.of(id, caller.consumer);
    if (found === null) throw new HubError('BAD_INPUT', 'This application has no such comparison. comparisons lists its own.');
    if (found.state !== 'DONE' && found.state !== 'STOPPED') throw new HubError('CONFLICT', `The comparison is not done: ${found.done} of ${found.rows} rows are. Ask comparison(id) when it is.`);
    const claimed = await sql`update comparison set fetched_at = ${now} where id = ${id} and fetched_at is null and deleted_at is null returning 1`;
    if (claimed.length === 0) throw new HubError('CONFLICT', found.deletedAt !== null && found.fetchedAt === null ? 'The result was kept for its days and is deleted. Upload the file again.' : 'The result was fetched, and is given once. Upload the file again.');
    try {
      await audit.write(entryOf('QUERY', fetching, { caller, standing, purpose: batch(purpose), now }, {}, { request: randomUUID(), outcome: 'OK', variables: audit.digest(id) }));
    } catch (error) {
      await this.#unfetched(id);
      throw error;
    }
    return this.#results(found, format);
  }

  async *#results({ id, claims }: ComparisonShown, format: FileForm['format']): AsyncIterable<string> {
    const { sql } = this.#parts;
    let whole = false;
    try {
      if (format === 'csv') yield rowText(['line', ...claims, 'refused']);
      for (let n = 0; ; n += 1) {
        const [chunk] = await sql<{ result: string | null }[]>`select result::text from comparison_chunk where comparison_id = ${id} and n = ${n}`;
        if (chunk === undefined) break;
        // A comparison that was stopped has chunks without a result.
        if (chunk.result !== null) yield (JSON.parse(chunk.result) as RowResult[]).map((row) => (format === 'csv' ? csvRow(row, claims) : jsonRow(row, claims))).join('');
      }
      whole = true;
    } finally {
      // Who has not got all of it has not got it.
      if (whole) await this.#forget(id);
      else await this.#unfetched(id).catch(() => undefined);
    }
  }

  async #unfetched(id: string): Promise<void> {
    await this.#parts.sql`update comparison set fetched_at = null where id = ${id}`;
  }

  async #forget(id: string): Promise<void> {
    const { sql } = this.#parts;
    await sql.begin(async (tx) => {
      await tx`delete from comparison_chunk where comparison_id = ${id}`;
      await tx`update comparison set deleted_at = fetched_at where id = ${id}`;
    });
  }
}

const iso = (sql: postgres.Sql, column: string) => sql`to_char(${sql(column)} at time zone interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"')`;

/** Comparing is of the mode BATCH, and of no case: a list of subjects is not a case's. */
function batch(purpose: Purpose): Purpose {
  if (purpose.problem !== null) throw purpose.problem;
  if (purpose.caseNo !== null || purpose.behalf !== null) throw new HubError('PURPOSE_REFUSED', 'Lists are compared under a matter and under no case: leave Hub-Case and Hub-Behalf out.');
  return { ...purpose, mode: 'BATCH' };
}

/** Refuses what may not be compared: all of the columns, or nothing. */
export function refuseUngranted(judged: JudgedClaims): void {
  refuseFinds(judged);
  const withheld = judged.question.claims.flatMap((_claim, place) => withheldOf(judged, place) ?? []);
  const [first] = withheld;
  if (first !== undefined) throw new HubError('FIELD_NOT_SHARED', `${first.at} may not be verified in lists: ${first.because}`, { ...first, withheld });
  const [item] = judged.withoutGrant;
  if (item !== undefined) throw new HubError('FIELD_NOT_SHARED', `Lists are compared under a grant for every item that not everybody has, and there is none in the mode BATCH for ${judged.withoutGrant.join(', ')}.`, { item, apply: `Apply for ${item} in the mode BATCH with the use VERIFY.` });
}

/** A record of the audit about a comparison. */
export function entryOf(kind: 'QUERY' | 'MUTATION', root: string, { caller, standing, purpose: { matter, operator }, now }: Pick<Asker, 'caller' | 'standing' | 'purpose' | 'now'>, facts: Partial<ClaimFacts>, own: { readonly request: string; readonly outcome: string; readonly reason?: string; readonly variables?: string; readonly rows?: number; readonly subjects?: readonly string[]; readonly certificates?: readonly string[]; readonly micros?: number }) {
  const { quotas: _quotas, personal: _personal, ...told } = facts;
  return {
    at: Date.parse(now), operator: operator === null ? '' : `${operator.verified ? 'signed' : 'said'}:${operator.code}`, caseNo: '', reference: '', policy: standing.version,
    reason: '', variables: '', rows: 0, subjects: [], micros: 0, ...own,
    scope: new Scope({ kind, consumer: caller.consumer, department: caller.department, ...(matter === null ? {} : { matter: matter.code }), mode: 'BATCH', document: '', roots: [root], ...told }),
  };
}

/** Nobody was given anything by an upload: what it is judged by is told, and what will be delivered is not. */
function judgedFacts(judged: JudgedClaims | null): Partial<ClaimFacts> {
  if (judged === null) return {};
  const { facts: { by, withheld, refused } } = judged;
  return { by, ...(withheld === undefined ? {} : { withheld }), ...(refused === undefined ? {} : { refused }) };
}

function csvRow([line, verdicts, refused]: RowResult, claims: readonly string[]): string {
  return rowText([String(line), ...claims.map((_claim, place) => verdicts?.[place] ?? ''), refused ?? '']);
}

function jsonRow([line, verdicts, refused]: RowResult, claims: readonly string[]): string {
  return `${JSON.stringify({ line, ...Object.fromEntries(verdicts === null ? [] : claims.flatMap((claim, place) => ((verdicts[place] ?? null) === null ? [] : [[claim, verdicts[place]]]))), ...(refused === null ? {} : { refused }) })}\n`;
}

