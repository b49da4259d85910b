/**
 * Answers to requests to check: a steward of the department whose word is doubted says whether it is right, within the days of the rule
 * `verify`, once. What he corrects is told as any change is (submitChanges); the answer may name the version that has it.
 */
import type postgres from 'postgres';
import { z } from 'zod';
import { HubError } from '../../errors.ts';
import { line, readForm } from '../../identity/form.ts';
import { compareVersions } from '../../records/merge.ts';
import type { WriteContext } from '../../records/write.ts';
import type { Caller } from '../../sharing/terms.ts';
import { lockCheck, moveCheck, readChecks } from './check.ts';
import type { CheckRequest } from './check.ts';
import { partiesOf, verdicts } from './moves.ts';
import type { Verdict } from './moves.ts';
import { maySee } from './shown.ts';

/** An answer as it is given. */
export interface CheckAnswer {
  readonly id: string;
  /** Of the request, as the steward has read it. */
  readonly version: number;
  readonly verdict: Verdict;
  readonly because: string;
  /** With CORRECTED: the version under which the department told what is right. */
  readonly correctedVersion?: string | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const form = z.object({ because: line(500), verdict: z.enum(verdicts), correctedVersion: line(200).nullable() });

/** Answers a request; gives it as it stands then. */
export async function answerCheck(caller: Caller, { sql, now, today }: Pick<WriteContext, 'sql' | 'now' | 'today'>, given: CheckAnswer): Promise<CheckRequest> {
  const { because, verdict, correctedVersion } = readForm(form, { because: given.because, verdict: given.verdict, correctedVersion: given.correctedVersion ?? null }, 'The answer');
  if (correctedVersion !== null && verdict !== 'CORRECTED') throw new HubError('BAD_INPUT', 'correctedVersion names a correction, and is told with CORRECTED only.');
  if (!uuid.test(given.id)) throw unknown();
  return await sql.begin(async (tx) => {
    const check = await lockCheck(tx, given.id);
    if (check === undefined || !maySee(caller, check)) throw unknown();
    if (!partiesOf(caller, check).includes('SOURCE')) throw new HubError('FORBIDDEN', 'A request to check is answered by a STEWARD of the department whose word is doubted.');
    if (check.version !== given.version) throw new HubError('CONFLICT', `This request was moved meanwhile: it is ${check.state}, at version ${check.version}. Look at it again.`, { version: check.version, state: check.state });
    if (correctedVersion !== null) await hasTold(tx, check, correctedVersion);
    await moveCheck(tx, { caller, now, today }, check, 'answer', because, { verdict, correctedVersion, answeredAt: now, answeredBy: check.department });
    return (await readChecks(tx, [check.id]))[0] as CheckRequest;
  }) as CheckRequest;
}

function unknown(): HubError {
  return new HubError('BAD_INPUT', 'There is no such request to check, or it is none of this caller\'s; `checkRequests` lists those that are.');
}

/** Refuses a version that the department has not told of the record since it was doubted. */
async function hasTold(tx: postgres.TransactionSql, { type, recordId, source, sourceVersion, department }: CheckRequest, version: string): Promise<void> {
  const told = await tx<{ version: string }[]>`select version from source_record where record_type = ${type} and record_id = ${recordId}::uuid and source = any(${[source, department ?? source]}::text[])`;
  if (compareVersions(version, sourceVersion) > 0 && told.some((one) => compareVersions(one.version, version) >= 0)) return;
  throw new HubError('BAD_INPUT', 'The department has not told that version of this record since it was doubted. Tell what is right first (submitChanges), then name its version.');
}
