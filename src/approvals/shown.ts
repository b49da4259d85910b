/**
 * Who may read what was decided, as it stands now: grants, territories, denials, seals, lists, citizens' portals, concealments.
 *
 * A steward of a providing department reads what concerns its own items; security administrators, auditors and stewards of the data
 * authority read all. Keys of persons and entities are never among it: of seals and lists the code and the words are told.
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import type { Catalog } from '../sharing/catalog.ts';
import type { Territory } from '../sharing/grant.ts';
import type { Administrator, Concealment } from '../sharing/terms.ts';
import type { WrittenTuple } from './form.ts';
import { grantVersion, territoryVersion } from './grant.ts';
import { knownConsumer } from './known.ts';

/** Who reads, and where. */
export interface ReadingDesk {
  readonly sql: postgres.Sql;
  readonly reader: Administrator;
  readonly catalog: Catalog;
}

export interface ShownGrant {
  readonly approvalNo: string;
  readonly consumer: string;
  /** Of the whole grant, lines that are not shown included. */
  readonly version: string;
  readonly tuples: readonly WrittenTuple[];
  readonly seals: readonly string[];
}

/** A part of a consumer's territory, with the version of the whole. */
export interface ShownTerritory extends Territory {
  readonly version: string;
}

export interface ShownDenial {
  readonly code: string;
  readonly consumer: string | null;
  readonly department: string | null;
  readonly item: string;
  readonly because: string;
}

/** The grants of a consumer by number; of those of other departments' items a steward sees nothing. */
export async function grantsOf(desk: ReadingDesk, consumer: string): Promise<readonly ShownGrant[]> {
  return reading(desk.sql, async (tx) => {
    await knownConsumer(tx, consumer);
    const rows = await tx<{ approvalNo: string; version: string; tuples: string; seals: string[] }[]>`
      select approval_no as "approvalNo", ${grantVersion(tx)} as version, tuples::text, seals from sharing_grant where consumer_code = ${consumer} order by approval_no collate "C"`;
    return rows.map(({ approvalNo, version, tuples, seals }): ShownGrant => ({
      approvalNo, consumer, version, seals: seesAll(desk.reader) ? seals : [], tuples: (JSON.parse(tuples) as WrittenTuple[]).filter(({ item }) => concerns(desk, item)),
    })).filter(({ tuples }) => seesAll(desk.reader) || tuples.length > 0);
  });
}

/** Where a consumer's records lie. */
export async function territoryOf({ sql }: ReadingDesk, consumer: string): Promise<readonly ShownTerritory[]> {
  return reading(sql, async (tx) => {
    await knownConsumer(tx, consumer);
    const [row] = await tx<{ territory: string; version: string | null }[]>`select territory::text, ${territoryVersion(tx)} as version from consumer where code = ${consumer}`;
    return (JSON.parse(row?.territory ?? '[]') as readonly Territory[]).map((own) => ({ ...own, version: row?.version ?? '' }));
  });
}

/** All denials by code; a steward sees those of his department's items. */
export async function denials(desk: ReadingDesk): Promise<readonly ShownDenial[]> {
  return reading(desk.sql, async (tx) => {
    const rows = await tx<ShownDenial[]>`select code, consumer_code as consumer, department_code as department, item, because from denial order by code collate "C"`;
    return rows.filter(({ item }) => concerns(desk, item));
  });
}

/** All seals by code: the reason, and nothing of whom they are about. */
export async function seals({ sql }: ReadingDesk): Promise<readonly { readonly code: string; readonly because: string }[]> {
  return reading(sql, async (tx) => [...await tx<{ code: string; because: string }[]>`select code, because from seal order by code collate "C"`]);
}

/** All citizens' portals by code. */
export async function citizenPortals(sql: postgres.Sql): Promise<readonly { readonly consumer: string; readonly client: string }[]> {
  return reading(sql, async (tx) => [...await tx<{ consumer: string; client: string }[]>`select code as consumer, citizen_portal as client from consumer where citizen_portal is not null order by code collate "C"`]);
}

export interface ShownConcealment extends Concealment {
  readonly legalBasis: string;
}

/** All concealments by code. */
export async function concealments(sql: postgres.Sql): Promise<readonly ShownConcealment[]> {
  return reading(sql, async (tx) => [...await tx<ShownConcealment[]>`
    select code, matter_code as matter, consumer_code as consumer, delay_days as "delayDays", until::text, legal_basis as "legalBasis" from concealment order by code collate "C"`]);
}

/** All lists by code. */
export async function subjectLists({ sql }: ReadingDesk): Promise<readonly { readonly code: string; readonly name: string }[]> {
  return reading(sql, async (tx) => [...await tx<{ code: string; name: string }[]>`select code, name from subject_list order by code collate "C"`]);
}

function seesAll({ ofAuthority }: Administrator): boolean {
  return ofAuthority;
}

function concerns({ reader, catalog }: ReadingDesk, item: string): boolean {
  return seesAll(reader) || catalog.item(item)?.ownerDepartment === reader.department;
}

async function reading<T>(sql: postgres.Sql, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  try {
    return await sql.begin('read only', work) as T;
  } catch (error) {
    throw safeError(error, 'read decisions');
  }
}
