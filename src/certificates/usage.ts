/**
 * Uses of certificates (用证记录): a copy made, its file taken, a copy checked; for whoever issued the certificate, and for the
 * department that provides the library of certificates. These have rows, which are only added to. What queries, look-ups, verifications and
 * feeds have read stands in the audit, with the certificates that each answer held, and is not written twice: it is told from there. What
 * they have read at a hub below has rows, as that hub tells of it.
 *
 * A use of a certificate that another hub has passed on is that hub's to know, whose issuer it is: with it is written, in one
 * statement, that it has to go up (sync/uses-up.ts). Answers go up from the audit, behind whoever is answered (sync/query-outbox.ts).
 */
import type postgres from 'postgres';
import type { ScopeFacts } from '../audit/record.ts';
import { HubError } from '../errors.ts';

/** COPY: an annotated copy was made (下载加注件). DOWNLOAD: its file was taken. CHECK: it was checked and found genuine (核验). QUERY: an answer at a hub below held it (查询). */
export const useModes = ['COPY', 'DOWNLOAD', 'CHECK', 'QUERY'] as const;
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
  /** Items of certificates that an answer delivered, where it is a QUERY; else none. */
  readonly items?: readonly string[];
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
export interface Use extends Omit<NewUse, 'recordId' | 'issuerCode' | 'told' | 'items'> {
  readonly id: string;
  readonly items: readonly string[];
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
      insert into certificate_use (at, certificate_identifier, issuer_code, mode, copy_id, consumer_code, department_code, operator, matter_code, case_no, cause, fields, items, result, told_by, told_key, told_from)
      values (${use.at}, ${use.certificateIdentifier}, ${use.issuerCode}, ${use.mode}, ${use.copyId}, ${use.consumer}, ${use.department}, ${use.operator}, ${use.matter}, ${use.caseNo}, ${use.cause}, ${use.fields as string[]}, ${[...use.items ?? []]}, ${use.result},
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
      u.operator, u.matter_code as matter, u.case_no as "caseNo", u.cause, u.fields, u.items, u.result, u.told_from as division
    from certificate_use u where (${provides} or u.issuer_code = (select d.uscc from department d where d.code = ${department}))
      ${certificateIdentifier === null ? sql`` : sql`and u.certificate_identifier = ${certificateIdentifier}`} ${after === null ? sql`` : sql`and u.id < ${after}::bigint`}
    order by u.id desc limit ${first + 1}`;
  return pageOf(rows, first, ({ id }) => id);
}

/** An answer that held a certificate, as the audit has it. */
export interface QueryUse {
  readonly at: string;
  readonly certificateIdentifier: string;
  readonly consumer: string | null;
  readonly department: string | null;
  readonly operator: string | null;
  readonly matter: string | null;
  readonly caseNo: string | null;
  /** Items of certificates that were delivered. */
  readonly items: readonly string[];
}

/**
 * Answers that held certificates which a department may know uses of, newest first; one certificate's, where one is named. An issuer is not
 * told of holders who are sealed.
 */
export async function queriesOf(sql: postgres.Sql, { department, provides }: UseReader, { certificateIdentifier, first, after }: { readonly certificateIdentifier: string | null; readonly first: number; readonly after: string | null }): Promise<UsePage<QueryUse>> {
  refusePage(first);
  const place = after === null ? null : await placeOf(sql, after);
  const named = certificateIdentifier === null ? null : await recordOf(sql, certificateIdentifier);
  // By whom they are about, where one is named that persons hold: of everybody there are few records. Walled off, as any search by subject.
  const source = named === null || named.keys.length === 0 ? sql`audit_record` : sql`(select * from audit_record where subjects && ${[...named.keys]}::text[] offset 0)`;
  const rows = await sql<(Omit<QueryUse, 'items' | 'consumer' | 'department' | 'matter'> & { record: string; body: string })[]>`
    select r.writer || '/' || r.seq || '/' || k.id as record, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.certificate_identifier as "certificateIdentifier", nullif(r.operator, '') as operator, nullif(r.case_no, '') as "caseNo", s.body
    from ${source} r join audit_scope s on s.id = r.scope cross join lateral unnest(string_to_array(r.certificates, ' ')) k(id)
    join lateral (select v.certificate_identifier, v.issuing_authority_code, v.holder_person_keys from certificate_version v where v.id = k.id::uuid order by v.version_id desc limit 1) c
      on ${provides} or (c.issuing_authority_code = (select d.uscc from department d where d.code = ${department}) and not exists (select from seal z where z.person_key = any(c.holder_person_keys)))
    where r.certificates is not null and r.outcome = 'OK' ${certificateIdentifier === null ? sql`` : sql`and k.id = any(${[...named?.ids ?? []]}::text[])`}
      ${place === null ? sql`` : sql`and (r.at, r.writer, r.seq, k.id::uuid) < (${place.at}::timestamptz, ${place.writer}::bigint, ${place.seq}::bigint, ${place.certificate}::uuid)`}
    order by r.at desc, r.writer desc, r.seq desc, k.id::uuid desc limit ${first + 1}`;
  const { nodes, ...page } = pageOf(rows, first, ({ record }) => record);
  return {
    ...page, nodes: nodes.map(({ at, certificateIdentifier: identifier, operator, caseNo, body }) => {
      const { consumer = null, department: of = null, matter = null, delivered = {} } = JSON.parse(body) as ScopeFacts;
      return { at, certificateIdentifier: identifier, consumer, department: of, operator, matter, caseNo, items: delivered['Certificate'] ?? [] };
    }),
  };
}

/** Records that bear an identifier, or bore it, and the keys of all who hold them or did. */
async function recordOf(sql: postgres.Sql, certificateIdentifier: string): Promise<{ readonly ids: readonly string[]; readonly keys: readonly string[] }> {
  const rows = await sql<{ id: string; keys: string[] | null }[]>`
    select distinct w.id::text as id, w.holder_person_keys as keys from certificate_version v join certificate_version w on w.id = v.id where v.certificate_identifier = ${certificateIdentifier}`;
  return { ids: [...new Set(rows.map(({ id }) => id))], keys: [...new Set(rows.flatMap(({ keys }) => keys ?? []))] };
}

interface Place {
  readonly at: string;
  readonly writer: string;
  readonly seq: string;
  readonly certificate: string;
}

async function placeOf(sql: postgres.Sql, after: string): Promise<Place> {
  const [, writer = '', seq = '', certificate = ''] = /^(\d{1,18})\/(\d{1,18})\/([0-9a-f-]{36})$/.exec(after) ?? unknownCursor();
  const [row] = await sql<{ at: string }[]>`select r.at::text as at from audit_chain c join audit_record r on r.month = c.month and r.writer = c.writer where c.writer = ${writer} and r.seq = ${seq}`;
  return row === undefined ? unknownCursor() : { at: row.at, writer, seq, certificate };
}

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
