/**
 * What the seeded matters ask for: whole, fitting the contract, and running on the seeded county.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matterFactsOf } from '../../../src/graphql/matter-facts.ts';
import { readDefinition } from '../../../src/matters/definition.ts';
import { loadReference } from '../../../src/seeding/reference.ts';
import { clonedHub, testPersonKey } from '../../world/hub.ts';
import type { TestHub } from '../../world/hub.ts';
import { definitions, grantEverything, handlerOf, registerApplications } from './departments.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await clonedHub();
  await registerApplications(hub);
  for (const application of new Set([...definitions.keys()].map(handlerOf))) await grantEverything(hub, application);
});
afterAll(() => hub?.close());

interface FactJson {
  readonly code: string;
  readonly status: string;
}
const matters = [...definitions];
const settled: Readonly<Record<string, string>> = { VALUE: 'NOT_HELD', CERTIFICATE: 'NOT_HELD', VERIFY: 'MISMATCH', PREDICATE: 'UNKNOWN', DESK: 'UNKNOWN' };

it('every registered matter has one', async () => {
  const codes = await hub.database.sql<{ code: string }[]>`select code from matter where code like '620623-%' order by code`;
  expect(codes.map(({ code }) => code)).toEqual(matters.map(([code]) => code).sort());
});

describe.each(matters)('%s', (matter, definition) => {
  it('is whole: nothing is added to it when it is read', () => {
    expect(readDefinition(definition)).toEqual(definition);
  });

  it('fits the contract', () => {
    const { questions } = matterFactsOf(hub.schema, definition);
    expect(questions.map(({ fact }) => fact.code)).toEqual(definition.facts.filter(({ form }) => form !== 'DESK').map(({ code }) => code));
  });

  it('is published, and runs as one statement, about nobody', async () => {
    const answer = await hub.ask('steward', `mutation ($matter: String!, $consumer: ID!) { testMatterVersion(matter: $matter, version: 1, consumer: $consumer) { code status } }`, { variables: { matter, consumer: `test-${handlerOf(matter)}` } });
    expect([answer.errors, answer.statements]).toEqual([[], 1]);
    const answered = answer.data['testMatterVersion'] as unknown as readonly FactJson[];
    expect(answered).toEqual(definition.facts.map(({ code, form }) => ({ code, status: settled[form] })));
  });

  it('asks only desks of departments that there are', async () => {
    const asked = definition.facts.flatMap((fact) => (fact.form === 'DESK' ? [fact.department] : []));
    const there = await hub.database.sql<{ code: string }[]>`select code from department where code = any(${asked}::text[])`;
    expect(there.map(({ code }) => code).sort()).toEqual([...new Set(asked)].sort());
  });

  it('names certificates of types that the directory has', async () => {
    const named = definition.facts.flatMap((fact) => (fact.form === 'CERTIFICATE' ? [fact.certificateType] : []));
    const there = await hub.database.sql<{ code: string }[]>`select type_code as code from certificate_type where type_code = any(${named}::text[])`;
    expect(there.map(({ code }) => code).sort()).toEqual([...new Set(named)].sort());
  });
});

describe('seeding again', () => {
  const again = (level: 'county' | 'city') => loadReference(hub.database.sql, { sql: hub.database.sql, now: '2026-11-25T02:00:00.000Z', today: '2026-11-25', personKey: testPersonKey }, level);

  it('leaves what somebody has drafted or published as it is', async () => {
    const { sql } = hub.database;
    await sql`delete from matter_version where matter_code = '620623-MZ-GL'`;
    await sql`insert into matter_version (matter_code, version, definition, state, drafted_by, drafted_at) values ('620623-MZ-GL', 1, '{"of": "the authority"}', 'DRAFT', 'steward', '2026-11-24T00:00:00Z')`;
    await again('county');
    const rows = await sql`select matter_code, version, state, drafted_by from matter_version where matter_code in ('620623-MZ-GL', '620623-MZ-DB') order by 1`;
    expect([...rows]).toEqual([
      { matter_code: '620623-MZ-DB', version: 1, state: 'PUBLISHED', drafted_by: 'seed' }, { matter_code: '620623-MZ-GL', version: 1, state: 'DRAFT', drafted_by: 'steward' },
    ]);
  });

  it('for a city writes the city\'s departments and area', async () => {
    await again('city');
    const [row] = await hub.database.sql<{ definition: string }[]>`select definition::text as definition from matter_version where matter_code = '620600-MZ-GE'`;
    const city = readDefinition(JSON.parse(row?.definition ?? 'null'));
    expect(city.facts.find(({ code }) => code === 'registered')).toMatchObject({ ask: 'registeredDivisionCode.startsWith("6206")' });
    expect(city.facts.find(({ form }) => form === 'DESK')).toMatchObject({ department: '620600-FY' });
  });
});
