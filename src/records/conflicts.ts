/**
 * Conflicts between sources (校核): a field that a source of this hub's own division tells otherwise than one that another hub passed on,
 * and what one source told twice in the same version and moment. Who wins is decided already (merge.ts); here it is noted, in the
 * transaction that writes, that somebody has to look. They are settled by themselves once the two agree again.
 *
 * Nothing is looked up of a record unless sources of both kinds have told it, which nearly none has. No values are noted.
 */
import type { RecordModel } from '../registries/record.ts';
import { golden } from './change.ts';
import type { Subject } from './change.ts';
import { compareVersions } from './merge.ts';
import type { SourceRecord } from './merge.ts';
import type { Session } from './tables.ts';
import { canonicalText, toldFields } from './timeline.ts';

/** What one source told in two ways. */
export interface Tie {
  readonly id: string;
  readonly kept: SourceRecord;
  readonly lost: SourceRecord;
}

/** How a batch is written. */
export interface Noting {
  /** ISO 8601. */
  readonly now: string;
  /** Another hub passed it on: what is told otherwise here is a conflict. Else those that are known are brought up to date. */
  readonly passedOn: boolean;
  readonly belongsHere: (source: string) => boolean;
}

/** A field that two sources tell otherwise. */
interface Found {
  readonly record_id: string;
  readonly field: string;
  readonly own_source: string;
  readonly own_version: string;
  readonly other_source: string;
  readonly other_version: string;
  readonly holds: string;
}

const told = 'json_to_recordset($2::text::json) told (record_id uuid, field text, own_source text, own_version text, other_source text, other_version text, holds text)';
const standing = "c.state in ('OPEN', 'KEPT', 'CHECKING')";
const same = 'told.record_id = c.record_id and told.field = c.field and told.own_source = c.own_source and told.other_source = c.other_source';

const settle = `update sync_conflict c set state = 'SETTLED', decided_at = $3::timestamptz where c.record_type = $1::text and c.record_id = any($4::uuid[]) and ${standing} and c.own_source <> c.other_source
  and not exists (select from ${told} where ${same})`;
/** What was kept stays so until either of the two tells something newer. */
const renew = `update sync_conflict c set own_version = told.own_version, other_version = told.other_version, holds = told.holds,
    state = case when c.state = 'KEPT' and (c.own_version, c.other_version) is distinct from (told.own_version, told.other_version) then 'OPEN' else c.state end
  from ${told} where c.record_type = $1::text and ${standing} and ${same} and (c.own_version, c.other_version, c.holds) is distinct from (told.own_version, told.other_version, told.holds)`;
const open = `insert into sync_conflict (record_type, record_id, field, own_source, own_version, other_source, other_version, holds, state, opened_at)
  select $1::text, told.record_id, told.field, told.own_source, told.own_version, told.other_source, told.other_version, told.holds, 'OPEN', $3::timestamptz from ${told} on conflict do nothing`;

/** Notes what is told otherwise of records that a batch has written, and settles what no longer is. */
export async function noteConflicts(session: Session, model: RecordModel, subjects: readonly Pick<Subject, 'id' | 'sources' | 'stored'>[], { now, passedOn, belongsHere }: Noting): Promise<void> {
  const looked: string[] = [];
  const found: Found[] = [];
  for (const subject of subjects) {
    if (subject.sources.size < 2 || subject.stored.size === 0) continue;
    const own = [...subject.sources.values()].filter(({ source }) => belongsHere(source));
    if (own.length === 0 || own.length === subject.sources.size) continue;
    looked.push(subject.id);
    found.push(...conflictsOf(model, subject, belongsHere));
  }
  if (looked.length === 0) return;
  const rows = JSON.stringify(found);
  await session.unsafe(settle, [model.type, rows, now, looked], { prepare: true });
  if (found.length === 0) return;
  await session.unsafe(renew, [model.type, rows], { prepare: true });
  if (passedOn) await session.unsafe(open, [model.type, rows, now], { prepare: true });
}

/** Notes what one source told in two ways, where nothing but chance decided. */
export async function noteTies(session: Session, model: RecordModel, ties: readonly Tie[], now: string): Promise<void> {
  const found = ties.flatMap(({ id, kept, lost }) => [...new Set([...toldFields(kept.values), ...toldFields(lost.values)])].filter((field) => !equal(kept, lost, field)).map((field) =>
    ({ record_id: id, field, own_source: kept.source, own_version: kept.version, other_source: kept.source, other_version: kept.version, holds: kept.source })));
  if (found.length > 0) await session.unsafe(open, [model.type, JSON.stringify(found), now], { prepare: true });
}

function conflictsOf(model: RecordModel, subject: Pick<Subject, 'id' | 'sources'>, belongsHere: Noting['belongsHere']): Found[] {
  const live = newestOf([...subject.sources.values()].filter(({ deleted }) => deleted !== true));
  const merged = golden(model, subject);
  return live.filter(({ source }) => belongsHere(source)).flatMap((own) => live.filter(({ source }) => !belongsHere(source)).flatMap((other) =>
    toldFields(own.values).filter((field) => other.values[field] !== undefined && !equal(own, other, field)).map((field): Found => ({
      record_id: subject.id, field, own_source: own.source, own_version: own.version, other_source: other.source, other_version: other.version,
      holds: (merged?.provenance.fields[field] ?? merged?.provenance)?.source ?? own.source,
    }))));
}

/** The newest word of each source: one may know a record by several keys. */
function newestOf(sources: readonly SourceRecord[]): readonly SourceRecord[] {
  const newest = new Map<string, SourceRecord>();
  for (const one of sources) {
    const other = newest.get(one.source);
    if (other === undefined || compareVersions(one.version, other.version) > 0) newest.set(one.source, one);
  }
  return [...newest.values()];
}

function equal(a: SourceRecord, b: SourceRecord, field: string): boolean {
  return canonicalText(a.values[field] ?? null) === canonicalText(b.values[field] ?? null);
}
