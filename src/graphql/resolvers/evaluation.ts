/**
 * Resolvers of schema/evaluation.graphql: supply and use, by department and month.
 */
import { HubError } from '../../errors.ts';
import { evaluate } from '../../evaluation/evaluate.ts';
import type { DepartmentFigures, Evaluation } from '../../evaluation/evaluate.ts';
import { evaluationFile } from '../../evaluation/file.ts';
import type { EvaluationFormat } from '../../evaluation/file.ts';
import type { HubContext } from '../context.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

interface Period {
  readonly from: string;
  readonly to: string;
  readonly departmentCode?: string | null;
}

/** See the head of this file. */
export function evaluation(_hub: HubSchema, work: Work): Resolvers {
  const evaluated = ({ caller, standing, now, today }: HubContext, { from, to, departmentCode }: Period): Promise<Evaluation> => {
    if (caller.kind !== 'administrator') throw new HubError('FORBIDDEN', 'The evaluation is for administrators.');
    return evaluate({ sql: work.writing().sql, standing, reader: caller, from, to, department: departmentCode ?? null, now, today });
  };
  return {
    Query: {
      evaluation: async (_root, period: Period, context) => {
        const { months, departments, ...rest } = await evaluated(context, period);
        return { ...rest, months: months.map(shown), departments: departments.map(shown) };
      },
      evaluationFile: async (_root, { format, ...period }: Period & { readonly format: EvaluationFormat }, context) => evaluationFile(await evaluated(context, period), format),
    },
  };
}

/** What may be more than 31 bits hold is a string on the wire. */
function shown({ answers, items, requests, refused, lookups, papersAsked, papersSaved, changes, changesRejected, ...row }: DepartmentFigures): unknown {
  const texts = Object.fromEntries(Object.entries({ answers, items, requests, refused, lookups, papersAsked, papersSaved, changes, changesRejected }).map(([name, count]) => [name, String(count)]));
  return { ...row, ...texts };
}
