/**
 * Questions that came before: a text that Apollo has read and the gate has answered goes to the gate at once.
 *
 * Left out is only what was found out once and stays so: the text's digest, what it parses to, which operation is meant. Who asks,
 * what he may have and what it costs is decided anew by the same gate. Only the plain way of asking is known here (a POST of JSON, no
 * extensions, a usual `accept`); whatever comes otherwise takes the way through Apollo, whose answers are the same to the byte.
 */
import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { keptDocuments } from './limits.ts';

/** An operation as it was read. */
export interface KnownQuestion {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly documentKey: string;
}

/** A known question asked again. */
export interface AskedAgain extends KnownQuestion {
  /** Characters of its text. */
  readonly size: number;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Media type of the answer. */
  readonly mediaType: string;
}

/** What an answer says went wrong. */
export type Errors = readonly GraphQLFormattedError[];

/** What of a request tells how it is asked. */
export interface PlainRequest {
  readonly method: string;
  readonly headers: { readonly 'content-type'?: string | undefined; readonly accept?: string | undefined };
  readonly body: unknown;
}

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';

/** What Apollo answers in, for the `accept` headers that clients usually send. */
const mediaTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json], ['*/*', json], ['application/json', json],
  ['application/graphql-response+json', graphqlResponse],
  ['application/graphql-response+json, application/json', graphqlResponse],
  ['application/graphql-response+json,application/json;q=0.9', graphqlResponse],
]);

const contentTypes: ReadonlySet<string | undefined> = new Set(['application/json', json]);

/** See the head of this file. */
export class KnownQuestions {
  /** By text, then by the name of the operation that is meant; null where none is named. */
  readonly #byText = new LRUCache<string, Map<string | null, KnownQuestion>>(keptDocuments);

  /** Remembers a question that was answered. */
  learn(text: string, operationName: string | null, question: KnownQuestion): void {
    const known = this.#byText.get(text);
    if (known !== undefined) known.set(operationName, question);
    else this.#byText.set(text, new Map([[operationName, question]]), { size: 200 + text.length });
  }

  /** The known question that a request asks; undefined where it is none, or is asked in an unusual way. */
  find({ method, headers, body }: PlainRequest): AskedAgain | undefined {
    const mediaType = mediaTypes.get(headers.accept);
    if (method !== 'POST' || mediaType === undefined || !contentTypes.has(headers['content-type']) || !isObject(body)) return undefined;
    const { query, variables = null, operationName = null, extensions = null } = body;
    if (typeof query !== 'string' || extensions !== null || (operationName !== null && typeof operationName !== 'string')) return undefined;
    if (variables !== null && !isObject(variables)) return undefined;
    const known = this.#byText.get(query)?.get(operationName);
    return known === undefined ? undefined : { ...known, size: query.length, variables: variables ?? {}, mediaType };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with a question, not with the request that carries it. */
const aboutQuestions: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_INPUT']);

/**
 * GraphQL over HTTP: whoever wants `application/json` and no other form hears of a question that cannot be answered with 200, because
 * in that form the status tells of the transport only.
 */
export function statusFor(accept: string | undefined, status: number, errors: () => Errors): number {
  if (status !== 400 || accept?.includes('application/json') !== true || accept.includes('application/graphql-response+json')) return status;
  const told = errors();
  return told.length > 0 && told.every(({ extensions }) => aboutQuestions.has(extensions?.['code'])) ? 200 : status;
}
