/**
 * Runs a compiled statement and reads its one row: texts in, texts out, nothing parsed. Only a flat list has rows to write.
 */
import { HubError } from '../errors.ts';
import type { Statement } from './compile.ts';
import { claimedIn } from './counted-claims.ts';
import type { ClaimedOf } from './counted-claims.ts';
import { gapOf } from './copies.ts';
import type { Gap } from './copies.ts';
import { limits } from './limits.ts';
import type { ReadyJson } from './ready-json.ts';
import { toldIn } from './subjects.ts';
import type { Run } from './tree.ts';

/** A row as PostgreSQL sent it. */
type SentRow = readonly (Buffer | null)[];

/** The part of a database lane that a statement needs. */
export interface StatementLane {
  query(text: string, parameters: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The same, each row as the list of its columns, and each of those as its UTF-8: what is only passed on is cheapest never made text. */
  bytes(text: string, parameters: readonly unknown[]): Promise<readonly SentRow[] & { readonly columns: readonly { readonly name: string }[] }>;
}

/** Point reads and wide reads have connections of their own, so that one person never waits behind a list. */
export interface StatementLanes {
  readonly points: StatementLane;
  readonly lists: StatementLane;
}

/** Tells whom the open case of a request covers, if it covers all of these (see matters/open-cases.ts). */
export type CoveredBy = (purpose: Run['purpose'], today: string, asked: readonly string[]) => string | null | Promise<string | null>;

/** One root field's answer: its JSON, or the error that stands in its place. */
export interface RootAnswer {
  readonly as: string;
  readonly json: ReadyJson;
  readonly error: HubError | null;
}

/** What a statement answered. */
export interface Delivered {
  /** Each root field's JSON, in order. */
  readonly roots: readonly RootAnswer[];
  /** The `person_key`s of everybody whose data they hold; empty where the statement was not asked to tell. */
  readonly subjects: readonly string[];
  /** Ids of the records of traced types (certificates) that they hold. */
  readonly traced: readonly string[];
  /** What was claimed of whom, where claims are counted. */
  readonly claimed: readonly ClaimedOf[];
  /** Records at the roots; 0 where the statement was not asked to count. */
  readonly rows: number;
  /** The roots that deliver reference data, in order. */
  readonly reference: readonly ReadyJson[];
  /** Look-ups by key that found nothing, or copies of another hub's records. */
  readonly gaps: readonly Gap[];
}

/**
 * The request as a statement runs it: where it is asked under a case, with all whom the case covers. Throws `CASE_NOT_OPEN` where it is
 * not open, or somebody of a list of numbers is none of them.
 */
export function inCase(statement: Pick<Statement, 'inCase'>, request: Run, coveredBy: CoveredBy): Run | Promise<Run> {
  return statement.inCase === null ? request : covering(request, statement.inCase(request), coveredBy);
}

/**
 * The request once more for whoever was asked for alone and not found: with whom the case covers by now, where that has changed; null: he is
 * a subject of the case, and nothing is found of him. Throws `CASE_NOT_OPEN` where he is none. Whoever was found is one: the statement has seen to it.
 */
export function missedInCase({ foundInCase }: Pick<Statement, 'foundInCase'>, request: Run, { roots }: Pick<Delivered, 'roots'>, coveredBy: CoveredBy): null | Promise<Run | null> {
  // Most are found, and wait for nothing more.
  if (!foundInCase.some(({ place }) => roots[place]?.json === 'null')) return null;
  return lookedFor(request, foundInCase.flatMap(({ place, key }) => (roots[place]?.json === 'null' ? [key(request)] : [])), coveredBy);
}

async function lookedFor(request: Run, keys: readonly string[], coveredBy: CoveredBy): Promise<Run | null> {
  const now = await covering(request, keys, coveredBy);
  return now.caseKeys === request.caseKeys ? null : now;
}

function covering(request: Run, keys: readonly string[], coveredBy: CoveredBy): Run | Promise<Run> {
  const { variables, today, now, purpose, sealedKeys, personKey } = request;
  const covers = (caseKeys: string | null): Run => {
    if (caseKeys === null) throw caseNotOpen(purpose);
    // Written out: a request in a case is one of thousands a second, and copying an object member by member costs more than making one.
    return { variables, today, now, purpose, caseKeys, sealedKeys, personKey };
  };
  const found = purpose.caseNo === null ? null : coveredBy(purpose, today, keys);
  return found instanceof Promise ? found.then(covers) : covers(found);
}

/** Runs the statement with a request's values and reads its answer. `large`: it could be of many records with these values, whatever it is a statement of. */
export async function run(statement: Statement, request: Run, lanes: StatementLanes, large = false): Promise<Delivered> {
  const parameters = statement.parameters(request);
  const lane = statement.wide || large ? lanes.lists : lanes.points;
  const { text, flat, tells } = statement;
  if (text !== null && flat !== null) {
    const found = await lane.bytes(text, parameters);
    const json = flat.write(found, request);
    // Some text holds the mark that parts cells: whatever wrote it, it was not the hub.
    if (json === null) return run(flat.built(), request, lanes);
    return {
      roots: statement.roots.map(({ as }) => ({ as, json, error: null })), subjects: tells ? flat.subjects(found, request) : [], traced: [], claimed: [],
      rows: flat.count(found, request), reference: statement.roots[0]?.reference === true ? [json] : [], gaps: [],
    };
  }
  const row = text === null ? {} : statement.wide ? await largeRow(statement, lane, parameters) : (await lane.query(text, parameters))[0];
  if (row === undefined) throw new Error('A statement answers with one row.');
  if (statement.cursors.some((column) => row[column] !== true)) {
    throw new HubError('CURSOR_UNKNOWN', 'The record of an after: cursor is no longer there. Start again without it.');
  }
  const reference: ReadyJson[] = [];
  let rows = 0;
  const roots = statement.roots.map(({ as, at, column, tooMany, count, reference: open }): RootAnswer => {
    if (column === null) return { as, json: 'null', error: null };
    if (tooMany !== null && row[tooMany] === true) {
      const error = new HubError('TOO_MANY_HITS', `More than ${limits.hits} records match; give more conditions.`, { at, limit: limits.hits });
      return { as, json: 'null', error };
    }
    const json = row[column];
    if (typeof json !== 'string' && !(json instanceof Buffer)) return { as, json: 'null', error: null };
    rows += count === null ? 1 : Number(row[count]);
    if (open) reference.push(json);
    return { as, json, error: null };
  });
  return { roots, ...toldIn(tells ? [row['s']] : []), claimed: statement.claimed === null ? [] : claimedIn([row['s']], statement.claimed, request), rows, reference, gaps: statement.keyed.length === 0 ? [] : gapsOf(statement, row, roots) };
}

/** Bytes from which on a root's JSON stays as it came. Below, text is cheaper. */
const largeBytes = 4096;

/** The row of a statement whose roots can be large. */
async function largeRow({ text, roots, cursors }: Statement, lane: StatementLane, parameters: readonly unknown[]): Promise<Readonly<Record<string, unknown>> | undefined> {
  const found = await lane.bytes(text as string, parameters);
  const [row] = found;
  if (row === undefined) return undefined;
  const flags = new Set([...cursors, ...roots.map(({ tooMany }) => tooMany)]);
  const json = new Set(roots.map(({ column }) => column));
  return Object.fromEntries(found.columns.map(({ name }, index) => {
    const value = row[index] ?? null;
    if (value === null || (value.length >= largeBytes && json.has(name))) return [name, value];
    return [name, flags.has(name) ? value.toString() === 't' : value.toString()];
  }));
}

function gapsOf({ keyed }: Statement, row: Readonly<Record<string, unknown>>, roots: readonly RootAnswer[]): readonly Gap[] {
  return keyed.flatMap((root) => gapOf(root, roots[root.place]?.json !== 'null', row[root.column]) ?? []);
}

function caseNotOpen({ matter, caseNo }: Run['purpose']): HubError {
  if (caseNo === null) return new HubError('CASE_NOT_OPEN', 'This can be asked about the subjects of a case only. Name the matter and the case in Hub-Matter and Hub-Case.');
  return new HubError('CASE_NOT_OPEN', `Case ${caseNo} of matter ${matter ?? ''} is not open, or does not cover everybody who was asked for. Have it opened with them as its subjects (openCase, by a service platform or the responsible department), then ask again.`);
}
