/**
 * Resolvers of schema/applications.graphql: applications for items, their moves and their pages.
 */
import type { Asked, MoveDesk } from '../../approvals/applications/move.ts';
import { draftApplication, editApplication, renewApplication, submitApplication, withdrawApplication } from '../../approvals/applications/applicant.ts';
import type { Application, Line } from '../../approvals/applications/application.ts';
import type { ContentForm } from '../../approvals/applications/content.ts';
import { passApplication, refuseApplication, resumeApplication, resumeItems, returnApplication, reviewApplication, revokeApplication, revokeItems, suspendApplication, suspendItems } from '../../approvals/applications/decide.ts';
import type { LineDecision } from '../../approvals/applications/decide.ts';
import type { State } from '../../approvals/applications/moves.ts';
import { applicationOf, applicationsOf, overdueOf, shownNow } from '../../approvals/applications/shown.ts';
import type { Looking, ReadingDesk, ShownApplication } from '../../approvals/applications/shown.ts';
import type { BoundForm, LineForm } from '../../approvals/form.ts';
import type { Deadline } from '../../calendar/deadline.ts';
import { HubError } from '../../errors.ts';
import type { Use } from '../../sharing/terms.ts';
import { bringUpToDate } from '../../sync/conflicts.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** As it is applied for: uses are enum values to clients and lower case to the judge. */
export interface ApplicationInput extends Omit<ContentForm, 'lines'> {
  readonly lines: readonly (Omit<LineForm, 'uses'> & { readonly uses: readonly Uppercase<Use>[] })[];
}

interface PageArguments {
  readonly as?: string | null;
  readonly states?: readonly State[] | null;
  readonly consumer?: string | null;
  readonly raisesQuota?: boolean | null;
  readonly first: number;
  readonly after?: string | null;
}

/** See the head of this file. */
export function applications(hub: HubSchema, work: Work): Resolvers {
  const desk = (context: HubContext): MoveDesk => deskOf(hub, work, context);
  const reading = (context: HubContext): ReadingDesk => ({ sql: work.writing().sql, caller: context.caller, today: context.today, contract: hub.contract });
  const moved = async (result: Promise<Application>, context: HubContext): Promise<unknown> => applicationShown(await shownNow(reading(context), await inForce(work, result)));
  const move = (command: (desk: MoveDesk, asked: Asked) => Promise<Application>) => (_root: unknown, { number, version, words }: Asked, context: HubContext) => moved(command(desk(context), { number, version, words: words ?? null }), context);
  return {
    Query: {
      application: async (_root, { number }: { number: string }, context) => applicationShown(await applicationOf(reading(context), number)),
      applications: async (_root, given: PageArguments, context) => {
        const { nodes, endCursor, hasNextPage } = await applicationsOf(reading(context), lookingIn(given));
        return { nodes: nodes.map(applicationShown), endCursor, hasNextPage };
      },
      overdue: async (_root, { first, after }: PageArguments, context) => {
        const { sql, now, today } = work.writing();
        await bringUpToDate(sql, now, today);
        const { nodes, endCursor, hasNextPage } = await overdueOf(reading(context), first, after ?? null);
        return { nodes: nodes.map(deadlineShown), endCursor, hasNextPage };
      },
    },
    Mutation: {
      draftApplication: (_root, { consumer, application }: { consumer?: string | null; application: ApplicationInput }, context) => moved(draftApplication(desk(context), consumer ?? null, contentIn(application)), context),
      editApplication: (_root, { number, version, application }: Asked & { application: ApplicationInput }, context) => moved(editApplication(desk(context), { number, version }, contentIn(application)), context),
      submitApplication: move(submitApplication),
      withdrawApplication: move(withdrawApplication),
      renewApplication: (_root, { number, version, words, validTo }: Asked & { validTo: string }, context) => moved(renewApplication(desk(context), { number, version, words: words ?? null }, validTo), context),
      returnApplication: move(returnApplication),
      refuseApplication: move(refuseApplication),
      passApplication: move(passApplication),
      reviewApplication: (_root, { number, version, words, decisions }: Asked & { decisions: readonly LineDecision[] }, context) => moved(reviewApplication(desk(context), { number, version, words: words ?? null }, plain(decisions)), context),
      suspendApplication: move(suspendApplication),
      resumeApplication: move(resumeApplication),
      revokeApplication: move(revokeApplication),
      suspendItems: move(suspendItems),
      resumeItems: move(resumeItems),
      revokeItems: move(revokeItems),
    },
  };
}

/** Where applications are moved, by whoever asks. */
export function deskOf({ contract }: HubSchema, work: Work, context: HubContext): MoveDesk {
  return { sql: work.writing().sql, actor: actorOf(context), caller: context.caller, today: context.today, deadlines: work.deadlines, catalog: context.standing.catalog, contract };
}

/** An application as its form has it. */
export function contentIn(given: ApplicationInput): ContentForm {
  const { lines, ...rest } = plain(given);
  return { ...rest, lines: lines.map((line) => ({ ...line, uses: line.uses.map((use) => use.toLowerCase() as Use) })) };
}

function lookingIn({ as, states, consumer, raisesQuota, first, after }: PageArguments): Looking {
  if (as === 'AUTHORITY' || as === 'HUB') throw new HubError('BAD_INPUT', 'as is APPLICANT or PROVIDER; leave it out for all that concerns you.');
  return { as: (as ?? null) as Looking['as'], states: states ?? null, consumer: consumer ?? null, raising: raisesQuota ?? null, first, after: after ?? null };
}

/** An application as the contract has it. */
export function applicationShown({ number, consumer, department, state, version, matters, legalBasis, scenario, purpose, validFrom, validTo, activatedAt, supersedes, raises, lines, reviews, deadlines, moves }: ShownApplication): unknown {
  return {
    number, consumer, departmentCode: department, state, version, matters, legalBasis, scenario, purpose, validFrom, validTo, activatedAt, supersedes, raisesQuotaOf: raises,
    lines: lines.map(lineShown),
    reviews: reviews.map((review) => ({ departmentCode: review.department, state: review.state, version: review.version })),
    deadlines: deadlines.map(deadlineShown),
    moves: moves.map(({ verb, reviewOf, from, to, at, by, role, department: own, party, words }) => ({ verb, reviewOf, from, to, at, by, role, departmentCode: own, party, words })),
  };
}

function lineShown({ line, item, uses, modes, mask, bounds, quotaPerDay, reviewedBy, decision, reason }: Line): unknown {
  return { line, item, uses: uses.map((use) => use.toUpperCase()), modes, mask, bounds: bounds as readonly BoundForm[], quotaPerDay, reviewedBy, decision, reason };
}

const deadlineShown = ({ subject, rule, department, startedOn, workingDays, dueOn, provisional, metOn, escalatedAt }: Deadline): unknown =>
  ({ number: subject, rule: rule.toUpperCase(), departmentCode: department, startedOn, workingDays, dueOn, provisional, metOn, escalatedAt });
