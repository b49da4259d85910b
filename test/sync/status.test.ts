/**
 * Seeing how the pull stands: `syncStatus` for administrators of the data authority and nobody else, `hub sync` for whoever has the machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf } from '../../src/commands/sync.ts';
import { openDatabase } from '../../src/db/open.ts';
import { commandHere, spawnCommand } from '../world/command.ts';
import { cloneForConfig } from '../world/database.ts';
import type { Clone } from '../world/database.ts';
import { clonedHub } from '../world/hub.ts';
import { testKeys } from '../world/keys.ts';
import { CityDouble } from './city-double.ts';
import { person, personFields } from './pulling.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-sync-'));
let clone: Clone;
let double: CityDouble;
beforeAll(async () => {
  [clone, double] = await Promise.all([cloneForConfig(), CityDouble.start()]);
  double.state.shown.set('Person', personFields);
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(testKeys), { mode: 0o600 });
  writeFileSync(join(folder, 'city-key'), 'hub_key-of-the-county\n');
});
afterAll(async () => {
  await double.close();
  await clone.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `hub sync …`; what it says, errors with it. */
async function sync(...words: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const env = {
    PATH: process.env['PATH'], HUB_DATA_DIR: clone.dataDir, HUB_KEY_FILE: join(folder, 'keys.json'), HUB_CITY_URL: double.url, HUB_CITY_KEY_FILE: join(folder, 'city-key'), HUB_LOG_LEVEL: 'silent',
    ...(clone.databaseUrl === undefined ? {} : { DATABASE_URL: clone.databaseUrl }),
  };
  // What talks to the city has a process of its own, as it has in earnest.
  const { code, out, err } = await (words[0] === 'once' ? spawnCommand : commandHere)(['sync', ...words], env);
  return { code, out: out + err };
}

test('hub sync pulls once, tells how it stands, shows what is in quarantine, corrects it and tries it again', { timeout: 120_000 }, async () => {
  double.state.put('POPULATION', 'Person', person('cli-1'));
  double.state.put('POPULATION', 'Person', person('cli-2', '1', { genderCode: '7', phone: '13912345678' }));
  expect(await sync('once', 'POPULATION')).toEqual({ code: 0, out: 'POPULATION is in step.\n' });
  expect(double.headers.authorization).toBe('Bearer hub_key-of-the-county');
  const status = await sync('status');
  expect(status.out).toMatch(/^No process pulls/);
  expect(status.out).toMatch(/^POPULATION +in step +0 +0 s +2 +- +1 \+ 0 +closed +-$/m);
  expect(status.out).toMatch(/^Passed up: 0 \(-\), 0 refused there\.$/m);
  const list = await sync('quarantine', 'list');
  const [, code = ''] = /^(\w{24}) {2}WAITING +POPULATION Person of 620600-GA: genderCode is no code of the code table gender/m.exec(list.out) ?? [];
  expect(code).not.toBe('');
  // A list tells nothing of what was sent.
  expect(list.out).not.toMatch(/cli-2|13912345678/);
  const raw = await sync('quarantine', 'list', '--raw', code);
  expect(raw.out).toContain('13912345678');
  writeFileSync(join(folder, 'edited.json'), raw.out.replace('"genderCode": "7"', '"genderCode": "2"'));
  expect(await sync('quarantine', 'edit', code, join(folder, 'edited.json'))).toMatchObject({ code: 0 });
  expect(await sync('quarantine', 'redrive', 'POPULATION', code)).toEqual({ code: 0, out: '1 tried, 1 taken; 0 stay in quarantine.\n' });
  expect((await sync('quarantine', 'list')).out).toBe('Nothing is in quarantine.\n');
  expect(await sync('resume', 'POPULATION')).toEqual({ code: 0, out: 'POPULATION is not halted.\n' });
  expect(await sync('resume', 'NOWHERE')).toMatchObject({ code: 1, out: expect.stringContaining('A registry is one of POPULATION') });
  const database = await openDatabase(clone);
  try {
    expect((await database.sql<{ gender_code: string }[]>`select gender_code from person where source = '620600-GA' order by name`).map((row) => row.gender_code)).toEqual(['1', '2']);
  } finally {
    await database.close();
  }
});

test('a live view tells how fast things go since the glance before, and what the city refused', () => {
  const registry = { registry: 'CREDIT', cursor: null, epoch: null, phase: 'FEED', inStep: false, behind: 5, entries: 900, lastSuccessAt: null, lastFailureAt: null, lastFailure: null, failures: 0, halted: null, haltedAt: null, reconcileDue: null, breaker: null, lagSeconds: 3, waiting: 0, poisoned: 0 } as const;
  const passed = { passedUp: 70, refused: 2, lastSuccessAt: null };
  const now = { at: 3000, taken: new Map([['CREDIT', 900]]), passedUp: 70 };
  const lines = linesOf({ led: true, registries: [registry], queues: [], usesWaiting: 3 }, true, { passed, before: { at: 1000, taken: new Map([['CREDIT', 100]]), passedUp: 50 }, now });
  expect(lines[1]).toBe('Passed up: 70 (10/s), 2 refused there (sync dead list); 3 uses of certificates to go up.');
  expect(lines[3]).toMatch(/^CREDIT +feed +5 +3 s +900 +400\/s +0 \+ 0 +- +-$/);
  expect(linesOf({ led: true, registries: [registry], queues: [], usesWaiting: 0 }, true, { passed, before: null, now })[3]).toMatch(/900 +- +0 \+ 0/);
});

test('syncStatus tells administrators of the data authority, and its door is shut to everybody else', async () => {
  const hub = await clonedHub();
  try {
    await hub.database.sql`
      insert into sync_feed (registry, cursor, epoch, phase, in_step, behind, entries, last_success_at, in_step_at, last_failure_at, last_failure, failures, halted, breaker)
      values ('CREDIT', 'c', 'e', 'FEED', false, 7, 5000000000, '2026-11-24T02:00:00Z', '2026-11-24T02:00:30Z', '2026-11-24T02:00:50Z', 'The upper hub is busy (429).', 3, 'too many deletions', 'OPEN')`;
    const asked = '{ syncStatus { led registries { registry cursor epoch phase inStep lagEntries lagSeconds entries lastSuccess lastFailure failure failures halted haltedAt quarantineWaiting quarantinePoisoned reconcileDue breaker } } }';
    const { data } = await hub.ask('system', asked);
    expect(data).toEqual({ syncStatus: { led: false, registries: [{
      registry: 'CREDIT', cursor: 'c', epoch: 'e', phase: 'FEED', inStep: false, lagEntries: 7, lagSeconds: 30, entries: '5000000000', lastSuccess: '2026-11-24T10:00:00.000+08:00', lastFailure: '2026-11-24T10:00:50.000+08:00',
      failure: 'The upper hub is busy (429).', failures: 3, halted: 'too many deletions', haltedAt: null, quarantineWaiting: 0, quarantinePoisoned: 0, reconcileDue: null, breaker: 'OPEN',
    }] } });
    for (const caller of ['market', 'civilSteward', 'stranger'] as const) expect((await hub.ask(caller, asked)).errors[0]?.extensions['code']).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
  } finally {
    await hub.close();
  }
});
