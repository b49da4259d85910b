/**
 * The bitemporal cases against the tables, each question asked twice: by the predicates that a compiled statement has
 * (query/rows `#atTime`, or the current table without lenses), and of the record's whole history by `valueAt`.
 */
import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/open.ts';
import { bringDue } from '../../src/records/due.ts';
import { valueAt } from '../../src/records/timeline.ts';
import { writeClaims } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { cloneDatabase } from '../world/database.ts';
import { bitemporalCases, end, morning, type Question } from './bitemporal-cases.ts';
import { contextAt, historyOf, model } from './writing.ts';

interface Clock { readonly today: string; readonly now: string }

let database: Database;
beforeAll(async () => { database = await cloneDatabase(); });
afterAll(() => database.close());

describe('bitemporal', () => {
  test('there are enough cases, and no two say the same', () => {
    expect(bitemporalCases.length).toBeGreaterThanOrEqual(20);
    expect(new Set(bitemporalCases.map(({ words }) => words)).size).toBe(bitemporalCases.length);
  });

  test.each(bitemporalCases.map((one) => [one.words, one] as const))('%s', async (_words, { steps, questions }) => {
    let clock: Clock = { today: '1900-01-01', now: '1900-01-01T00:00:00.000Z' };
    for (const step of steps) {
      if ('ask' in step) await ask(step.ask, clock);
      else if ('bring' in step) {
        clock = { today: step.bring, now: `${step.bring}T00:00:00.000Z` };
        await bringDue(contextAt(database, clock.now, clock.today), records);
      } else {
        clock = { today: step.on, now: step.now ?? morning(step.on) };
        await writeClaims(contextAt(database, clock.now, clock.today), model(step.type ?? 'Person'), step.source ?? '620623-GA', [step.claim]);
      }
    }
    await bringDue(contextAt(database, end.now, end.today), records);
    for (const question of questions) await ask(question, end);
  });
});

async function ask(question: Question, clock: Clock): Promise<void> {
  const { expected, ...words } = question;
  const of = model(question.type ?? 'Person');
  const historic = question.asOf !== undefined || question.knownAt !== undefined;
  const [asOf, knownAt] = [question.asOf ?? clock.today, question.knownAt ?? clock.now];
  const column = (field: string) => sql.identifier(of.columns[field]!.name);
  const [by, value] = question.where ?? [of.key!, question.key!];
  const time = historic ? sql`and effective_from <= ${asOf}::date and effective_to > ${asOf}::date and recorded_from <= ${knownAt}::timestamptz and recorded_to > ${knownAt}::timestamptz` : sql``;
  const query = new PgDialect().sqlToQuery(sql`select id::text, ${column(question.field)}::text as value from ${historic ? of.tables.versions : of.tables.current} where ${column(by)} = ${value} ${time} order by 2`);
  const found = (await database.sql.unsafe(query.sql, query.params as string[])) as unknown as { id: string; value: string | null }[];
  const answer = question.where ? found.map((row) => row.value) : found[0]?.value;
  expect(answer, `by SQL: ${JSON.stringify(words)}`).toEqual(question.where ? [...expected as readonly string[]].sort() : expected);
  expect(found.length).toBeLessThanOrEqual(question.where ? Infinity : 1);

  // The same question of the histories, of every record that has ever had this value.
  const everQuery = new PgDialect().sqlToQuery(sql`select distinct id::text from ${of.tables.versions} where ${column(by)} = ${value}`);
  const ever = (await database.sql.unsafe(everQuery.sql, everQuery.params as string[])) as unknown as { id: string }[];
  const read: (string | null)[] = [];
  for (const { id } of ever) {
    const values = valueAt(await historyOf(database, of, id, [by, question.field]), asOf, knownAt);
    if (values !== null && values[by] === value) read.push(values[question.field] as string | null);
  }
  expect(question.where ? read.sort() : read[0], `by valueAt: ${JSON.stringify(words)}`).toEqual(question.where ? [...expected as readonly string[]].sort() : expected);
}
