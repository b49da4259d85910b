/**
 * The upper hub over HTTP: its GraphQL, asked with the key of this hub's application there.
 *
 * It believes nothing: a redirect is not followed, an answer has so long to begin and so long to end, its body is counted after it was
 * unpacked, and what is no JSON of the form asked for is no answer. Each page is asked for under a name of its own, so that the answer to
 * another question (a cache's, a proxy's) is not taken for this one's. Reads are asked again a little later where no answer came; a hub
 * that does not answer is left alone for a while. Nothing of an answer stands in an error.
 */
import { BrokenCircuitError, BulkheadRejectedError, bulkhead, circuitBreaker, CircuitState, ConsecutiveBreaker, ExponentialBackoff, handleWhen, retry, wrap } from 'cockatiel';
import { z } from 'zod';
import type { RegistryName } from '../registries/record.ts';
import { CityError } from './city.ts';
import type { ChangePage, City, CityChecks, CityInbox, CityLookUp, CityUses, ComparableCity, ComparedBuckets, ItemCondition, LookedUp, LookUpOf, LookUpPurpose, PassedUp, PassedUpOutcome, PassedUpReport, PassedUpUse, ReportStanding } from './city.ts';
import { readConditions, readDigests, readEntries, readLeaves, readLookedUp, readOutcomes, readPage, readReported, readShown, readStandings } from './envelope.ts';

/** How the upper hub is reached. */
export interface CityAddress {
  /** Its GraphQL endpoint. */
  readonly url: string;
  /** Key of this hub's application there. */
  readonly key: string;
  /** The service matter under which this hub takes its feed; null: it names none. */
  readonly matter: string | null;
  /** Milliseconds in which an answer has to begin, and again in which it has to end. */
  readonly timeoutMs: number;
  /** Bytes of an answer at most, unpacked. */
  readonly mostBytes?: number;
  /** Milliseconds before the first of two further tries; then twice as long. */
  readonly retryMs?: number;
  /** Milliseconds for which a hub that did not answer five times is left alone. */
  readonly restMs?: number;
}

/** CLOSED: it is asked. OPEN: it is left alone. HALF_OPEN: one question is on its way to see whether it answers again. */
export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

const mostBytes = 64 * 2 ** 20;
const retryMs = 200;
const restMs = 10_000;
/** Failures one after the other before the hub is left alone. */
const failuresToRest = 5;
const atOnce = 8;
const waiting = 1000;
/** Names under which pages are asked for, in turns. Few, so that the upper hub knows the documents; the answer to any of the last questions is told apart. */
const names = 64;

const entryFields = 'cursor kind type id hidden sources { source key version changedAt deleted effectiveFrom effectiveTo values }';
const pageFields = `epoch after endCursor digest hasNextPage phase conditions behind shown { type fields }
    entries { ${entryFields} }`;
const pageQuestion = (name: string): string => `query Changes($registry: Registry!, $after: String, $first: Int!) {
  ${name}: changes(registry: $registry, after: $after, first: $first) {
    ${pageFields}
  }
}`;
const conditionsQuestion = (name: string): string => `query Conditions($registry: Registry!) {
  ${name}: sharingConditions(registry: $registry) { item shareType condition }
}`;
const submission = (name: string): string => `mutation Submit($registry: Registry!, $changes: [ChangeInput!]!, $idempotencyKey: String!) {
  ${name}: submitChanges(registry: $registry, changes: $changes, idempotencyKey: $idempotencyKey) { outcomes { index key status reason field } }
}`;

const standingFields = 'state dueOn verdict answer correctedVersion answeredAt answeredBy';
const reporting = (name: string): string => `mutation Report($report: DiscrepancyInput!, $idempotencyKey: String!) {
  ${name}: reportDiscrepancy(report: $report, idempotencyKey: $idempotencyKey) { checks { ${standingFields} } }
}`;
const standingsQuestion = (name: string): string => `query Standings($references: [String!]!, $first: Int!) {
  ${name}: checkRequests(filter: { references: $references }, first: $first) { nodes { reference ${standingFields} } }
}`;
const telling = (name: string): string => `mutation Uses($uses: [CertificateUseInput!]!) {
  ${name}: tellCertificateUses(uses: $uses) { outcomes { index key status reason field } }
}`;

const comparableQuestion = (name: string): string => `query Comparable($registry: Registry!) {
  ${name}: comparable(registry: $registry) { type fields }
}`;
const digestsQuestion = (name: string): string => `query RecordDigests($type: String!, $fields: [String!]!, $prefixes: [String!]!, $depth: Int!) {
  ${name}: recordDigests(type: $type, fields: $fields, prefixes: $prefixes, depth: $depth) { fields buckets { bucket count digest } }
}`;
const leavesQuestion = (name: string): string => `query RecordLeaves($type: String!, $fields: [String!]!, $prefixes: [String!]!) {
  ${name}: recordLeaves(type: $type, fields: $fields, prefixes: $prefixes) { fields leaves { source key version digest } }
}`;
const entriesQuestion = (name: string): string => `query RecordEntries($type: String!, $keys: [SourceKey!]!) {
  ${name}: recordEntries(type: $type, keys: $keys) { shown { type fields } entries { ${entryFields} } }
}`;
const lookUpQuestion = (name: string): string => `query LookUp($of: [PassedOnOf!]!) {
  ${name}: passedOn(of: $of) { shown refused records { key id hidden sources { source key version changedAt deleted effectiveFrom effectiveTo values } } }
}`;

const answerForm = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string(), reason: z.string().optional() }).optional() })).optional(),
});

/** See the head of this file. */
export class CityHttp implements City, CityInbox, CityChecks, CityUses, CityLookUp, ComparableCity {
  readonly #address: CityAddress;
  readonly #closing = new AbortController();
  readonly #breaker;
  readonly #policy;
  #asked = 0;

  constructor(address: CityAddress) {
    this.#address = address;
    const unanswered = handleWhen((error) => error instanceof CityError && (error.failure === 'UNREACHABLE' || error.failure === 'BROKEN'));
    this.#breaker = circuitBreaker(unanswered, { halfOpenAfter: address.restMs ?? restMs, breaker: new ConsecutiveBreaker(failuresToRest) });
    const again = retry(unanswered, { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: address.retryMs ?? retryMs, maxDelay: 5000 }) });
    this.#policy = wrap(bulkhead(atOnce, waiting), again, this.#breaker);
  }

  /** Is the upper hub asked at the moment? */
  get breaker(): BreakerState {
    switch (this.#breaker.state) {
      case CircuitState.Closed: return 'CLOSED';
      case CircuitState.HalfOpen: return 'HALF_OPEN';
      default: return 'OPEN';
    }
  }

  async changes(registry: RegistryName, after: string | null, first: number): Promise<ChangePage> {
    return readPage(await this.#ask(pageQuestion, { registry, after, first }), after);
  }

  async conditions(registry: RegistryName): Promise<readonly ItemCondition[]> {
    return readConditions(await this.#ask(conditionsQuestion, { registry }));
  }

  async submit(registry: RegistryName, changes: readonly PassedUp[], idempotencyKey: string): Promise<readonly PassedUpOutcome[]> {
    return readOutcomes(await this.#ask(submission, { registry, changes, idempotencyKey }), 'submitChanges', changes.map(({ key }) => key));
  }

  async tellUses(uses: readonly PassedUpUse[]): Promise<readonly PassedUpOutcome[]> {
    return readOutcomes(await this.#ask(telling, { uses }), 'tellCertificateUses', uses.map(({ key }) => key));
  }

  async report({ key, type, source, sourceKey, sourceVersion, field, believed, because, evidence, behalf }: PassedUpReport): Promise<ReportStanding | null> {
    const item = believed === null ? { field } : { field, believed: JSON.parse(believed) as unknown };
    const headers = { 'hub-matter': this.#address.matter, 'hub-behalf': behalf };
    return readReported(await this.#ask(reporting, { report: { type, source, sourceKey, sourceVersion, items: [item], because, evidence }, idempotencyKey: key }, headers));
  }

  async standings(keys: readonly string[]): Promise<ReadonlyMap<string, ReportStanding>> {
    return readStandings(await this.#ask(standingsQuestion, { references: keys, first: keys.length }));
  }

  async comparable(registry: RegistryName): Promise<ReadonlyMap<string, readonly string[]>> {
    return readShown(await this.#ask(comparableQuestion, { registry }));
  }

  async digests(compared: ComparedBuckets & { readonly depth: number }): ReturnType<ComparableCity['digests']> {
    return readDigests(await this.#ask(digestsQuestion, { ...compared }));
  }

  async leaves(compared: ComparedBuckets): ReturnType<ComparableCity['leaves']> {
    return readLeaves(await this.#ask(leavesQuestion, { ...compared }));
  }

  async entries(type: string, keys: readonly { readonly source: string; readonly key: string }[]): ReturnType<ComparableCity['entries']> {
    return readEntries(await this.#ask(entriesQuestion, { type, keys }));
  }

  async lookUp({ matter, caseNo, operator, behalf }: LookUpPurpose, of: readonly LookUpOf[]): Promise<readonly LookedUp[]> {
    const headers = { 'hub-matter': matter, 'hub-case': caseNo, 'hub-operator': operator, 'hub-behalf': behalf };
    return readLookedUp(await this.#ask(lookUpQuestion, { of }, headers), of.length);
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  async #ask(question: (name: string) => string, variables: Readonly<Record<string, unknown>>, purpose: Purpose = { 'hub-matter': this.#address.matter }): Promise<unknown> {
    try {
      return await this.#policy.execute(() => {
        this.#asked += 1;
        const name = `answer${this.#asked % names}`;
        return this.#once(name, JSON.stringify({ query: question(name), variables }), purpose);
      }, this.#closing.signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new CityError('UNREACHABLE', 'The upper hub has not answered and is left alone for a while.');
      if (error instanceof BulkheadRejectedError) throw new CityError('BUSY', 'Too many questions to the upper hub are on their way.');
      throw error;
    }
  }

  /** Asks once; the value that stands under the question's name. */
  async #once(name: string, body: string, purpose: Purpose): Promise<unknown> {
    const { url, key, timeoutMs } = this.#address;
    // Headers have their time, and then the body has: a drip that never ends keeps nobody.
    const late = new AbortController();
    let timer = setTimeout(() => late.abort(), timeoutMs);
    let begun = false;
    const signal = AbortSignal.any([late.signal, this.#closing.signal]);
    try {
      const response = await fetch(url, {
        method: 'POST', body, signal, redirect: 'manual',
        headers: {
          'content-type': 'application/json', 'accept': 'application/graphql-response+json, application/json;q=0.9',
          'authorization': `Bearer ${key}`, ...headersOf(purpose),
        },
      });
      begun = true;
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), timeoutMs);
      return await this.#read(name, response);
    } catch (error) {
      if (error instanceof CityError) throw error;
      if (late.signal.aborted) throw new CityError('UNREACHABLE', `The upper hub did not answer within ${timeoutMs} ms.`);
      throw begun ? new CityError('BROKEN', `The upper hub's answer broke off (${reasonOf(error)}).`) : new CityError('UNREACHABLE', `The upper hub cannot be reached (${reasonOf(error)}).`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(name: string, response: Response): Promise<unknown> {
    const { status } = response;
    const dismissed = async (error: CityError): Promise<never> => {
      await response.body?.cancel().catch(() => undefined);
      throw error;
    };
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) return dismissed(new CityError('BROKEN', `The upper hub answered with a redirect (${status}), which is not followed: HUB_CITY_URL names the hub itself.`));
    if (status === 429 || status === 503) return dismissed(new CityError('BUSY', `The upper hub is busy (${status}).`, retryAfterIn(response)));
    if (!/^application\/(graphql-response\+)?json\b/i.test(response.headers.get('content-type') ?? '')) {
      return dismissed(status === 401 || status === 403 ? new CityError('REFUSED', `The upper hub refuses (${status}).`) : new CityError('BROKEN', `The upper hub's answer (${status}) is no JSON.`));
    }
    const answer = answerForm.safeParse(jsonOf(await this.#text(response)));
    if (!answer.success) throw new CityError('BROKEN', `The upper hub's answer (${status}) is no answer of GraphQL.`);
    const { data, errors = [] } = answer.data;
    const value = data?.[name];
    const codes = errors.map(({ extensions }) => extensions?.code ?? '');
    // What is not shown of a page is told in errors beside it; anything else means that the page is not whole.
    const serious = codes.find((code) => code !== 'FIELD_NOT_SHARED') ?? ((value ?? null) === null ? codes[0] : undefined);
    if (serious !== undefined) throw failureOf(serious, errors.find(({ extensions }) => extensions?.code === serious)?.extensions?.reason, retryAfterIn(response));
    if ((value ?? null) === null) throw new CityError('BROKEN', 'The upper hub answered another question than this one.');
    return value;
  }

  /** The body as text, as far as it may go. */
  async #text(response: Response): Promise<string> {
    const most = this.#address.mostBytes ?? mostBytes;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += part.byteLength;
      // Leaving the loop cancels the body: nothing more of it is unpacked.
      if (bytes > most) throw new CityError('BROKEN', `The upper hub's answer has more than ${most} bytes.`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  }
}

/** Headers that say for what is asked; null: nothing is said. */
type Purpose = Readonly<Record<string, string | null>>;

/** Numbers and names beyond ASCII go percent-encoded, as they are read. */
function headersOf(purpose: Purpose): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(purpose).flatMap(([name, value]) => (value === null ? [] : [[name, encodeURIComponent(value)]])));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CityError('BROKEN', 'The upper hub\'s answer is cut off, or no JSON.');
  }
}

/** What a code of the upper hub's errors means here. Codes are of a closed list there; what else stands in one is not repeated. */
function failureOf(code: string, reason: string | undefined, retryAfterMs: number | null): CityError {
  const shown = /^[A-Z_]{1,40}$/.test(code) ? code : 'unknown';
  switch (code) {
    case 'EPOCH_CHANGED': case 'CURSOR_UNKNOWN': return new CityError('EPOCH_CHANGED', `The cursor leads nowhere any more (${/^[A-Z_]{1,40}$/.test(reason ?? '') ? reason : shown}).`);
    case 'RATE_LIMITED': case 'QUOTA_EXCEEDED': case 'UNAVAILABLE': case 'AUDIT_UNAVAILABLE': return new CityError('BUSY', `The upper hub is busy (${shown}).`, retryAfterMs);
    case 'INTERNAL': return new CityError('BROKEN', 'The upper hub failed (INTERNAL).');
    default: return new CityError('REFUSED', `The upper hub refuses (${shown}): see that this hub's key, matter and grants there are in force.`, null, shown);
  }
}

/** Longest time that is waited because the upper hub asks for it. */
const longestRetryMs = 15 * 60_000;

function retryAfterIn({ headers }: Response): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestRetryMs);
}

/** The system's code of a failed connection: a name, not data. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'string' && /^[A-Z_\d]{1,40}$/.test(code) ? code : 'no more is known';
}
