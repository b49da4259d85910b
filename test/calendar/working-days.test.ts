/**
 * The working calendar: the days themselves against the package that they were taken from, counting, and what a year that is entered
 * late moves.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chineseDays from 'chinese-days';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingDays } from '../../src/calendar/calendar.ts';
import { begin, deadlinesOf, escalate, meet, missedSubjects, overdue } from '../../src/calendar/deadline.ts';
import { nextDay, WorkingDays } from '../../src/calendar/working-days.ts';
import { readYears } from '../../src/commands/calendar.ts';
import { readConfig, standardDeadlines } from '../../src/config.ts';
import { administrators, callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { Json, TestHub } from '../world/hub.ts';

const seed = readYears(new URL('../../seeds/working-days.csv', import.meta.url).pathname);
const calendar = new WorkingDays(seed.keys(), [...seed.values()].flat());

/** 2027 as it may be told one day: the Spring Festival is 2027-02-06. */
const days2027 = [
  ...['2027-01-01', '2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10', '2027-02-11', '2027-02-12', '2027-04-05', '2027-05-03', '2027-06-09', '2027-09-15'].map((day) => ({ day, working: false, name: '节日' })),
  ...['2027-01-30', '2027-02-20'].map((day) => ({ day, working: true, name: '春节' })),
];

describe('working days', () => {
  it('are those of the package, day by day, and it has not one year more', () => {
    expect([...seed.keys()]).toEqual([2020, 2021, 2022, 2023, 2024, 2025, 2026]);
    for (let day = '2020-01-01'; day <= '2026-12-31'; day = nextDay(day)) expect([day, calendar.isWorking(day)]).toEqual([day, chineseDays.isWorkday(day)]);
    // It answers for years that it does not hold, and answers wrong: Monday of the Spring Festival.
    expect(chineseDays.isWorkday('2027-02-08')).toBe(true);
  });

  it.each([
    ['over the long National Day', '2025-09-26', 10, { dueOn: '2025-10-16', provisional: false }],
    ['over a weekend', '2026-11-26', 2, { dueOn: '2026-11-30', provisional: false }],
    ['over a weekend that is worked', '2026-02-13', 1, { dueOn: '2026-02-14', provisional: false }],
    ['from a day of rest', '2026-11-28', 1, { dueOn: '2026-11-30', provisional: false }],
    ['none', '2026-11-28', 0, { dueOn: '2026-11-28', provisional: false }],
    ['into a year that nobody has entered', '2026-12-30', 2, { dueOn: '2027-01-01', provisional: true }],
    ['within such a year', '2027-02-05', 5, { dueOn: '2027-02-12', provisional: true }],
  ])('are counted %s', (_what, from, count, due) => {
    expect(calendar.after(from, count)).toEqual(due);
  });

  it('of a year that was entered are no longer provisional', () => {
    const longer = new WorkingDays([2026, 2027], [...(seed.get(2026) ?? []), ...days2027]);
    expect(longer.after('2026-12-30', 2)).toEqual({ dueOn: '2027-01-04', provisional: false });
    expect(longer.after('2027-02-04', 5)).toEqual({ dueOn: '2027-02-19', provisional: false });
  });

  it('a year is missed from 1 December on, and itself at once', () => {
    expect(['2026-11-30', '2026-12-01', '2027-01-01', '2027-12-01'].map((day) => calendar.missing(day))).toEqual([[], [2027], [2027], [2027, 2028]]);
  });

  it('that nobody would wait for are refused', () => {
    for (const days of [-1, 0.5, 251]) expect(() => calendar.after('2026-11-26', days)).toThrow(RangeError);
  });
});

describe('the configuration', () => {
  it('names rules and their days; the others stay', () => {
    expect(readConfig({}).deadlines).toEqual(standardDeadlines);
    expect(readConfig({ HUB_DEADLINES: 'precheck 3, conditional=5' }).deadlines).toEqual({ ...standardDeadlines, precheck: 3, conditional: 5 });
    for (const wrong of ['precheck', 'precheck 0', 'precheck 251', 'nothing 3', 'toString 3']) expect(() => readConfig({ HUB_DEADLINES: wrong })).toThrow(/HUB_DEADLINES: must be rules/);
  });
});

describe('the hub\'s calendar', () => {
  let hub: TestHub;
  let today = '2026-11-24';
  beforeAll(async () => {
    hub = await clonedHub({ now: () => new Date(`${today}T09:00:00+08:00`) });
  });
  afterAll(() => hub?.close());

  const enter = (by: AdministratorName | CallerName | 'stranger', variables: { readonly year: number; readonly days: readonly unknown[] }) =>
    hub.ask(by, 'mutation ($year: Int!, $days: [SpecialDayInput!]!) { enterWorkingYear(year: $year, days: $days) }', { variables });
  const refusalOf = async (answer: Promise<{ errors: readonly { message: string; extensions: Json }[] }>) => {
    const { errors } = await answer;
    return `${String(errors[0]?.extensions['code'])} ${errors[0]?.message}`;
  };
  const start = (subject: string, from: string, days: number) =>
    hub.database.sql.begin(async (tx) => begin(tx, await workingDays(tx), { subject, rule: 'conditional', department: '620623-MZ' }, from, days));
  const of = async (subject: string) => (await deadlinesOf(hub.database.sql, [subject]))[0];

  it('holds the years of the seed, and says which is missing', async () => {
    const told = async () => (await hub.ask('market', '{ workingCalendar { missing years { year enteredBy days { day working name } } } }')).data['workingCalendar'] as unknown as { missing: number[]; years: { year: number; enteredBy: string; days: unknown[] }[] };
    const { years, missing } = await told();
    expect([years.map(({ year }) => year), missing]).toEqual([[2026, 2025, 2024, 2023, 2022, 2021, 2020], []]);
    expect(years[0]).toMatchObject({ enteredBy: 'seed', days: seed.get(2026) });
    today = '2026-12-01';
    expect((await told()).missing).toEqual([2027]);
  });

  it('counts every kind of work', async () => {
    today = '2026-11-24';
    const { data } = await hub.ask('market', '{ deadlines { rule workingDays dueOn provisional } later: deadlines(from: "2026-12-20") { rule dueOn provisional } }');
    expect(data['deadlines']).toEqual([
      { rule: 'PRECHECK', workingDays: 2, dueOn: '2026-11-26', provisional: false }, { rule: 'UNCONDITIONAL', workingDays: 1, dueOn: '2026-11-25', provisional: false },
      { rule: 'CONDITIONAL', workingDays: 10, dueOn: '2026-12-08', provisional: false }, { rule: 'PROVIDE', workingDays: 20, dueOn: '2026-12-22', provisional: false },
      { rule: 'VERIFY', workingDays: 10, dueOn: '2026-12-08', provisional: false }, { rule: 'DESK', workingDays: 1, dueOn: '2026-11-25', provisional: false },
    ]);
    expect((data['later'] as unknown as unknown[])[3]).toEqual({ rule: 'PROVIDE', dueOn: '2027-01-15', provisional: true });
  });

  it('is entered by a steward of the data authority, and by nobody else', async () => {
    for (const name of ['stranger', ...Object.keys(callers), ...Object.keys(administrators)] as (AdministratorName | CallerName | 'stranger')[]) {
      if (name === 'steward') continue;
      expect([name, (await enter(name, { year: 2027, days: days2027 })).errors[0]?.extensions['code']]).toEqual([name, name === 'stranger' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
    }
  });

  it.each([
    ['a day of another year', [...days2027, { day: '2026-12-31', working: false, name: '元旦' }], /days\[13\]\.day is 2026-12-31, which is not of 2027/],
    ['a day twice', [...days2027, { day: '2027-01-01', working: true, name: '元旦' }], /names 2027-01-01 a second time/],
    ['no New Year\'s Day', days2027.slice(1), /元旦/],
    ['half a file', days2027.slice(0, 5), /cut short/],
    ['nothing', [], /cut short/],
  ])('refuses a year with %s', async (_what, days, sentence) => {
    expect(await refusalOf(enter('steward', { year: 2027, days }))).toMatch(sentence);
  });

  it('that is entered counts open deadlines anew: those that touch the year, and no other', async () => {
    await start('T-1', '2027-02-04', 5);
    await start('T-2', '2026-12-28', 2);
    await start('T-3', '2027-02-04', 5);
    await hub.database.sql.begin((tx) => meet(tx, 'T-3', null, '2027-02-10'));
    // By the weekdays it was missed, and the authority was told.
    await hub.database.sql.begin((tx) => escalate(tx, 'T-1', '2027-02-17', '2027-02-17T01:00:00.000Z'));
    expect(await of('T-1')).toMatchObject({ dueOn: '2027-02-11', provisional: true, escalatedAt: '2027-02-17T01:00:00.000Z' });
    today = '2027-02-17';
    expect((await enter('steward', { year: 2027, days: days2027 })).data).toEqual({ enterWorkingYear: 1 });
    expect(await of('T-1')).toMatchObject({ dueOn: '2027-02-19', provisional: false, escalatedAt: null });
    expect(await of('T-2')).toMatchObject({ dueOn: '2026-12-30', provisional: false });
    expect(await of('T-3')).toMatchObject({ dueOn: '2027-02-11', provisional: true, metOn: '2027-02-10' });
    expect((await enter('steward', { year: 2027, days: days2027 })).data).toEqual({ enterWorkingYear: 0 });
  });

  it('what is missed is told of once, and listed page by page until it is done', async () => {
    const { sql } = hub.database;
    for (const n of [1, 2, 3]) await start(`L-${n}`, '2026-11-20', n);
    const told = async (on: string) => {
      const subjects = (await missedSubjects(sql, on)).filter((subject) => subject.startsWith('L-'));
      for (const subject of subjects) expect(await sql.begin((tx) => escalate(tx, subject, on, `${on}T01:00:00.000Z`))).toHaveLength(1);
      return subjects;
    };
    // The last day still counts.
    expect(await told('2026-11-24')).toEqual(['L-1']);
    expect(await told('2026-11-26')).toEqual(['L-2', 'L-3']);
    expect(await told('2026-11-27')).toEqual([]);
    const first = await overdue(sql, '2026-11-26', '620623-MZ', 2, null);
    expect(first.map(({ subject }) => subject)).toEqual(['L-1', 'L-2']);
    const rest = await overdue(sql, '2026-11-26', '620623-MZ', 2, first.at(-1) ?? null);
    expect(rest.map(({ subject }) => subject)).toEqual(['L-3']);
    await sql.begin((tx) => meet(tx, 'L-1', '620623-MZ', '2026-11-26'));
    expect((await overdue(sql, '2026-11-26', null, 10, null)).map(({ subject }) => subject)).toEqual(['L-2', 'L-3']);
    expect(await overdue(sql, '2026-11-26', '620623-GA', 10, null)).toEqual([]);
  });
});

it('a table of years is read strictly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-calendar-'));
  const file = join(folder, 'years.csv');
  try {
    writeFileSync(file, 'day,working,name\n2027-01-01,no,元旦\n');
    expect(() => readYears(file)).toThrow(/true or false/);
    writeFileSync(file, 'day,name\n2027-01-01,元旦\n');
    expect(() => readYears(file)).toThrow(/no column working/);
    expect(() => readYears(join(folder, 'none.csv'))).toThrow(/cannot be read/);
    expect(readFileSync(new URL('../../seeds/ATTRIBUTION.md', import.meta.url), 'utf8')).toContain('chinese-days');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
