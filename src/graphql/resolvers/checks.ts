/**
 * Resolvers of schema/checks.graphql: reports of discrepancies, and requests to check.
 */
import { HubError } from '../../errors.ts';
import { answerCheck } from '../../sync/checks/answer.ts';
import type { CheckAnswer } from '../../sync/checks/answer.ts';
import type { CheckRequest } from '../../sync/checks/check.ts';
import type { CheckState } from '../../sync/checks/moves.ts';
import { reportDiscrepancy } from '../../sync/checks/report.ts';
import type { Discrepancy } from '../../sync/checks/report.ts';
import { checksOf, shownTo } from '../../sync/checks/shown.ts';
import type { ShownCheck } from '../../sync/checks/shown.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone } from './sync.ts';

interface List {
  readonly filter: { readonly states?: readonly CheckState[] | null; readonly side?: 'REPORTED' | 'ASKED' | null; readonly type?: string | null; readonly references?: readonly string[] | null };
  readonly first: number;
  readonly after?: string | null;
}

/** See the head of this file. */
export function checks(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      checkRequests: async (_root, { filter: { states, side, type, references }, first, after }: List, context) => {
        const page = await checksOf(work.writing(), context.caller, { states: states ?? null, side: side ?? null, type: type ?? null, references: references ?? null }, first, after ?? null);
        noted(context, page.nodes);
        return { ...page, nodes: page.nodes.map((check) => checkShown(check, context)) };
      },
    },
    Mutation: {
      reportDiscrepancy: async (_root, { report, idempotencyKey }: { readonly report: Discrepancy; readonly idempotencyKey: string }, context) => {
        const at = 'Mutation.reportDiscrepancy';
        const { caller, standing, purpose, today, now, trace } = context;
        if (caller.kind !== 'consumer' || work.sources === undefined) throw new HubError('FORBIDDEN', 'Discrepancies are reported by departments\' applications, which use the data.');
        askedAlone(trace, at);
        const { repeated, checks: opened, facts, subjects } = await reportDiscrepancy({ question: { at, caller, standing, purpose, today, now }, shown: work.sources, writing: work.writing(), place: work.place, days: work.deadlines.verify }, plain(report), idempotencyKey);
        if (facts !== null) {
          // That there is something to doubt is told, which is written down as a look-up is.
          trace.asked = { ...trace.asked, judged: { ...facts, open: false } };
          trace.delivered = { subjects, rows: 0, reference: [] };
        }
        return { idempotencyKey, repeated, checks: (await shownTo(work.writing().sql, caller, opened)).map((check) => checkShown(check, context)) };
      },
      answerCheck: async (_root, given: CheckAnswer, context) => shownOf(work, context, await answerCheck(context.caller, work.writing(), given)),
    },
  };
}

/** A request as whoever asks may read it. */
export async function shownOf(work: Pick<Work, 'writing'>, context: HubContext, check: CheckRequest): Promise<unknown> {
  const [shown] = await shownTo(work.writing().sql, context.caller, [check]);
  return checkShown(shown as ShownCheck, context);
}

/** Whoever is shown whom a request is about stands in the audit as whoever is shown a record. */
function noted({ trace }: HubContext, nodes: readonly ShownCheck[]): void {
  const open = nodes.filter(({ ownKey, opened, believed }) => ownKey !== null || (opened && believed !== null));
  trace.delivered = { subjects: [...new Set(open.flatMap(({ subjects }) => subjects))], rows: nodes.length, reference: [] };
}

function checkShown(check: ShownCheck, { caller }: HubContext): unknown {
  const { id, report, reference, conflict, type, field, source, sourceVersion, ownKey, department, reporter, reportedFor, words, evidence, believed, opened, state, version, reportedAt, dueOn, verdict, answer, correctedVersion, answeredAt, answeredBy } = check;
  return {
    id, report, reference: caller.kind === 'consumer' && caller.consumer === reporter ? reference : null, conflict, type, field, source, sourceVersion, sourceKey: ownKey, departmentCode: department, reportedFor, because: words, evidence,
    believed: opened && believed !== null ? JSON.parse(believed) as unknown : null, state, version, reportedAt, dueOn, verdict, answer, correctedVersion, answeredAt, answeredBy,
    standsIn: department !== null && department !== source,
  };
}
