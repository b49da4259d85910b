/**
 * Uses of certificates on their way up: a certificate that the upper hub has passed on was used here, and whoever issued it sees that there
 * (`tellCertificateUses`). At least once, in the order in which they were written down, each under a key by which it is known there. One
 * that is refused is a dead letter and holds up nothing; where the upper hub does not answer, everything waits where it lies.
 *
 * Answers that held such a certificate go the same way, in calls of their own (QUERY): an upper hub that does not know these takes the others.
 */
import type postgres from 'postgres';
import type { CityUses, PassedUpUse } from './city.ts';
import { keepOutcomes, useType } from './dead-letters.ts';
import type { Pushed } from './push.ts';
import { queries, readAnswers } from './query-outbox.ts';
import { uses } from './use-outbox.ts';
import type { UseOutbox, WaitingUse } from './use-outbox.ts';

/** What passing uses up needs from outside; see `PushContext` in push.ts. */
export interface UsesContext {
  readonly sql: postgres.Sql;
  readonly uses: CityUses;
  readonly division: string;
  readonly now: string;
  readonly fence?: (tx: postgres.TransactionSql) => Promise<void>;
  readonly reach?: (what: string) => void;
}

/** Uses of one step; an upper hub takes as many in a call. */
const atOnce = 200;

/** Passes the next uses up. Throws a `CityError` where the city takes none, and nothing has moved then. */
export async function passUsesUp(context: UsesContext): Promise<Pushed> {
  return passOn(context, uses);
}

/** The same of the next answers, behind what the audit has of them since. */
export async function passQueriesUp(context: UsesContext): Promise<Pushed> {
  const { more } = await readAnswers(context, atOnce);
  const passed = await passOn(context, queries);
  return { ...passed, more: more || passed.more };
}

async function passOn(context: UsesContext, outbox: UseOutbox): Promise<Pushed> {
  const { sql, uses: city, reach = () => undefined } = context;
  reach('read the uses');
  const waiting = await outbox.waiting(sql, atOnce);
  if (waiting.length === 0) return { changes: 0, refused: 0, more: false };
  reach('tell of them');
  const outcomes = await city.tellUses(waiting.map(sentOf));
  reach('keep what became of them');
  const refused = await sql.begin(async (tx) => {
    await context.fence?.(tx);
    const keysOf = (rejected: boolean): string[] => outcomes.flatMap(({ index, status }) => ((status === 'REJECTED') === rejected ? waiting[index]?.key ?? [] : []));
    const marked = new Set([...await outbox.mark(tx, keysOf(false), 'SENT'), ...await outbox.mark(tx, keysOf(true), 'REFUSED')]);
    return keepOutcomes(tx, context.now, waiting.map((use) => letterOf(context, use)), outcomes.filter(({ index }) => marked.has(waiting[index]?.key ?? '')));
  }) as number;
  return { changes: waiting.length, refused, more: waiting.length === atOnce };
}

function sentOf({ division: _division, items, ...use }: WaitingUse): PassedUpUse {
  return items === null ? use : { ...use, items };
}

/** By which a refused one stands among the dead letters: whose use it was. */
function letterOf({ division }: UsesContext, { key, departmentCode, division: below, at }: WaitingUse) {
  return { type: useType, source: departmentCode ?? below ?? division, key, version: at };
}
