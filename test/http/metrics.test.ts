/**
 * `/metrics`: who may read it, what it tells, and that nothing of it was made up by whoever asks.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { Durations, linesOf } from '../../src/http/exposition.ts';
import { mayReadMeters } from '../../src/http/meters.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let served: ServedHub;
beforeAll(async () => { served = await servedHub(); }, 120_000);
afterAll(() => served.close());

async function ask(query: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await (await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${keyOf('police')}`, 'hub-matter': testMatter, ...headers }, body: JSON.stringify({ query }) })).text();
}
async function read(headers: Readonly<Record<string, string>> = {}, url = served.url): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
}
/** The samples of a text: value by name and labels. */
function samplesOf(text: string): ReadonlyMap<string, number> {
  return new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

describe('what is told', () => {
  test('requests by root field, outcome and registered caller, each counted once, with how long they took', async () => {
    await ask('{ me { __typename } }');
    await ask('{ me { __typename } }');
    await ask('{ person(idNumber: "620623199001010010") { id } legalEntity(uscc: "91620623MA00000000") { id } }');
    await ask('{ nobodyHasThisField }');
    await ask('{ me { __typename } }', { authorization: 'Bearer nobody' });
    const { status, text } = await read();
    expect(status).toBe(200);
    const samples = samplesOf(text);
    expect(samples.get('hub_requests_total{operation="Query.me",outcome="OK"}')).toBe(2);
    expect(samples.get('hub_request_seconds_count{operation="Query.me"}')).toBe((samples.get('hub_requests_total{operation="Query.me",outcome="OK"}') ?? 0) + (samples.get('hub_requests_total{operation="Query.me",outcome="UNAUTHENTICATED"}') ?? 0));
    expect(samples.get('hub_request_seconds_bucket{operation="Query.me",le="+Inf"}')).toBe(samples.get('hub_request_seconds_count{operation="Query.me"}'));
    expect([...samples.keys()].some((name) => name.startsWith('hub_requests_total{operation="several"'))).toBe(true);
    expect([...samples.keys()].some((name) => name.startsWith('hub_requests_total{operation="unread"'))).toBe(true);
    expect([...samples].filter(([name]) => name.startsWith('hub_caller_requests_total{caller="test-police"')).reduce((sum, [, n]) => sum + n, 0)).toBe(4);
    expect([...samples.keys()].some((name) => name.startsWith('hub_caller_requests_total{caller="stranger"'))).toBe(true);
  });

  test('lanes, audit, process, and keeping in step by registry', async () => {
    const { sql } = served.hub.database;
    await ask('{ administrativeDivision(divisionCode: "620623000000") { name } }');
    await sql`insert into sync_feed (registry, in_step, behind, failures, halted, breaker, entries) values ('CREDIT', false, 17, 3, 'somebody has to look', 'OPEN', 1234)`;
    await sql`insert into dead_letter (target, record_type, source, source_key, version, reason, first_at, last_at) values ('city', 'Person', '620623-GA', 'CANARY-KEY', '1', 'CANARY-REASON', now(), now())`;
    await new Promise((later) => { setTimeout(later, 1100); });
    const { text } = await read();
    const samples = samplesOf(text);
    expect(Object.fromEntries(['hub_sync_in_step', 'hub_sync_lag_entries', 'hub_sync_failures', 'hub_sync_halted', 'hub_sync_entries_total'].map((name) => [name, samples.get(`${name}{registry="CREDIT"}`)])))
      .toEqual({ hub_sync_in_step: 0, hub_sync_lag_entries: 17, hub_sync_failures: 3, hub_sync_halted: 1, hub_sync_entries_total: 1234 });
    expect(samples.get('hub_sync_breaker{registry="CREDIT",state="OPEN"}')).toBe(1);
    expect(samples.get('hub_sync_quarantine{registry="CREDIT",state="POISONED"}')).toBe(0);
    expect(samples.get('hub_sync_dead_letters')).toBe(1);
    expect(samples.get('hub_sync_conflicts{state="OPEN"}')).toBe(0);
    expect(samples.get('hub_lane_statements_total{lane="points"}')).toBeGreaterThan(0);
    expect(samples.get('hub_audit_failing')).toBe(0);
    expect(samples.get('hub_database_answers')).toBe(1);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(text).not.toMatch(/CANARY|somebody has to look/);
    await sql`truncate sync_feed, dead_letter`;
  });

  test('nothing that a client made up, however much of it', async () => {
    const before = samplesOf((await read()).text).size;
    for (let n = 0; n < 40; n++) {
      await ask(`query CANARYName${n} { canary${n}: me { canaryInside${n}: __typename } }`, { 'hub-case': `CANARY-${n}`, 'hub-operator': `CANARY-${n}` });
      await ask(`{ canaryField${n} { id } }`, { 'hub-matter': `CANARY-${n}` });
      await ask(`{ person(idNumber: "CANARY${n}") { id } }`, { authorization: `Bearer hub_CANARY-${n}` });
      await ask(`{ canary${n}`);
    }
    const { text } = await read();
    expect(text).not.toMatch(/canary/i);
    expect(samplesOf(text).size).toBeLessThan(before + 60);
  });
});

describe('who may read it', () => {
  test('without a token this machine alone, and nobody through a proxy on it', async () => {
    expect((await read()).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) expect(await read({ [header]: '127.0.0.1' })).toMatchObject({ status: 403, text: expect.stringContaining('HUB_METRICS_TOKEN') });
    const from = (remoteAddress: string | undefined) => () => mayReadMeters({ headers: {}, socket: { remoteAddress } as never }, undefined);
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(from(address)).not.toThrow();
    for (const address of ['10.0.0.1', '::ffff:10.127.0.1', 'fe80::1', '1127.0.0.1', undefined]) expect(from(address)).toThrow('HUB_METRICS_TOKEN');
  });

  test('with a token whoever shows it, and nobody else, this machine neither', () => {
    const token = 'a-token-of-monitoring';
    const with_ = (authorization: string | undefined, remoteAddress = '10.0.0.1') => () => mayReadMeters({ headers: authorization === undefined ? {} : { authorization }, socket: { remoteAddress } as never }, token);
    expect(with_(`Bearer ${token}`)).not.toThrow();
    for (const shown of [undefined, token, 'Bearer ', `Bearer ${token} `, `Bearer ${keyOf('police')}`]) expect(with_(shown)).toThrow('HUB_METRICS_TOKEN');
    expect(with_(undefined, '127.0.0.1')).toThrow('HUB_METRICS_TOKEN');
    expect(() => readConfig({ HUB_METRICS_TOKEN: 'short' })).toThrow('HUB_METRICS_TOKEN');
    expect(readConfig({ HUB_METRICS_TOKEN: token }).metricsToken).toBe(token);
  });
});

test('the text is of the format 0.0.4: names, quoted labels, steps that add up', async () => {
  const durations = new Durations();
  for (const seconds of [0.0005, 0.003, 0.003, 42]) durations.add(seconds);
  const lines = durations.lines('d', { operation: 'x' });
  expect(lines[0]).toBe('d_bucket{operation="x",le="0.001"} 1');
  expect(lines.slice(-3)).toEqual(['d_bucket{operation="x",le="+Inf"} 4', 'd_sum{operation="x"} 42.0065', 'd_count{operation="x"} 4']);
  expect(linesOf({ name: 'n', help: 'a\\b\nc', kind: 'gauge', samples: [[{ l: 'q"\\\n' }, 1]] })).toEqual(['# HELP n a\\\\b\\nc', '# TYPE n gauge', 'n{l="q\\"\\\\\\n"} 1']);
  for (const line of (await read()).text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? (\d[\d.e+-]*|NaN))$/);
});
