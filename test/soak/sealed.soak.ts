/**
 * A sealed person takes as long as nobody: over the real listener, on one connection, questions about sealed people and about
 * numbers that nobody has, in random order, and the medians of their times compared block by block.
 *
 * What two equal kinds of question differ by in the same run says what can be measured at all. A third kind, 5 % slower on purpose,
 * shows that a difference would be seen. Set TEST_DATABASE_URL for the run on a PostgreSQL server; without it the embedded database.
 */
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idNumberWithCheck } from '../../src/registries/identifiers/index.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

const blocks = Number(process.env['HUB_SOAK_BLOCKS'] ?? 80);
const perBlock = 60;
/** How many of each kind are asked for. */
const people = 40;

const query = `query ($idNumber: String!) { person(idNumber: $idNumber) { name birthDate genderCode
  household { householdNo members { nodes { name birthDate } } } certificates { nodes { typeName status } } creditPermits { nodes { recordNo status } } } }`;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let served: ServedHub;
let url = '';

beforeAll(async () => {
  served = await servedHub();
  ({ url } = served);
});
afterAll(async () => {
  agent.destroy();
  await served?.close();
});

/** One question: its answer, and how long it took in microseconds. */
function ask(idNumber: string): Promise<{ text: string; took: number }> {
  const body = JSON.stringify({ query, variables: { idNumber } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${keyOf('police')}`, 'hub-matter': testMatter };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ text, took: (performance.now() - began) * 1000 }));
    });
    sent.on('error', reject).end(body);
  });
}

/** The middle one. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) / 2;
}

/** How far from nothing the median of such values comes by chance: the farthest of many draws with replacement. */
function reachOfChance(values: readonly number[]): number {
  const draw = (): number => median(values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0));
  return Math.max(...Array.from({ length: 1000 }, () => Math.abs(draw())));
}

test('a sealed person takes as long as nobody', async () => {
  const family = await served.hub.database.sql<{ idNumber: string; personKey: string }[]>`
    select p.id_number as "idNumber", p.person_key as "personKey" from person p where p.id_number is not null and exists (select from certificate c where c.holder_person_keys @> array[p.person_key])
    order by (select count(*) from person m where m.household_no = p.household_no) desc, p.id_number limit ${people}`;
  expect(family.length).toBe(people);
  for (const [n, { personKey }] of family.entries()) await served.hub.database.sql`insert into seal (code, person_key, because) values (${`soak-${n}`}, ${personKey}, 'soak')`;
  await served.hub.standing.look();
  // Numbers like those of the sealed, so that the index is searched in the same places: births of the same day and division.
  const taken = new Set((await served.hub.database.sql<{ id: string }[]>`select id_number as id from person where id_number is not null`).map(({ id }) => id));
  const free = family.map(({ idNumber }) => Array.from({ length: 999 }, (_, n) => idNumberWithCheck(`${idNumber.slice(0, 14)}${String(n + 1).padStart(3, '0')}`)).filter((one) => !taken.has(one)));
  const nobodies = (nth: number): readonly string[] => free.map((numbers) => numbers[nth] ?? '');
  const kinds = { nobody: nobodies(0), again: nobodies(1), slower: nobodies(0), sealed: family.map(({ idNumber }) => idNumber) };

  const texts = new Set<string>();
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const pick = (name: keyof typeof kinds): string => kinds[name][Math.floor(Math.random() * people)] ?? '';
  for (let n = 0; n < 2000; n += 1) texts.add((await ask(pick(names[n % names.length] ?? 'nobody'))).text);
  expect([...texts].map((text) => (JSON.parse(text) as { data: unknown }).data)).toEqual([{ person: null }]);

  const ratios: Record<keyof typeof kinds, number[]> = { nobody: [], again: [], slower: [], sealed: [] };
  for (let block = 0; block < blocks; block += 1) {
    const took: Record<keyof typeof kinds, number[]> = { nobody: [], again: [], slower: [], sealed: [] };
    const order = names.flatMap((name) => Array.from({ length: perBlock }, () => ({ name, by: Math.random() }))).sort((a, b) => a.by - b.by);
    for (const { name } of order) took[name].push((await ask(pick(name))).took);
    const usual = median(took.nobody);
    took.slower = took.slower.map((one) => one + 0.05 * usual);
    for (const name of names) ratios[name].push(median(took[name]) / usual - 1);
  }
  const effect = (name: keyof typeof kinds): number => median(ratios[name]);
  const bound = 1.5 * reachOfChance(ratios.again);
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;
  console.log(`${blocks * perBlock} questions of each kind: sealed to nobody ${percent(effect('sealed'))}, nobody to nobody ${percent(effect('again'))}, 5 % slower ${percent(effect('slower'))}; measurable from ${percent(bound)}`);
  expect(effect('slower')).toBeGreaterThan(bound);
  expect(Math.abs(effect('sealed'))).toBeLessThanOrEqual(bound);
});
