/**
 * Trying again what waits in the quarantine: rows whose time has come, or these rows because somebody has asked for them. In ONE
 * transaction; what is taken goes out of the quarantine, what is not goes back with its reason.
 *
 * What is in quarantine has no cursor, so nobody's lease is needed to try it by hand: rows and record types are locked. Whoever pulls
 * fences it with the lease of the pull.
 */
import type postgres from 'postgres';
import { loadCodes } from '../records/codes.ts';
import type { WriteContext } from '../records/write.ts';
import type { RecordType } from '../registries/contract.ts';
import type { RegistryName } from '../registries/record.ts';
import { takeIncoming } from './apply.ts';
import type { Malformed } from './city.ts';
import { discard, listQuarantine, readAgain, setAside, takeDue } from './quarantine.ts';
import { ValueReader } from './reading.ts';
import type { Refused } from './reading.ts';
import { keepUnknown } from './unknown.ts';

/** What trying again takes. */
export interface RedriveParts {
  readonly writing: () => WriteContext;
  readonly types: ReadonlyMap<string, RecordType>;
  /** The division whose hub this is. */
  readonly division: string;
}

/** How many were tried, and how many of them were taken. */
export interface Redriven {
  readonly tried: number;
  readonly taken: number;
}

/** How a pull tries again: under its lease, with the code tables that it has at hand. */
export interface Redriving {
  readonly fence: (tx: postgres.TransactionSql) => Promise<void>;
  readonly reader: (context: WriteContext, tx: postgres.TransactionSql) => Promise<ValueReader>;
}

/** Rows that are tried by hand at once, where nobody names them. */
const mostByHand = 1000;

/** Tries again what somebody asks for: these rows, or the first of the registry, those that wait for somebody before all. */
export async function redriveByHand(parts: RedriveParts, registry: RegistryName, codes: readonly string[] | null, most = mostByHand): Promise<Redriven> {
  const named = codes ?? (await listQuarantine(parts.writing().sql, registry, most)).map(({ code }) => code);
  return redriveRows(parts, registry, named, { fence: async () => undefined, reader: async ({ today }, tx) => new ValueReader(await loadCodes(tx), today) });
}

/** Tries again these rows, whatever their time; null: those whose time has come. */
export async function redriveRows(parts: RedriveParts, registry: RegistryName, codes: readonly string[] | null, { fence, reader }: Redriving): Promise<Redriven> {
  const context = parts.writing();
  return await context.sql.begin(async (tx) => {
    await fence(tx);
    const due = await takeDue(tx, registry, context.now, codes);
    if (due.length === 0) return { tried: 0, taken: 0 };
    const read = due.map((row) => ({ row, incoming: readAgain(row) }));
    const fine = read.flatMap(({ incoming }) => ('reason' in incoming ? [] : [incoming]));
    const taken = await takeIncoming(context, tx, { registry, types: parts.types, division: parts.division, reader: await reader(context, tx), isolate: true }, fine);
    await keepUnknown(tx, taken, context.now);
    const done = new Set([...taken.taken, ...taken.stale]);
    const mine = fine.filter((one) => !done.has(one) && !taken.refused.some(({ incoming }) => incoming === one));
    // What is taken goes; so does what turned out to have its home here.
    await discard(tx, read.flatMap(({ row, incoming }) => (!('reason' in incoming) && (done.has(incoming) || mine.includes(incoming)) ? [row.code] : [])));
    await setAside(tx, registry, read.flatMap(({ row, incoming }) => {
      const why: Refused | Pick<Malformed, 'field' | 'reason'> | undefined = 'reason' in incoming ? incoming : taken.refused.find((one) => one.incoming === incoming);
      return why === undefined ? [] : [{ cursor: null, type: row.recordType, source: row.source, key: row.sourceKey, cityId: null, raw: row.raw, field: why.field, reason: why.reason, waits: (why as Partial<Refused>).waits }];
    }), context.now);
    return { tried: due.length, taken: taken.taken.length };
  }) as Redriven;
}
