/**
 * Audit administrators search the audit, and nobody else; searching is itself written down.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { keyOf, testMatter } from '../world/callers.ts';
import { testPersonKey } from '../world/hub.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';

let served: ServedHub;
let facts: Facts;

interface Found {
  readonly id: string;
  readonly consumer: string | null;
  readonly outcome: string;
  readonly subjects: readonly string[];
  readonly delivered: readonly { readonly recordType: string; readonly items: readonly string[] }[];
  readonly roots: readonly string[];
}

async function ask(caller: Parameters<typeof keyOf>[0], query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json', 'hub-matter': testMatter, authorization: `Bearer ${keyOf(caller)}` },
  });
  return await response.json() as { data: { auditRecords: { nodes: readonly Found[]; endCursor: string | null; hasNextPage: boolean } }; errors?: readonly { extensions: { code: string } }[] };
}

const all = `query ($consumer: String, $subject: SubjectInput, $item: String, $matter: String, $outcome: String, $from: DateTime, $to: DateTime, $first: Int! = 50, $after: String) {
  auditRecords(consumer: $consumer, subject: $subject, item: $item, matter: $matter, outcome: $outcome, from: $from, to: $to, first: $first, after: $after) {
    nodes { id at requestId kind consumer administrator departmentCode matter caseNo operator operatorVerified document variables roots delivered { recordType items } foundBy withheld { at item because } outcome reason rows subjects reference policy micros } endCursor hasNextPage } }`;

async function search(variables: Readonly<Record<string, unknown>>): Promise<readonly Found[]> {
  const { data, errors } = await ask('auditor', all, variables);
  expect(errors).toBeUndefined();
  return data.auditRecords.nodes;
}

beforeAll(async () => {
  served = await servedHub();
  facts = await somePeople(served.hub.database);
  for (const id of facts.idNumbers.slice(0, 5)) await ask('police', 'query ($id: String!) { person(idNumber: $id) { name } }', { id });
  await ask('civilAffairs', 'query ($id: String!) { person(idNumber: $id) { name birthDate } }', { id: facts.idNumbers[0] });
  await ask('market', '{ legalEntities(first: 2) { nodes { uscc } } }');
  await ask('market', '{ nothing }');
});
afterAll(() => served.close());

test('by subject, by application, by item, by matter, by outcome, by time', async () => {
  const key = testPersonKey(facts.idNumbers[0] ?? '');
  const ofHim = await search({ subject: { idNumber: facts.idNumbers[0] } });
  expect(ofHim.map(({ consumer }) => consumer)).toEqual(['test-civilAffairs', 'test-police']);
  expect(ofHim.every(({ subjects }) => subjects.includes(key))).toBe(true);
  expect(await search({ subject: { idNumber: facts.nobody } })).toEqual([]);
  expect(await search({ consumer: 'test-police' })).toHaveLength(5);
  expect(await search({ consumer: 'test-police', subject: { idNumber: facts.idNumbers[1] } })).toHaveLength(1);
  const [{ delivered = [] } = {}] = await search({ consumer: 'test-civilAffairs' });
  const item = delivered[0]?.items.at(-1);
  expect((await search({ item })).map(({ consumer }) => consumer)).toEqual(['test-civilAffairs']);
  expect((await search({ outcome: 'GRAPHQL_VALIDATION_FAILED' })).map(({ consumer }) => consumer)).toEqual(['test-market']);
  expect(await search({ matter: 'NONE' })).toEqual([]);
  expect(await search({ from: '2099-01-01T00:00:00+08:00' })).toEqual([]);
  expect(await search({ to: '2000-01-01T00:00:00+08:00' })).toEqual([]);
});

test('page by page, each record once, newest first', async () => {
  const seen: string[] = [];
  const to = new Date().toISOString();
  for (let after: string | null = null; ;) {
    const { data: { auditRecords: { nodes, endCursor, hasNextPage } } }: Awaited<ReturnType<typeof ask>> = await ask('auditor', all, { first: 3, after, to });
    seen.push(...nodes.map(({ id }) => id));
    if (!hasNextPage) break;
    after = endCursor;
  }
  expect(seen).toEqual((await search({ to, first: 200 })).map(({ id }) => id));
  expect(new Set(seen).size).toBe(seen.length);
  expect((await ask('auditor', all, { first: 201 })).errors?.[0]?.extensions.code).toBe('PAGE_TOO_LARGE');
  for (const after of ['nothing', '9/9', '1/99999999']) expect((await ask('auditor', all, { after })).errors?.[0]?.extensions.code).toBe('CURSOR_UNKNOWN');
});

test('by nobody else, and every search is in the audit', async () => {
  for (const caller of ['police', 'security', 'system', 'steward', 'civilSteward'] as const) expect((await ask(caller, all)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const [newest] = await search({ first: 1 });
  const [search_] = await search({ first: 1 });
  expect(newest?.outcome).toBe('FORBIDDEN');
  expect(search_).toMatchObject({ administrator: 'test-auditor', roots: ['Query.auditRecords'], outcome: 'OK' });
});
