/**
 * The contract as one may see it, and sending an operation: both by the console's one way to the hub.
 */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import type { GraphQLSchema, IntrospectionQuery } from 'graphql';
import { askWhole } from '../../api/ask.ts';
import { Problem, problemOf } from '../../api/problem.ts';

const introspection = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true });

/** The contract, asked once. */
export function useContract(): UseQueryResult<GraphQLSchema, Problem> {
  return useQuery<GraphQLSchema, Problem>({
    queryKey: ['contract'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const { data, errors } = await askWhole<IntrospectionQuery, object>(introspection, {}, { signal });
      if (data === null || errors.length > 0) throw problemOf(errors, 200, null);
      return buildClientSchema(data);
    },
  });
}

/** What came back. */
export interface Ran {
  readonly text: string;
  readonly ms: number;
  readonly bytes: number;
  /** Errors in the answer. */
  readonly refused: number;
}

interface Written {
  readonly operation: string;
  readonly variables: string;
}

/** Sends what is written. A refusal is an answer, and shown as one. */
export function useRun(): UseMutationResult<Ran, never, Written> {
  return useMutation<Ran, never, Written>({
    mutationFn: async ({ operation, variables }) => {
      const started = performance.now();
      const answer = await sent(operation, variables);
      const text = JSON.stringify(answer.body, null, 2);
      return { text, ms: Math.round(performance.now() - started), bytes: text.length, refused: answer.refused };
    },
  });
}

async function sent(operation: string, variables: string): Promise<{ readonly body: unknown; readonly refused: number }> {
  let read: unknown = {};
  try {
    if (variables.trim() !== '') read = JSON.parse(variables);
  } catch (error) {
    return { body: { errors: [{ message: `The variables are no JSON: ${(error as Error).message}` }] }, refused: 1 };
  }
  try {
    const { data, errors, extensions } = await askWhole(operation, read);
    return { body: { ...(errors.length === 0 ? {} : { errors }), data, ...(Object.keys(extensions).length === 0 ? {} : { extensions }) }, refused: errors.length };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { body: { errors: [{ message: problem.message, extensions: { code: problem.code, ...problem.extensions } }] }, refused: 1 };
  }
}
