/**
 * Seals that go along with a statement, and seals that it looks up because they are too many, hide the same: whoever is asked for, on
 * every way to a record, today and as of then.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { somePeople } from '../world/facts.ts';
import type { Facts } from '../world/facts.ts';
import { clonedHub, shared } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';

let hub: TestHub;
let facts: Facts;
beforeAll(async () => {
  hub = await clonedHub({ item: shared });
  facts = await somePeople(hub.database);
});
afterAll(() => hub.close());

const cells = `name household { members { nodes { idNumber } totalCount } } certificates { nodes { typeName } totalCount } spouses: marriages { totalCount }`;
const person = `query ($id: String!) { person(idNumber: $id) { ${cells} } }`;
const persons = `query ($ids: [String!]!) { persons(idNumbers: $ids) { ${cells} } }`;
const then = `query ($id: String!) { person(idNumber: $id, asOf: "2026-11-20") { name household { members { nodes { idNumber } } } } }`;

/** Everybody of a household, and somebody who is not there, by every way. */
async function answers(members: readonly string[]): Promise<readonly Answer[]> {
  const asked: Answer[] = [];
  for (const id of [...members, facts.nobody]) for (const query of [person, then]) asked.push(await hub.ask('police', query, { variables: { id } }));
  asked.push(await hub.ask('police', persons, { variables: { ids: [...members, facts.nobody] } }));
  return asked;
}

async function seal(prefix: string, keys: readonly string[]): Promise<void> {
  await hub.database.sql`insert into seal (code, person_key, because) select ${prefix}::text || n, key, 'test' from unnest(${[...keys]}::text[]) with ordinality k(key, n)`;
}

describe('seals', () => {
  test('hide the same, whether they are listed or looked up', async () => {
    const { sql } = hub.database;
    const members = (await sql<{ id: string; key: string }[]>`select m.id_number as id, m.person_key as key from person m join person p on p.household_no = m.household_no where p.id_number = ${facts.familyMember} and m.id_number is not null order by 1`);
    const ids = members.map(({ id }) => id);
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    const open = await answers(ids);
    expect(open.every(({ errors }) => errors.length === 0)).toBe(true);

    await seal('one-', members.slice(0, 1).map(({ key }) => key));
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    expect([hub.standing.sealed, hub.standing.sealsListed]).toEqual([true, true]);
    const listed = await answers(ids);
    expect(listed.flatMap(({ sql: texts }) => texts).filter((text) => text.includes('"seal"'))).toEqual([]);
    expect(listed.map(({ text }) => text)).not.toEqual(open.map(({ text }) => text));
    // He is nobody, by key and among the others.
    expect(listed[0]?.data).toEqual({ person: null });
    expect(listed.some(({ text }) => text.includes(ids[0] ?? '?'))).toBe(false);

    await seal('many-', Array.from({ length: 100 }, (_, n) => `nobody-${n}`));
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    expect([hub.standing.sealed, hub.standing.sealsListed]).toEqual([true, false]);
    const lookedUp = await answers(ids);
    expect(lookedUp.flatMap(({ sql: texts }) => texts).filter((text) => !text.includes('"seal"'))).toEqual([]);
    expect(lookedUp.map(({ text }) => text)).toEqual(listed.map(({ text }) => text));

    // A key that could not stand in a list of keys is looked up, and is none the less sealed.
    await sql`delete from seal where code like 'many-%'`;
    await seal('odd-', ['a"b']);
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    expect(hub.standing.sealsListed).toBe(false);
    expect((await answers(ids)).map(({ text }) => text)).toEqual(listed.map(({ text }) => text));

    await sql`delete from seal`;
    await hub.ask('security', 'mutation { unseal(code: "none") }');
    expect((await answers(ids)).map(({ text }) => text)).toEqual(open.map(({ text }) => text));
  });
});
