/**
 * The version of what a department tells without naming one: newer than whatever it told before, or, where it tells nothing new, the
 * version that it gave last, so that telling it again is a duplicate however often it comes.
 */
import { HubError } from '../errors.ts';
import type { RecordModel } from '../registries/record.ts';
import { storedGeometries } from './geometries.ts';
import { compareVersions } from './merge.ts';
import { sourcesByKey } from './tables.ts';
import type { KeptSource, Session } from './tables.ts';
import { sameValues, toldFields } from './timeline.ts';
import type { Values } from './timeline.ts';
import { geometryKey, geometryText, normalizeTold, shapeOf } from './values.ts';
import type { SourceClaim } from './write.ts';

/** What is told of one record. */
export interface ToldClaim {
  readonly key: string;
  /** The version and the moment that it names itself. */
  readonly version: string | undefined;
  readonly at: string | undefined;
  readonly deleted: boolean;
  readonly effectiveFrom: string | undefined;
  readonly effectiveTo: string | undefined;
  readonly values: Values;
}

/** How all of them are told. */
export interface Manner<C extends ToldClaim> {
  readonly source: string;
  /** Version of all that name none; null: each gets its own. */
  readonly version: string | null;
  /** The moment of those that name none, ISO 8601 in UTC. */
  readonly at: string;
  /** The first day on which they hold, where they name none. */
  readonly effectiveFrom: string | null;
  /** Each is its record in full. */
  readonly whole: boolean;
  /** Another hub passes them on (see `SourceChange` in merge.ts); no unless told. */
  readonly passedOn?: boolean;
  /** A number of this claim, later ones higher. */
  readonly place: (claim: C) => number;
}

/** A claim with its version, and what its source had told under its key before. */
export interface VersionedClaim<C extends ToldClaim> {
  readonly claim: C;
  readonly told: SourceClaim;
}

/** What was told last under a key. */
interface Told {
  readonly version: string;
  readonly at: string;
  readonly values: Values;
  readonly deleted: boolean;
}

/** Gives every claim its version; refuses those whose values do not fit. `kept`: what the source has told under their keys, if it was read before. */
export async function giveVersions<C extends ToldClaim>(
  tx: Session, model: RecordModel, manner: Manner<C>, claims: readonly C[], refuse: (claim: C, field: string, reason: string) => void, kept?: readonly KeptSource[],
): Promise<VersionedClaim<C>[]> {
  const before = kept ?? await sourcesByKey(tx, model, manner.source, [...new Set(claims.map(({ key }) => key))]);
  const last = new Map<string, Told>(before.map(({ key, version, at, values, deleted }) => [key, { version, at, values, deleted: deleted === true }]));
  // Only what was told before is compared, so only that has to be in its stored form; the writer brings the rest into it.
  const geometries = await geometriesOf(tx, model, claims.filter(({ key }) => last.has(key)));
  const began = manner.at.replaceAll(/\D/g, '');
  const versioned: VersionedClaim<C>[] = [];
  for (const claim of claims) {
    const known = last.get(claim.key);
    let { values } = claim;
    try {
      if (known !== undefined) values = normalizeTold(model, claim.values, geometries);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      refuse(claim, '', error.message);
      continue;
    }
    const told: Told = { version: claim.version ?? manner.version ?? '', at: claim.at ?? manner.at, values, deleted: claim.deleted };
    const again = known !== undefined && told.version === '' && claim.effectiveTo === undefined && saysNothingNew(known, told, manner.whole);
    const version = told.version !== '' ? told.version : again ? known.version : newVersion(`${began}-${String(manner.place(claim)).padStart(9, '0')}`, known?.version);
    const at = again && claim.at === undefined ? known.at : told.at;
    last.set(claim.key, { version, at, deleted: told.deleted, values: manner.whole || known === undefined ? values : { ...known.values, ...values } });
    versioned.push({ claim, told: sourceClaim(claim, manner, version, at, values) });
  }
  return versioned;
}

function sourceClaim<C extends ToldClaim>(claim: C, manner: Manner<C>, version: string, at: string, values: Values): SourceClaim {
  const from = claim.effectiveFrom ?? manner.effectiveFrom ?? undefined;
  return {
    key: claim.key, version, at, values,
    ...(claim.deleted ? { deleted: true } : {}), ...(manner.whole ? { whole: true } : {}), ...(manner.passedOn === true ? { passedOn: true } : {}),
    ...(from === undefined ? {} : { effectiveFrom: from }), ...(claim.effectiveTo === undefined ? {} : { effectiveTo: claim.effectiveTo }),
  };
}

/** Newer than what was told last, whatever the source's own versions look like: `~` sorts behind every number and letter. */
function newVersion(own: string, before: string | undefined): string {
  return before === undefined || compareVersions(own, before) > 0 ? own : `~${own}`;
}

function saysNothingNew(before: Told, now: Told, whole: boolean): boolean {
  if (now.deleted || before.deleted) return now.deleted && before.deleted;
  const fields = toldFields(now.values);
  if (whole) return sameValues(now.values, before.values);
  const known = Object.fromEntries(fields.map((field) => [field, before.values[field]]));
  return sameValues(now.values, known);
}

async function geometriesOf(tx: Session, model: RecordModel, claims: readonly ToldClaim[]): Promise<Map<string, string>> {
  const sent = new Map<string, { readonly text: string; readonly multi: boolean }>();
  for (const column of shapeOf(model).geometries) {
    for (const { values } of claims) {
      const value = values[column.field];
      if (value !== null && value !== undefined) sent.set(geometryKey(column, value), { text: geometryText(value), multi: column.multi });
    }
  }
  const stored = await storedGeometries(tx, [...sent.values()]);
  return new Map([...sent.keys()].map((key, place) => [key, stored[place] as string]));
}
