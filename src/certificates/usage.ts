/**
 * Uses of certificates (用证记录): a copy made, its file taken, a copy checked; for whoever issued the certificate, and for the
 * department that provides the library of certificates. Uses that name a certificate have rows, which are only added to. What queries and
 * look-ups have read stands in the audit and is not written twice: it is told from there, to the providing department, and
 * by holder, because the audit knows whose data an answer held, and no values.
 *
 * A use of a certificate that another hub has passed on is that hub's to know, whose issuer it is: with it is written, in one
 * statement, that it has to go up (sync/uses-up.ts).
 */
import type postgres from 'postgres';
import { searchAudit } from '../audit/search.ts';
import { HubError } from '../errors.ts';

/** COPY: an annotated copy was made (下载加注件). DOWNLOAD: its file was taken. CHECK: it was checked and found genuine (核验). */
export const useModes = ['COPY', 'DOWNLOAD', 'CHECK'] as const;
export type UseMode = (typeof useModes)[number];

/** A use, as it is written down. */
export interface NewUse {
  /** The certificate's record. */
  readonly recordId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly certificateIdentifier: string;
  /** Unified social credit code of the issuing authority. */
  readonly issuerCode: string | null;
  readonly mode: UseMode;
  readonly copyId: string | null;
  readonly consumer: string | null;
  readonly department: string | null;
  readonly operator: string | null;
  readonly matter: string | null;
  readonly caseNo: string | null;
  readonly cause: string | null;
  readonly fields: readonly string[];
  readonly result: string;
  /** The hub below that tells of it; absent: it was here. */
  readonly told?: ToldBy;
}

/** A hub that tells of a use at its own: its application here, its division, and the key under which it does. */
export interface ToldBy {
  readonly consumer: string;
  readonly division: string;
  /** A UUID. */
  readonly key: string;
}

/** A use, as it is told. */
export interface Use extends Omit<NewUse, 'recordId' | 'issuerCode' | 'told'> {
  readonly id: string;
  /** Division of the hub that told of it, six digits; null: it was here. */
  readonly division: string | null;
}

/** Who asks: a department, by an application or a steward. */
export interface UseReader {
  readonly department: string;
  /** It provides the items of certificates. */
  readonly provides: boolean;
}

/** A page of uses, those first that this hub has learned of last. */
export interface UsePage<U> {
  readonly nodes: readonly U[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Uses of a page at most. */
const most = 200;

/**
 * Writes a use down, in the transaction of what it is a use of, and that it has to go up where another hub has told of the certificate:
 * a source whose code does not begin with `within`; null: there is no hub above. False: it was told under this key before.
 */
export async function writeUse(tx: postgres.Sql | postgres.TransactionSql, within: string | null, use: NewUse): Promise<boolean> {
  const [{ made } = { made: 0 }] = await tx<{ made: number }[]>`
    with made as (
      insert into certificate_use (at, certificate_identifier, issuer_code, mode, copy_id, consumer_code, department_code, operator, matter_code, case_no, cause, fields, result, told_by, told_key, told_from)
      values (${use.at}, ${use.certificateIdentifier}, ${use.issuerCode}, ${use.mode}, ${use.copyId}, ${use.consumer}, ${use.department}, ${use.operator}, ${use.matter}, ${use.caseNo}, ${use.cause}, ${use.fields as string[]}, ${use.result},
        ${use.told?.consumer ?? null}, ${use.told?.key ?? null}, ${use.told?.division ?? null})
      on conflict (told_by, told_key) where told_by is not null do nothing returning id),
    above as (
      insert into certificate_use_up (use_id, source, source_key)
      select made.id, word.source, word.source_key from made cross join lateral (
        select source, source_key from source_record where record_type = 'Certificate' and record_id = ${use.recordId} and not starts_with(source, ${within}) order by deleted, source, source_key limit 1) word)
    select count(*)::int as made from made`;
  return made > 0;
}

/** Uses that a department may know of: of certificates that it issued, or of all, where it provides them. One certificate's, where one is named. */
export async function usesOf(sql: postgres.Sql, { department, provides }: UseReader, { certificateIdentifier, first, after }: { readonly certificateIdentifier: string | null; readonly first: number; readonly after: string | null }): Promise<UsePage<Use>> {
  refusePage(first);
  if (after !== null && !/^\d{1,18}$/.test(after)) throw new HubError('CURSOR_UNKNOWN', 'after is no cursor of this list. Start again without it.');
  const rows = await sql<Use[]>`
    select u.id::text as id, to_char(u.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, u.certificate_identifier as "certificateIdentifier", u.mode, u.copy_id as "copyId", u.consumer_code as consumer, u.department_code as department,
      u.operator, u.matter_code as matter, u.case_no as "caseNo", u.cause, u.fields, u.result, u.told_from as division
    from certificate_use u where (${provides} or u.issuer_code = (select d.uscc from department d where d.code = ${department}))
      ${certificateIdentifier === null ? sql`` : sql`and u.certificate_identifier = ${certificateIdentifier}`} ${after === null ? sql`` : sql`and u.id < ${after}::bigint`}
    order by u.id desc limit ${first + 1}`;
  return pageOf(rows, first, ({ id }) => id);
}

/** An answer that held certificates of a holder of this one, as the audit has it. */
export interface QueryUse {
  readonly at: string;
  readonly consumer: string | null;
  readonly department: string | null;
  readonly operator: string | null;
  readonly matter: string | null;
  readonly caseNo: string | null;
  /** Items of certificates that were delivered. */
  readonly items: readonly string[];
}

/**
 * Answers that held certificates of a person who holds this one, newest first, for whoever provides certificates. Which of his
 * certificates they were the audit does not know. Of certificates that no person holds nothing is told: reference data have no subjects there.
 */
export async function queriesOf(sql: postgres.Sql, { provides }: UseReader, { certificateIdentifier, first, after }: { readonly certificateIdentifier: string; readonly first: number; readonly after: string | null }): Promise<UsePage<QueryUse>> {
  if (!provides) throw new HubError('FORBIDDEN', 'What queries have read of certificates is told to the department that provides them. `certificateUses` tells an issuer of copies and checks of its own.');
  refusePage(first);
  const [holders] = await sql<{ keys: string[] | null }[]>`select holder_person_keys as keys from certificate where certificate_identifier = ${certificateIdentifier}`;
  const keys = holders?.keys ?? [];
  // One holder at a time: a cursor says whose list it is in, by the place of his key.
  const [, place = '0', id = null] = after === null ? [] : /^(\d{1,3})\|(\d{1,18}\/\d{1,18})?$/.exec(after) ?? unknownCursor();
  const found: { readonly use: QueryUse; readonly cursor: string }[] = [];
  for (let at = Number(place), from = id; at < keys.length; at += 1, from = null) {
    for (;;) {
      const page = await searchAudit(sql, { subject: keys[at] ?? null, item: certificates, outcome: 'OK', first: most, after: from });
      for (const { id: own, at: moment, operator, caseNo, scope } of page.records) {
        from = own;
        const items = scope.delivered?.['Certificate'] ?? [];
        if (items.length > 0) found.push({ cursor: `${at}|${own}`, use: { at: new Date(moment).toISOString(), consumer: scope.consumer ?? null, department: scope.department ?? null, operator: operator === '' ? null : operator, matter: scope.matter ?? null, caseNo: caseNo === '' ? null : caseNo, items } });
        if (found.length > first) break;
      }
      if (!page.more || found.length > first) break;
    }
    if (found.length > first) break;
  }
  const { nodes, ...rest } = pageOf(found, first, ({ cursor }) => cursor);
  return { nodes: nodes.map(({ use }) => use), ...rest };
}

/** The item that such a record exists: who delivers anything of certificates delivers it. */
const certificates = 'ZZ-0100';

function unknownCursor(): never {
  throw new HubError('CURSOR_UNKNOWN', 'after is no cursor of this list. Start again without it.');
}

function refusePage(first: number): void {
  if (first < 1 || first > most) throw new HubError('PAGE_TOO_LARGE', `first is 1 to ${most}. Ask for the next page with after.`, { limit: most });
}

function pageOf<R>(rows: readonly R[], first: number, cursor: (row: R) => string): UsePage<R> {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return { nodes, endCursor: last === undefined ? null : cursor(last), hasNextPage: rows.length > first };
}
