/**
 * Resolvers of schema/citizen.graphql: a citizen sees who looked at his data; administrators say through which portal, and what a law keeps from him.
 */
import { conceal, endConcealment } from '../../approvals/concealment.ts';
import type { ConcealmentForm } from '../../approvals/concealment.ts';
import type { ApprovalDesk } from '../../approvals/known.ts';
import { citizenPortals, concealments } from '../../approvals/shown.ts';
import { accessesOf, ownRoot } from '../../audit/told.ts';
import type { Access } from '../../audit/told.ts';
import { HubError } from '../../errors.ts';
import { setCitizenPortal } from '../../identity/consumers.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function citizen({ contract }: HubSchema, work: Work): Resolvers {
  const desk = (context: HubContext): ApprovalDesk => ({ sql: work.writing().sql, actor: actorOf(context), today: context.today, catalog: context.standing.catalog, contract, personKey: work.personKey });
  return {
    Query: {
      myAccesses: async (_root, page: { readonly first: number; readonly after?: string | null }, context) => {
        const subject = await subjectIn(context, work);
        const { standing, now, today, trace } = context;
        const { accesses, more } = await accessesOf(work.writing().sql, { ...page, subject, concealed: standing.concealments(), now, today });
        // He is told of his own looks as of everybody's.
        trace.delivered = { subjects: [subject], rows: trace.delivered.rows + accesses.length, reference: [] };
        return { nodes: accesses.map((access) => accessShown(access, context)), endCursor: accesses.at(-1)?.id ?? null, hasNextPage: more };
      },
      citizenPortals: async () => (await citizenPortals(work.writing().sql)).map(({ consumer, client }) => ({ consumer, client })),
      concealments: async () => (await concealments(work.writing().sql)).map(({ code, matter, consumer, delayDays, until, legalBasis }) => ({ code, matter, consumer, delayDays, until, legalBasis })),
    },
    Mutation: {
      setCitizenPortal: (_root, { consumer, client }: { consumer: string; client?: string | null }, context) => inForce(work, setCitizenPortal(work.writing().sql, consumer, client ?? null, actorOf(context))),
      conceal: (_root, given: ConcealmentForm, context) => inForce(work, conceal(desk(context), plain(given))),
      endConcealment: (_root, { code }: { code: string }, context) => inForce(work, endConcealment(desk(context), code)),
    },
  };
}

/** Whom it is about: the one whom the token asserts. */
async function subjectIn({ caller, citizen: token, now, today, trace }: HubContext, { citizens }: Work): Promise<string> {
  if (caller.kind !== 'consumer' || caller.citizenPortal === undefined) throw new HubError('FORBIDDEN', 'Only a citizens\' portal asks for a citizen.');
  // Else the record would say that the operation's items were his.
  if (trace.asked.roots.some((root) => root !== ownRoot && root !== 'Query.__typename')) throw new HubError('BAD_INPUT', 'myAccesses is asked by itself: what else is asked is not about this citizen alone. Send the rest in another request.');
  if (citizens === undefined) throw new HubError('FORBIDDEN', 'This hub takes no citizens\' tokens. Whoever runs it names their issuer first: HUB_CITIZEN_ISSUER and HUB_CITIZEN_AUDIENCE.');
  return citizens.subjectOf(token, caller.citizenPortal, new Date(now), today);
}

function accessShown({ id, at, department, departmentName, matter, items, own }: Access, { standing }: HubContext): unknown {
  return {
    id, at, departmentCode: department, departmentName, matterCode: matter, matterName: matter === null ? null : standing.matter(matter)?.name ?? null, own,
    items: items.map((code) => ({ code, name: standing.catalog.item(code)?.name ?? null })),
  };
}
