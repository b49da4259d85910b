/**
 * Resolvers of schema/audit.graphql: what audit administrators read.
 */
import { auditState } from '../../audit/sealed.ts';
import { searchAudit } from '../../audit/search.ts';
import type { AuditSearch, FoundRecord } from '../../audit/search.ts';
import { subjectKey } from '../../identity/subjects.ts';
import type { SubjectInput } from '../../identity/subjects.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

/** See the head of this file. */
export function audit(_hub: HubSchema, work: Work): Resolvers {
  return {
    Query: {
      auditState: () => auditState(work.writing().sql, work.isSignature),
      auditRecords: async (_root, { subject, ...search }: Omit<AuditSearch, 'subject'> & { readonly subject?: SubjectInput | null }, { today }) => {
        const key = subject === undefined || subject === null ? null : subjectKey(subject, { today, personKey: work.personKey }, 'subject');
        const { records, more } = await searchAudit(work.writing().sql, { ...search, subject: key });
        return { nodes: records.map(recordShown), endCursor: records.at(-1)?.id ?? null, hasNextPage: more };
      },
    },
  };
}

const orNull = (text: string): string | null => (text === '' ? null : text);

function recordShown({ id, at, request, operator, caseNo, variables, outcome, reason, rows, subjects, reference, policy, micros, scope }: FoundRecord): unknown {
  const [, told = '', who = ''] = /^(said|signed):(.*)$/s.exec(operator) ?? [];
  return {
    id, at, requestId: request, kind: scope.kind, consumer: scope.consumer ?? null, administrator: scope.administrator ?? null, departmentCode: scope.department ?? null, matter: scope.matter ?? null, behalf: scope.behalf ?? null,
    caseNo: orNull(caseNo), operator: orNull(who), operatorVerified: told === 'signed', document: scope.document ?? null, variables: orNull(variables), roots: scope.roots ?? [],
    delivered: Object.entries(scope.delivered ?? {}).map(([recordType, items]) => ({ recordType, items })), foundBy: scope.by ?? [], withheld: scope.withheld ?? [],
    outcome, reason: orNull(reason), rows, subjects, reference: orNull(reference), policy, micros,
  };
}
