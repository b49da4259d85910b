/**
 * Nobody takes as long as somebody of whom nothing is true: over the real listener, on one connection, 核验 of claims that are not met,
 * about people who are there and numbers that nobody has, in random order, and the medians of their times compared block by block.
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

const blocks = Number(process.env['HUB_SOAK_BLOCKS'] ?? 84);
const perBlock = 60;
/** How many of each kind are asked for. */
const people = 40;

const query = `query ($subject: VerificationSubject!, $claims: [ClaimInput!]!) { verify(subject: $subject, claims: $claims) { claim verdict } }`;
const claims = [{ field: 'name', value: '无此人名' }, { field: 'birthDate', value: '1880-01-01' }, { field: 'phone', value: '13000000000' }, { ready: 'ALIVE', value: 'false' }, { ready: 'AGE_BAND', value: '130-' }, { ready: 'HOLDS_VALID_CERTIFICATE', value: '000000000000000000000' }];

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let served: ServedHub;
let url = '';

beforeAll(async () => {
  // Everything is counted as it would be, and nothing used up.
  served = await servedHub({ HUB_UNMET_CLAIMS: '1000000', HUB_APPLICATION_LOOKUPS: '1000000', HUB_CALLER_BUDGET: '1000000000' });
  ({ url } = served);
});
afterAll(async () => {
  agent.destroy();
  await served?.close();
});

/** One question: its answer, and how long it took in microseconds. */
function ask(idNumber: string): Promise<{ text: string; took: number }> {
  const body = JSON.stringify({ query, variables: { subject: { idNumber }, claims } });
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

test('nobody takes as long as somebody of whom nothing is true', async () => {
  const { sql } = served.hub.database;
  const there = (await sql<{ id: string }[]>`select id_number as id from person p where id_number is not null and person_status = '在籍' and exists (select from certificate c where c.holder_person_keys @> array[p.person_key]) order by id_number limit ${people}`).map(({ id }) => id);
  expect(there.length).toBe(people);
  // Numbers like theirs, so that the index is searched in the same places: births of the same day and division.
  const taken = new Set((await sql<{ id: string }[]>`select id_number as id from person where id_number is not null`).map(({ id }) => id));
  const free = there.map((idNumber) => Array.from({ length: 999 }, (_, n) => idNumberWithCheck(`${idNumber.slice(0, 14)}${String(n + 1).padStart(3, '0')}`)).filter((one) => !taken.has(one)));
  const nobodies = (nth: number): readonly string[] => free.map((numbers) => numbers[nth] ?? '');
  const kinds = { nobody: nobodies(0), again: nobodies(1), slower: nobodies(0), mismatching: there };

  const shapes = new Set<string>();
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const pick = (name: keyof typeof kinds): string => kinds[name][Math.floor(Math.random() * people)] ?? '';
  for (let n = 0; n < 2000; n += 1) shapes.add((await ask(pick(names[n % names.length] ?? 'nobody'))).text.replaceAll('NO_RECORD', 'MISMATCH'));
  expect(shapes.size).toBe(1);
  expect([...shapes][0]).toContain('MISMATCH');

  const ratios: Record<keyof typeof kinds, number[]> = { nobody: [], again: [], slower: [], mismatching: [] };
  for (let block = 0; block < blocks; block += 1) {
    const took: Record<keyof typeof kinds, number[]> = { nobody: [], again: [], slower: [], mismatching: [] };
    const order = names.flatMap((name) => Array.from({ length: perBlock }, () => ({ name, by: Math.random() }))).sort((a, b) => a.by - b.by);
    for (const { name } of order) took[name].push((await ask(pick(name))).took);
    const usual = median(took.nobody);
    took.slower = took.slower.map((one) => one + 0.05 * usual);
    for (const name of names) ratios[name].push(median(took[name]) / usual - 1);
  }
  const effect = (name: keyof typeof kinds): number => median(ratios[name]);
  const bound = 1.5 * reachOfChance(ratios.again);
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;
  console.log(`${blocks * perBlock} questions of each kind: mismatching to nobody ${percent(effect('mismatching'))}, nobody to nobody ${percent(effect('again'))}, 5 % slower ${percent(effect('slower'))}; measurable from ${percent(bound)}`);
  expect(effect('slower')).toBeGreaterThan(bound);
  expect(Math.abs(effect('mismatching'))).toBeLessThanOrEqual(bound);
});
