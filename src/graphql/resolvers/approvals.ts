/**
 * Resolvers of schema/approvals.graphql: what security administrators decide, and who reads it.
 */
import { deny, endDenial } from '../../approvals/denial.ts';
import type { BoundForm, DenialForm, GrantForm, TupleForm } from '../../approvals/form.ts';
import { setTerritory } from '../../approvals/grant.ts';
import type { BasedOn } from '../../identity/based-on.ts';
import { endGrant, grant } from '../../approvals/granting.ts';
import type { ApprovalDesk } from '../../approvals/known.ts';
import { addToList, createList, removeFromList } from '../../approvals/list.ts';
import { seal, unseal } from '../../approvals/seal.ts';
import { denials, grantsOf, seals, subjectLists, territoryOf } from '../../approvals/shown.ts';
import type { ReadingDesk } from '../../approvals/shown.ts';
import { HubError } from '../../errors.ts';
import type { SubjectInput } from '../../identity/subjects.ts';
import type { GrantTuple, Territory } from '../../sharing/grant.ts';
import type { Bound, Use } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { actorOf, inForce, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

/** Uses are lower case to the judge and enum values to clients. */
interface TupleInput extends Omit<TupleForm, 'uses'> {
  readonly uses: readonly Uppercase<Use>[];
}

/** A grant as it is sent. */
export interface GrantArguments {
  readonly approvalNo: string;
  readonly consumer: string;
  readonly tuples: readonly TupleInput[];
  readonly seals: string[];
  readonly basedOn?: BasedOn;
}

interface TerritoryArguments {
  readonly consumer: string;
  readonly territory: { types?: string[] | null; within: BoundForm[] }[];
  readonly basedOn?: BasedOn;
}

/** See the head of this file. */
export function approvals(hub: HubSchema, work: Work): Resolvers {
  const desk = (context: HubContext): ApprovalDesk => approvalDesk(hub, work, context);
  const decide = <T>(result: Promise<T>): Promise<T> => inForce(work, result);
  const read = ({ caller, standing }: HubContext): ReadingDesk => {
    if (caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'Only administrators read what was decided.');
    return { sql: work.writing().sql, reader: caller, catalog: standing.catalog };
  };
  return {
    Query: {
      grants: async (_root, { consumer }: { consumer: string }, context) => (await grantsOf(read(context), consumer)).map(({ approvalNo, version, tuples, seals: own }) => ({ approvalNo, consumer, version, tuples: tuples.map(tupleShown), seals: own })),
      territory: async (_root, { consumer }: { consumer: string }, context) => (await territoryOf(read(context), consumer)).map(({ version, ...own }) => ({ ...territoryShown(own), version })),
      denials: async (_root, _args, context) => (await denials(read(context))).map(({ code, consumer, department, item, because }) => ({ code, consumer, department, item, because })),
      seals: async (_root, _args, context) => (await seals(read(context))).map(({ code, because }) => ({ code, because })),
      subjectLists: async (_root, _args, context) => (await subjectLists(read(context))).map(({ code, name }) => ({ code, name })),
    },
    Mutation: {
      grant: (_root, given: GrantArguments, context) => decide(grant(desk(context), grantIn(given), given.basedOn)),
      endGrant: (_root, { approvalNo, basedOn }: { approvalNo: string; basedOn?: BasedOn }, context) => decide(endGrant(desk(context), approvalNo, basedOn)),
      setTerritory: (_root, { consumer, territory, basedOn }: TerritoryArguments, context) => decide(setTerritory(desk(context), { consumer, territory: plain(territory) }, basedOn)),
      deny: (_root, given: DenialForm, context) => decide(deny(desk(context), plain(given))),
      endDenial: (_root, { code }: { code: string }, context) => decide(endDenial(desk(context), code)),
      seal: (_root, given: { code: string; idNumber: string; because: string }, context) => decide(seal(desk(context), given)),
      unseal: (_root, { code }: { code: string }, context) => decide(unseal(desk(context), code)),
      createList: (_root, given: { code: string; name: string }, context) => decide(createList(desk(context), given)),
      addToList: (_root, { list, subjects }: { list: string; subjects: readonly SubjectInput[] }, context) => decide(addToList(desk(context), list, subjects)),
      removeFromList: (_root, { list, subjects }: { list: string; subjects: readonly SubjectInput[] }, context) => decide(removeFromList(desk(context), list, subjects)),
    },
  };
}

/** Where security administrators decide. */
export function approvalDesk({ contract }: Pick<HubSchema, 'contract'>, work: Work, context: HubContext): ApprovalDesk {
  return { sql: work.writing().sql, actor: actorOf(context), today: context.today, catalog: context.standing.catalog, contract, personKey: work.personKey };
}

/** A grant as the use case takes it. */
export function grantIn({ approvalNo, consumer, tuples, seals }: GrantArguments): GrantForm {
  return { approvalNo, consumer, seals, tuples: plain(tuples).map((tuple) => ({ ...tuple, uses: tuple.uses.map((use) => use.toLowerCase() as Use) })) };
}

/** A line of a grant, as written or as the judge reads it. */
type ShownTuple = Omit<GrantTuple, 'approvalNo' | 'mask'> & { readonly mask: string | null };

/** A line of a grant as the contract has it. */
export function tupleShown({ item, uses, modes, mask, bounds, matters, quotaPerDay, validFrom, validTo }: ShownTuple): unknown {
  return { item, uses: uses.map((use) => use.toUpperCase()), modes, mask, bounds: bounds.map(boundShown), matters, quotaPerDay, validFrom, validTo };
}

/** A territory as the contract has it. */
export const territoryShown = ({ types, within }: Territory): Readonly<Record<string, unknown>> => ({ types, within: within.map(boundShown) });

/** A bound as it is given: what is read can be sent back. */
export function boundShown(bound: Bound): Readonly<Record<string, unknown>> {
  switch (bound.kind) {
    case 'ownRows': return { ownRows: bound.department };
    case 'division': return { division: { by: bound.by, codes: bound.codes } };
    case 'category': return { category: bound.codes };
    case 'registrar': return { registrar: bound.codes };
    case 'case': return { case: true };
    case 'list': return { list: bound.list };
    case 'authorization': return { authorization: true };
  }
}
