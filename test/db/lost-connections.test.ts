/**
 * What a client of the driver does when its connections are lost: it works again, a transaction that was lost stays lost, a client that was
 * ended stays ended, and nobody is kept waiting by a server that sends everybody away. The driver as published does none of these (patches/ holds what was changed in it).
 * Through a gate of TCP in front of a server, which can cut what goes through it; nobody loses a connection to the embedded database.
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type postgres from 'postgres';
import { connectTo } from '../../src/db/client.ts';
import { theWorld } from '../world/database.ts';

describe.runIf(process.env['TEST_DATABASE_URL'] !== undefined)('a client of a server', () => {
  const open = new Set<Socket>();
  let gate: Server;
  /** Nobody is let through: cut off at once (RST), or taken and sent away without a word (FIN). */
  let shut: false | 'RST' | 'FIN' = false;
  let passed = 0;
  let turnedAway = 0;
  let url: string;
  /** Clients of a test; ended after it. */
  let clients: postgres.Sql[] = [];

  beforeAll(async () => {
    const world = await theWorld();
    const server = new URL(world.shared);
    gate = createServer((from) => {
      if (shut !== false) {
        turnedAway += 1;
        if (shut === 'RST') from.resetAndDestroy(); else from.resume().end();
        return;
      }
      passed += 1;
      const to = connect(Number(server.port === '' ? 5432 : server.port), server.hostname);
      for (const [one, other] of [[from, to], [to, from]] as const) {
        open.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => {
          open.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((listening) => { gate.listen(0, '127.0.0.1', listening); });
    const through = new URL(server);
    through.hostname = '127.0.0.1';
    through.port = String((gate.address() as AddressInfo).port);
    url = through.toString();
  });
  beforeEach(() => {
    shut = false;
    return async () => {
      await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
      clients = [];
    };
  });
  afterAll(() => new Promise((closed) => { gate.close(closed); }));

  function client(): postgres.Sql {
    const sql = connectTo({ kind: 'server', url }, { name: 'lost', max: 1 });
    clients.push(sql);
    return sql;
  }

  /** Cuts what is open: as a server that goes (FIN), or as one that has gone (RST). */
  function cut(how: 'FIN' | 'RST'): void {
    for (const socket of open) if (how === 'RST') socket.resetAndDestroy(); else socket.destroy();
  }

  const pause = (ms: number): Promise<void> => new Promise((wake) => { setTimeout(wake, ms); });

  /** Whether something comes true while a few seconds pass. */
  async function comes(true_: () => boolean): Promise<boolean> {
    for (let times = 0; times < 500 && !true_(); times += 1) await pause(10);
    return true_();
  }

  test.each(['FIN', 'RST'] as const)('under load it works again after each loss (%s)', async (how) => {
    const sql = client();
    let answered = 0;
    let stopped = false;
    const caller = async (): Promise<void> => {
      while (!stopped) {
        try {
          expect([...await sql`select ${answered}::int as n, ${'x'}::text as t`]).toMatchObject([{ t: 'x' }]);
          answered += 1;
          await new Promise((turn) => { setImmediate(turn); });
        } catch (error) {
          if ((error as { code?: string }).code === undefined) throw error;
          await pause(1);
        }
      }
    };
    const callers = Promise.all(Array.from({ length: 64 }, caller));
    for (let losses = 0; losses < 40; losses += 1) {
      const before = answered;
      expect(await comes(() => answered > before + 64), `after ${losses} losses`).toBe(true);
      cut(how);
    }
    stopped = true;
    await callers;
  });

  test('a transaction that was lost asks nothing any more, though its connection serves somebody else', async () => {
    const sql = client();
    let late: Promise<unknown> = Promise.resolve();
    let queued: Promise<unknown> = Promise.resolve();
    let lost: () => void = () => undefined;
    const isLost = new Promise<void>((resolve) => { lost = resolve; });
    let goOn: () => void = () => undefined;
    const canGoOn = new Promise<void>((resolve) => { goOn = resolve; });
    const told = sql.begin(async (tx) => {
      await tx`select 1`;
      // One that is asked, and one that waits for its turn.
      const asked = tx`select pg_sleep(60)`.catch((error: unknown) => error);
      queued = Promise.all(Array.from({ length: 200 }, () => tx`select 2`.catch((error: unknown) => error)));
      await pause(20);
      cut('RST');
      await asked;
      lost();
      await canGoOn;
      late = tx`select 3`.catch((error: unknown) => error);
      await late;
    }).catch((error: unknown) => error);
    await isLost;
    await told;
    for (const error of await queued as unknown[]) expect(error).toBeInstanceOf(Error);
    expect([...await sql`select 4 as n`]).toEqual([{ n: 4 }]);
    const other = sql.begin(async (tx) => {
      goOn();
      await pause(20);
      expect(await late).toMatchObject({ code: expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET)$/) });
      return tx`select 5 as n`;
    });
    expect([...await other]).toEqual([{ n: 5 }]);
  });

  test('who is sent away without a word is told so, and does not ask again and again', async () => {
    const sql = client();
    shut = 'FIN';
    turnedAway = 0;
    for (let times = 0; times < 5; times += 1) await expect(sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(turnedAway).toBe(5);
    shut = false;
    expect([...await sql`select 6 as n`]).toEqual([{ n: 6 }]);
  });

  test('a client that was ended while it waited to connect again does not connect', async () => {
    const sql = client();
    await sql.listen('lost', () => undefined);
    shut = 'RST';
    cut('FIN');
    // It is refused some times and waits for longer each time.
    await pause(600);
    await sql.end({ timeout: 1 });
    shut = false;
    const before = passed;
    await pause(1500);
    expect(passed).toBe(before);
  });
});
