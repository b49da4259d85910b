/**
 * Resolvers of schema/past-operations.graphql: what an application has really asked, so that it can be asked about.
 */
import { setImmediate } from 'node:timers/promises';
import { askedSince, timesAsked } from '../../audit/asked.ts';
import { HubError } from '../../errors.ts';
import { selectionIn } from '../../query/outline.ts';
import { consumerIn } from '../explain.ts';
import { documentOf } from '../past-operation.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { concerned } from './needed.ts';
import type { Resolvers } from './resolver.ts';

interface PastArguments {
  readonly consumer?: string | null;
  readonly days: number;
  readonly first: number;
}

/** From how many days, how many operations are looked through and listed, and up to how many times are counted. */
const most = { days: 366, operations: 200, first: 50, times: 10_000 } as const;

/** See the head of this file. */
export function pastOperations(hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      pastOperations: async (_root, { consumer, days, first }: PastArguments, context) => {
        if (days < 1 || days > most.days) throw new HubError('BAD_INPUT', `days is 1 to ${most.days}.`);
        if (first < 1 || first > most.first) throw new HubError('BAD_INPUT', `first is 1 to ${most.first}.`);
        const { consumer: code } = consumerIn(context.standing, concerned(consumer ?? null, context));
        const { sql } = work.writing();
        const since = new Date(Date.parse(context.now) - days * 86_400_000).toISOString();
        const { operations, more } = await askedSince(sql, since, most.operations, code);
        const times = await timesAsked(sql, operations, since, most.times);
        // They come by when they were asked last, and sorting keeps that among those of one number.
        const sorted = operations.map((operation, place) => ({ ...operation, times: times[place] ?? 0 })).toSorted((a, b) => b.times - a.times);
        const listed: unknown[] = [];
        let leftOut = 0;
        for (const operation of sorted) {
          if (listed.length === first) break;
          // A document takes a millisecond or several to be written, read and validated: others go between.
          await setImmediate();
          const written = documentOf(hub, operation);
          if (written === null) {
            leftOut += 1;
            continue;
          }
          const { what, matter, mode, inCase, last } = operation;
          listed.push({ document: written.document, variables: written.variables, roots: selectionIn(what).map(({ name }) => name), selection: what, matter, mode, underCase: inCase === true, times: operation.times, lastAskedAt: last });
        }
        return { since, operations: listed, leftOut, more: more || listed.length + leftOut < sorted.length };
      },
    },
  };
}
