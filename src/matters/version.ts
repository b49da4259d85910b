/**
 * Versions of what matters ask for: drafted and changed by the data authority, run as they stand, then published. A published version
 * never changes: a case ends under the version under which it was begun, and a receipt can be read by it for ever.
 *
 * Whether a definition fits the contract is seen to by whoever drafts it here (graphql/resolvers/matter-versions.ts).
 */
import type postgres from 'postgres';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { refuseOtherVersion } from '../identity/based-on.ts';
import type { BasedOn } from '../identity/based-on.ts';
import { changePolicy } from '../identity/policy-change.ts';
import type { Actor } from '../identity/policy-change.ts';
import { readDefinition } from './definition.ts';
import type { Definition } from './definition.ts';

/** A version as it stands. Times are ISO 8601. */
export interface MatterVersion {
  readonly matter: string;
  readonly version: number;
  /** Of its number and what it says: whoever drafts says from which he began. */
  readonly revision: string;
  readonly state: 'DRAFT' | 'PUBLISHED';
  readonly definition: Definition;
  readonly draftedBy: string;
  readonly draftedAt: string;
  /** When it was run as it stands; null: not since it was changed. */
  readonly testedAt: string | null;
  readonly publishedBy: string | null;
  readonly publishedAt: string | null;
}

type Sql = postgres.Sql | postgres.TransactionSql;

const moment = (sql: Sql, column: string) => sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const revision = (sql: Sql) => sql`version || '@' || left(encode(sha256(convert_to(definition::text, 'UTF8')), 'hex'), 16)`;
const columns = (sql: Sql) => sql`matter_code as matter, version, ${revision(sql)} as revision, state, definition::text as definition, drafted_by as "draftedBy", ${moment(sql, 'drafted_at')} as "draftedAt", ${moment(sql, 'tested_at')} as "testedAt",
  published_by as "publishedBy", ${moment(sql, 'published_at')} as "publishedAt"`;

type Row = Omit<MatterVersion, 'definition'> & { readonly definition: string };

const read = (row: Row): MatterVersion => ({ ...row, definition: JSON.parse(row.definition) as Definition });

/** A version of a matter; undefined: there is none of that number. */
export async function versionOf(sql: Sql, matter: string, version: number): Promise<MatterVersion | undefined> {
  try {
    const [row] = await sql<Row[]>`select ${columns(sql)} from matter_version where matter_code = ${matter} and version = ${version}`;
    return row === undefined ? undefined : read(row);
  } catch (error) {
    throw safeError(error, 'read a version of a matter');
  }
}

/** All versions of a matter, the newest first. */
export async function versionsOf(sql: Sql, matter: string): Promise<readonly MatterVersion[]> {
  try {
    return (await sql<Row[]>`select ${columns(sql)} from matter_version where matter_code = ${matter} order by version desc`).map(read);
  } catch (error) {
    throw safeError(error, 'read the versions of a matter');
  }
}

/** Drafts the next version of a matter, or changes its draft; `basedOn`: the revision of the newest version as the change knows it. A draft that was changed has not been run. */
export async function draftVersion(sql: postgres.Sql, matter: string, definition: Definition, { by, now }: Actor, basedOn?: BasedOn): Promise<MatterVersion> {
  const checked = readDefinition(definition);
  return atDesk(sql, 'draft a version of a matter', async (tx) => {
    const [known] = await tx`select 1 from matter where code = ${matter} for update`;
    if (known === undefined) throw unknownMatter(matter);
    const [newest] = await tx<{ revision: string }[]>`select ${revision(tx)} as revision from matter_version where matter_code = ${matter} order by version desc limit 1`;
    refuseOtherVersion(`What matter ${matter} asks for`, 'matterVersions', newest?.revision ?? null, basedOn);
    const departments = checked.facts.flatMap((fact) => (fact.form === 'DESK' ? [fact.department] : []));
    const there = await tx<{ code: string }[]>`select code from department where code = any(${departments}::text[])`;
    const missing = departments.find((code) => !there.some((one) => one.code === code));
    if (missing !== undefined) throw new HubError('BAD_INPUT', `There is no department ${missing}; seeds/departments.csv lists them.`);
    const [row] = await tx<Row[]>`
      insert into matter_version (matter_code, version, definition, state, drafted_by, drafted_at)
      select ${matter}, coalesce(max(version) filter (where state = 'DRAFT'), coalesce(max(version), 0) + 1), ${tx.json(checked as never)}, 'DRAFT', ${by}, ${now} from matter_version where matter_code = ${matter}
      on conflict (matter_code, version) do update set definition = excluded.definition, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at, tested_at = null
      returning ${columns(tx)}`;
    return read(row as Row);
  });
}

/** Notes that a draft was run as it stands. */
export async function noteTested(sql: postgres.Sql, { matter, version, draftedAt }: MatterVersion, now: string): Promise<void> {
  await atDesk(sql, 'note the test run of a version', async (tx) => {
    const done = await tx`update matter_version set tested_at = ${now} where matter_code = ${matter} and version = ${version} and state = 'DRAFT' and drafted_at = ${draftedAt}`;
    if (done.count === 0) throw new HubError('CONFLICT', 'The draft was changed, or published, while it was run. Look at it as it is now, and run it again.');
  });
}

/** Publishes a draft that was run: cases that are begun from now on, and questions without a case, are answered by it. */
export async function publishVersion(sql: postgres.Sql, matter: string, version: number, actor: Actor): Promise<MatterVersion> {
  return changePolicy(sql, actor, async (tx) => {
    const [draft] = await tx<Row[]>`select ${columns(tx)} from matter_version where matter_code = ${matter} and version = ${version} for update`;
    if (draft === undefined) throw new HubError('BAD_INPUT', `Matter ${matter} has no version ${version}; matterVersions lists them.`);
    if (draft.state !== 'DRAFT') throw new HubError('CONFLICT', `Version ${version} of matter ${matter} is published already. To change what it asks for, draft the next version.`);
    if (draft.testedAt === null) throw new HubError('CONFLICT', `Version ${version} of matter ${matter} was not run since it was changed. Run it (testMatter), see what it answers and needs, then publish it.`);
    const [row] = await tx<Row[]>`update matter_version set state = 'PUBLISHED', published_by = ${actor.by}, published_at = ${actor.now} where matter_code = ${matter} and version = ${version} returning ${columns(tx)}`;
    await tx`update matter set published_version = ${version} where code = ${matter}`;
    return read(row as Row);
  });
}

/** The refusal of a matter that is not registered. */
export function unknownMatter(matter: string): HubError {
  return new HubError('BAD_INPUT', `Matter ${matter} is not registered; \`matters\` lists them, and registerMatter registers one.`);
}

async function atDesk<T>(sql: postgres.Sql, what: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  try {
    return await sql.begin(work) as T;
  } catch (error) {
    throw safeError(error, what);
  }
}
