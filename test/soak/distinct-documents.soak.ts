/**
 * A client that never sends the same document twice must not fill the machine: after 100 000 distinct documents the
 * server's heap and the database's memory are where they were after the first tenth of them.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const documents = Number(process.env['HUB_SOAK_DOCUMENTS'] ?? 100_000);

let hub: TestHub;
beforeAll(async () => {
  hub = await sharedHub({ watch: false });
});
afterAll(() => hub.close());

/** Bytes in use: of the heap after a collection, and of the session that answers. */
async function inUse(): Promise<{ heap: number; session: number; prepared: number }> {
  globalThis.gc?.();
  await new Promise((wake) => setTimeout(wake, 50));
  globalThis.gc?.();
  // Asked many times at once, so that every session of the lane answers for itself; the fullest one counts.
  const sessions = await Promise.all(Array.from({ length: 32 }, () => hub.database.lists.query('select sum(used_bytes)::text as session, (select count(*)::text from pg_prepared_statements) as prepared from pg_backend_memory_contexts')));
  const most = (name: string) => Math.max(...sessions.map(([row]) => Number(row?.[name])));
  return { heap: process.memoryUsage().heapUsed, session: most('session'), prepared: most('prepared') };
}

test(`${documents} distinct documents`, async () => {
  const ask = async (index: number) => {
    // With a count, so that the database builds the JSON; short enough to be a column's name: a longer one is a parameter, and every document would be one statement.
    const alias = `a${index.toString(36).padStart(30, 'x')}`;
    // Twice, so that the statement is prepared as well.
    const query = `{ legalEntities(first: 2) { totalCount nodes { ${alias}: name uscc } } }`;
    for (let times = 0; times < 2; times += 1) {
      const answer = await hub.ask('market', query);
      if (answer.errors.length > 0) throw new Error(answer.text);
    }
  };
  const upTo = async (from: number, to: number) => {
    for (let index = from; index < to; index += 8) await Promise.all(Array.from({ length: Math.min(8, to - index) }, (_, offset) => ask(index + offset)));
  };
  await upTo(0, documents / 10);
  const early = await inUse();
  await upTo(documents / 10, documents);
  const late = await inUse();
  console.log(`heap ${mib(early.heap)} → ${mib(late.heap)} MiB, session ${mib(early.session)} → ${mib(late.session)} MiB, prepared ${early.prepared} → ${late.prepared}, clients swapped ${hub.database.lists.swaps} times`);
  expect(late.heap / early.heap).toBeLessThan(1.3);
  expect(late.session / early.session).toBeLessThan(2);
  expect(late.prepared).toBeLessThanOrEqual(250);
});

function mib(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}
