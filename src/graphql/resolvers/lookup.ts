/**
 * Resolvers of schema/lookup.graphql: look-ups for matters, receipts, and what departments answer by hand.
 */
import { HubError } from '../../errors.ts';
import { answerFact, deskRequestsOf } from '../../matters/desk.ts';
import type { DeskRequest } from '../../matters/desk.ts';
import type { FactAnswer } from '../../matters/answer.ts';
import { versionOf } from '../../matters/version.ts';
import { receiptOf } from '../../receipts/receipt.ts';
import { factFeedAt } from '../../sync/fact-rights.ts';
import type { HubContext } from '../context.ts';
import { Lookups } from '../lookups.ts';
import type { LookupAnswer, LookupQuestion } from '../lookups.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Records } from './records.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone, writtenDown } from './sync.ts';

/** See the head of this file. */
export function lookup(hub: HubSchema, work: Work, records: Records): Resolvers {
  const lookups = new Lookups(hub, records, work);
  return {
    Query: {
      lookup: async (_root, given: LookupQuestion, context) => {
        askedAlone(context.trace, 'Query.lookup');
        return lookupShown(await lookups.answer(given, context));
      },
      receipt: async (_root, { id }: { readonly id: string }, { caller }) => {
        if (caller.kind === 'stranger' || !uuid.test(id)) return null;
        return await receiptOf(work.writing().sql, id, { department: caller.department, ofAuthority: caller.kind === 'administrator' && caller.ofAuthority }) ?? null;
      },
      receiptKeys: () => work.receipts?.publicKeys() ?? [],
      factChanges: async (_root, { after }: { readonly after?: string | null }, context) => {
        const { caller, standing, purpose, today, now, trace } = context;
        if (caller.kind !== 'consumer' || work.factFeed === undefined) throw new HubError('FORBIDDEN', 'Facts are followed by departments\' applications.');
        askedAlone(trace, factFeedAt);
        const { matter } = purpose;
        if (matter === null) throw new HubError('PURPOSE_REFUSED', 'Facts are followed for the matter for which they were used: name it in Hub-Matter.');
        const page = await work.factFeed.page({ caller, standing, purpose, today, now, matter: matter.code, after: after ?? null, usesOf: (version) => lookups.usesOf(matter.code, version) });
        writtenDown(context, { facts: page.facts, subjects: page.subjects, rows: page.entries.length });
        return {
          matterCode: matter.code, endCursor: page.endCursor, hasNextPage: page.hasNextPage,
          entries: page.entries.map(({ kind, recordedAt, caseNo, role, index, receipt, request, facts, fields, deskRequest }) => ({ kind, recordedAt, caseNo, role, index, receiptId: receipt, requestId: request, facts, fields, deskRequestId: deskRequest })),
        };
      },
      deskRequests: async (_root, { open }: { readonly open: boolean }, context) => {
        askedAlone(context.trace, 'Query.deskRequests');
        return shown(work, await deskRequestsOf(work.writing().sql, context.caller, open), context);
      },
    },
    Mutation: {
      answerFact: async (_root, { id, verdict, words }: { readonly id: string; readonly verdict: string; readonly words: string }, context) => {
        const { sql } = work.writing();
        const [answered] = await shown(work, [await answerFact({ sql, caller: context.caller, now: context.now, today: context.today }, id, verdict, words)], context);
        return answered;
      },
    },
  };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Requests with the names of their facts; by which number somebody was named is written down as told of him. */
async function shown({ writing }: Work, requests: readonly DeskRequest[], { trace }: HubContext): Promise<readonly unknown[]> {
  const versions = new Map(await Promise.all([...new Set(requests.map(({ matter, version }) => `${matter} ${version}`))].map(async (name) => {
    const [matter = '', version] = name.split(' ');
    return [name, await versionOf(writing().sql, matter, Number(version))] as const;
  })));
  // The audit knows persons by their keys; the key of another record is a value, and stands in none of its records.
  const isPerson = ({ matter, version, role }: DeskRequest): boolean => versions.get(`${matter} ${version}`)?.definition.subjects.some((one) => one.role === role && one.type === 'Person') === true;
  trace.delivered = { subjects: [...new Set(requests.filter(isPerson).map(({ subjectKey }) => subjectKey))], rows: requests.length, reference: [] };
  return requests.map(({ id, matter, version, caseNo, fact, role, subjectNumber, department, askedBy, askedAt, dueOn, verdict, words, answeredBy, answeredAt }) => ({
    id, matterCode: matter, caseNo, fact, name: versions.get(`${matter} ${version}`)?.definition.facts.find(({ code }) => code === fact)?.name ?? fact, role, subject: subjectNumber, departmentCode: department,
    askedBy, askedAt, dueOn, verdict, words, answeredBy, answeredAt,
  }));
}

function lookupShown({ matter, version, caseNo, at, facts, papers, receipt: { salt, ...receipt }, question, answer }: LookupAnswer): unknown {
  return { matterCode: matter, version, caseNo, at, facts: facts.map(factShown), papers, receipt, salt, question, answer };
}

/** A fact as the contract has it. */
export const factShown = ({ code, name, paper, role, index, status, value, certificate, departments, toldAt, ageSeconds, because, dueOn }: FactAnswer): unknown =>
  ({ code, name, paper, role, index, status, value, certificateIdentifier: certificate, departmentCodes: departments, toldAt, ageSeconds, because, dueOn });
