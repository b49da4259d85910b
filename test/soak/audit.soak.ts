/**
 * Under 64 callers the server is killed (-9) and PostgreSQL is stopped at once, three rounds: every answer that a client received has its
 * record, and the chain is whole; every receipt is kept. With a quota on, no more is answered than it allows, and uses are as many as records. And how fast records are written and verified. On a PostgreSQL of its own (cluster.ts).
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAudit, verifyWith } from '../../src/audit/open.ts';
import { Scope } from '../../src/audit/record.ts';
import { openDatabase } from '../../src/db/open.ts';
import { keyProviderOf } from '../../src/identity/key-provider.ts';
import { readDefinition } from '../../src/matters/definition.ts';
import { draftVersion, noteTested, publishVersion } from '../../src/matters/version.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import type { CallerName } from '../world/callers.ts';
import { testKeys } from '../world/keys.ts';
import { prepare } from '../world/prepare.ts';
import { ownCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const rounds = 3;
const callers = 64;
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hub-soak-audit-'));
const keys = keyProviderOf(testKeys);
let cluster: Cluster;
let people: readonly string[];

beforeAll(async () => {
  cluster = await ownCluster();
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
  const database = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
  await prepare(database);
  people = (await database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null`).map(({ id }) => id);
  await database.close();
});
afterAll(() => {
  cluster.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}

async function serve(): Promise<Served> {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { ...process.env, DATABASE_URL: cluster.url, HUB_DATA_DIR: folder, HUB_KEY_FILE: join(folder, 'keys.json'), PORT: '0', HUB_CALLER_BUDGET: '1000000000000', HUB_LOG_LEVEL: 'silent' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const told = /GraphQL {2}(\S+)/.exec(said)?.[1];
      if (told !== undefined) resolve(told);
    });
    child.once('close', () => reject(new Error(`The hub did not start: ${said}`)));
  });
  return { child, url };
}

/** What the load asks, and as whom. */
interface Question {
  readonly caller: CallerName;
  readonly query: string;
  /** What is kept of an answer; default: the request's id. */
  readonly keep?: (data: unknown) => string;
}
const lookup: Question = { caller: 'police', query: 'query ($id: String!) { person(idNumber: $id) { name household { members { nodes { name } } } } }' };
/** A look-up for a matter; the receipt's id is kept. */
const lookedUp: Question = {
  caller: 'police', query: 'query ($id: String!) { lookup(subjects: [{ role: "applicant", idNumber: $id }], claims: []) { facts { status } receipt { id } } }',
  keep: (data) => (data as { readonly lookup: { readonly receipt: { readonly id: string } } }).lookup.receipt.id,
};

/** Asks until it is told to stop; ids of the answers that came whole. */
function load(url: string, asked: Question = lookup): { readonly answered: Set<string>; readonly refused: Map<string, number>; stop(): Promise<void> } {
  const answered = new Set<string>();
  const refused = new Map<string, number>();
  let stopped = false;
  const caller = async (): Promise<void> => {
    while (!stopped) {
      try {
        const idNumber = people[Math.floor(Math.random() * people.length)];
        const response = await fetch(url, {
          method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(asked.caller)}`, 'hub-matter': testMatter },
          body: JSON.stringify({ query: asked.query, variables: { id: idNumber } }), signal: AbortSignal.timeout(15_000),
        });
        const { data, errors = [] } = await response.json() as { data?: unknown; errors?: readonly { readonly extensions: { readonly code: string } }[] };
        if (data !== undefined && data !== null) answered.add(asked.keep?.(data) ?? response.headers.get('hub-request-id') ?? 'none');
        else refused.set(errors[0]?.extensions.code ?? '', (refused.get(errors[0]?.extensions.code ?? '') ?? 0) + 1);
      } catch {
        await pause(20);
      }
    }
  };
  const running = Array.from({ length: callers }, caller);
  return { answered, refused, stop: async () => { stopped = true; await Promise.all(running); } };
}

const pause = (ms: number): Promise<void> => new Promise((wake) => { setTimeout(wake, ms); });

/** Waits until as many answers have come as are wanted; fails after a minute. */
async function until(holds: () => boolean): Promise<void> {
  for (let times = 0; !holds(); times += 1) {
    expect(times, 'too few answers came in a minute').toBeLessThan(600);
    await pause(100);
  }
}

/** Answers without a record, and what verifying finds. */
async function missing(answered: ReadonlySet<string>): Promise<{ readonly lost: readonly string[]; readonly problems: readonly unknown[]; readonly records: number }> {
  const database = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
  try {
    const rows = await database.sql<{ id: string }[]>`select id from unnest(${[...answered]}::text[]) a(id) where not exists (select from audit_record where request = a.id and outcome = 'OK')`;
    const { problems, records } = await verifyWith(keys, { sql: database.sql });
    return { lost: rows.map(({ id }) => id), problems, records };
  } finally {
    await database.close();
  }
}

/** One round. */
interface Round {
  /** What was kept of the answers that came whole. */
  readonly answered: ReadonlySet<string>;
  /** How many came when, in words. */
  readonly said: string;
}

/** A server that is killed under its callers, and another one whose database stops at once and comes back. */
async function broken(asked: Question): Promise<Round> {
  const first = await serve();
  const before = load(first.url, asked);
  await until(() => before.answered.size > 500);
  await pause(Math.random() * 1500);
  first.child.kill('SIGKILL');
  await before.stop();
  const second = await serve();
  const during = load(second.url, asked);
  await until(() => during.answered.size > 500);
  await pause(Math.random() * 1000);
  const whole = during.answered.size;
  cluster.stopAtOnce();
  await pause(500);
  cluster.start();
  const restarted = during.answered.size;
  await until(() => during.answered.size >= restarted + 100);
  await during.stop();
  second.child.kill('SIGTERM');
  expect(await Promise.race([new Promise((ended) => { second.child.once('close', () => ended('ended')); }), pause(30_000)]), 'the server ends when it is told to').toBe('ended');
  return {
    answered: new Set([...before.answered, ...during.answered]),
    said: `${before.answered.size} answers before the kill, ${whole} before the stop, ${during.answered.size - whole} after it, refused ${JSON.stringify([...during.refused])}`,
  };
}

test('whatever breaks, what was answered was written down', async () => {
  for (let round = 1; round <= rounds; round += 1) {
    const { answered, said } = await broken(lookup);
    const found = await missing(answered);
    console.log(`round ${round}: ${said}; ${found.records} records`);
    expect(found.lost).toEqual([]);
    expect(found.problems).toEqual([]);
  }
});

test('whatever breaks, the receipt of an answer is kept', async () => {
  const database = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
  const actor = { by: 'soak', now: new Date().toISOString() };
  const drafted = await draftVersion(database.sql, testMatter, readDefinition({
    legalBasis: 'soak', subjects: [{ role: 'applicant', name: '申请人', type: 'Person' }], claims: [],
    facts: [{ code: 'alive', name: '健在', paper: '健在证明', of: 'applicant', form: 'PREDICATE', ask: 'personStatus == "在籍"' }],
  }), actor);
  await noteTested(database.sql, drafted, actor.now);
  await publishVersion(database.sql, testMatter, drafted.version, actor);
  await database.close();
  for (let round = 1; round <= rounds; round += 1) {
    const { answered, said } = await broken(lookedUp);
    const open = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
    const lost = await open.sql`select id from unnest(${[...answered]}::uuid[]) a(id) where not exists (select from receipt r where r.id = a.id)`.finally(() => open.close());
    console.log(`receipts, round ${round}: ${said}; ${lost.length} of them lost`);
    expect(lost).toEqual([]);
  }
});

test('a server that is killed under load leaves as many uses of a quota as records, and no more is answered than it allows', async () => {
  const marital: Question = { caller: 'market', query: 'query ($id: String!) { person(idNumber: $id) { maritalStatusCode } }' };
  const item = 'RK-0013';
  const database = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
  const counts = async (): Promise<{ used: number; records: number; most: number }> => {
    const [row] = await database.sql<{ used: number; records: number; most: number }[]>`
      select (select coalesce(sum(used), 0) from quota_use where who = 'test-market' and what like 'grant SOAK %')::integer as used, (select coalesce(max(most), 0) from quota_use where what like 'grant SOAK %')::integer as most,
        (select count(*) from audit_record r join audit_scope s on s.id = r.scope where r.outcome = 'OK' and s.body::jsonb @> ${JSON.stringify({ consumer: 'test-market', items: [item] })}::text::jsonb)::integer as records`;
    return row as { used: number; records: number; most: number };
  };
  try {
    const answered = new Set<string>();
    let quota = 0;
    for (let round = 1; ; round += 1) {
      const { child, url } = await serve();
      if (round === 1) {
        // More than two rounds of load can use up, so that the last one does.
        quota = Number(process.env['HUB_SOAK_QUOTA'] ?? 6000);
        const granted = await fetch(url, {
          method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf('security')}` },
          body: JSON.stringify({ query: `mutation { grant(approvalNo: "SOAK", consumer: "test-market", tuples: [{ item: "${item}", uses: [READ], quotaPerDay: ${quota} }], seals: []) }` }),
        });
        expect(await granted.json()).toEqual({ data: { grant: 'SOAK' } });
      }
      const running = load(url, marital);
      // The first rounds are killed while there is some left, the last when all is used up.
      for (const began = performance.now(); performance.now() - began < (round < rounds ? 400 + Math.random() * 400 : 60_000) && !running.refused.has('QUOTA_EXCEEDED');) await pause(5);
      const usedUp = running.refused.has('QUOTA_EXCEEDED');
      child.kill('SIGKILL');
      await running.stop();
      for (const id of running.answered) answered.add(id);
      const { used, records, most } = await counts();
      console.log(`quota, round ${round}: ${answered.size} answers, ${used} uses, ${records} records, of ${most}${usedUp ? '; used up' : ''}`);
      expect([used, most]).toEqual([records, quota]);
      expect(used).toBeGreaterThanOrEqual(answered.size);
      expect(used).toBeLessThanOrEqual(quota);
      expect(await missing(answered)).toMatchObject({ lost: [], problems: [] });
      if (usedUp) {
        expect(round, 'it was killed before all was used up').toBeGreaterThan(1);
        expect(used).toBe(quota);
        break;
      }
    }
  } finally {
    await database.close();
  }
});

test('records are written and verified fast enough', async () => {
  const database = await openDatabase({ databaseUrl: cluster.url, dataDir: '' });
  try {
    const audit = openAudit({ database, keys, now: () => new Date(), process: 'soak', grace: 0, onFailure: (error) => console.error(error) });
    const scopes = Array.from({ length: 300 }, (_, n) => new Scope({ kind: 'QUERY', consumer: `c-${n % 50}`, document: `d-${n}`, items: [`RK-${n % 40}`] }));
    const subjects = Array.from({ length: 100_000 }, (_, n) => keys.hmacSm3(`soak ${n}`).toString('base64url'));
    const records = Number(process.env['HUB_SOAK_RECORDS'] ?? 1_000_000);
    let made = 0;
    const began = performance.now();
    await Promise.all(Array.from({ length: callers }, async () => {
      for (; made < records;) {
        const n = made++;
        await audit.write({
          at: Date.now(), request: randomUUID(), scope: scopes[n % scopes.length] as Scope, operator: 'said:clerk', caseNo: '', variables: subjects[n % 1000] ?? '', outcome: 'OK', reason: '', rows: 1, reference: '',
          policy: '1', micros: 900, subjects: [subjects[(n * 7919) % subjects.length] ?? ''],
        });
      }
    }));
    const written = records / ((performance.now() - began) / 1000);
    await audit.close();
    const from = performance.now();
    const found = await verifyWith(keys, { sql: database.sql });
    const verified = found.records / ((performance.now() - from) / 1000);
    const times: number[] = [];
    for (let times_ = 0; times_ < 20; times_ += 1) {
      const start = performance.now();
      const rows = await database.sql`select writer, seq from (select * from audit_record where subjects @> array[${subjects[times_ * 4001] ?? ''}]::text[] offset 0) r order by at desc limit 50`;
      times.push(performance.now() - start);
      expect(rows.length).toBeGreaterThan(0);
    }
    const slowest = Math.max(...times);
    console.log(`${Math.round(written)} records a second written at ${callers} callers, ${Math.round(verified)} verified; a subject among ${found.records} records in at most ${slowest.toFixed(1)} ms`);
    expect(found.problems).toEqual([]);
    expect(written).toBeGreaterThan(10_000);
    expect(verified).toBeGreaterThan(100_000);
    expect(slowest).toBeLessThan(100);
  } finally {
    await database.close();
  }
});
