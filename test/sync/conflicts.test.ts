/**
 * What two sources tell otherwise stands in a queue until whoever provides the item has decided it, or both agree: opened by what is
 * passed on, seen by stewards with the values that are open to everybody and no others, decided by the department's own word.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClaims } from '../../src/records/write.ts';
import type { SourceClaim } from '../../src/records/write.ts';
import { records } from '../../src/registries/index.ts';
import { keepConflicts } from '../../src/sync/conflicts.ts';
import { belongsHere } from '../../src/sync/home.ts';
import { registerOther } from '../world/callers.ts';
import type { AdministratorName, CallerName, OtherName } from '../world/callers.ts';
import { grantTo } from '../world/grants.ts';
import { clonedHub, testPersonKey } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

const person = records.find(({ type }) => type === 'Person')!;
const unit = records.find(({ type }) => type === 'RealEstateUnit')!;
const ours = '620623-GA';
const city = '620600-GA';
/** Stewards of the police, who provide names, and of natural resources, who provide where a unit lies and who holds it. */
const policeSteward: OtherName = 'other-police-steward';
const landSteward: OtherName = 'other-land-steward';

let hub: TestHub;
let clock = new Date('2026-11-24T02:01:00.000Z');
beforeAll(async () => {
  hub = await clonedHub({ now: () => clock, audited: true });
  await registerOther(hub.database, policeSteward, ours, 'STEWARD');
  await registerOther(hub.database, landSteward, '620623-ZR', 'STEWARD');
  await registerOther(hub.database, 'other-police-auditor', ours, 'AUDIT');
  const answer = await grantTo(hub, 'test-police', 'C-OWN', ['RK-0000', 'RK-0001', 'RK-0002'].map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : ['READ'] })));
  if (answer.errors.length > 0) throw new Error(answer.errors[0]?.message);
}, 120_000);
afterAll(() => hub.close());

let minute = 10;
/** A source's word, at another moment each time; `origin` where another hub passes it on. */
function tell(source: string, claim: Pick<SourceClaim, 'key' | 'version' | 'values'> & Partial<SourceClaim>, origin?: string, model = person) {
  minute += 1;
  clock = new Date(Date.parse('2026-11-24T02:00:00.000Z') + minute * 60_000);
  const passed = origin === undefined ? {} : { passedOn: true, whole: true };
  return writeClaims({ sql: hub.database.sql, now: clock.toISOString(), today: '2026-11-24', personKey: testPersonKey, belongsHere: (own) => belongsHere('620623', own), ...(origin === undefined ? {} : { origin }) }, model, source, [{ at: clock.toISOString(), ...passed, ...claim }]);
}

interface Conflict {
  readonly id: string;
  readonly field: string;
  readonly ownSource: string;
  readonly otherSource: string;
  readonly holds: string;
  readonly state: string;
  readonly check: { readonly state: string; readonly dueOn: string | null } | null;
  readonly told: readonly { readonly source: string; readonly value: unknown; readonly holds: boolean }[] | null;
}
type Who = CallerName | AdministratorName | OtherName;

async function queue(who: Who, state: string | null = null): Promise<readonly Conflict[]> {
  const { data, errors } = await hub.ask(who, 'query ($state: ConflictState) { conflicts(first: 100, state: $state) { nodes { id type field ownSource ownVersion otherSource otherVersion holds state openedAt decidedAt decidedBy because check { state dueOn } told { source version value holds } } endCursor hasNextPage } }', { variables: { state } });
  if (errors.length > 0) throw new Error(errors[0]?.message);
  return (data as unknown as { conflicts: { nodes: readonly Conflict[] } }).conflicts.nodes;
}
const decide = async (who: Who, what: string, id: string) => {
  const { data, errors } = await hub.ask(who, `mutation ($id: ID!) { it: ${what}(id: $id, because: "核对过") { state decidedBy check { id state dueOn departmentCode source } } }`, { variables: { id } });
  return { it: (data as unknown as { it: { readonly state: string; readonly check: { readonly id: string; readonly state: string; readonly dueOn: string | null } | null; readonly decidedBy: string } } | null)?.it, code: errors[0]?.extensions['code'] as unknown };
};

let next = 0;
/** A new person whom both tell, with another name each; the conflict about it. */
async function disagreement(): Promise<{ readonly key: string; readonly idNumber: string; readonly conflict: Conflict }> {
  next += 1;
  const idNumber = withCheck(`62062319800101${String(100 + next)}`);
  const key = `c-${next}`;
  await tell(ours, { key, version: '1', values: { idNumber, name: `县${next}` } });
  const before = new Set((await queue('steward')).map(({ id }) => id));
  await tell(city, { key: `city-${next}`, version: '1', values: { idNumber, name: `市${next}` } }, 'city');
  const opened = (await queue('steward')).filter(({ id }) => !before.has(id));
  expect(opened.map(({ field, ownSource, otherSource, holds, state }) => [field, ownSource, otherSource, holds, state])).toEqual([['name', ours, city, ours, 'OPEN']]);
  return { key, idNumber, conflict: opened[0]! };
}
/** What the audit says of what an administrator has asked since. */
async function written(administrator: string, from: string) {
  const { data } = await hub.ask('auditor', 'query ($administrator: String!, $from: DateTime!) { auditRecords(administrator: $administrator, from: $from, first: 20) { nodes { roots outcome rows subjects delivered { recordType items } } } }', { variables: { administrator, from } });
  const { nodes } = data['auditRecords'] as unknown as { nodes: readonly { roots: readonly string[]; outcome: string; rows: number; subjects: readonly string[]; delivered: readonly { recordType: string; items: readonly string[] }[] }[] };
  return nodes.filter(({ outcome }) => outcome !== 'BEGUN');
}
const stateOf = async (id: string) => (await queue('steward')).find((one) => one.id === id)?.state;
const nameOf = async (idNumber: string) => (await hub.database.sql<{ name: string }[]>`select name from person where id_number = ${idNumber}`)[0]?.name;

function withCheck(digits: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return `${digits}${'10X98765432'[weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11]}`;
}

describe('a conflict', () => {
  test('is opened by what is passed on, once however often it comes, and settled when both agree', async () => {
    const { key, idNumber, conflict } = await disagreement();
    const count = (await queue('steward')).length;
    await tell(city, { key: `city-${next}`, version: '1', values: { idNumber, name: `市${next}` } }, 'city');
    await tell(city, { key: `city-${next}`, version: '2', values: { idNumber, name: `市${next}新` } }, 'city');
    expect(await queue('steward')).toHaveLength(count);
    await tell(ours, { key, version: '2', values: { name: `市${next}新` } });
    expect(await stateOf(conflict.id)).toBe('SETTLED');
    await tell(city, { key: `city-${next}`, version: '3', values: { idNumber, name: `市${next}再` } }, 'city');
    expect(await queue('steward', 'OPEN')).toHaveLength(1);
    await tell(city, { key: `city-${next}`, version: '4', values: {}, deleted: true }, 'city');
    expect(await queue('steward', 'OPEN')).toEqual([]);
  });

  test('is none where one source tells, where both belong here, or where the field is not told', async () => {
    const count = (await queue('steward')).length;
    const idNumber = withCheck('62062319800101050');
    await tell(ours, { key: 'alone', version: '1', values: { idNumber, name: '独' } });
    await tell('620623-MZ', { key: 'alone', version: '1', values: { idNumber, name: '另' } });
    await tell(city, { key: 'alone', version: '1', values: { idNumber, phone: '13900000000' } }, 'city');
    expect(await queue('steward')).toHaveLength(count);
  });

  test('is none when a department here tells otherwise than was passed on: its word goes up, and is looked at there', async () => {
    const idNumber = withCheck('62062319800101290');
    await tell(city, { key: 'city-first', version: '1', values: { idNumber, name: '市先' } }, 'city');
    const before = (await queue('steward')).length;
    await tell(ours, { key: 'own-later', version: '1', values: { idNumber, name: '县后' } });
    expect(await nameOf(idNumber)).toBe('县后');
    expect(await queue('steward')).toHaveLength(before);
  });

  test('what is kept stays so until either tells something newer', async () => {
    const { idNumber, conflict } = await disagreement();
    expect((await decide('steward', 'keepValue', conflict.id)).it).toMatchObject({ state: 'KEPT', decidedBy: 'test-steward' });
    await tell(city, { key: `city-${next}`, version: '1', values: { idNumber, name: `市${next}` } }, 'city');
    expect(await stateOf(conflict.id)).toBe('KEPT');
    await tell(city, { key: `city-${next}`, version: '2', values: { idNumber, name: `市${next}二` } }, 'city');
    expect(await stateOf(conflict.id)).toBe('OPEN');
  });

  test('what is taken becomes the department\'s own word, and goes up as such', async () => {
    const { key, idNumber, conflict } = await disagreement();
    expect(await nameOf(idNumber)).toBe(`县${next}`);
    expect((await decide('civilAffairs', 'takeValue', conflict.id)).code).toBe('BAD_INPUT');
    expect((await decide('police', 'takeValue', conflict.id)).it).toMatchObject({ state: 'TAKEN', decidedBy: 'test-police' });
    expect(await nameOf(idNumber)).toBe(`市${next}`);
    const [own] = await hub.database.sql<{ values: string; version: string }[]>`select "values"::text as values, version from source_record where source = ${ours} and source_key = ${key}`;
    expect(JSON.parse(own!.values)).toMatchObject({ idNumber, name: `市${next}` });
    expect(own!.version).not.toBe('1');
    expect((await decide('police', 'takeValue', conflict.id)).code).toBe('CONFLICT');
    expect(await stateOf(conflict.id)).toBe('TAKEN');
  });

  test('a steward of the providing department takes it, under his name and in his words; nobody else\'s administrator does', async () => {
    const { key, idNumber, conflict } = await disagreement();
    // Of the data authority, of another department, and of the department in another role.
    expect((await decide('steward', 'takeValue', conflict.id)).code).toBe('FORBIDDEN');
    expect((await decide('civilSteward', 'takeValue', conflict.id)).code).toBe('BAD_INPUT');
    for (const who of ['other-police-auditor', 'security', 'system'] as const) expect((await decide(who, 'takeValue', conflict.id)).code).toBe('FORBIDDEN');
    expect(await nameOf(idNumber)).toBe(`县${next}`);
    expect(await stateOf(conflict.id)).toBe('OPEN');
    const since = clock.toISOString();
    expect((await decide(policeSteward, 'takeValue', conflict.id)).it).toMatchObject({ state: 'TAKEN', decidedBy: 'test-other-police-steward' });
    expect(await nameOf(idNumber)).toBe(`市${next}`);
    expect((await queue('steward')).find(({ id }) => id === conflict.id)).toMatchObject({ state: 'TAKEN', decidedBy: 'test-other-police-steward', because: '核对过' });
    const [own] = await hub.database.sql<{ version: string }[]>`select version from source_record where source = ${ours} and source_key = ${key}`;
    expect(own!.version).not.toBe('1');
    expect(await written('test-other-police-steward', since)).toEqual([{ roots: ['Mutation.takeValue'], outcome: 'OK', rows: 0, subjects: [], delivered: [] }]);
  });

  test('what is taken is the version that was looked at, or nothing', async () => {
    const { idNumber, conflict } = await disagreement();
    await tell(city, { key: `city-${next}`, version: '2', values: { idNumber, name: `市${next}改` } }, 'city');
    const take = (otherVersion: string) => hub.ask(policeSteward, 'mutation ($id: ID!, $otherVersion: String) { takeValue(id: $id, because: "核对过", otherVersion: $otherVersion) { state } }', { variables: { id: conflict.id, otherVersion } });
    const [refused] = (await take('1')).errors;
    expect(refused).toMatchObject({ extensions: { code: 'CONFLICT', version: '2' } });
    expect(await stateOf(conflict.id)).toBe('OPEN');
    expect(await nameOf(idNumber)).toBe(`县${next}`);
    expect((await take('2')).data).toEqual({ takeValue: { state: 'TAKEN' } });
    expect(await nameOf(idNumber)).toBe(`市${next}改`);
  });

  test('a check has a deadline, which is missed aloud and met by agreeing', async () => {
    const { key, conflict } = await disagreement();
    const { it } = await decide('steward', 'requestCheck', conflict.id);
    expect(it?.state).toBe('CHECKING');
    expect(it!.check).toMatchObject({ state: 'OPEN', departmentCode: ours, source: ours });
    expect(it!.check!.dueOn! > '2026-11-24').toBe(true);
    expect((await decide('steward', 'requestCheck', conflict.id)).code).toBe('CONFLICT');
    const later = { sql: hub.database.sql, now: '2027-03-01T02:00:00.000Z', today: '2027-03-01' };
    expect(await keepConflicts(later)).toBe(1);
    expect(await keepConflicts(later)).toBe(0);
    clock = new Date(later.now);
    const overdue = async () => JSON.stringify((await hub.ask('security', '{ overdue { nodes { number rule departmentCode escalatedAt } } }')).data);
    expect(await overdue()).toContain(`{"number":"check:${it!.check!.id}","rule":"VERIFY","departmentCode":"${ours}"`);
    await tell(ours, { key, version: '2', values: { name: `市${next}` } });
    expect(await stateOf(conflict.id)).toBe('SETTLED');
    expect((await queue('steward')).find(({ id }) => id === conflict.id)?.check?.state).toBe('LAPSED');
    expect(await overdue()).not.toContain(it!.check!.id);
  });

  test('one source that tells one version in two ways of one moment is looked at, until it tells a newer one', async () => {
    const at = '2026-11-24T03:00:00.000Z';
    await tell(ours, { key: 'tie', version: '1', at, values: { name: '甲' } });
    await tell(ours, { key: 'tie', version: '1', at, values: { name: '乙' } });
    const [tie] = (await queue('steward', 'OPEN')).filter(({ ownSource, otherSource }) => ownSource === otherSource);
    expect(tie).toMatchObject({ field: 'name', ownSource: ours });
    expect((await decide('police', 'takeValue', tie!.id)).code).toBe('CONFLICT');
    await tell(ours, { key: 'tie', version: '2', values: { name: '丙' } });
    expect(await stateOf(tie!.id)).toBe('SETTLED');
  });
});

describe('the queue', () => {
  test('shows values to the department that provides the item as far as its application may read them, and personal ones to no administrator', async () => {
    const { conflict } = await disagreement();
    const [mine] = (await queue('police', 'OPEN')).filter(({ id }) => id === conflict.id);
    expect(mine?.told?.map(({ source, value, holds }) => [source, value, holds])).toEqual([[ours, `县${next}`, true], [city, `市${next}`, false]]);
    for (const who of ['steward', policeSteward] as const) {
      const { text, sql } = await hub.ask(who, '{ conflicts(first: 100) { nodes { id field told { value } } } }');
      expect(text).not.toMatch(/[县市]\d/);
      expect((JSON.parse(text) as { data: { conflicts: { nodes: readonly Conflict[] } } }).data.conflicts.nodes).toContainEqual({ id: conflict.id, field: 'name', told: null });
      // Nothing of people is read for him, and so nothing can slip out.
      expect(sql.filter((statement) => statement.includes('person'))).toEqual([]);
    }
    expect(await queue('civilSteward')).toEqual([]);
    expect(await queue('civilAffairs')).toEqual([]);
    expect((await decide('civilSteward', 'keepValue', conflict.id)).code).toBe('BAD_INPUT');
    const [{ idNumber } = { idNumber: '' }] = await hub.database.sql<{ idNumber: string }[]>`select p.id_number as "idNumber" from person p join sync_conflict c on c.record_id = p.id where c.id = ${conflict.id}`;
    await hub.ask('security', 'mutation ($idNumber: String!) { seal(code: "C-SEAL", idNumber: $idNumber, because: "测试") }', { variables: { idNumber } });
    expect((await queue('police', 'OPEN')).find(({ id }) => id === conflict.id)?.told).toBeNull();
  });

  test('shows administrators what is open to everybody, judged and written down as a look-up', async () => {
    const unitNo = '620623001001GB00001F00010001';
    await tell('620623-ZR', { key: 'u-1', version: '3', values: { unitNo, location: '县述坐落', holderNames: ['县述权利人'] } }, undefined, unit);
    await tell('620600-ZR', { key: 'u-city', version: '7', values: { unitNo, location: '市述坐落', holderNames: ['市述权利人'] } }, 'city', unit);
    for (const who of [landSteward, 'steward'] as const) {
      const since = clock.toISOString();
      const { text } = await hub.ask(who, '{ conflicts(first: 100) { nodes { type field told { source version value holds } } } }');
      const told = new Map((JSON.parse(text) as { data: { conflicts: { nodes: readonly (Conflict & { type: string })[] } } }).data.conflicts.nodes.filter(({ type }) => type === 'RealEstateUnit').map((one) => [one.field, one.told]));
      expect([...told.keys()].sort()).toEqual(['holderNames', 'location']);
      expect(told.get('location')).toEqual([{ source: '620623-ZR', version: '3', value: '县述坐落', holds: true }, { source: '620600-ZR', version: '7', value: '市述坐落', holds: false }]);
      expect(told.get('holderNames')).toBeNull();
      expect(text).not.toContain('权利人');
      const [record, ...others] = await written(`test-${who}`, since);
      expect(others).toEqual([]);
      expect(record).toMatchObject({ roots: ['Query.conflicts'], outcome: 'OK', rows: 1, subjects: [] });
      expect(record!.delivered.map(({ recordType }) => recordType)).toEqual(['RealEstateUnit']);
      expect(record!.delivered[0]!.items).toContain('KJ-0402');
      expect(record!.delivered[0]!.items).not.toContain('KJ-0411');
    }
    // What its provider no longer opens, an administrator sees no more.
    const item = ((await hub.ask(landSteward, '{ catalogItems(departmentCode: "620623-ZR") { code version } }')).data['catalogItems'] as unknown as { code: string; version: string }[]).find(({ code }) => code === 'KJ-0402')!;
    expect((await hub.ask(landSteward, 'mutation ($version: ID!) { setSharing(item: "KJ-0402", version: $version, shareType: CONDITIONAL, condition: "测试", open: false) { code } }', { variables: { version: item.version } })).errors).toEqual([]);
    expect((await queue(landSteward)).find(({ field }) => field === 'location')?.told).toBeNull();
  });

  test('is asked by itself where it tells values', async () => {
    const { errors } = await hub.ask('steward', '{ conflicts(first: 1) { nodes { told { value } } } matters { code } }');
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_INPUT']);
  });

  test('comes in pages', async () => {
    const { data } = await hub.ask('steward', '{ conflicts(first: 1) { nodes { id } endCursor hasNextPage } }');
    const first = (data as unknown as { conflicts: { nodes: { id: string }[]; endCursor: string; hasNextPage: boolean } }).conflicts;
    expect(first.hasNextPage).toBe(true);
    const next2 = await hub.ask('steward', 'query ($after: String) { conflicts(first: 100, after: $after) { nodes { id } hasNextPage } }', { variables: { after: first.endCursor } });
    expect([...first.nodes, ...(next2.data as unknown as { conflicts: { nodes: { id: string }[] } }).conflicts.nodes].map(({ id }) => id)).toEqual((await queue('steward')).map(({ id }) => id));
  });
});
