/**
 * Everything that can go wrong between the console and the hub, as one kind of error: a code of the hub's allow-list (or
 * `UNREACHABLE`, when nothing answered), the hub's own sentence, and what it adds. How a code is told to people stands in
 * parts/problem.tsx.
 */

import { untouchedMs } from './touched.ts';

/** Whoever has touched the page within so long is at work with it. */
const atWorkMs = 60_000;

/** A refusal or a failure. */
export class Problem extends Error {
  readonly code: string;
  /** HTTP status; 0: there was no answer. */
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** By which the hub's operators find it in their log; null where it named none. */
  readonly request: string | null;

  constructor(code: string, sentence: string, status: number, extensions: Readonly<Record<string, unknown>> = {}, request: string | null = null) {
    super(sentence);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.extensions = extensions;
    this.request = request;
  }
}

/** Somebody else was faster: the hub says at which version it stands now. */
export const isOvertaken = ({ code, extensions }: Problem): boolean => code === 'CONFLICT' && extensions['version'] !== undefined;

/** An error as the hub writes it, over GraphQL and elsewhere. */
export interface ToldError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>> & { readonly code?: string };
}

/** What an answer with errors means. */
export function problemOf(errors: readonly ToldError[], status: number, request: string | null): Problem {
  const [first] = errors;
  return new Problem(first?.extensions?.code ?? 'INTERNAL', errors.map(({ message }) => message).join(' ') || `HTTP ${status}`, status, first?.extensions, request);
}

/** One request that must be answered in JSON; what is no answer becomes a `Problem`. The header says that it is this console that asks, which no foreign page can. */
export async function fetchJson(address: string, init: RequestInit): Promise<{ readonly status: number; readonly body: unknown; readonly request: string | null }> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, credentials: 'same-origin', headers: { ...init.headers as Record<string, string>, 'hub-console': untouchedMs() < atWorkMs ? '1' : 'background' } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('UNREACHABLE', 'The hub did not answer.', 0);
  }
  const request = response.headers.get('hub-request-id');
  const text = await response.text();
  if (text === '') return { status: response.status, body: null, request };
  try {
    return { status: response.status, body: JSON.parse(text) as unknown, request };
  } catch {
    throw new Problem('UNREACHABLE', `The answer was no JSON (HTTP ${response.status}).`, response.status, {}, request);
  }
}
