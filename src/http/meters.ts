/**
 * What the hub tells monitoring about itself (`/metrics`): requests and how long they took, and, when somebody reads, the load of the
 * database's lanes and of the audit, and how it keeps in step with the hub above.
 *
 * No figure tells of a person or a record, and no label holds what a client made up: operations are root fields of the contract,
 * outcomes the hub's own codes, callers registered consumers. Whatever else there is counts as one. On the way of a request it costs a few
 * additions.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import type { HubContext } from '../graphql/context.ts';
import type { Caller } from '../sharing/terms.ts';
import { Durations, headOf, linesOf } from './exposition.ts';
import type { Family } from './exposition.ts';

/** What is asked for its figures when they are read. */
export interface MeterSources {
  /** Coordinates of the contract's root fields. */
  readonly roots: readonly string[];
  readonly lanes: Readonly<Record<string, { readonly statements: number; readonly running: number; readonly swaps: number }>>;
  readonly audit: () => { readonly waiting: number; readonly kept: number; readonly failing: boolean };
  /** How it keeps in step; throws where the database does not answer. */
  readonly sync: () => Promise<readonly Family[]>;
}

interface OfOperation {
  readonly outcomes: Map<string, number>;
  readonly durations: Durations;
}

/** Labels of one kind at most: beyond it something is wrong, and counts as `other`. */
const mostLabels = 5000;
/** Milliseconds for which what was read from the database is told again. */
const readEveryMs = 1000;

/** See the head of this file. */
export class Meters {
  readonly #sources: MeterSources;
  readonly #roots: ReadonlySet<string>;
  readonly #operations = new Map<string, OfOperation>();
  readonly #callers = new Map<string, Map<string, number>>();
  readonly #unread = new Map<string, number>();
  #sync: { readonly at: number; readonly families: Promise<readonly Family[]> } | null = null;

  constructor(sources: MeterSources) {
    this.#sources = sources;
    this.#roots = new Set(sources.roots);
  }

  /** Counts a request that was answered or refused; `outcome`: `OK` or the code of the error. */
  answered({ caller, trace }: Pick<HubContext, 'caller' | 'trace'>, outcome: string): void {
    const [root = 'unread', more] = trace.asked.roots;
    const operation = more !== undefined ? 'several' : root === 'unread' || this.#roots.has(root) ? root : 'other';
    let own = this.#operations.get(operation);
    if (own === undefined) this.#operations.set(operation, own = { outcomes: new Map(), durations: new Durations() });
    count(own.outcomes, outcome);
    own.durations.add((performance.now() - trace.began) / 1000);
    this.#ofCaller(caller, outcome);
  }

  /** Counts what was refused before it was read. */
  refused(caller: Caller, outcome: string): void {
    count(this.#unread, outcome);
    this.#ofCaller(caller, outcome);
  }

  #ofCaller(caller: Caller, outcome: string): void {
    const code = caller.kind === 'consumer' ? caller.consumer : caller.kind;
    const name = this.#callers.has(code) || this.#callers.size < mostLabels ? code : 'other';
    let own = this.#callers.get(name);
    if (own === undefined) this.#callers.set(name, own = new Map());
    count(own, outcome);
  }

  /** All figures, in the text format. */
  async text(): Promise<string> {
    const operations = [...this.#operations];
    const read = await this.#read();
    const { waiting, kept, failing } = this.#sources.audit();
    const lanes = Object.entries(this.#sources.lanes);
    const families: readonly Family[] = [
      { name: 'hub_requests_total', help: 'Requests by root field of the contract and outcome (OK, or the code of the error).', kind: 'counter', samples: operations.flatMap(([operation, { outcomes }]) => [...outcomes].map(([outcome, n]) => [{ operation, outcome }, n] as const)) },
      { name: 'hub_caller_requests_total', help: 'Requests by registered consumer (administrators and strangers together) and outcome.', kind: 'counter', samples: [...this.#callers].flatMap(([caller, own]) => [...own].map(([outcome, n]) => [{ caller, outcome }, n] as const)) },
      { name: 'hub_unread_refusals_total', help: 'Requests that were refused before they were read, by code.', kind: 'counter', samples: [...this.#unread].map(([outcome, n]) => [{ outcome }, n] as const) },
      { name: 'hub_lane_statements_total', help: 'Statements that a lane of the database was sent.', kind: 'counter', samples: lanes.map(([lane, { statements }]) => [{ lane }, statements] as const) },
      { name: 'hub_lane_running', help: 'Statements of a lane that are not answered yet.', kind: 'gauge', samples: lanes.map(([lane, { running }]) => [{ lane }, running] as const) },
      { name: 'hub_lane_swaps_total', help: 'How often a lane began anew to forget what it had prepared.', kind: 'counter', samples: lanes.map(([lane, { swaps }]) => [{ lane }, swaps] as const) },
      gauge('hub_audit_waiting', 'Records of the audit that wait to be written.', waiting),
      gauge('hub_audit_kept', 'Records of open answers that are kept until the audit takes them again.', kept),
      gauge('hub_audit_failing', 'The audit takes no records: everything is refused.', failing ? 1 : 0),
      ...ofProcess(),
      ...read,
    ];
    const durations = [...headOf('hub_request_seconds', 'Durations of requests until they were written down, by root field.', 'histogram'), ...operations.flatMap(([operation, own]) => own.durations.lines('hub_request_seconds', { operation }))];
    return `${[...families.flatMap(linesOf), ...(operations.length === 0 ? [] : durations)].join('\n')}\n`;
  }

  /** Whoever reads often reads what was read a moment ago. */
  async #read(): Promise<readonly Family[]> {
    if (this.#sync === null || performance.now() - this.#sync.at > readEveryMs) this.#sync = { at: performance.now(), families: this.#sources.sync() };
    return this.#sync.families.then((families) => [gauge('hub_database_answers', 'Could the figures of keeping in step be read?', 1), ...families], () => [gauge('hub_database_answers', 'Could the figures of keeping in step be read?', 0)]);
  }
}

function count(of: Map<string, number>, name: string): void {
  const own = of.has(name) || of.size < mostLabels ? name : 'other';
  of.set(own, (of.get(own) ?? 0) + 1);
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, kind: 'gauge', samples: [[{}, value]] };
}

function ofProcess(): readonly Family[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    { name: 'process_cpu_seconds_total', help: 'CPU time of this process.', kind: 'counter', samples: [[{}, (user + system) / 1e6]] },
    gauge('process_resident_memory_bytes', 'Resident memory of this process.', rss),
    gauge('process_heap_used_bytes', 'Used heap of this process.', heapUsed),
    gauge('process_uptime_seconds', 'For how long this process has run.', process.uptime()),
    gauge('process_event_loop_utilization', 'How busy the event loop has been since the start, 0 to 1.', performance.eventLoopUtilization().utilization),
  ];
}

/** Headers that a proxy adds: behind one on the same machine everybody would look like this machine. */
const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/** Lets whoever may read the figures pass: with the configured token; where none is, this machine itself. Throws `FORBIDDEN`. */
export function mayReadMeters({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>, token: string | undefined): void {
  const shown = headers.authorization ?? '';
  const loopback = /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '') && forwarded.every((name) => headers[name] === undefined);
  if (token === undefined ? loopback : timingSafeEqual(hash('sha256', shown, 'buffer'), hash('sha256', `Bearer ${token}`, 'buffer'))) return;
  throw new HubError('FORBIDDEN', 'Figures are told with the token of HUB_METRICS_TOKEN (Authorization: Bearer …); where none is configured, to this machine itself, asked directly.');
}
