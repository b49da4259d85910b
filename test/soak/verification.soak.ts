/**
 * Nobody takes as long as somebody of whom nothing is true: over the real listener, on one connection, 核验 of claims that are not met,
 * about people who are there and numbers that nobody has; see side-by-side.ts.
 *
 * Set TEST_DATABASE_URL for the run on a PostgreSQL server; without it the embedded database.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';
import { asking, nobodiesLike, percent, sideBySide } from './side-by-side.ts';

const blocks = Number(process.env['HUB_SOAK_BLOCKS'] ?? 84);
const perBlock = 60;
/** How many of each kind are asked for. */
const people = 40;

const query = `query ($subject: VerificationSubject!, $claims: [ClaimInput!]!) { verify(subject: $subject, claims: $claims) { claim verdict } }`;
const claims = [{ field: 'name', value: '无此人名' }, { field: 'birthDate', value: '1880-01-01' }, { field: 'phone', value: '13000000000' }, { ready: 'ALIVE', value: 'false' }, { ready: 'AGE_BAND', value: '130-' }, { ready: 'HOLDS_VALID_CERTIFICATE', value: '000000000000000000000' }];

let served: ServedHub;
const { ask, close } = asking(() => served.url, query, (idNumber) => ({ subject: { idNumber }, claims }));

beforeAll(async () => {
  // Everything is counted as it would be, and nothing used up.
  served = await servedHub({ HUB_UNMET_CLAIMS: '1000000', HUB_APPLICATION_LOOKUPS: '1000000', HUB_CALLER_BUDGET: '1000000000' });
});
afterAll(async () => {
  close();
  await served?.close();
});

test('nobody takes as long as somebody of whom nothing is true', async () => {
  const { sql } = served.hub.database;
  const there = (await sql<{ id: string }[]>`select id_number as id from person p where id_number is not null and person_status = '在籍' and exists (select from certificate c where c.holder_person_keys @> array[p.person_key]) order by id_number limit ${people}`).map(({ id }) => id);
  expect(there.length).toBe(people);
  const taken = new Set((await sql<{ id: string }[]>`select id_number as id from person where id_number is not null`).map(({ id }) => id));
  const nobodies = nobodiesLike(there, taken);
  const { effect, bound, asked, texts } = await sideBySide(ask, { nobody: nobodies(0), again: nobodies(1), slower: nobodies(0), mismatching: there }, blocks, perBlock);
  const shapes = new Set([...texts].map((text) => text.replaceAll('NO_RECORD', 'MISMATCH')));
  expect(shapes.size).toBe(1);
  expect([...shapes][0]).toContain('MISMATCH');
  console.log(`${asked} questions of each kind: mismatching to nobody ${percent(effect['mismatching'])}, nobody to nobody ${percent(effect['again'])}, 5 % slower ${percent(effect['slower'])}; measurable from ${percent(bound)}`);
  expect(effect['slower']).toBeGreaterThan(bound);
  expect(Math.abs(effect['mismatching'] ?? Number.NaN)).toBeLessThanOrEqual(bound);
});
