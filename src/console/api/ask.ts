/**
 * The one way to the hub's data: `ask` sends one operation to `/graphql` as the signed-in administrator, `useAsk` keeps its
 * answer, `useChange` sends a mutation and has everything on the page asked anew. There is no second way in and no second store:
 * what the hub says lives in react-query, what the reader chose lives in the address.
 */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient, UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Operation } from './graphql.ts';
import { fetchJson, problemOf } from './problem.ts';
import type { Problem, ToldError } from './problem.ts';

/** An answer with all that came along. */
export interface Whole<Answer> {
  readonly data: Answer | null;
  readonly errors: readonly ToldError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface AskOptions {
  readonly signal?: AbortSignal;
  /** Which one, where the text holds several. */
  readonly operationName?: string;
  /** Such as `hub-matter`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks, and takes an answer with errors for an answer: for rooms that show what is withheld. A request that was not carried out at all still throws. */
export async function askWhole<Answer, Variables>(operation: Operation<Answer, Variables> | string, variables: Variables, { signal, operationName, headers = {} }: AskOptions = {}): Promise<Whole<Answer>> {
  const { status, body, request } = await fetchJson('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept': 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify({ query: String(operation), variables, ...(operationName === undefined ? {} : { operationName }) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { data, errors = [], extensions = {} } = (body ?? {}) as Partial<Whole<Answer>>;
  if (data === undefined) throw problemOf(errors, status, request);
  return { data, errors, extensions };
}

/** Asks; throws a `Problem` when anything of it was refused. */
export async function ask<Answer, Variables>(operation: Operation<Answer, Variables>, variables: Variables, options?: AskOptions): Promise<Answer> {
  const { data, errors } = await askWhole(operation, variables, options);
  if (data === null || errors.length > 0) throw problemOf(errors, 200, null);
  return data;
}

interface UseAskOptions {
  /** Asks only while this holds. */
  readonly when?: boolean;
  /** Asks again after so many milliseconds, while the page is looked at. */
  readonly every?: number;
  /** Asks once: not again because the page is looked at again. For what the audit notes each time. */
  readonly once?: boolean;
}

/** An operation with its variables, as its answer is kept. */
const questionOf = <Answer, Variables>(operation: Operation<Answer, Variables>, variables: Variables) => ({
  queryKey: ['graphql', operation, variables] as const,
  queryFn: ({ signal }: { readonly signal: AbortSignal }): Promise<Answer> => ask(operation, variables, { signal }),
});

/** Asks what a page is about to ask (`useAsk`), so that it is answered while the page is still being made. */
export function askAhead<Answer, Variables>(queries: QueryClient, operation: Operation<Answer, Variables>, variables: Variables): void {
  void queries.prefetchQuery(questionOf(operation, variables));
}

/** The answer to an operation, kept while its page is open. With other variables the former answer stays until the new one is there. */
export function useAsk<Answer, Variables>(operation: Operation<Answer, Variables>, variables: Variables, { when = true, every, once = false }: UseAskOptions = {}): UseQueryResult<Answer, Problem> {
  return useQuery<Answer, Problem>({
    ...questionOf(operation, variables),
    enabled: when,
    placeholderData: keepPreviousData,
    ...(every === undefined ? {} : { refetchInterval: every }),
    ...(once ? { staleTime: Infinity, refetchOnWindowFocus: false } : {}),
  });
}

/** The same, where an answer with refusals is an answer: for what is open today and may not be tomorrow. */
export function useAskWhole<Answer, Variables>(operation: Operation<Answer, Variables>, variables: Variables, when = true): UseQueryResult<Whole<Answer>, Problem> {
  return useQuery<Whole<Answer>, Problem>({
    queryKey: ['graphql', 'whole', operation, variables],
    queryFn: ({ signal }) => askWhole(operation, variables, { signal }),
    enabled: when,
  });
}

/** A change. When it is made, or somebody else was faster, everything that is on the page is asked anew: nobody guesses what it touched. */
export function useChange<Answer, Variables>(operation: Operation<Answer, Variables>): UseMutationResult<Answer, Problem, Variables> {
  const queries = useQueryClient();
  const askAnew = () => queries.invalidateQueries({ queryKey: ['graphql'] });
  return useMutation<Answer, Problem, Variables>({
    mutationFn: (variables) => ask(operation, variables),
    onSuccess: askAnew,
    onError: ({ code }) => (code === 'CONFLICT' ? askAnew() : undefined),
  });
}
