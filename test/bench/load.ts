/**
 * The load: so many callers in a closed loop, each with a connection of its own, in a process of its own.
 *
 * It writes ready-made requests to bare sockets and looks no further into an answer than its status, its length and the first
 * bytes, because it shares the machine with what it measures. Spoken to by run.ts over IPC.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { picker, requestTo, workloads } from './workloads.ts';
import type { Facts, Target, Workload, WorkloadName } from './workloads.ts';

/** What run.ts sends. */
export type Order =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'run'; readonly target: Target; readonly workload: WorkloadName; readonly callers: number; readonly warmMs: number; readonly runMs: number };

/** What comes back. `begun`: warm, measuring from now. */
export type Report =
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly requests: number; readonly ms: number; readonly bytes: number; readonly latencies: readonly number[] }
  | { readonly kind: 'failed'; readonly why: string };

let facts: Facts | undefined;
const prepared = new Map<string, readonly Buffer[]>();

process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  if (order.kind === 'facts') {
    facts = order.facts;
    return;
  }
  run(order).then(tell, (error: unknown) => tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }));
});

function tell(report: Report): void {
  process.send?.(report);
}

function requestsFor(target: Target, name: WorkloadName): readonly Buffer[] {
  const key = `${target.port} ${target.path} ${name}`;
  const known = prepared.get(key);
  if (known) return known;
  if (facts === undefined) throw new Error('The load was not told whom to ask for.');
  const pick = picker(20_261_124);
  const workload: Workload = workloads[name];
  const given = facts;
  const made = Array.from({ length: workload.requests }, () => {
    const { method, path, headers, body } = requestTo(target, name, workload.variables(given, pick));
    const all = { host: `localhost:${target.port}`, ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers };
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([header, value]) => `${header}: ${value}\r\n`).join('')}\r\n${body}`);
  });
  prepared.set(key, made);
  return made;
}

async function run({ target, workload, callers, warmMs, runMs }: Extract<Order, { kind: 'run' }>): Promise<Report> {
  const requests = requestsFor(target, workload);
  const pick = picker(Math.floor(Math.random() * 0xffff_ffff));
  const latencies: number[] = [];
  let [counting, stopped, bytes, failure] = [false, false, 0, ''];
  const answered = (sent: number, length: number): void => {
    if (!counting) return;
    latencies.push(performance.now() - sent);
    bytes += length;
  };
  const next = (): Buffer | undefined => (stopped ? undefined : requests[pick(requests.length)]);
  const ended = Array.from({ length: callers }, () => caller(target.port, next, answered).catch((error: unknown) => {
    failure = error instanceof Error ? error.message : String(error);
    stopped = true;
  }));
  await wait(warmMs);
  tell({ kind: 'begun' });
  const began = performance.now();
  counting = true;
  await wait(runMs);
  counting = false;
  const ms = performance.now() - began;
  // Before the callers are waited for: what the servers do from here on is not measured.
  const report: Report = { kind: 'done', requests: latencies.length, ms, bytes, latencies };
  stopped = true;
  await Promise.all(ended);
  return failure === '' ? report : { kind: 'failed', why: failure };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const headEnd = Buffer.from('\r\n\r\n');

/** One caller: asks, waits, asks again, until `next` has nothing. */
function caller(port: number, next: () => Buffer | undefined, answered: (sent: number, length: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let sent = 0;
    let head: Buffer | undefined;
    /** Bytes of this answer that are still to come; -1 while its head is not whole, -2 for a chunked body. */
    let left = -1;
    let length = 0;
    const ask = (): void => {
      const request = next();
      if (request === undefined) {
        socket.destroy();
        resolve();
        return;
      }
      [head, left, length, sent] = [undefined, -1, 0, performance.now()];
      socket.write(request);
    };
    const readHead = (chunk: Buffer): void => {
      head = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(headEnd);
      if (end < 0) return;
      const text = head.toString('latin1', 0, end);
      const start = head.toString('utf8', end + 4, end + 400);
      if (!text.startsWith('HTTP/1.1 200') || /^(?:[\da-f]+\r\n)?\{"errors"/.test(start)) throw new Error(`${text.slice(0, 15)}: ${start}`);
      const told = /content-length: (\d+)/i.exec(text)?.[1];
      const body = head.length - end - 4;
      length = head.length;
      left = told === undefined ? -2 : Number(told) - body;
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        if (left === -1) readHead(chunk);
        else {
          length += chunk.length;
          if (left > 0) left -= chunk.length;
        }
        const whole = left === 0 || (left === -2 && chunk.length >= 5 && chunk.toString('latin1', chunk.length - 5) === '0\r\n\r\n');
        if (!whole) return;
        answered(sent, length);
        ask();
      } catch (error) {
        socket.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the connection.')));
    socket.on('connect', ask);
  });
}
