/**
 * Applications, administrators and keys, as their administrators handle them: who may, what it does, and that the next request obeys.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrators, callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await clonedHub();
});
afterAll(() => hub?.close());

const newConsumer = 'mutation { registerConsumer(consumer: {code: "new-app", name: "新应用", departmentCode: "620623-MZ"}) }';
const me = '{ me { kind code role departmentCode } }';
const asHolder = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

const openings: readonly [root: string, call: string, role: string][] = [
  ['registerConsumer', newConsumer, 'SYSTEM'],
  ['registerAdministrator', 'mutation { registerAdministrator(administrator: {code: "new-auditor", name: "新审计员", departmentCode: "620623-ZS", role: AUDIT}) }', 'SECURITY'],
  ['issueKey', 'mutation { issueKey(holder: {consumer: "test-market"}, days: 1) { key } }', 'SYSTEM'],
  ['rotateKeys', 'mutation { rotateKeys(holder: {administrator: "test-auditor"}, overlapHours: 1) { key } }', 'SYSTEM'],
  ['revokeKeys', 'mutation { revokeKeys(holder: {administrator: "test-civilSteward"}) }', 'SYSTEM'],
];

describe('doors', () => {
  it.each(openings)('%s opens to one role and nobody else', async (_root, call, role) => {
    const everybody = [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[];
    for (const name of everybody) {
      if (name in administrators && administrators[name as AdministratorName].role === role) continue;
      expect((await hub.ask(name, call)).errors.map(({ extensions }) => extensions['code']), name).toEqual(['FORBIDDEN']);
    }
    expect((await hub.ask('stranger', call)).errors.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
    const opened = Object.entries(administrators).find(([, own]) => own.role === role)?.[0] as AdministratorName;
    expect((await hub.ask(opened, call)).errors).toEqual([]);
  });

  it('an administrator of any role reads what is shared unconditionally and is no personal information, and nothing else', async () => {
    const open = '{ legalEntities(first: 2) { nodes { name } } realEstateUnits(first: 2) { nodes { location area } } }';
    const told = (await hub.ask('market', open)).data;
    expect([told['legalEntities'], told['realEstateUnits']]).toEqual([{ nodes: [{ name: expect.any(String) }, { name: expect.any(String) }] }, { nodes: [expect.anything(), expect.anything()] }]);
    const titles = '{ realEstateUnits(first: 2) { nodes { location holderNames } } }';
    const people = '{ person(idNumber: "11010519491231002X") { name } }';
    for (const name of Object.keys(administrators) as AdministratorName[]) {
      if (name === 'civilSteward') continue; // His keys were ended above.
      expect((await hub.ask(name, me)).data['me']).toMatchObject({ kind: 'ADMINISTRATOR', role: administrators[name].role });
      expect((await hub.ask(name, open)).data).toEqual(told);
      const answered = await hub.ask(name, titles);
      expect(answered.errors.map(({ extensions }) => [extensions['code'], extensions['at']])).toEqual([['FIELD_NOT_SHARED', 'RealEstateUnit.holderNames']]);
      expect(answered.data['realEstateUnits']).toMatchObject({ nodes: [{ location: expect.any(String), holderNames: null }, { holderNames: null }] });
      expect((await hub.ask(name, people)).errors.map(({ extensions }) => extensions['code'])).toEqual(['FIND_NOT_SHARED']);
    }
  });
});

describe('a key', () => {
  it('is in force with the answer that gives it, and out of force with the answer that ends it', async () => {
    await hub.ask('system', newConsumer);
    const key = String((await hub.ask('system', 'mutation { issueKey(holder: {consumer: "new-app"}) { key } }')).data['issueKey']?.['key']);
    expect((await hub.ask('stranger', me, asHolder(key))).data['me']).toMatchObject({ kind: 'CONSUMER', code: 'new-app', role: null });
    expect((await hub.ask('system', 'mutation { revokeKeys(holder: {consumer: "new-app"}) }')).data['revokeKeys']).toBe(1);
    expect((await hub.ask('stranger', me, asHolder(key))).errors[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('of nobody is not made, and neither is one for both', async () => {
    expect((await hub.ask('system', 'mutation { issueKey(holder: {consumer: "nobody"}) { key } }')).errors[0]?.extensions['code']).toBe('BAD_INPUT');
    expect((await hub.ask('system', 'mutation { issueKey(holder: {consumer: "a", administrator: "b"}) { key } }')).errors[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

it('a role is for good', async () => {
  const again = 'mutation { registerAdministrator(administrator: {code: "test-auditor", name: "n", departmentCode: "620623-ZS", role: SYSTEM}) }';
  expect((await hub.ask('security', again)).errors[0]?.extensions['code']).toBe('CONFLICT');
});

it('who changed it stands in the log of policy', async () => {
  const [last] = await hub.database.sql<{ by: string }[]>`select by from policy_change where kind = 'consumer' and code = 'new-app' order by seq desc limit 1`;
  expect(last?.by).toBe('test-system');
});
