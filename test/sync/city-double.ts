/**
 * A double of the upper hub that fails on demand: a real HTTP server that speaks the GraphQL of `changes`, `sharingConditions`, `passedOn`, of reports and of uses of certificates as far
 * as the adapter asks it, and beside it a face of the port in this process with the same failures. Both answer from one library in memory
 * (city-state.ts), so that one contract (city-contract.ts) holds for the adapter and for the double alike.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { RegistryName } from '../../src/registries/record.ts';
import { CityError } from '../../src/sync/city.ts';
import type { City, CityFailure, CityLookUp, LookUpOf } from '../../src/sync/city.ts';
import { readConditions, readLookedUp, readPage } from '../../src/sync/envelope.ts';
import { CityState, EpochChanged } from './city-state.ts';
import type { SentPage } from './city-state.ts';

/** What goes wrong with the answer as a whole, and what a caller of the port hears of it. */
export const wireFaults = {
  /** No answer begins. */
  hang: 'UNREACHABLE',
  /** It begins, and stays in the middle. */
  hangMidPage: 'UNREACHABLE',
  /** A byte now and then, for ever. */
  drip: 'UNREACHABLE',
  /** The connection is gone before it begins. */
  reset: 'UNREACHABLE',
  /** The connection is gone in the middle. */
  cutBody: 'BROKEN',
  /** A whole answer of half a JSON. */
  truncatedJson: 'BROKEN',
  /** 200, and a page for people. */
  html: 'BROKEN',
  /** JSON that is none of GraphQL's. */
  otherJson: 'BROKEN',
  /** A page without where it ends, a look-up without what it found. */
  noCursor: 'BROKEN',
  /** The answer to the question before. */
  replayed: 'BROKEN',
  /** To another host. */
  redirect: 'BROKEN',
  /** A small body that unpacks to more than anybody wants. */
  gzipBomb: 'BROKEN',
  /** It failed. */
  internal: 'BROKEN',
  /** 429 with Retry-After. */
  tooMany: 'BUSY',
  /** 503 with Retry-After. */
  unavailable: 'BUSY',
  /** Its own word for it. */
  rateLimited: 'BUSY',
  /** The key opens nothing. */
  forbidden: 'REFUSED',
} as const satisfies Record<string, CityFailure>;
export type WireFault = keyof typeof wireFaults;

/** What is odd about a page that is JSON of its form: entries twice, in another order, some of them or the last missing; the page behind the one asked for. */
export type PageFault = 'duplicated' | 'reordered' | 'gap' | 'shortened' | 'skipped';

/** Seconds that a busy city asks to wait for. */
export const retryAfterSeconds = 7;

/** Bytes of an answer that an adapter of a test takes at most; the bomb has more. */
export const bombBytes = 8 * 2 ** 20;

/** Made once: packing it takes longer than some adapters of tests wait. */
let bomb: Buffer | undefined;

interface Asked {
  readonly query: string;
  readonly variables: {
    readonly registry: RegistryName; readonly after?: string | null; readonly first?: number; readonly of?: readonly LookUpOf[];
    readonly report?: Readonly<Record<string, unknown>>; readonly idempotencyKey?: string; readonly references?: readonly string[];
    readonly uses?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** See the head of this file. */
export class CityDouble {
  /** What it answers from; a test may begin a new one. */
  state = new CityState();
  readonly #server: Server;
  readonly #open = new Set<NodeJS.Timeout>();
  #lastAnswer: string | null = null;
  #wire: WireFault[] = [];
  #pages: PageFault[] = [];
  #always: WireFault | null = null;
  #oddAlways: PageFault | null = null;
  /** Questions that came in. */
  asked = 0;
  /** Headers of the last one. */
  headers: IncomingMessage['headers'] = {};
  /** Questions that came to where a redirect leads. */
  redirected = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()));
  }

  /** Starts one on a free port. */
  static async start(): Promise<CityDouble> {
    bomb ??= gzipSync(Buffer.alloc(4 * bombBytes, 32));
    const double = new CityDouble();
    await new Promise<void>((listening) => { double.#server.listen(0, '127.0.0.1', listening); });
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/graphql`;
  }

  /** The next answers fail so, one each. */
  failNext(...faults: readonly WireFault[]): void {
    this.#wire.push(...faults);
  }

  /** The next pages are odd so, one each. */
  oddNext(...faults: readonly PageFault[]): void {
    this.#pages.push(...faults);
  }

  /** Every page is odd so; null: no more. */
  oddAlways(fault: PageFault | null): void {
    this.#oddAlways = fault;
  }

  /** Every answer fails so; null: no more. */
  failAlways(fault: WireFault | null): void {
    this.#always = fault;
  }

  async close(): Promise<void> {
    for (const timer of this.#open) clearInterval(timer);
    this.#server.closeAllConnections();
    await new Promise<void>((closed) => { this.#server.close(() => closed()); });
  }

  /** The same city in this process. */
  face(): City & CityLookUp {
    const answer = async <T>(make: () => T): Promise<T> => {
      this.asked += 1;
      const fault = this.#always ?? this.#wire.shift();
      if (fault !== undefined) throw new CityError(wireFaults[fault], `The double fails: ${fault}.`, wireFaults[fault] === 'BUSY' ? retryAfterSeconds * 1000 : null);
      try {
        return make();
      } catch (error) {
        throw error instanceof EpochChanged ? new CityError('EPOCH_CHANGED', error.message) : error;
      }
    };
    return {
      changes: (registry, after, first) => answer(() => readPage(JSON.parse(JSON.stringify(this.#page(registry, after, first))), after)),
      conditions: () => answer(() => readConditions(this.state.conditions)),
      lookUp: (_purpose, of) => answer(() => readLookedUp(JSON.parse(JSON.stringify(this.state.lookUp(of))), of.length)),
      close: async () => undefined,
    };
  }

  #page(registry: RegistryName, after: string | null, first: number): SentPage {
    const page = this.state.page(registry, after, first);
    const { entries } = page;
    switch (this.#pages.shift() ?? this.#oddAlways) {
      case 'duplicated': return { ...page, entries: [...entries, ...entries] };
      case 'reordered': return { ...page, entries: entries.toReversed() };
      case 'gap': return { ...page, entries: entries.filter((_entry, place) => place % 2 === 1) };
      case 'shortened': return { ...page, entries: entries.slice(0, -1) };
      case 'skipped': return this.state.page(registry, page.endCursor, first);
      case null: return page;
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/elsewhere') this.redirected += 1;
    this.asked += 1;
    this.headers = request.headers;
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part as string;
    const { query, variables } = JSON.parse(body) as Asked;
    const [, name = '', root = ''] = /(\w+): (changes|sharingConditions|passedOn|reportDiscrepancy|checkRequests|tellCertificateUses)\(/.exec(query) ?? [];
    const before = this.#lastAnswer;
    const fault = this.#always ?? this.#wire.shift();
    if (fault !== undefined && fault !== 'replayed' && await this.#fail(fault, () => this.#answer(name, root, variables), response)) return;
    const answer = fault === 'replayed' && before !== null ? before : JSON.stringify(this.#answer(name, root, variables));
    this.#lastAnswer = answer;
    send(response, 200, answer);
  }

  #answer(name: string, root: string, variables: Asked['variables']): object {
    try {
      return { data: { [name]: this.#valueOf(root, variables) } };
    } catch (error) {
      if (!(error instanceof EpochChanged)) throw error;
      return { data: null, errors: [{ message: 'The cursor leads nowhere any more.', extensions: { code: 'EPOCH_CHANGED', reason: error.reason } }] };
    }
  }

  #valueOf(root: string, { registry, after = null, first = 200, of = [], report = {}, idempotencyKey = '', references = [], uses = [] }: Asked['variables']): unknown {
    switch (root) {
      case 'passedOn': return this.state.lookUp(of);
      case 'changes': return this.#page(registry, after, first);
      case 'reportDiscrepancy': return this.state.report(idempotencyKey, report);
      case 'tellCertificateUses': return this.state.tellUses(uses);
      case 'checkRequests': return this.state.standings(references);
      default: return this.state.conditions;
    }
  }

  /** Fails; false where there is nothing that could fail in this way. */
  async #fail(fault: Exclude<WireFault, 'replayed'>, make: () => object, response: ServerResponse): Promise<boolean> {
    const whole = (): string => JSON.stringify(make());
    switch (fault) {
      case 'hang': return true;
      case 'reset': response.socket?.resetAndDestroy(); return true;
      case 'hangMidPage': begin(response, whole()); return true;
      case 'drip': {
        begin(response, whole());
        const timer = setInterval(() => response.write(' '), 20);
        this.#open.add(timer);
        response.on('close', () => clearInterval(timer));
        return true;
      }
      case 'cutBody': begin(response, whole()); setTimeout(() => response.socket?.destroy(), 10); return true;
      case 'truncatedJson': send(response, 200, whole().slice(0, whole().length >> 1)); return true;
      case 'html': response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>维护中</body></html>'); return true;
      case 'otherJson': send(response, 200, '[1, 2, 3]'); return true;
      case 'noCursor': send(response, 200, whole().replaceAll(/"(endCursor|records|checks|nodes|outcomes)":/g, '"$1Once":')); return true;
      case 'redirect': response.writeHead(307, { location: `${this.url.replace('127.0.0.1', 'localhost').replace('/graphql', '')}/elsewhere` }).end(); return true;
      case 'gzipBomb': response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb); return true;
      case 'internal': send(response, 200, JSON.stringify({ data: null, errors: [{ message: '身份证号 62062319900101001X', extensions: { code: 'INTERNAL' } }] })); return true;
      case 'tooMany': response.writeHead(429, { 'retry-after': String(retryAfterSeconds) }).end(); return true;
      case 'unavailable': response.writeHead(503, { 'retry-after': String(retryAfterSeconds) }).end(); return true;
      case 'rateLimited': send(response, 200, JSON.stringify({ errors: [{ message: 'later', extensions: { code: 'RATE_LIMITED' } }] }), { 'retry-after': String(retryAfterSeconds) }); return true;
      case 'forbidden': send(response, 403, JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] })); return true;
    }
  }
}

function send(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/graphql-response+json; charset=utf-8', ...headers }).end(body);
}

/** Half an answer, of which the length of the whole was promised. */
function begin(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length + 100_000 });
  response.write(bytes.subarray(0, bytes.length >> 1));
}
