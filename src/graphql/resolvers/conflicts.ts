/**
 * Resolvers of schema/conflicts.graphql: where a record's fields come from, and the queue of what sources tell otherwise.
 */
import { HubError } from '../../errors.ts';
import { conflictsOf, keepValue, ownersOf, requestCheck, takeValue } from '../../sync/conflicts.ts';
import type { Conflict, ConflictDesk, ConflictState } from '../../sync/conflicts.ts';
import type { SourcesAnswer, SourcesQuestion, SourcesShown, ToldFields } from '../../sync/sources-shown.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { shownOf } from './checks.ts';
import { selects } from './resolver.ts';
import type { Resolvers } from './resolver.ts';
import { askedAlone } from './sync.ts';

interface Decision {
  readonly id: string;
  readonly because: string;
}

interface Taking extends Decision {
  readonly otherVersion?: string | null;
}

interface Queue {
  readonly first: number;
  readonly after?: string | null;
  readonly state?: ConflictState | null;
}

/** See the head of this file. */
export function conflicts({ contract }: HubSchema, work: Work): Resolvers {
  const desk = ({ caller, standing }: HubContext): ConflictDesk => ({ writing: work.writing(), caller, types: contract.types, catalog: standing.catalog, place: work.place });
  const shown = (context: HubContext, conflict: Conflict, told?: ToldFields) => conflictShown(work, context, conflict, ownersOf(desk(context), conflict), told);
  return {
    Query: {
      provenance: async (_root, { type, key }: { readonly type: string; readonly key: string }, context) => {
        const at = 'Query.provenance';
        if (context.caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Where a record comes from is read by departments\' applications.');
        const question = questionOf(work, context, at);
        const answer = await question.shown.byKey(question, type, key);
        writtenDown(context, answer);
        const [found] = answer.records;
        if (found === undefined) return null;
        const [id, fields] = found;
        return { fields: [...fields].map(([field, told]) => ({ field, told, underCheck: answer.checked.get(id)?.has(field) === true })) };
      },
      conflicts: async (_root, { first, after, state }: Queue, context, info) => {
        const page = await conflictsOf(desk(context), { first, after: after ?? null, state: state ?? null });
        const values = selects(info, 'nodes', 'told') ? await valuesOf(work, context, page.nodes) : null;
        return { ...page, nodes: await Promise.all(page.nodes.map((conflict) => shown(context, conflict, values?.get(conflict.recordId)))) };
      },
    },
    Mutation: {
      keepValue: async (_root, { id, because }: Decision, context) => shown(context, await keepValue(desk(context), id, because)),
      takeValue: async (_root, { id, because, otherVersion }: Taking, context) => shown(context, await takeValue(desk(context), id, because, otherVersion ?? null)),
      requestCheck: async (_root, { id, because }: Decision, context) => shown(context, await requestCheck(desk(context), work.deadlines.verify, id, because)),
    },
  };
}

function questionOf({ sources }: Work, { caller, standing, purpose, today, now, trace }: HubContext, at: string): SourcesQuestion & { readonly shown: SourcesShown } {
  if (caller.kind === 'stranger' || sources === undefined) throw new HubError('FORBIDDEN', 'What sources tell is read by departments.');
  // Else the record would say that its items were another root's.
  askedAlone(trace, at);
  return { shown: sources, at, caller, standing, purpose, today, now };
}

async function valuesOf(work: Work, context: HubContext, nodes: readonly Conflict[]): Promise<SourcesAnswer['records']> {
  const question = questionOf(work, context, 'Query.conflicts');
  const byType = Map.groupBy(nodes, ({ type }) => type);
  const answer = await question.shown.byIds(question, new Map([...byType].map(([type, own]) => [type, [...new Set(own.map(({ recordId }) => recordId))]])));
  writtenDown(context, answer);
  return answer.records;
}

/** What is delivered stands in the audit as what a query delivers does. */
function writtenDown({ trace }: HubContext, { facts, subjects, traced, records }: SourcesAnswer): void {
  trace.asked = { ...trace.asked, judged: { ...facts, open: false } };
  trace.delivered = { subjects, traced, rows: records.size, reference: [] };
}

async function conflictShown(work: Work, context: HubContext, { id, type, field, ownSource, ownVersion, otherSource, otherVersion, holds, state, openedAt, decidedAt, decidedBy, words, check }: Conflict, departmentCodes: readonly string[], told?: ToldFields): Promise<unknown> {
  const values = told?.get(field)?.filter(({ source }) => source === ownSource || source === otherSource);
  return { id, type, field, departmentCodes, ownSource, ownVersion, otherSource, otherVersion, holds, state, openedAt, decidedAt, decidedBy, because: words, check: check === null ? null : await shownOf(work, context, check), told: values ?? null };
}
