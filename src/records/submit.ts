/**
 * Departments' changes: what an application of a department tells of records, its own items only, change by change.
 *
 * The same way as files: read by the type's schema, versioned, merged, written. A call is one transaction under the caller's key: all
 * of its outcomes are kept with it, so a call that comes again, after whatever failure, is answered as it was and writes nothing.
 * It does not say whether anybody else knows of a record: a change about a person whom the hub has never seen is accepted as any other.
 * Only whoever provides the natural key may tell another one of a record, and hears then if that is another record's.
 */
import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import type { z } from 'zod';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import type { RecordType } from '../registries/contract.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { claimSchema } from './claim-schema.ts';
import type { TitledType } from './claim-schema.ts';
import { giveVersions } from './claim-version.ts';
import type { ToldClaim } from './claim-version.ts';
import { loadCodes } from './codes.ts';
import type { Codes } from './codes.ts';
import { lockType, sourcesByKey } from './tables.ts';
import type { KeptSource } from './tables.ts';
import { canonicalText } from './timeline.ts';
import { shapeOf } from './values.ts';
import { writeEach } from './write-each.ts';
import type { EachOutcome } from './write-each.ts';
import type { WriteContext } from './write.ts';

/** Changes of one call. */
export const mostChanges = 500;

/** A change as it is sent: names of fields are the contract's. */
export interface Change {
  /** A record type of the call's registry. */
  readonly type: string;
  /** The department's own key of the record. */
  readonly key: string;
  /** The department's own version; absent: newer than what it told before. */
  readonly version?: string | null;
  /** When the department changed it, ISO 8601 with an offset; absent: now. */
  readonly changedAt?: string | null;
  /** The version that the department told last, null for a record that it never told; absent: not looked at. */
  readonly expectedVersion?: string | null;
  readonly values?: Readonly<Record<string, unknown>> | null;
  /** The fields that the change tells: one that `values` does not have is told to be empty. Absent: those that `values` has. */
  readonly fields?: readonly string[] | null;
  /** The department has no such record any more. */
  readonly deleted?: boolean;
  /** Of another hub only: the department that tells it; and whether the fields are all that it tells. */
  readonly source?: string | null;
  readonly whole?: boolean | null;
  /** First day on which it holds, and first on which it holds no more; absent: from today, without end. */
  readonly effectiveFrom?: string | null;
  readonly effectiveTo?: string | null;
}

/** One call. */
export interface Submission {
  readonly registry: string;
  readonly changes: readonly Change[];
  readonly idempotencyKey: string;
}

/** Who submits. */
export interface Submitter {
  /** Code of the consumer. */
  readonly consumer: string;
  /** Code of its department: the source of what it tells. */
  readonly department: string;
  /** Another hub: the division whose departments it speaks for. What they may tell was judged where they told it. */
  readonly hub?: string | undefined;
}

/** ACCEPTED: it is told now. DUPLICATE: it was. CONFLICT: something newer or another content was. REJECTED: it cannot be taken. */
export type ChangeStatus = 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'REJECTED';

/** What became of one change. */
export interface ChangeOutcome {
  /** Its place in the call, from 0. */
  readonly index: number;
  readonly key: string;
  readonly status: ChangeStatus;
  /** Why, for a person; null where it was accepted without more. */
  readonly reason: string | null;
  /** The field that the reason is about. */
  readonly field: string | null;
  /** The version under which the department is known to have told it; null where it has told nothing, or where the change could not be read. */
  readonly version: string | null;
}

/** What the contract and the catalog say of records. */
export interface Known {
  readonly types: ReadonlyMap<string, RecordType>;
  readonly catalog: Catalog;
}

/** Takes a call. `repeated`: it had been taken before, and this is what was answered then. */
export async function submitChanges(context: WriteContext, known: Known, { consumer, department, hub }: Submitter, submission: Submission): Promise<{ readonly repeated: boolean; readonly outcomes: readonly ChangeOutcome[] }> {
  const { changes, idempotencyKey, registry } = submission;
  if (changes.length > mostChanges) throw new HubError('TOO_MANY_CHANGES', `This call has ${changes.length} changes; the limit is ${mostChanges}. Send them in several calls, each under a key of its own.`, { limit: mostChanges });
  if (changes.length === 0) throw new HubError('BAD_INPUT', 'A call has one change at least.');
  if (!/^[\x21-\x7e]{8,200}$/.test(idempotencyKey)) throw new HubError('BAD_INPUT', 'idempotencyKey is 8 to 200 printable ASCII characters, such as a UUID: a new one for each call, the same when the call is sent again.');
  const digest = createHash('sm3').update(canonicalText({ registry, changes } as never)).digest('hex');
  const codes = await loadCodes(context.sql);
  try {
    return await context.sql.begin(async (tx) => {
      const [mine] = await tx`
        insert into submission (consumer_code, idempotency_key, digest, outcomes, submitted_at) values (${consumer}, ${idempotencyKey}, ${digest}, '[]', ${context.now}) on conflict do nothing returning 1`;
      if (mine === undefined) return { repeated: true, outcomes: await answeredBefore(tx, consumer, submission, digest) };
      const outcomes = await takeChanges(context, tx, known, codes, { department, hub }, submission);
      await tx`update submission set outcomes = ${JSON.stringify(outcomes.map(({ index, status, reason, field, version }) => ({ index, status, reason, field, version })))}::text::jsonb where consumer_code = ${consumer} and idempotency_key = ${idempotencyKey}`;
      return { repeated: false, outcomes };
    }) as { repeated: boolean; outcomes: readonly ChangeOutcome[] };
  } catch (error) {
    throw safeError(error, 'submit changes');
  }
}

/** Outcomes are kept without keys: a department's key may be an identity number. */
async function answeredBefore(tx: postgres.TransactionSql, consumer: string, { idempotencyKey, changes }: Submission, digest: string): Promise<readonly ChangeOutcome[]> {
  const [kept] = await tx<{ digest: string; outcomes: string }[]>`select digest, outcomes::text from submission where consumer_code = ${consumer} and idempotency_key = ${idempotencyKey}`;
  if (kept?.digest !== digest) throw new HubError('CONFLICT', 'This idempotencyKey was used for another call. Send a new key with new changes, and the same key only with the same changes.');
  return (JSON.parse(kept.outcomes) as Omit<ChangeOutcome, 'key'>[]).map((outcome) => ({ ...outcome, key: changes[outcome.index]?.key ?? '' }));
}

/** A change that can be told, and its place in the call. */
interface Told extends ToldClaim {
  readonly index: number;
}

/** Changes of one type that are told in one manner. */
interface Group {
  readonly type: RecordType;
  readonly source: string;
  readonly whole: boolean;
  readonly told: Told[];
}

async function takeChanges(context: WriteContext, tx: postgres.TransactionSql, known: Known, codes: Codes, submitter: Omit<Submitter, 'consumer'>, { registry, changes }: Submission): Promise<readonly ChangeOutcome[]> {
  const outcomes = new Map<number, ChangeOutcome>();
  const say = (index: number, status: ChangeStatus, version: string | null, reason: string | null = null, field: string | null = null): void =>
    void outcomes.set(index, { index, key: changes[index]?.key ?? '', status, reason, field: field === '' ? null : field, version });
  const groups = new Map<string, Group>();
  const reader = new ChangeReader(known, registry, submitter, context.today, codes);
  for (const [index, change] of changes.entries()) {
    const read = reader.read(change);
    if ('reason' in read) say(index, 'REJECTED', null, read.reason, read.field);
    else {
      const { type, source, claim } = read;
      const whole = change.whole === true;
      const name = `${type.name} ${source} ${whole}`;
      const group = groups.get(name) ?? { type, source, whole, told: [] };
      groups.set(name, group);
      group.told.push({ ...claim, index });
    }
  }
  // Always in one order, so that two calls never wait for each other.
  for (const [, { type, source, whole, told }] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await lockType(tx, type.model);
    const kept = await sourcesByKey(tx, type.model, source, told.map(({ key }) => key));
    const last = new Map(kept.filter(({ deleted }) => deleted !== true).map((one) => [one.key, one]));
    const expected = told.filter((claim) => isExpected(changes[claim.index] as Change, last.get(claim.key)) || say(claim.index, 'CONFLICT', last.get(claim.key)?.version ?? null, unexpected(last.get(claim.key)), 'expectedVersion'));
    const steady = expected.filter((claim) => submitter.hub !== undefined || keepsKey(type, known.catalog, source, claim, last.get(claim.key)) || say(claim.index, 'REJECTED', last.get(claim.key)?.version ?? null, 'is the number by which the record was told under this key, and another department provides it; tell another record under another key', type.model.key ?? null));
    const refuse = (claim: Told, field: string, reason: string): void => say(claim.index, 'REJECTED', last.get(claim.key)?.version ?? null, reason, field);
    const manner = { source, version: null, at: context.now, effectiveFrom: null, whole, passedOn: submitter.hub !== undefined, place: ({ index }: Told) => index };
    const versioned = await giveVersions(tx, type.model, manner, steady, refuse, kept);
    const written = await writeEach(submitter.hub === undefined ? context : { ...context, origin: submitter.hub }, tx, type.model, source, versioned.map((one) => one.told));
    for (const [place, outcome] of written.entries()) {
      const { claim: { index, key }, told: { version } } = versioned[place] as (typeof versioned)[number];
      const { status, reason, field = null } = statusOf(outcome);
      const stands = status === 'ACCEPTED' || status === 'DUPLICATE';
      say(index, status, stands ? version : last.get(key)?.version ?? null, reason, field);
    }
  }
  return [...outcomes.values()].sort((a, b) => a.index - b.index);
}

function isExpected({ expectedVersion }: Change, last: KeptSource | undefined): boolean {
  return expectedVersion === undefined || expectedVersion === (last?.version ?? null);
}

/**
 * The natural key is told to say which record is meant. Who could move a record to any number whatever would learn from the refusals
 * which numbers the hub knows.
 */
function keepsKey({ model, fields }: RecordType, catalog: Catalog, department: string, { values }: Told, last: KeptSource | undefined): boolean {
  const field = fields.get(model.key ?? '');
  if (field === undefined || last === undefined || !(field.name in values)) return true;
  return values[field.name] === last.values[field.name] || field.items.every((code) => catalog.item(code)?.ownerDepartment === department);
}

function unexpected(last: KeptSource | undefined): string {
  return last === undefined ? 'The department has told nothing under this key.' : `The department has told version ${last.version} under this key meanwhile. Read it, and send the change again on top of it.`;
}

function statusOf(outcome: EachOutcome): { readonly status: ChangeStatus; readonly reason: string | null; readonly field?: string } {
  switch (outcome.outcome) {
    case 'applied': return { status: 'ACCEPTED', reason: null };
    case 'duplicate': return { status: 'DUPLICATE', reason: 'It was told before, in the same version and with the same content.' };
    case 'stale': return { status: 'CONFLICT', reason: 'The department has told a newer version under this key.' };
    case 'refused': return { status: 'REJECTED', reason: outcome.reason, field: outcome.field };
    case 'conflict': return outcome.kept === 'change'
      ? { status: 'ACCEPTED', reason: 'Another content of the same version was told before; this one, changed later, is kept.' }
      : { status: 'CONFLICT', reason: 'This version was told before with another content, which is kept. Send the correction as a newer version.' };
  }
}

/** Why a change cannot be taken. */
interface Refusal {
  readonly reason: string;
  readonly field: string | null;
}

const house = ['sourceKey', 'sourceVersion', 'sourceUpdatedAt', 'effectiveFrom', 'effectiveTo'] as const;

/** Reads the changes of one call. */
class ChangeReader {
  readonly #known: Known;
  readonly #registry: string;
  readonly #submitter: Omit<Submitter, 'consumer'>;
  readonly #today: string;
  readonly #codes: Codes;
  readonly #schemas = new Map<string, z.ZodType<Readonly<Record<string, unknown>>>>();
  readonly #seen = new Set<string>();
  /** Fields of the change at hand whose values are masked. */
  #masked: string[] = [];

  constructor(known: Known, registry: string, submitter: Omit<Submitter, 'consumer'>, today: string, codes: Codes) {
    this.#known = known;
    this.#registry = registry;
    this.#submitter = submitter;
    this.#today = today;
    this.#codes = codes;
  }

  read(change: Change): { readonly type: RecordType; readonly source: string; readonly claim: ToldClaim } | Refusal {
    const type = this.#known.types.get(change.type);
    if (type?.model.registry !== this.#registry) return refused(`${change.type} is no record type of ${this.#registry}.`, 'type');
    const source = this.#sourceOf(change);
    if (typeof source !== 'string') return source;
    const values = change.values ?? {};
    const fields = change.fields ?? Object.keys(values);
    if (change.deleted === true && fields.length > 0) return refused('A record that is gone tells nothing: leave out values and fields.', 'deleted');
    const problem = this.#problemOf(type, change, fields, values, source);
    if (problem !== null) return problem;
    const { key, version, changedAt, effectiveFrom, effectiveTo } = change;
    const cells = { ...Object.fromEntries(fields.map((field) => [field, values[field] ?? null])), sourceKey: key, sourceVersion: version, sourceUpdatedAt: changedAt, effectiveFrom, effectiveTo };
    this.#masked = [];
    const result = this.#schema(type, fields).safeParse(cells);
    const [masked] = this.#masked;
    if (masked !== undefined) return refused('is masked; what is left of a value is no value', masked);
    if (!result.success) return refused(result.error.issues[0]?.message ?? 'is not as it has to be', String(result.error.issues[0]?.path[0] ?? ''));
    const { sourceKey, sourceVersion, sourceUpdatedAt, effectiveFrom: from, effectiveTo: to, ...told } = result.data;
    const silent = fields.find((field) => told[field] === undefined);
    if (silent !== undefined) return refused('says nothing; send null to tell that it is empty', silent);
    if (typeof sourceKey !== 'string') return refused('says nothing; it is the department\'s own key of the record', 'key');
    const name = `${type.name} ${source} ${sourceKey}`;
    if (this.#seen.has(name)) return refused('stands twice in one call; send the later change in a call of its own', 'key');
    this.#seen.add(name);
    return { type, source, claim: { key: sourceKey, version: textOf(sourceVersion), at: textOf(sourceUpdatedAt), deleted: change.deleted === true, effectiveFrom: textOf(from), effectiveTo: textOf(to), values: told } };
  }

  /** Whose word it is: the department's own, or of another hub that of a department of its division. */
  #sourceOf({ source, whole, version }: Change): string | Refusal {
    const { department, hub } = this.#submitter;
    if (hub === undefined) return (source ?? department) === department && whole !== true ? department : refused('Only another hub tells for other departments, and their records in full: leave out source and whole.', 'source');
    if (typeof source !== 'string' || !source.startsWith(`${hub}-`) || source.length > 50) return refused(`A hub says whose word it passes on: a department of its division, ${hub}-….`, 'source');
    return typeof version === 'string' && version !== '' ? source : refused('A hub passes on a version as its department gave it.', 'version');
  }

  /** What is wrong with the fields themselves: whose they are, and whether there are such. */
  #problemOf(type: RecordType, { deleted = false }: Change, fields: readonly string[], values: Readonly<Record<string, unknown>>, source: string): Refusal | null {
    const told = shapeOf(type.model).told;
    const { hub } = this.#submitter;
    let own = deleted || hub !== undefined;
    for (const field of new Set([...fields, ...Object.keys(values)])) {
      const declared = type.fields.get(field);
      if (declared?.kind !== 'leaf' || !told.has(field)) return refused(`${type.name} has no field ${field.slice(0, 100)} that can be told`, field.slice(0, 100));
      if (!fields.includes(field)) return refused('has a value, but is not among the fields that the change tells', field);
      if (hub !== undefined) continue;
      const others = declared.items.map((code) => this.#known.catalog.item(code)).find((item) => item?.ownerDepartment !== source);
      // The natural key says which record is meant; it is told again by whoever adds to the record.
      if (others === undefined && declared.items.length > 0) own = true;
      else if (field !== type.model.key) return refused(`${others?.name ?? field} (${declared.items.join()}) is provided by another department (${others?.ownerDepartment ?? 'nobody'}); a department changes its own items only`, field);
    }
    return own ? null : refused('The change tells no item of this department.', null);
  }

  #schema(type: RecordType, fields: readonly string[]): z.ZodType<Readonly<Record<string, unknown>>> {
    const name = `${type.name} ${[...fields].sort().join()}`;
    const known = this.#schemas.get(name);
    if (known !== undefined) return known;
    const titled: TitledType = { type, titles: new Map() };
    const schema = claimSchema(titled, [...fields, ...house], { today: this.#today, codes: this.#codes, crs: 'EPSG4490', passedOn: this.#submitter.hub !== undefined, onMasked: (field) => void this.#masked.push(field) });
    this.#schemas.set(name, schema);
    return schema;
  }
}

function refused(reason: string, field: string | null): Refusal {
  return { reason, field };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
