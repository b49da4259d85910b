/** A watch: looks when it is told and every so often, and after its end no more, whatever became of its connection. */
import { expect, test, vi } from 'vitest';
import type postgres from 'postgres';
import { Watch } from '../../src/db/watch.ts';

/** A client that only listens; `tell` is what the database would do, and unlistening never ends. */
function listening() {
  const told: (() => void)[] = [];
  const sql = { listen: async (_channel: string, hear: () => void) => { told.push(hear); return { unlisten: () => new Promise<void>(() => undefined) }; } };
  return { sql: sql as unknown as postgres.Sql, tell: () => told.forEach((hear) => hear()) };
}

test('looks when told and every so often; ended, it waits for the look that runs, for no connection, and looks no more', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { sql, tell } = listening();
    const failed: unknown[] = [];
    let looks = 0;
    const end: (() => void)[] = [];
    const watch = new Watch(() => {
      looks += 1;
      return new Promise((done) => { end.push(done); });
    });
    const turn = async (): Promise<void> => {
      await new Promise((done) => { setImmediate(done); });
      for (const done of end.splice(0)) done();
      await new Promise((done) => { setImmediate(done); });
    };
    await watch.start({ sql, channel: 'it', everyMs: 500, onError: (error) => failed.push(error) });
    tell();
    await turn();
    vi.advanceTimersByTime(500);
    await turn();
    expect(looks).toBe(2);
    // It is told while it looks, and looks again for that.
    tell();
    await new Promise((done) => { setImmediate(done); });
    tell();
    await turn();
    await turn();
    expect(looks).toBe(4);
    tell();
    await new Promise((done) => { setImmediate(done); });
    let ended = false;
    const stopped = watch.stop().then(() => { ended = true; });
    await new Promise((done) => { setImmediate(done); });
    expect([looks, ended]).toEqual([5, false]);
    end.splice(0).forEach((done) => done());
    await stopped;
    tell();
    vi.advanceTimersByTime(5000);
    await turn();
    expect([looks, failed]).toEqual([5, []]);
  } finally {
    vi.useRealTimers();
  }
});
