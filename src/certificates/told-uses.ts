/**
 * Uses of certificates that a hub below tells of: of certificates that this hub has passed on to it. They stand here as its own do, for
 * whoever issued the certificate (usage.ts), and go on up where the certificate came from above.
 *
 * Answers that held a certificate there come as uses, too (QUERY), with the items that they delivered.
 *
 * A use comes under a key, and under the same key again it is known: at least once on the way is once here. Which certificate it is of is
 * said by whose word it is and under which key, as it was passed on; what the certificate is and who issued it is this hub's own to know.
 * Of a certificate that was never given to that hub nothing is taken, in the same words as of none. It tells for departments of its own
 * division, and is told nothing of anybody. Each use is judged by itself: one that is refused holds up no other.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { line, readForm } from '../identity/form.ts';
import { useModes, writeUse } from './usage.ts';

/** A use as a hub tells of it. */
export interface ToldUse {
  /** Under which it is known: a UUID. */
  readonly key: string;
  /** The certificate, as it was passed on: whose word, under which key of the department. */
  readonly source: string;
  readonly sourceKey: string;
  /** ISO 8601. */
  readonly at: string;
  readonly mode: string;
  readonly copyId?: string | null;
  readonly consumer?: string | null;
  readonly departmentCode?: string | null;
  readonly operator?: string | null;
  readonly operatorVerified: boolean;
  readonly matterCode?: string | null;
  readonly caseNo?: string | null;
  readonly cause?: string | null;
  readonly fields: readonly string[];
  /** Codes of items; of a QUERY only. */
  readonly items?: readonly string[];
  readonly result: string;
}

/** The hub that tells, and what taking takes. */
export interface TellingHub {
  /** Its application here. */
  readonly consumer: string;
  /** Its division, six digits, and how codes of departments begin that lie within: it tells for these alone. */
  readonly division: string;
  readonly departments: string;
}

/** What became of one, by its place in the call. */
export interface ToldOutcome {
  readonly index: number;
  readonly key: string;
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
  /** Why it is refused; null: it is not. */
  readonly reason: string | null;
  readonly field: string | null;
}

/** Uses of a call at most. */
export const mostTold = 200;

const maybe = (most: number) => line(most).nullish().transform((value) => value ?? null);
const form = z.object({
  key: z.uuid(), source: line(100), sourceKey: line(200), at: z.string(), mode: z.enum(useModes), copyId: maybe(40), consumer: maybe(100), departmentCode: maybe(100), operator: maybe(100),
  operatorVerified: z.boolean(), matterCode: maybe(100), caseNo: maybe(100), cause: maybe(200), fields: z.array(z.string().regex(/^[A-Za-z]{1,60}$/, 'is no name of a field')).max(50),
  items: z.array(line(40)).max(200).default([]), result: z.string().regex(/^[A-Z_]{1,40}$/, 'is none of the words for it'),
});

/** See the head of this file. `within`: see `CopyParts`. */
export async function takeUses({ sql, within }: { readonly sql: postgres.Sql; readonly within: string | null }, hub: TellingHub, uses: readonly ToldUse[]): Promise<readonly ToldOutcome[]> {
  if (uses.length === 0 || uses.length > mostTold) throw new HubError('PAGE_TOO_LARGE', `A call tells of 1 to ${mostTold} uses. Send the others in the next one.`, { limit: mostTold });
  return await sql.begin(async (tx) => {
    const certificates = await given(tx, hub, uses);
    const outcomes: ToldOutcome[] = [];
    for (const [index, use] of uses.entries()) outcomes.push({ index, key: use.key, ...await take(tx, within, hub, use, certificates[index] ?? null) });
    return outcomes;
  }) as readonly ToldOutcome[];
}

async function take(tx: postgres.TransactionSql, within: string | null, hub: TellingHub, told: ToldUse, certificate: Certificate | null): Promise<Became> {
  const use = read(told);
  if (use instanceof HubError) return refused(use.message);
  if (use.departmentCode !== null && !use.departmentCode.startsWith(hub.departments)) return refused(`A hub tells of what departments of its division ${hub.division} have done.`, 'departmentCode');
  if (certificate === null) return refused('No such certificate was given to this hub.', 'sourceKey');
  const { key, at, mode, copyId, consumer, operator, operatorVerified, caseNo, cause, fields, items, result } = use;
  const made = await writeUse(tx, within, {
    ...certificate, at, mode, copyId, consumer, department: use.departmentCode, operator: operator === null ? null : `${operatorVerified ? 'signed' : 'said'}:${operator}`, matter: use.matterCode, caseNo, cause, fields, items, result,
    told: { key, consumer: hub.consumer, division: hub.division },
  });
  return { status: made ? 'ACCEPTED' : 'DUPLICATE', reason: null, field: null };
}

type Became = Omit<ToldOutcome, 'index' | 'key'>;

const refused = (reason: string, field: string | null = null): Became => ({ status: 'REJECTED', reason, field });

function read(told: ToldUse): z.infer<typeof form> | HubError {
  try {
    return readForm(form, told, 'The use');
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}

interface Certificate {
  readonly recordId: string;
  readonly certificateIdentifier: string;
  readonly issuerCode: string | null;
}

/** The certificates that are meant, as this hub last knew them; null: it has given none such to that hub. */
async function given(tx: postgres.TransactionSql, { consumer }: TellingHub, uses: readonly ToldUse[]): Promise<readonly (Certificate | null)[]> {
  const rows = await tx<(Certificate & { readonly n: number })[]>`
    select asked.n::int as n, word.record_id::text as "recordId", known.identifier as "certificateIdentifier", known.issuer as "issuerCode"
    from unnest(${uses.map(({ source }) => source)}::text[], ${uses.map(({ sourceKey }) => sourceKey)}::text[]) with ordinality asked (source, key, n)
    join source_record word on word.record_type = 'Certificate' and word.source = asked.source and word.source_key = asked.key
    join feed_delivery given on given.consumer_code = ${consumer} and given.record_type = 'Certificate' and given.record_id = word.record_id
    cross join lateral (
      select certificate_identifier as identifier, issuing_authority_code as issuer from certificate_version version
      where version.id = word.record_id and certificate_identifier is not null order by recorded_to desc, effective_from desc limit 1) known`;
  const found = new Map(rows.map(({ n, ...certificate }) => [n - 1, certificate]));
  return uses.map((_use, index) => found.get(index) ?? null);
}
