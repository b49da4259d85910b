/**
 * Resolvers of schema/copies.graphql: annotated copies of certificates, checking them, and who has used which.
 */
import { issueCopy } from '../../certificates/copy.ts';
import { revokedCopies } from '../../certificates/revoked.ts';
import { takeUses } from '../../certificates/told-uses.ts';
import type { ToldUse } from '../../certificates/told-uses.ts';
import { queriesOf, usesOf } from '../../certificates/usage.ts';
import type { QueryUse, Use, UseReader } from '../../certificates/usage.ts';
import { HubError } from '../../errors.ts';
import { readIdentifier } from '../../registries/identifiers/index.ts';
import { codesWithin } from '../../sync/home.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

interface Page {
  readonly first: number;
  readonly after?: string | null;
}

/** See the head of this file. */
export function copies({ contract }: HubSchema, work: Work): Resolvers {
  const desk = (): NonNullable<Work['copies']> => {
    if (work.copies === undefined) throw new HubError('UNAVAILABLE', 'This hub makes no copies of certificates.');
    return work.copies;
  };
  const reader = ({ caller, standing }: HubContext): UseReader => {
    if (caller.kind === 'stranger') throw new HubError('FORBIDDEN', 'Uses of certificates are told to departments.');
    const exists = contract.types.get('Certificate')?.existsItem ?? '';
    return { department: caller.department, provides: standing.catalog.item(exists)?.ownerDepartment === caller.department };
  };
  return {
    Query: {
      verifyCertificate: async (_root, { certificateIdentifier, code }: { readonly certificateIdentifier: string; readonly code: string }, { caller, today, now }) => {
        const consumer = caller.kind === 'consumer' ? caller : null;
        const { verdict, since } = await desk().checks.check({ certificateIdentifier: readIdentifier('certificateIdentifier', certificateIdentifier, today), code, consumer: consumer?.consumer ?? null, department: consumer?.department ?? null, today, now });
        return { verdict, since, checkedAt: now };
      },
      certificateUses: async (_root, { certificateIdentifier, first, after }: Page & { readonly certificateIdentifier?: string | null }, context) => {
        const identifier = certificateIdentifier === null || certificateIdentifier === undefined ? null : readIdentifier('certificateIdentifier', certificateIdentifier, context.today);
        const page = await usesOf(desk().sql, reader(context), { certificateIdentifier: identifier, first, after: after ?? null });
        return { ...page, nodes: page.nodes.map(useShown) };
      },
      certificateQueries: async (_root, { certificateIdentifier, first, after }: Page & { readonly certificateIdentifier?: string | null }, context) => {
        const identifier = certificateIdentifier === null || certificateIdentifier === undefined ? null : readIdentifier('certificateIdentifier', certificateIdentifier, context.today);
        const page = await queriesOf(desk().sql, reader(context), { certificateIdentifier: identifier, first, after: after ?? null });
        return { ...page, nodes: page.nodes.map(queryShown) };
      },
      revokedCopies: (_root, { first, after }: Page, { caller, today, now }) => {
        if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Copies are made for departments\' applications.');
        return revokedCopies(desk().sql, desk().written, { consumer: caller.consumer, after: after ?? null, first, today, now });
      },
    },
    Mutation: {
      issueCopy: async (_root, given: { readonly certificateIdentifier: string; readonly cause: string; readonly validDays: number }, { caller, standing, purpose, today, now, trace }) => {
        if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Copies are made for departments\' applications.');
        const { copy, facts, subjects } = await issueCopy(desk(), { ...given, caller, standing, purpose, today, now });
        trace.asked = { ...trace.asked, judged: { ...facts, open: false } };
        trace.delivered = { subjects, rows: 1, reference: [] };
        return copy;
      },
      tellCertificateUses: async (_root, { uses }: { readonly uses: readonly ToldUse[] }, { caller }) => {
        if (caller.kind !== 'consumer' || caller.hub === undefined) throw new HubError('FORBIDDEN', 'Uses of certificates are told by other hubs.');
        return { outcomes: await takeUses(desk(), { consumer: caller.consumer, division: caller.hub, departments: codesWithin(caller.hub) }, uses) };
      },
    },
  };
}

function useShown({ at, certificateIdentifier, mode, copyId, consumer, department, operator, matter, caseNo, cause, fields, items, result, division }: Use): unknown {
  return { at, certificateIdentifier, mode, copyId, consumer, departmentCode: department, ...clerk(operator), matterCode: matter, caseNo, cause, fields, items, result, division };
}

function queryShown({ at, certificateIdentifier, consumer, department, operator, matter, caseNo, items }: QueryUse): unknown {
  return { at, certificateIdentifier, consumer, departmentCode: department, ...clerk(operator), matterCode: matter, caseNo, items };
}

/** As the audit shows it. */
function clerk(written: string | null): { readonly operator: string | null; readonly operatorVerified: boolean } {
  const [, told = '', who = ''] = /^(said|signed):(.*)$/s.exec(written ?? '') ?? [];
  return { operator: who === '' ? null : who, operatorVerified: told === 'signed' };
}
