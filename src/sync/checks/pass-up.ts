/**
 * Reports of discrepancies on their way up, and the answers on their way down. A report about another hub's word waits in its own row,
 * written in the transaction that took it, until the upper hub has it: at least once, in the order of reporting, under a key by which it is
 * known there. One that is refused is a dead letter and holds up nothing. About whoever is sealed nothing leaves; it waits.
 *
 * The answer is asked for, by that key. A report that the upper hub does not know (any more: it was restored from a backup) goes up again.
 */
import type postgres from 'postgres';
import { belongsHere } from '../home.ts';
import { CityError } from '../city.ts';
import type { CityChecks, PassedUpReport, ReportStanding } from '../city.ts';
import { keepOutcomes, reportType } from '../dead-letters.ts';
import { checkColumns, lockCheck, moveCheck } from './check.ts';
import type { CheckRequest, Mover } from './check.ts';

/** What passing reports up needs from outside; see `PushContext` in push.ts. */
export interface ReportsContext {
  readonly sql: postgres.Sql;
  readonly checks: CityChecks;
  readonly division: string;
  readonly now: string;
  readonly fence?: (tx: postgres.TransactionSql) => Promise<void>;
  readonly reach?: (what: string) => void;
}

/** Reports of one step. */
const atOnce = 100;

const next = `select ${checkColumns} from check_request where state = 'WAITING' and not exists (select from seal where person_key = any(check_request.subjects)) order by seq limit ${atOnce}`;

/** Codes with which the upper hub refuses one report, and not this hub: the next may be taken. */
const aboutTheReport: ReadonlySet<string | null> = new Set(['BAD_INPUT', 'FIELD_NOT_SHARED', 'CONFLICT']);

/** Passes the next reports up. Throws a `CityError` where the city takes none; those before are with it. */
export async function passReportsUp(context: ReportsContext): Promise<{ readonly changes: number; readonly refused: number; readonly more: boolean }> {
  const { sql, checks: city, reach = () => undefined } = context;
  reach('read the reports');
  const waiting = await sql.unsafe<CheckRequest[]>(next, [], { prepare: true });
  let refused = 0;
  for (const check of waiting) {
    reach('report');
    const taken = await reported(city, passedUp(context, check));
    reach('keep what became of it');
    refused += await keep(context, check, taken);
  }
  return { changes: waiting.length, refused, more: waiting.length === atOnce };
}

/** How it stands there, or why it is refused. */
async function reported(city: CityChecks, report: PassedUpReport): Promise<ReportStanding | string> {
  try {
    return await city.report(report) ?? 'The upper hub has no such item that this hub may have.';
  } catch (error) {
    if (error instanceof CityError && error.failure === 'REFUSED' && aboutTheReport.has(error.code)) return error.message;
    throw error;
  }
}

function passedUp({ division }: ReportsContext, { id, type, source, sourceKey, sourceVersion, field, believed, words, evidence, reportedFor }: CheckRequest): PassedUpReport {
  return { key: keyOf(id), type, source, sourceKey, sourceVersion, field, believed, because: words, evidence, behalf: belongsHere(division, reportedFor) ? reportedFor : null };
}

const keyOf = (id: string): string => `check-${id}`;
const upwards = (now: string): Mover => ({ caller: null, now, today: null });

/** Keeps what became of a report, unless somebody else has; 1: it was refused. */
async function keep({ sql, now, fence }: ReportsContext, { id, type, field, reportedFor, sourceVersion }: CheckRequest, taken: ReportStanding | string): Promise<number> {
  return await sql.begin(async (tx) => {
    await fence?.(tx);
    const check = await lockCheck(tx, id);
    if (check?.state !== 'WAITING') return 0;
    const why = typeof taken === 'string' ? taken : null;
    await moveCheck(tx, upwards(now), check, why === null ? 'send' : 'refuse', why);
    if (typeof taken !== 'string') await arrived(tx, now, { ...check, state: 'SENT' }, taken);
    return keepOutcomes(tx, now, [{ type: reportType, source: reportedFor, key: id, version: sourceVersion }], [{ index: 0, status: why === null ? 'ACCEPTED' : 'REJECTED', reason: why, field: `${type}.${field}` }]);
  }) as number;
}

/** Takes what the upper hub says of a report that it has. */
async function arrived(tx: postgres.TransactionSql, now: string, check: CheckRequest, { state, dueOn, verdict, answer, correctedVersion, answeredAt, answeredBy }: ReportStanding): Promise<void> {
  if (dueOn !== check.dueOn) await tx`update check_request set city_due_on = ${dueOn} where id = ${check.id}::uuid`;
  if (state === 'ANSWERED' && verdict !== null && answeredAt !== null) await moveCheck(tx, upwards(now), check, 'arrive', answer, { verdict, correctedVersion, answeredAt, answeredBy });
}

/** Asks how the reports stand that the upper hub has, a page at a time: those behind `after` by id. Gives the last one of the page; null: it was the last page. */
export async function takeAnswers({ sql, checks: city, now, fence, reach = () => undefined }: ReportsContext, after: string | null = null): Promise<string | null> {
  reach('read what was sent');
  const sent = await sql<{ id: string; dueOn: string | null }[]>`select id::text as id, city_due_on::text as "dueOn" from check_request where state = 'SENT' and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${atOnce}`;
  if (sent.length === 0) return null;
  reach('ask for the answers');
  const standings = await city.standings(sent.map(({ id }) => keyOf(id)));
  for (const { id, dueOn } of sent) {
    const standing = standings.get(keyOf(id));
    if (standing !== undefined && standing.state !== 'ANSWERED' && standing.dueOn === dueOn) continue;
    reach('keep an answer');
    await sql.begin(async (tx) => {
      await fence?.(tx);
      const check = await lockCheck(tx, id);
      if (check?.state !== 'SENT') return;
      if (standing === undefined) await moveCheck(tx, upwards(now), check, 'resend', 'The upper hub does not know it any more.');
      else await arrived(tx, now, check, standing);
    });
  }
  return sent.length === atOnce ? sent.at(-1)?.id ?? null : null;
}
