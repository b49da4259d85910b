/**
 * Compares what was uploaded, some hundreds of rows at a time: one statement, one record of the audit that names everybody whose data it told
 * of, and one transaction that keeps the results and forgets the input.
 *
 * Each chunk is judged anew under what is in force: where the grant has ended meanwhile, the job stops with a code. A process that dies
 * leaves chunks without a result, and the next one goes on with these; what was kept is never compared again, and what was compared and not
 * kept was written down and told to nobody. Guessing ends here as in single questions: of a subject of whom too much is not so, rows
 * are refused, right or wrong.
 */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { countedBy, usedOn } from '../audit/quota.ts';
import type { Use } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import { nextMidnight } from '../calendar/working-days.ts';
import { safeError } from '../db/failures.ts';
import { HubError } from '../errors.ts';
import { takesPart } from '../identity/purpose.ts';
import type { Standing } from '../identity/standing.ts';
import type { Verified } from '../query/claims.ts';
import { comparisonAt, entryOf, refuseUngranted } from './comparison.ts';
import type { RowResult } from './comparison.ts';
import type { ClaimedRow } from './comparison-file.ts';
import { guessUsed, unmetOf } from './guessing.ts';
import type { Guesses } from './guessing.ts';
import { columnsOf, verdictsOf } from './judged.ts';
import type { Asker, ClaimsJudge, JudgedClaims } from './judged.ts';

/** What running needs. */
export interface RunParts {
  readonly sql: postgres.Sql;
  readonly judge: ClaimsJudge;
  readonly audit: Audit;
  readonly standing: () => Standing;
  readonly now: () => Date;
  /** The civil date of a moment. */
  readonly civilDate: (now: Date) => string;
  readonly personKey: (idNumber: string) => string;
  /** Claims about one subject that may be not met in a day, by consumer. */
  readonly mostUnmet: number;
  /** Throws where this process is not to write any more. */
  readonly fence: (tx: postgres.TransactionSql) => Promise<void>;
}

/** A job as it is worked on. */
interface Job {
  readonly id: string;
  readonly consumer: string;
  readonly matter: string | null;
  readonly operator: string;
  readonly recordType: string;
  readonly claims: string;
  readonly digest: string;
}

type Sorted = { readonly taken: readonly (ClaimedRow & readonly [number, string, unknown, null])[]; readonly refused: ReadonlyMap<number, string> };

const root = 'POST /comparisons';
const tooOften = 'Of this subject so much was claimed today that is not so, or could be with this row, that no more is verified for this application today (QUOTA_EXCEEDED).';

/** Compares the next chunk of whichever job waits longest; false: nothing waits. */
export async function compareNext(parts: RunParts): Promise<boolean> {
  const { sql } = parts;
  const now = parts.now().toISOString();
  const [job] = await sql<Job[]>`select id, consumer_code as consumer, matter_code as matter, operator, record_type as "recordType", claims::text, digest from comparison
    where state in ('WAITING', 'RUNNING') and (not_before is null or not_before <= ${now}) order by touched_at nulls first, created_at limit 1`;
  if (job === undefined) return false;
  const [chunk] = await sql<{ n: number; input: string }[]>`select n, input::text from comparison_chunk where comparison_id = ${job.id} and result is null order by n limit 1`;
  if (chunk === undefined) {
    await within(parts, (tx) => tx`update comparison set state = 'DONE', finished_at = ${now} where id = ${job.id} and state in ('WAITING', 'RUNNING')`);
    return true;
  }
  try {
    await compareChunk(parts, job, chunk.n, JSON.parse(chunk.input) as readonly ClaimedRow[]);
  } catch (error) {
    if (error instanceof HubError && error.code === 'QUOTA_EXCEEDED') {
      // Somebody else was quicker about one of these subjects: looked at again, its rows are refused.
      if (error.details['quota'] === 'UNMET_CLAIMS') return true;
      await within(parts, (tx) => tx`update comparison set not_before = ${nextMidnight(parts.civilDate(parts.now()))}, touched_at = ${now} where id = ${job.id}`);
    } else if (error instanceof HubError && ending.has(error.code)) await stop(parts, job, error, now);
    else {
      // What fails is tried again, behind the others.
      await sql`update comparison set touched_at = ${now} where id = ${job.id}`.catch(() => undefined);
      throw error;
    }
  }
  return true;
}

/** Refusals that do not pass by themselves. */
const ending: ReadonlySet<string> = new Set(['FIELD_NOT_SHARED', 'FIND_NOT_SHARED', 'PURPOSE_REFUSED', 'UNAUTHENTICATED', 'BAD_INPUT', 'CASE_NOT_OPEN']);

/** What was uploaded and not compared is forgotten; what was compared stays to be fetched. */
async function stop(parts: RunParts, { id }: Job, { code, message }: HubError, now: string): Promise<void> {
  await within(parts, async (tx) => {
    await tx`delete from comparison_chunk where comparison_id = ${id} and result is null`;
    await tx`update comparison set state = 'STOPPED', stop_code = ${code}, stop_reason = ${message}, finished_at = ${now} where id = ${id}`;
  });
}

async function within(parts: RunParts, work: (tx: postgres.TransactionSql) => Promise<unknown>): Promise<void> {
  await parts.sql.begin(async (tx) => {
    await parts.fence(tx);
    await work(tx);
  });
}

/** Who asks, as it is now. */
function askerOf(parts: RunParts, { consumer, matter: code, operator }: Job): Asker {
  const standing = parts.standing();
  const now = parts.now();
  const caller = standing.consumer(consumer);
  if (caller === undefined) throw new HubError('UNAUTHENTICATED', 'The application that uploaded it is not registered any more.');
  const matter = code === null ? null : standing.matter(code) ?? null;
  if (code !== null && (matter === null || !takesPart(caller, matter))) throw new HubError('PURPOSE_REFUSED', 'The matter is not registered any more, or this department has no part in it.');
  const [, kind, name = ''] = /^(signed|said):(.*)$/s.exec(operator) ?? [];
  return { caller, standing, today: parts.civilDate(now), now: now.toISOString(), purpose: { mode: 'BATCH', matter, caseNo: null, operator: kind === undefined ? null : { code: name, verified: kind === 'signed' }, behalf: null, problem: null } };
}

async function compareChunk(parts: RunParts, job: Job, n: number, rows: readonly ClaimedRow[]): Promise<void> {
  const began = performance.now();
  const asker = askerOf(parts, job);
  const names = JSON.parse(job.claims) as readonly string[];
  const type = parts.judge.type(job.recordType);
  const judged = parts.judge.judge(comparisonAt, type, names, asker, () => 'the header');
  refuseUngranted(judged);
  const { statement } = judged;
  if (statement === null) throw new Error('What is not refused is compared by a statement.');
  const subjectOf = type.name === 'Person' ? parts.personKey : (key: string): string => key;
  const { taken, refused } = await sorted(parts, asker, rows, subjectOf);
  const keys = taken.map(([, key]) => key);
  const values = taken.map(([, , claimed]) => claimed as readonly (readonly (string | number | boolean)[] | null)[]);
  const verified = taken.length === 0 ? [] : await parts.judge.run(statement, await parts.judge.request(statement, { keys, values: columnsOf(judged, values) }, asker));
  const results = resultsOf(judged, rows, taken, verified, refused);
  // Before anybody could be told of it, it is written down.
  if (taken.length > 0) {
    const subjects = [...new Set(verified.flatMap((one) => one.subjects))];
    const certificates = [...new Set(verified.flatMap((one) => one.traced))];
    const list = usesOf(judged, asker, parts.mostUnmet, guessesOf(taken, results, subjectOf));
    await parts.audit.write({
      ...entryOf('QUERY', root, asker, judged.facts, { request: randomUUID(), outcome: 'OK', variables: job.digest, rows: verified.filter(({ found }) => found).length, subjects, ...(certificates.length === 0 ? {} : { certificates }), micros: Math.round((performance.now() - began) * 1000) }),
      ...(list.length === 0 ? {} : { uses: { list, scope: () => entryOf('QUERY', root, asker, { by: judged.facts.by }, { request: '', outcome: '' }).scope, refusal: ({ what }) => new HubError('QUOTA_EXCEEDED', 'What a day allows is used up; the comparison goes on tomorrow.', { quota: list.some((use) => use.what === what && use.times !== undefined) ? 'UNMET_CLAIMS' : 'GRANT' }) } }),
    });
  }
  await keep(parts, job, n, results);
}

/** Rows that may be compared, and those about a subject of whom too much is claimed that is not so. */
async function sorted({ sql, mostUnmet }: RunParts, { caller, today }: Asker, rows: readonly ClaimedRow[], subjectOf: (key: string) => string): Promise<Sorted> {
  const subjects = new Map(rows.flatMap(([, key]) => (key === null ? [] : [[key, subjectOf(key)] as const])));
  const used = new Map(await usedOn(sql, today, caller.consumer, [...new Set(subjects.values())].map(unmetOf)));
  const taken: (ClaimedRow & readonly [number, string, unknown, null])[] = [];
  const refused = new Map<number, string>();
  for (const row of rows) {
    const [line, key, values, problem] = row;
    if (key === null) {
      refused.set(line, problem);
      continue;
    }
    const name = unmetOf(subjects.get(key) as string);
    const claimed = (used.get(name) ?? 0) + values.filter((value) => value !== null).length;
    if (claimed > mostUnmet) refused.set(line, tooOften);
    else {
      used.set(name, claimed);
      taken.push(row as ClaimedRow & readonly [number, string, unknown, null]);
    }
  }
  return { taken, refused };
}

function resultsOf(judged: JudgedClaims, rows: readonly ClaimedRow[], taken: Sorted['taken'], verified: readonly Verified[], refused: Sorted['refused']): readonly RowResult[] {
  const byLine = new Map(taken.map((row, place) => [row[0], verified[place] as Verified]));
  return rows.map(([line, , values]): RowResult => {
    const one = byLine.get(line);
    if (one === undefined) return [line, null, refused.get(line) ?? ''];
    const verdicts = verdictsOf(judged, one);
    return [line, (values ?? []).map((value, place) => (value === null ? null : verdicts[place] ?? null)), null];
  });
}

/** What was claimed about each subject, and what of it is not so. */
function guessesOf(taken: Sorted['taken'], results: readonly RowResult[], subjectOf: (key: string) => string): readonly Guesses[] {
  const verdictsBy = new Map(results.map(([line, verdicts]) => [line, verdicts ?? []]));
  const guesses = new Map<string, { claims: number; unmet: number }>();
  for (const [line, key] of taken) {
    const own = guesses.get(key) ?? { claims: 0, unmet: 0 };
    for (const verdict of verdictsBy.get(line) ?? []) {
      if (verdict === null) continue;
      own.claims += 1;
      if (verdict !== 'MATCH') own.unmet += 1;
    }
    guesses.set(key, own);
  }
  return [...guesses].map(([key, own]) => ({ subject: subjectOf(key), isPerson: true, ...own }));
}

/** A chunk is one question under each line of a grant, and each subject of whom something is not so has its count. */
function usesOf({ facts }: JudgedClaims, { caller: { consumer }, today }: Asker, mostUnmet: number, guesses: readonly Guesses[]): readonly Use[] {
  return [
    ...facts.quotas.map((quota): Use => ({ day: today, who: consumer, what: countedBy(quota), most: quota.perDay })),
    ...guesses.flatMap((guess) => (guess.unmet === 0 ? [] : [guessUsed(guess, consumer, today, mostUnmet)])),
  ];
}

async function keep(parts: RunParts, { id }: Job, n: number, results: readonly RowResult[]): Promise<void> {
  const count = (verdict: string): number => results.reduce((sum, [, verdicts]) => sum + (verdicts ?? []).filter((one) => one === verdict).length, 0);
  const now = parts.now().toISOString();
  try {
    await within(parts, async (tx) => {
      const kept = await tx`update comparison_chunk set input = null, result = ${JSON.stringify(results)}::text::json where comparison_id = ${id} and n = ${n} and result is null returning 1`;
      if (kept.length === 0) return;
      await tx`update comparison set state = 'RUNNING', touched_at = ${now}, not_before = null, done = done + ${results.length}, refused = refused + ${results.filter(([, verdicts]) => verdicts === null).length},
        matches = matches + ${count('MATCH')}, mismatches = mismatches + ${count('MISMATCH')}, no_records = no_records + ${count('NO_RECORD')} where id = ${id}`;
    });
  } catch (error) {
    throw error instanceof Error && error.name === 'LeaseLost' ? error : safeError(error, 'keep what was compared');
  }
}

/** Deletes results whose days are over, and files that were never received whole. */
export async function deleteExpired(sql: postgres.Sql, now: string): Promise<void> {
  await sql.begin(async (tx) => {
    const over = await tx<{ id: string }[]>`update comparison set deleted_at = ${now}, state = case when state in ('DONE', 'STOPPED') then state else 'STOPPED' end, stop_code = case when state in ('WAITING', 'RUNNING') then 'EXPIRED' else stop_code end
      where expires_at <= ${now} and deleted_at is null and state <> 'RECEIVING' returning id`;
    await tx`delete from comparison_chunk where comparison_id = any(${over.map(({ id }) => id)}::uuid[])`;
    await tx`delete from comparison where state = 'RECEIVING' and created_at < ${now}::timestamptz - interval '1 hour'`;
  });
}
