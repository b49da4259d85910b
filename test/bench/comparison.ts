/**
 * `npm run bench:comparison`: how long a batch comparison takes from the first byte of the upload to the last of the result.
 *
 *   --people 100000     people in the database, which is made beside the one that TEST_DATABASE_URL names, and kept
 *   --rows 100000       rows of the file: name, phone and ALIVE of each; one in ten is not so, one in a hundred is nobody
 *
 * A whole hub, asked over HTTP on this machine. Without TEST_DATABASE_URL or BENCH_DATABASE_URL it says what it needs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config.ts';
import { openHub } from '../../src/hub.ts';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { testKeys } from '../world/keys.ts';
import { benchDatabase, benchKey, benchMatter } from './county.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '100000' }, rows: { type: 'string', default: '100000' } } });
const rows = Number(values.rows);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'hub-comparison-'));
writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
const url = await benchDatabase(Number(values.people), say);
const hub = await openHub(readConfig({ PORT: '0', DATABASE_URL: url, HUB_DATA_DIR: folder, HUB_KEY_FILE: join(folder, 'keys.json'), HUB_CALLER_BUDGET: '1000000000000' }));
try {
  const { sql } = hub.database;
  await sql`delete from quota_use`;
  await granted();
  await hub.standing.look();
  const listener = await hub.serve();
  const people = await sql<{ idNumber: string; name: string; phone: string | null }[]>`select id_number as "idNumber", name, phone from person where id_number is not null order by md5(id_number) limit ${rows}`;
  const file = ['idNumber,name,phone,ALIVE', ...Array.from({ length: rows }, (_, n) => {
    const { idNumber, name, phone } = people[n % people.length] as (typeof people)[number];
    const number = n % 100 === 50 ? idNumberWithCheck(`110101${19_000_101 + (n % 28)}${String(n % 1000).padStart(3, '0')}`) : idNumber;
    return `${number},${n % 10 === 0 ? '某某' : name},${phone ?? '13000000000'},true`;
  })].join('\n');
  const headers = { authorization: `Bearer ${benchKey}`, 'hub-matter': benchMatter };
  const began = performance.now();
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1);
  const sent = await fetch(`${listener.url}/comparisons`, { method: 'POST', headers: { ...headers, 'content-type': 'text/csv' }, body: file });
  const answer = await sent.json() as { id: string; errors?: readonly { message: string }[] };
  if (sent.status !== 202) throw new Error(answer.errors?.[0]?.message);
  say(`${rows} rows (${(file.length / 2 ** 20).toFixed(1)} MB) taken in: ${seconds()} s.`);
  for (;;) {
    const [job] = await sql<{ state: string; done: number; stop: string | null; matches: number; mismatches: number; refused: number }[]>`select state, done, stop_reason as stop, matches, mismatches, refused from comparison where id = ${answer.id}`;
    if (job === undefined || job.state === 'STOPPED') throw new Error(`The comparison was stopped: ${job?.stop ?? ''}`);
    if (job.state === 'DONE') {
      say(`compared: ${seconds()} s; ${job.matches} claims met, ${job.mismatches} not, ${job.refused} rows refused.`);
      break;
    }
    await new Promise((wake) => { setTimeout(wake, 100); });
  }
  const result = await (await fetch(`${listener.url}/comparisons/${answer.id}`, { headers })).text();
  say(`fetched: ${seconds()} s; ${result.trimEnd().split('\r\n').length - 1} rows; ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident.`);
} finally {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The bench's caller may compare what the file claims. */
async function granted(): Promise<void> {
  const line = (item: string, use: string) => ({ item, uses: [use], modes: ['BATCH'], matters: [benchMatter], mask: null, bounds: [], validFrom: '2026-01-01T00:00:00.000Z', validTo: null, quotaPerDay: null });
  const tuples = [line('RK-0000', 'exist'), line('RK-0001', 'key'), ...['RK-0002', 'RK-0031', 'RK-0032', 'RK-0040'].map((item) => line(item, 'verify'))];
  await hub.database.sql`insert into sharing_grant (approval_no, consumer_code, tuples, seals) values ('BENCH-LISTS', 'bench', ${JSON.stringify(tuples)}::text::jsonb, '{}') on conflict (approval_no) do update set tuples = excluded.tuples`;
}
