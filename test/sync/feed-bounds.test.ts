/**
 * Rows that a follower may have by lists and by subjects' authorizations: what comes in and what goes out by those is told although nobody
 * writes a record, at once, to him whom it concerns and to nobody else.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerOther, testMatter } from '../world/callers.ts';
import { decided, grantTo } from '../world/grants.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';
import { document, Following, pageIn } from './following.ts';
import type { Entry } from './following.ts';

/** Follows under bounds, and beside him somebody who may have the same without any. */
const [bounded, unbounded] = ['other-bounded', 'other-unbounded'] as const;
type Name = typeof bounded | typeof unbounded;
const fields = ['RK-0001', 'RK-0002', 'RK-0007'];

let hub: TestHub;
let clock = new Date('2026-11-24T02:00:00.000Z');
let people: readonly string[] = [];
beforeAll(async () => {
  hub = await clonedHub({ now: () => clock });
  for (const [name, division] of [[bounded, '620622'], [unbounded, '620621']] as const) {
    await registerOther(hub.database, name, '620623-FG', null);
    await decided(hub, `mutation { setHub(consumer: "test-${name}", division: "${division}") }`);
  }
  await decided(hub, 'mutation { createList(code: "B-LIST", name: "重点对象") }');
  await grant(unbounded, 'U-1', {});
  people = (await hub.database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null order by id_number limit 8`).map(({ id }) => id);
}, 120_000);
afterAll(() => hub.close());

async function grant(name: Name, approvalNo: string, more: Readonly<Record<string, unknown>>, items: readonly string[] = ['RK-0000', ...fields]): Promise<void> {
  const { errors } = await grantTo(hub, `test-${name}`, approvalNo, items.map((item) => ({ item, uses: item === 'RK-0000' ? ['READ', 'EXIST'] : ['READ'], modes: ['SUBSCRIBE'], matters: [testMatter], ...more })));
  if (errors.length > 0) throw new Error(errors[0]?.message);
}
const endGrant = (approvalNo: string) => decided(hub, 'mutation ($approvalNo: String!) { endGrant(approvalNo: $approvalNo) }', { approvalNo });
const follower = (name: Name, registry = 'POPULATION') => new Following(async (after, first) => pageIn(await hub.ask(name, document, { variables: { registry, after, first } })));
const listed = (verb: 'addToList' | 'removeFromList', ...subjects: readonly Readonly<Record<string, string>>[]) => decided(hub, `mutation ($subjects: [SubjectInput!]!) { ${verb}(list: "B-LIST", subjects: $subjects) }`, { subjects });
async function asked(name: Name, mutation: string, variables: Readonly<Record<string, unknown>>): Promise<string> {
  const { data, errors } = await hub.ask(name, mutation, { variables });
  if (errors.length > 0) throw new Error(errors[0]?.message);
  return Object.values(data)[0] as unknown as string;
}
const authorize = (idNumber: string | undefined, validFrom: string | null, validTo: string) => asked(bounded, 'mutation ($subject: SubjectInput!, $validFrom: DateTime, $validTo: DateTime!) { recordAuthorization(subject: $subject, validFrom: $validFrom, validTo: $validTo) }', { subject: { idNumber }, validFrom, validTo });
const numbersOf = (entries: Iterable<Entry>): readonly unknown[] => [...new Set([...entries].flatMap(({ sources }) => sources.flatMap(({ values }) => values['idNumber'] ?? [])))].sort();
const kinds = (entries: readonly Entry[]): readonly string[] => entries.map(({ kind }) => kind);
const later = (minutes: number): void => { clock = new Date(clock.getTime() + minutes * 60_000); };
const at = (minutes: number): string => new Date(clock.getTime() + minutes * 60_000).toISOString();

test('whoever comes on a list is told, whoever is taken off is lost; another follower hears nothing', async () => {
  await grant(bounded, 'B-1', { bounds: [{ list: 'B-LIST' }] });
  const [own, other] = [follower(bounded), follower(unbounded)];
  await own.catchUp();
  await other.catchUp();
  expect(own.held.size).toBe(0);
  await listed('addToList', { idNumber: people[0] as string }, { idNumber: people[1] as string });
  const came = await own.catchUp();
  expect(kinds(came)).toEqual(['UPSERT', 'UPSERT']);
  expect(numbersOf(own.held.values())).toEqual([people[0], people[1]]);
  expect(await own.catchUp()).toEqual([]);
  // Whoever stands on it already is no news.
  await listed('addToList', { idNumber: people[1] as string });
  expect(await own.catchUp()).toEqual([]);
  await listed('removeFromList', { idNumber: people[0] as string });
  expect(await own.catchUp()).toMatchObject([{ kind: 'RIGHT_LOST', type: 'Person', sources: [{ deleted: true, values: {} }] }]);
  expect(numbersOf(own.held.values())).toEqual([people[1]]);
  expect(await other.catchUp()).toEqual([]);
  const fresh = follower(bounded);
  await fresh.catchUp();
  expect([...fresh.held.keys()]).toEqual([...own.held.keys()]);
  await endGrant('B-1');
});

test('a field that is had by a list is hidden on other enterprises, and told when theirs comes on it', async () => {
  const [{ uscc } = { uscc: '' }] = await hub.database.sql<{ uscc: string }[]>`select uscc from legal_entity where uscc is not null order by uscc limit 1`;
  await grant(bounded, 'B-2', { bounds: [{ list: 'B-LIST' }] }, ['FR-0003']);
  const own = follower(bounded, 'LEGAL_ENTITIES');
  await own.catchUp(1000);
  const hidden = (): readonly string[] | undefined => [...own.held.values()].find(({ type, sources }) => type === 'LegalEntity' && sources.some(({ values }) => values['uscc'] === uscc))?.hidden;
  const before = hidden();
  expect(before?.length).toBe(1);
  await listed('addToList', { uscc });
  expect(new Set(kinds(await own.catchUp()))).toEqual(new Set(['UPSERT']));
  expect(hidden()).toEqual([]);
  await listed('removeFromList', { uscc });
  await own.catchUp();
  expect(hidden()).toEqual(before);
  await endGrant('B-2');
});

test('an authorization lets its subject in and out: given, taken back, begun and ended by itself', async () => {
  await grant(bounded, 'B-3', { bounds: [{ authorization: true }] });
  const [own, other] = [follower(bounded), follower(unbounded)];
  await authorize(people[2], null, at(60));
  await own.catchUp();
  await other.catchUp();
  // What the snapshot has told is not told again.
  expect(await own.catchUp()).toEqual([]);
  expect(numbersOf(own.held.values())).toEqual([people[2]]);
  const id = await authorize(people[3], null, at(600));
  expect(kinds(await own.catchUp())).toEqual(['UPSERT']);
  await asked(bounded, 'mutation ($id: ID!) { revokeAuthorization(id: $id) }', { id });
  expect(kinds(await own.catchUp())).toEqual(['RIGHT_LOST']);
  await authorize(people[4], at(30), at(90));
  expect(await own.catchUp()).toEqual([]);
  later(29);
  expect(await own.catchUp()).toEqual([]);
  later(1);
  expect(kinds(await own.catchUp())).toEqual(['UPSERT']);
  expect(numbersOf(own.held.values())).toEqual([people[2], people[4]].sort());
  later(30);
  expect(kinds(await own.catchUp())).toEqual(['RIGHT_LOST']);
  later(30);
  expect(kinds(await own.catchUp())).toEqual(['RIGHT_LOST']);
  expect(own.held.size).toBe(0);
  // Begun and ended while nobody looked: there is nothing to tell.
  await authorize(people[5], at(1), at(2));
  later(10);
  expect(await own.catchUp()).toEqual([]);
  expect(await other.catchUp()).toEqual([]);
});

test('of two who read at the same moment both are told, and it is logged once', async () => {
  await authorize(people[6], null, at(60));
  const two = [follower(bounded), follower(bounded)];
  await Promise.all(two.map((one) => one.catchUp()));
  const logged = async (): Promise<number> => (await hub.database.sql<{ n: number }[]>`select count(*)::int as n from record_change where bound is not null and record_type = 'Person'`)[0]?.n ?? 0;
  const before = await logged();
  later(60);
  // A commit is seen a moment before the log lets its rows go: whoever reads just then hears of it with the next page.
  const heard = async (one: ReturnType<typeof follower>): Promise<readonly string[]> => {
    for (let tries = 0; tries < 20; tries += 1) {
      const entries = await one.catchUp();
      if (entries.length > 0) return kinds(entries);
    }
    return [];
  };
  expect(await Promise.all(two.map(heard))).toEqual([['RIGHT_LOST'], ['RIGHT_LOST']]);
  expect(await logged()).toBe(before + 1);
  await endGrant('B-3');
});

test('a case lets nobody into a feed: what is had by cases is looked up', async () => {
  await grant(bounded, 'B-4', { bounds: [{ case: true }] });
  const own = follower(bounded);
  await own.catchUp();
  const { errors } = await hub.ask('authority', 'mutation ($matter: String!, $subjects: [SubjectInput!]!) { openCase(matter: $matter, caseNo: "B-CASE", subjects: $subjects) { caseNo } }', { variables: { matter: testMatter, subjects: [{ idNumber: people[7] }] } });
  expect(errors).toEqual([]);
  await own.catchUp();
  expect(own.held.size).toBe(0);
});
