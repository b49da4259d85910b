/**
 * Resolvers of schema/calendar.graphql: the working calendar and what is counted by it.
 */
import { enterYear, knownYears, workingDays } from '../../calendar/calendar.ts';
import type { KnownYear, YearForm } from '../../calendar/calendar.ts';
import { deadlineRules } from '../../calendar/deadline.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function calendar(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      workingCalendar: async (_root, _args, { today }) => {
        const { sql } = work.writing();
        return { years: (await knownYears(sql)).map(yearShown), missing: (await workingDays(sql)).missing(today) };
      },
      deadlines: async (_root, { from }: { from?: string | null }, { today }) => {
        const days = await workingDays(work.writing().sql);
        return deadlineRules.map((rule) => ({ rule: rule.toUpperCase(), workingDays: work.deadlines[rule], ...dueShown(days.after(from ?? today, work.deadlines[rule])) }));
      },
    },
    Mutation: {
      enterWorkingYear: (_root, given: YearForm, context) => enterYear(work.writing().sql, plain(given), actorOf(context), context.today),
    },
  };
}

const yearShown = ({ year, enteredAt, enteredBy, days }: KnownYear): unknown => ({ year, enteredAt, enteredBy, days: days.map(({ day, working, name }) => ({ day, working, name })) });
const dueShown = ({ dueOn, provisional }: { readonly dueOn: string; readonly provisional: boolean }) => ({ dueOn, provisional });
