/**
 * A sealed person takes as long as nobody: over the real listener, on one connection, questions about sealed people and about
 * numbers that nobody has; see side-by-side.ts.
 *
 * Set TEST_DATABASE_URL for the run on a PostgreSQL server; without it the embedded database.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';
import { asking, nobodiesLike, percent, sideBySide } from './side-by-side.ts';

const blocks = Number(process.env['HUB_SOAK_BLOCKS'] ?? 80);
const perBlock = 60;
/** How many of each kind are asked for. */
const people = 40;

const query = `query ($idNumber: String!) { person(idNumber: $idNumber) { name birthDate genderCode
  household { householdNo members { nodes { name birthDate } } } certificates { nodes { typeName status } } creditPermits { nodes { recordNo status } } } }`;

let served: ServedHub;
const { ask, close } = asking(() => served.url, query, (idNumber) => ({ idNumber }));

beforeAll(async () => {
  served = await servedHub();
});
afterAll(async () => {
  close();
  await served?.close();
});

test('a sealed person takes as long as nobody', async () => {
  const family = await served.hub.database.sql<{ idNumber: string; personKey: string }[]>`
    select p.id_number as "idNumber", p.person_key as "personKey" from person p where p.id_number is not null and exists (select from certificate c where c.holder_person_keys @> array[p.person_key])
    order by (select count(*) from person m where m.household_no = p.household_no) desc, p.id_number limit ${people}`;
  expect(family.length).toBe(people);
  for (const [n, { personKey }] of family.entries()) await served.hub.database.sql`insert into seal (code, person_key, because) values (${`soak-${n}`}, ${personKey}, 'soak')`;
  await served.hub.standing.look();
  const taken = new Set((await served.hub.database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null`).map(({ id }) => id));
  const sealed = family.map(({ idNumber }) => idNumber);
  const nobodies = nobodiesLike(sealed, taken);
  const { effect, bound, asked, texts } = await sideBySide(ask, { nobody: nobodies(0), again: nobodies(1), slower: nobodies(0), sealed }, blocks, perBlock);
  expect([...texts].map((text) => (JSON.parse(text) as { data: unknown }).data)).toEqual([{ person: null }]);
  console.log(`${asked} questions of each kind: sealed to nobody ${percent(effect['sealed'])}, nobody to nobody ${percent(effect['again'])}, 5 % slower ${percent(effect['slower'])}; measurable from ${percent(bound)}`);
  expect(effect['slower']).toBeGreaterThan(bound);
  expect(Math.abs(effect['sealed'] ?? Number.NaN)).toBeLessThanOrEqual(bound);
});
