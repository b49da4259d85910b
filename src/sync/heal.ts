/**
 * Makes source records here what the upper hub says they are: asks it for them, and takes what it tells as the pull does (apply.ts), a batch
 * in one transaction. What the upper hub has no more, or may not show any more, goes.
 *
 * Nothing is done to a source record that somebody has written since it was found: it is judged again by the next run. Where it was kept in
 * a newer version than the upper hub has (its database was restored from a backup), it goes back to that hub's version.
 */
import type postgres from 'postgres';
import { compareVersions } from '../records/merge.ts';
import type { Codes } from '../records/codes.ts';
import { loadCodes } from '../records/codes.ts';
import { forgetVersions, lockType } from '../records/tables.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import { takeIncoming } from './apply.ts';
import type { Incoming } from './apply.ts';
import type { ComparableCity } from './city.ts';
import { RightsMoved } from './drift.ts';
import type { Drifted, Side } from './drift.ts';
import { keptStates, nameOf, noteHidden } from './kept.ts';
import type { KeptState } from './kept.ts';
import { rawOf, setAside } from './quarantine.ts';
import { ValueReader } from './reading.ts';
import { keepUnknown } from './unknown.ts';

/** What became of source records that differed. */
export interface Healed {
  /** They did differ, and do no more; the record's id here. */
  readonly healed: readonly (Drifted & { readonly record: string | null })[];
  /** What the upper hub tells of them cannot be taken; it is in quarantine. */
  readonly refused: readonly Drifted[];
}

/** How healing is done. */
export interface Healing {
  readonly city: ComparableCity;
  readonly types: ReadonlyMap<string, RecordType>;
  /** All fields that the upper hub shows of the type, be they known here or not. */
  readonly shown: readonly string[];
  /** Everything is done and taken back. */
  readonly dryRun: boolean;
  /** Called first in each transaction; throws where it may not go on. */
  readonly fence: (tx: postgres.TransactionSql) => Promise<void>;
}

type Tx = postgres.TransactionSql;

/** Ends a transaction whose work is not to last. */
class TakenBack extends Error {
  readonly healed: Healed;

  constructor(healed: Healed) {
    super('A dry run is taken back.');
    this.healed = healed;
  }
}

/** Heals some source records of a type: a thousand at most. */
export async function heal(context: WriteContext, side: Side, healing: Healing, drifted: readonly Drifted[]): Promise<Healed> {
  const { sql } = context;
  const type = side.type.name;
  const found = await keptStates(sql, type, drifted);
  const { shown, entries, malformed } = await healing.city.entries(type, drifted.map(({ source, key }) => ({ source, key })));
  const fields = shown.get(type) ?? [];
  if (fields.length !== healing.shown.length || fields.some((field) => !healing.shown.includes(field))) throw new RightsMoved(type);
  const told = new Map<string, Incoming>();
  for (const { sources, ...entry } of entries) for (const source of sources) told.set(nameOf(source), { entry, source, shown: fields });
  // What cannot be read is not known to be gone.
  const unread = new Set(malformed.map(({ source, key }) => (source === null || key === null ? null : nameOf({ source, key }))));
  const known = drifted.filter((one) => told.has(nameOf(one)) || !unread.has(null) && !unread.has(nameOf(one)));
  const codes = await loadCodes(sql);
  try {
    const healed = await sql.begin(async (tx) => {
      await healing.fence(tx);
      await lockType(tx, side.type.model);
      const now = await keptStates(tx, type, known);
      const quiet = known.filter((one) => sameState(found.get(nameOf(one)), now.get(nameOf(one))));
      const done = await take(context, tx, side, healing, codes, quiet, told, now);
      if (healing.dryRun) throw new TakenBack(done);
      return done;
    }) as Healed;
    return { ...healed, refused: [...healed.refused, ...drifted.filter((one) => !known.includes(one))] };
  } catch (error) {
    if (error instanceof TakenBack) return error.healed;
    throw error;
  }
}

function sameState(a: KeptState | undefined, b: KeptState | undefined): boolean {
  return a?.version === b?.version && a?.deleted === b?.deleted && a?.digest === b?.digest;
}

async function take(context: WriteContext, tx: Tx, side: Side, healing: Healing, codes: Codes, drifted: readonly Drifted[], told: ReadonlyMap<string, Incoming>, kept: ReadonlyMap<string, KeptState>): Promise<Healed> {
  const { type, division } = side;
  const taking = { registry: type.model.registry, types: healing.types, division, reader: new ValueReader(codes, context.today), isolate: false };
  const gone: Incoming[] = [];
  const coming: Incoming[] = [];
  const ahead: Drifted[] = [];
  for (const one of drifted) {
    const own = kept.get(nameOf(one));
    const incoming = told.get(nameOf(one));
    if (own?.deleted === false && (incoming === undefined || incoming.source.deleted || isBehind(incoming, own))) gone.push(goneOf(type.name, one, own, incoming, context.now));
    if (incoming === undefined || incoming.source.deleted) continue;
    coming.push(incoming);
    if (own !== undefined && isBehind(incoming, own)) ahead.push(one);
  }
  const first = await takeIncoming(context, tx, taking, gone);
  await forgetVersions(tx, type.model, ahead);
  const second = await takeIncoming(context, tx, taking, coming);
  await keepUnknown(tx, second, context.now);
  const failed = [...first.refused, ...second.refused];
  await setAside(tx, type.model.registry, failed.map(({ incoming, field, reason, waits }) => ({ waits, cursor: null, type: type.name, source: incoming.source.source, key: incoming.source.key, cityId: incoming.entry.id, field, reason, raw: rawOf(incoming) })), context.now);
  await noteHidden(tx, type.name, coming.map(({ source: { source, key }, entry: { hidden } }) => ({ source, key, hidden })));
  const after = await keptStates(tx, type.name, drifted);
  const refused = new Set(failed.map(({ incoming: { source } }) => nameOf(source)));
  return {
    refused: drifted.filter((one) => refused.has(nameOf(one))),
    healed: drifted.flatMap((one) => {
      const name = nameOf(one);
      // What is as it was did not differ but in what the upper hub hides.
      return refused.has(name) || sameState(kept.get(name), after.get(name)) ? [] : [{ ...one, record: after.get(name)?.id ?? null }];
    }),
  };
}

function isBehind({ source: { version } }: Incoming, own: KeptState): boolean {
  return compareVersions(version, own.version) < 0;
}

/** That a source record is no more: said of the version that is kept, or of the one in which it was deleted. */
function goneOf(type: string, { source, key }: Drifted, own: KeptState, incoming: Incoming | undefined, now: string): Incoming {
  const version = incoming === undefined || isBehind(incoming, own) ? own.version : incoming.source.version;
  return {
    entry: { cursor: '', kind: 'TOMBSTONE', type, id: incoming?.entry.id ?? '', hidden: [] }, shown: [],
    source: { source, key, version, changedAt: incoming?.source.changedAt ?? now, deleted: true, effectiveFrom: null, effectiveTo: null, values: {} },
  };
}
