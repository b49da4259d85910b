/**
 * `calendar`: which years of the working calendar are known, and entering years from a table (`day,working,name`, as
 * `seeds/working-days.csv` is written). A file may hold several years; each is entered whole.
 */
import { readFileSync } from 'node:fs';
import { enterYear, knownYears, workingDays } from '../calendar/calendar.ts';
import type { SpecialDay } from '../calendar/working-days.ts';
import type { Config } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { HubError } from '../errors.ts';
import { civilDate } from '../graphql/context.ts';
import { parseTable } from '../seeding/csv.ts';
import { auditOf, CommandRecord } from './recorded.ts';

/** `calendar [FILE.csv]`. */
export async function calendarCommand(config: Config, words: readonly string[]): Promise<void> {
  const [file, ...rest] = words;
  if (rest.length > 0) throw new HubError('BAD_INPUT', 'Usage: calendar [FILE.csv]');
  const given = file === undefined ? null : readYears(file);
  const now = new Date();
  const [today, actor] = [civilDate(now), { by: 'command line', now: now.toISOString() }];
  const database = await openDatabase(config);
  const audit = auditOf(config, database, 'calendar');
  try {
    await migrate(database);
    const enter = async (): Promise<void> => {
      for (const [year, days] of given ?? []) process.stdout.write(`${year}: ${days.length} days entered, ${await enterYear(database.sql, { year, days }, actor, today)} open deadlines moved.\n`);
    };
    if (given !== null) await new CommandRecord(audit, { roots: ['calendar', ...[...given.keys()].map(String)] }).around(enter);
    const missing = (await workingDays(database.sql)).missing(today);
    process.stdout.write(`Known: ${(await knownYears(database.sql)).map(({ year }) => year).join(', ') || 'no year'}.${missing.length === 0 ? '' : ` Missing: ${missing.join(', ')}.`}\n`);
  } finally {
    await audit.close();
    await database.close();
  }
}

/** The days of a table by year; `BAD_INPUT` on a table that is none. */
export function readYears(file: string): ReadonlyMap<number, readonly SpecialDay[]> {
  try {
    const rows = parseTable(readFileSync(file, 'utf8'), ['day', 'working', 'name'], 'The table').map(({ day, working, name }) => {
      if (working !== 'true' && working !== 'false') throw new RangeError(`The table, ${day}: working is written true or false`);
      return { day, working: working === 'true', name };
    });
    return Map.groupBy(rows, ({ day }) => Number(day.slice(0, 4)));
  } catch (error) {
    throw new HubError('BAD_INPUT', error instanceof RangeError ? error.message : `${file} cannot be read.`);
  }
}
