/**
 * Entries of the upper hub's feed → claims → records, inside the transaction of whoever took them.
 *
 * A source whose home is this hub is not taken. What the upper hub does not show is not told: such a field keeps what is known of it, and
 * only a field that is shown, and that the source does not tell, is told no more. What cannot be taken is given back with its reason,
 * and everything else is written.
 */
import type postgres from 'postgres';
import { HubError } from '../errors.ts';
import { compareVersions } from '../records/merge.ts';
import { lockType } from '../records/tables.ts';
import type { KeptSource } from '../records/tables.ts';
import type { Values } from '../records/timeline.ts';
import { writeEach } from '../records/write-each.ts';
import type { EachOutcome } from '../records/write-each.ts';
import { lookUp } from '../records/write.ts';
import type { SourceClaim, WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import type { ChangeEntry, PassedOn } from './city.ts';
import { belongsHere } from './home.ts';
import type { Refused, ValueReader } from './reading.ts';
import { referredFirst } from './references.ts';

/** What one source tells in one entry. */
export interface Incoming {
  readonly entry: Omit<ChangeEntry, 'sources'>;
  readonly source: PassedOn;
  /** Fields of the entry's type that the upper hub shows at all. */
  readonly shown: readonly string[];
}

/** What taking needs to know. */
export interface Taking {
  readonly registry: RegistryName;
  readonly types: ReadonlyMap<string, RecordType>;
  readonly division: string;
  readonly reader: ValueReader;
  /** Each claim by itself, so that one that breaks a statement is found: slow, and for pages that failed before. */
  readonly isolate: boolean;
}

/** What became of what came in. */
export interface Taken {
  readonly taken: readonly Incoming[];
  /** What was known in a newer version. */
  readonly stale: readonly Incoming[];
  readonly refused: readonly (Refused & { readonly incoming: Incoming })[];
  /** Source records that were there and are no more, because they are gone where they came from. */
  readonly deletions: number;
  /** Values that this hub has no field for. */
  readonly unknown: readonly { readonly incoming: Incoming; readonly values: Values }[];
}

interface Group {
  readonly type: RecordType;
  readonly source: string;
  readonly incoming: Incoming[];
}

/** One claim on its way. */
interface Read {
  readonly incoming: Incoming;
  readonly values: Values;
}

/** `Taken` while it grows. */
interface Result {
  readonly taken: Incoming[];
  readonly stale: Incoming[];
  readonly refused: (Refused & { readonly incoming: Incoming })[];
  deletions: number;
  readonly unknown: { readonly incoming: Incoming; readonly values: Values }[];
}

type Tx = postgres.TransactionSql;

/** Takes what came in, in its order. Whatever fails but for a claim's own sake fails it all. */
export async function takeIncoming(context: WriteContext, tx: Tx, taking: Taking, incoming: readonly Incoming[]): Promise<Taken> {
  const result: Result = { taken: [], stale: [], refused: [], deletions: 0, unknown: [] };
  const groups = new Map<string, Group>();
  for (const one of incoming) {
    if (belongsHere(taking.division, one.source.source)) continue;
    const type = taking.types.get(one.entry.type);
    if (type?.model.registry !== taking.registry) {
      result.refused.push({ incoming: one, field: 'type', reason: `is no record type of ${taking.registry} here`, missing: false });
      continue;
    }
    const name = `${type.name} ${one.source.source}`;
    const group = groups.get(name) ?? { type, source: one.source.source, incoming: [] };
    groups.set(name, group);
    group.incoming.push(one);
  }
  // Always in one order, so that two writers never wait for each other.
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  for (const type of new Set(sorted.map((group) => group.type))) await lockType(tx, type.model);
  for (const group of sorted) await takeGroup({ ...context, origin: 'city' }, tx, taking, group, result);
  return result;
}

async function takeGroup(context: WriteContext, tx: Tx, { reader, isolate }: Taking, { type, source, incoming }: Group, result: Result): Promise<void> {
  const visibleOf = fieldsSeen();
  const read: Read[] = [];
  for (const one of incoming) {
    if (one.source.deleted) {
      read.push({ incoming: one, values: {} });
      continue;
    }
    const told = reader.read(type, one.source.values, visibleOf(one));
    if ('reason' in told) {
      result.refused.push({ incoming: one, ...told });
      continue;
    }
    if (told.unknown !== null) result.unknown.push({ incoming: one, values: told.unknown });
    read.push({ incoming: one, values: told.values });
  }
  const before = await lookUp(tx, type.model, source, read.map(({ incoming: { source: { key } }, values }) => ({ key, values })), context.today);
  const last = new Map<string, Pick<KeptSource, 'version' | 'values' | 'deleted'>>(before.kept.map((one) => [one.key, one]));
  const claims: { readonly incoming: Incoming; readonly claim: SourceClaim }[] = [];
  let deletions = 0;
  for (const { incoming: one, values } of read) {
    const kept = last.get(one.source.key);
    const claim = claimOf(one, values, kept, visibleOf(one));
    if (lacksKey(type, one, claim, kept, visibleOf(one))) {
      result.refused.push({ incoming: one, field: type.model.key ?? '', reason: 'is missing: it names the record', missing: true });
      continue;
    }
    if (kept === undefined || compareVersions(claim.version, kept.version) >= 0) {
      if (claim.deleted === true && kept !== undefined && kept.deleted !== true && one.entry.kind !== 'RIGHT_LOST') deletions += 1;
      if (one.entry.kind !== 'CORRECTION') last.set(one.source.key, { version: claim.version, values: claim.values, deleted: claim.deleted === true });
    }
    claims.push({ incoming: one, claim });
  }
  const { ready, waiting } = await referredFirst(tx, type.model, claims, ({ claim }) => claim);
  for (const { incoming: one, field } of [...waiting].map(([{ incoming: own }, at]) => ({ incoming: own, field: at }))) result.refused.push({ incoming: one, field, reason: 'refers to a record that is not there', missing: false, waits: true });
  const outcomes = isolate ? await writeAlone(context, tx, type, source, ready.map(({ claim }) => claim)) : await writeEach(context, tx, type.model, source, ready.map(({ claim }) => claim), before);
  for (const [place, outcome] of outcomes.entries()) {
    const { incoming: one } = ready[place] as (typeof claims)[number];
    if (outcome.outcome === 'refused') result.refused.push({ incoming: one, field: outcome.field, reason: outcome.reason, missing: false });
    else (outcome.outcome === 'stale' ? result.stale : result.taken).push(one);
  }
  result.deletions += deletions;
}

/** Fields that are shown of an entry: those of its type but for the ones hidden on this record. */
function fieldsSeen(): (one: Incoming) => ReadonlySet<string> {
  const known = new Map<readonly string[], ReadonlySet<string>>();
  return ({ entry: { hidden }, shown }) => {
    const all = known.get(shown) ?? new Set(shown);
    known.set(shown, all);
    return hidden.length === 0 ? all : new Set(shown.filter((field) => !hidden.includes(field)));
  };
}

function claimOf({ entry: { kind }, source: { key, version, changedAt, deleted, effectiveFrom, effectiveTo } }: Incoming, values: Values, kept: Pick<KeptSource, 'values' | 'deleted'> | undefined, visible: ReadonlySet<string>): SourceClaim {
  const from = effectiveFrom === null ? {} : { effectiveFrom };
  const to = effectiveTo === null ? {} : { effectiveTo };
  const told = { key, version, at: changedAt, passedOn: true } as const;
  // A record that is gone, or may be had no more, is so from today on, whatever days it once held for.
  if (deleted) return kind === 'UPSERT' ? { ...told, values: {}, deleted: true, ...from } : kind === 'CORRECTION' ? { ...told, values: {}, deleted: true, ...from, ...to } : { ...told, values: {}, deleted: true };
  // What is known now says nothing of days that are past.
  if (kind === 'CORRECTION') return { ...told, values, ...from, ...to };
  const unseen = kept === undefined || kept.deleted === true ? [] : Object.entries(kept.values).filter(([field]) => !visible.has(field));
  return { ...told, values: unseen.length === 0 ? values : { ...Object.fromEntries(unseen), ...values }, whole: true, ...from, ...to };
}

/** A record that is new here, and that its source does not name by its natural key although that is shown, would be another one. */
function lacksKey({ model: { key } }: RecordType, { entry: { kind } }: Incoming, { values, deleted }: SourceClaim, kept: Pick<KeptSource, 'deleted'> | undefined, visible: ReadonlySet<string>): boolean {
  return key !== undefined && deleted !== true && kind === 'UPSERT' && (kept === undefined || kept.deleted === true) && visible.has(key) && values[key] === undefined;
}

/** Writes claims one by one: whatever a claim breaks, it breaks alone. A database that cannot answer is no claim's fault. */
async function writeAlone(context: WriteContext, tx: Tx, { model }: RecordType, source: string, claims: readonly SourceClaim[]): Promise<readonly EachOutcome[]> {
  const outcomes: EachOutcome[] = [];
  for (const claim of claims) {
    try {
      const [outcome] = await tx.savepoint((own) => writeEach(context, own, model, source, [claim]));
      outcomes.push(outcome as EachOutcome);
    } catch (error) {
      if (error instanceof HubError && error.retry) throw error;
      outcomes.push({ outcome: 'refused', field: '', reason: `It cannot be written (${error instanceof Error ? error.name : 'unknown failure'}).` });
    }
  }
  return outcomes;
}
