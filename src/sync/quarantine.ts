/**
 * What of a feed could not be taken: kept with its reason and as it came, tried again a few times by itself, then left to a person.
 *
 * One row for each source record, however often it comes. A version that could be taken later takes an older one out of here. Texts hold
 * values of records: lists tell none, and one is shown only to whoever has the machine, or corrects that one entry (and the audit says so).
 */
import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { compareVersions } from '../records/merge.ts';
import type { RegistryName } from '../registries/record.ts';
import type { Malformed } from './city.ts';
import { readEntry } from './envelope.ts';
import type { Incoming } from './apply.ts';

type Session = postgres.Sql | postgres.TransactionSql;

/** Tries by itself before somebody has to look. */
export const mostTries = 5;
/** Rows that are tried again in one transaction. */
const atOnce = 1000;
/** Milliseconds before the second try; then twice as long each time. */
const firstWaitMs = 2000;

/** One row. Moments are ISO 8601. */
export interface Quarantined {
  readonly code: string;
  readonly registry: RegistryName;
  readonly recordType: string | null;
  readonly source: string | null;
  readonly sourceKey: string | null;
  readonly field: string;
  readonly reason: string;
  readonly raw: string;
  readonly tries: number;
  readonly state: 'WAITING' | 'POISONED';
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly editedBy: string | null;
}

/** What is put here. */
export interface Setting extends Pick<Malformed, 'cursor' | 'type' | 'source' | 'key' | 'field' | 'reason' | 'raw'> {
  /** The record's id at the upper hub. */
  readonly cityId: string | null;
  /** It waits for another record, however long that takes: nobody has to look. */
  readonly waits?: true | undefined;
}

const columns = `code, registry, record_type as "recordType", source, source_key as "sourceKey", field, reason, raw, tries, state, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", edited_by as "editedBy"`;

/** The name of a source record here. */
export function codeOf(registry: RegistryName, type: string | null, source: string | null, key: string | null, raw: string): string {
  const named = type === null || source === null || key === null ? { raw } : { type, source, key };
  return createHash('sha256').update(JSON.stringify({ registry, ...named })).digest('hex').slice(0, 24);
}

/** A source's word with all that it takes to read it again: `shown` is what the upper hub showed then. */
export function rawOf({ entry, source, shown }: Incoming): string {
  return JSON.stringify({ ...entry, sources: [source], shown });
}

/** Puts things here; what is here already has come, or been tried, once more. */
export async function setAside(tx: Session, registry: RegistryName, settings: readonly Setting[], now: string): Promise<void> {
  if (settings.length === 0) return;
  const rows = new Map(settings.map((one) => [codeOf(registry, one.type, one.source, one.key, one.raw), one]));
  const sent = [...rows].map(([code, { type, cityId, source, key, cursor, field, reason, raw, waits = false }]) => ({ code, record_type: type, city_id: cityId, source, source_key: key, cursor, field, reason, raw, waits }));
  await tx`
    insert into sync_quarantine as kept (code, registry, record_type, city_id, source, source_key, cursor, field, reason, raw, waits, tries, state, first_seen_at, last_seen_at, next_try_at)
    select code, ${registry}, record_type, city_id, source, source_key, cursor, field, reason, raw, waits, 1, 'WAITING', ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz + case when waits then 0 else ${firstWaitMs}::int end * interval '1 millisecond'
    from json_to_recordset(${JSON.stringify(sent)}::text::json) sent (code text, record_type text, city_id text, source text, source_key text, cursor text, field text, reason text, raw text, waits boolean)
    on conflict (code) do update set
      -- The same text again counts as a try; another one begins anew.
      tries = case when kept.raw = excluded.raw or kept.edited_by is not null then kept.tries + 1 else 1 end,
      state = case when (kept.raw = excluded.raw or kept.edited_by is not null) and kept.tries + 1 >= ${mostTries}::int and not excluded.waits then 'POISONED' else 'WAITING' end,
      next_try_at = ${now}::timestamptz + least(power(2, kept.tries), 64) * ${firstWaitMs}::int * interval '1 millisecond',
      raw = excluded.raw, waits = excluded.waits, field = excluded.field, reason = excluded.reason, cursor = excluded.cursor, last_seen_at = excluded.last_seen_at`;
}

/** Takes out of here what has been taken since, in this version or a later one. */
export async function release(tx: Session, registry: RegistryName, taken: readonly Incoming[]): Promise<void> {
  const [any] = await tx`select 1 from sync_quarantine where registry = ${registry} limit 1`;
  if (any === undefined) return;
  const byCode = new Map(taken.map((one) => [codeOf(registry, one.entry.type, one.source.source, one.source.key, ''), one.source.version]));
  const held = await tx<{ code: string; raw: string }[]>`select code, raw from sync_quarantine where code = any(${[...byCode.keys()]}::text[])`;
  const older = held.filter(({ code, raw }) => {
    const version = versionIn(raw);
    return version === null || compareVersions(byCode.get(code) ?? '', version) >= 0;
  });
  if (older.length > 0) await tx`delete from sync_quarantine where code = any(${older.map(({ code }) => code)}::text[])`;
}

function versionIn(raw: string): string | null {
  const version = (JSON.parse(raw) as { sources?: { version?: unknown }[] }).sources?.[0]?.version;
  return typeof version === 'string' ? version : null;
}

/** Rows whose time to be tried again has come, kept from everybody else until the transaction ends. `codes`: these, whatever their time. */
export async function takeDue(tx: Session, registry: RegistryName, now: string, codes: readonly string[] | null = null): Promise<readonly Quarantined[]> {
  return codes === null
    ? tx.unsafe<Quarantined[]>(`select ${columns} from sync_quarantine where registry = $1 and state = 'WAITING' and next_try_at <= $2::timestamptz order by next_try_at limit ${atOnce} for update skip locked`, [registry, now], { prepare: true })
    : tx.unsafe<Quarantined[]>(`select ${columns} from sync_quarantine where registry = $1 and code = any($2::text[]) for update`, [registry, codes as string[]], { prepare: true });
}

/** A row as it came in, or what is wrong with its form. */
export function readAgain({ raw }: Pick<Quarantined, 'raw'>): Incoming | Pick<Malformed, 'field' | 'reason'> {
  const malformed: Malformed[] = [];
  const sent = jsonOf(raw) as { readonly shown?: unknown } | null;
  const entry = readEntry(sent, malformed);
  const [source] = entry?.sources ?? [];
  if (entry === null || source === undefined) return malformed[0] ?? { field: 'sources', reason: 'is missing' };
  return { entry, source, shown: Array.isArray(sent?.shown) ? sent.shown.filter((one) => typeof one === 'string') : [] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Takes a row out of here, whatever it holds. */
export async function discard(tx: Session, codes: readonly string[]): Promise<void> {
  if (codes.length > 0) await tx`delete from sync_quarantine where code = any(${[...codes]}::text[])`;
}

/** What is here: a registry's, or all; in one state, or in both, those that wait for somebody first. */
export async function listQuarantine(sql: Session, registry: RegistryName | null, most = 100, state: Quarantined['state'] | null = null): Promise<readonly Quarantined[]> {
  return sql.unsafe<Quarantined[]>(
    `select ${columns} from sync_quarantine where ($1::text is null or registry = $1) and ($2::text is null or state = $2) order by state, last_seen_at desc, code limit ${Math.trunc(most)}`, [registry, state], { prepare: true });
}

/** One row by its name. Throws `BAD_INPUT` where there is none. */
export async function quarantined(sql: Session, code: string): Promise<Quarantined> {
  const [row] = await sql.unsafe<Quarantined[]>(`select ${columns} from sync_quarantine where code = $1`, [code], { prepare: true });
  if (row === undefined) throw new HubError('BAD_INPUT', `Nothing in the quarantine is called ${code}: it may have been taken since. \`hub sync quarantine list\`, or quarantinedEntries, tells what is there.`);
  return row;
}

/** How many wait to be tried again, and how many for somebody who looks at them, by registry. */
export async function countQuarantine(sql: Session): Promise<ReadonlyMap<string, { readonly waiting: number; readonly poisoned: number }>> {
  const rows = await sql<{ registry: string; waiting: number; poisoned: number }[]>`
    select registry, (count(*) filter (where state = 'WAITING'))::int as waiting, (count(*) filter (where state = 'POISONED'))::int as poisoned from sync_quarantine group by registry`;
  return new Map(rows.map(({ registry, waiting, poisoned }) => [registry, { waiting, poisoned }]));
}

/**
 * Puts another text in the place of a row's, to be tried at once. Throws `BAD_INPUT` where it is none that could be read, or is about
 * another record than the row: whoever corrects an entry does not tell others.
 */
export async function editQuarantined(sql: Session, code: string, text: string, by: string, now: string): Promise<Quarantined> {
  const read = readAgain({ raw: text });
  if ('reason' in read) throw new HubError('BAD_INPUT', `The text cannot be read as an entry of the feed: ${read.field} ${read.reason}. Take the one that \`hub sync quarantine list --raw ${code}\`, or quarantinedText, tells, and change what is wrong with it.`);
  const { registry, recordType, source, sourceKey } = await quarantined(sql, code);
  const told = codeOf(registry, read.entry.type, read.source.source, read.source.key, '');
  if (told !== codeOf(registry, recordType ?? read.entry.type, source ?? read.source.source, sourceKey ?? read.source.key, '')) throw new HubError('BAD_INPUT', `${code} is about another record: leave its type, source and key as they came, and change its values.`);
  const [row] = await sql.unsafe<Quarantined[]>(
    `update sync_quarantine set raw = $2, tries = 0, state = 'WAITING', next_try_at = $4::timestamptz, edited_by = $3 where code = $1 returning ${columns}`, [code, text, by, now]);
  return row ?? quarantined(sql, code);
}
