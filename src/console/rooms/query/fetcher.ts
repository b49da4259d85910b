/**
 * How GraphiQL asks: by the console's one way to the hub, so that its session, its header and its errors are those of every other room.
 * Of the headers that are written in GraphiQL the hub's own go along (`Hub-Matter`, `Hub-Case`); others are refused, not dropped.
 */
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { askWhole } from '../../api/ask.ts';
import { Problem } from '../../api/problem.ts';
import type { ToldError } from '../../api/problem.ts';

/** Sent by the console itself. */
const ours = 'hub-console';

/** Answers as the hub does: a refusal is an answer, and shown as one. */
export const fetcher: Fetcher = async ({ query, variables, operationName }: FetcherParams, { headers = {} } = {}) => {
  const sent = headers as Readonly<Record<string, string>>;
  const foreign = Object.keys(sent).filter((name) => !/^hub-/i.test(name) || name.toLowerCase() === ours);
  if (foreign.length > 0) return refusal('BAD_INPUT', `${foreign.join(', ')} cannot be sent from here. Write headers of the hub only, such as Hub-Matter; who asks is known from the session.`);
  try {
    const { data, errors, extensions } = await askWhole<Record<string, unknown>, unknown>(query, variables ?? {}, { headers: sent, ...(typeof operationName === 'string' ? { operationName } : {}) });
    return answer({ errors, data, extensions });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return refusal(problem.code, problem.message, problem.extensions);
  }
};

interface Told {
  readonly errors: readonly ToldError[];
  readonly data?: Record<string, unknown> | null;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** As the hub writes it: errors first, and nothing that is empty. Errors of an answer are plain objects; GraphiQL only shows them. */
function answer({ errors, data, extensions = {} }: Told): ExecutionResult<Record<string, unknown>> {
  return { ...(errors.length === 0 ? {} : { errors: errors as unknown as readonly GraphQLError[] }), ...(data === undefined ? {} : { data }), ...(Object.keys(extensions).length === 0 ? {} : { extensions }) };
}

const refusal = (code: string, message: string, extensions: Readonly<Record<string, unknown>> = {}) => answer({ errors: [{ message, extensions: { code, ...extensions } }] });
