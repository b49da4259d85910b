/**
 * Who is registered, told to those who administer: never a key, nor what a key could be found by.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyDigest } from '../../src/identity/api-key.ts';
import { administrators, callers, keyOf } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, Json, TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await clonedHub();
});
afterAll(() => hub?.close());

const list = (answer: Answer, root: string): readonly Json[] => {
  expect(answer.errors).toEqual([]);
  return answer.data[root] as unknown as readonly Json[];
};
const codesOf = ({ errors }: Answer) => errors.map(({ extensions }) => String(extensions['code']));
const documents = {
  consumers: '{ consumers { code name departmentCode departmentName servicePlatform citizenPortal hubDivision requestsPerMinute } }',
  administrators: '{ administrators { code name role departmentCode departmentName ofAuthority } }',
  apiKeys: '{ apiKeys { consumer administrator issuedAt expiresAt revokedAt inForce } }',
} as const;

describe('who is registered', () => {
  it('applications, with what they are', async () => {
    await hub.ask('security', 'mutation { setHub(consumer: "test-police", division: "620623") setCitizenPortal(consumer: "test-market", client: "portal-client-id") setRequestsPerMinute(consumer: "test-credit", requestsPerMinute: 60) }');
    const answer = await hub.ask('civilSteward', documents.consumers);
    const of = (code: string) => list(answer, 'consumers').find((own) => String(own['code']) === code);
    expect(of('test-police')).toMatchObject({ departmentCode: '620623-GA', hubDivision: '620623', citizenPortal: false, requestsPerMinute: null });
    expect(of('test-market')).toMatchObject({ citizenPortal: true });
    expect(answer.text).not.toContain('portal-client-id');
    expect(of('test-credit')).toMatchObject({ requestsPerMinute: 60, departmentName: expect.stringMatching(/./) });
    const order = list(answer, 'consumers').map((own) => `${String(own['departmentCode'])} ${String(own['code'])}`);
    expect(order).toEqual(order.toSorted());
  });

  it('administrators, with their roles', async () => {
    const all = list(await hub.ask('auditor', documents.administrators), 'administrators');
    for (const [name, { role, department }] of Object.entries(administrators)) {
      expect(all).toContainEqual(expect.objectContaining({ code: `test-${name}`, role, departmentCode: department, ofAuthority: department === '620623-ZS' }));
    }
  });

  it('departments, also those that provide nothing and have nobody registered', async () => {
    await hub.database.sql`insert into department (code, name, role) values ('620623-ZZ', '天祝县测试局', 'PROVIDER')`;
    for (const name of ['market', 'civilSteward', 'auditor'] as const) {
      const all = list(await hub.ask(name, '{ departments { code name ofAuthority } }'), 'departments');
      expect(all).toContainEqual({ code: '620623-ZZ', name: '天祝县测试局', ofAuthority: false });
      expect(all).toContainEqual({ code: '620623-ZS', name: '天祝县政务服务和数据管理局', ofAuthority: true });
      expect(all.map(({ code }) => String(code))).toEqual(all.map(({ code }) => String(code)).toSorted());
    }
    expect(codesOf(await hub.ask('stranger', '{ departments { code } }'))).toEqual(['UNAUTHENTICATED']);
  });

  it('is told to whom it concerns', async () => {
    const open: Readonly<Record<keyof typeof documents, readonly string[]>> = {
      consumers: Object.keys(administrators), administrators: ['system', 'security', 'auditor'], apiKeys: ['system', 'auditor'],
    };
    for (const root of Object.keys(documents) as (keyof typeof documents)[]) {
      for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
        expect([root, name, codesOf(await hub.ask(name, documents[root]))]).toEqual([root, name, open[root].includes(name) ? [] : ['FORBIDDEN']]);
      }
      expect(codesOf(await hub.ask('stranger', documents[root]))).toEqual(['UNAUTHENTICATED']);
    }
  });
});

describe('keys', () => {
  const keysOf = (holder: string) => hub.ask('system', `query ($holder: KeyHolderInput) { apiKeys(holder: $holder) { consumer administrator issuedAt expiresAt revokedAt inForce } }`, { variables: { holder: { consumer: holder } } });

  it('are told by when they were issued and when they end', async () => {
    await hub.ask('system', 'mutation { rotateKeys(holder: { consumer: "test-police" }, overlapHours: 24, days: 90) { key } }');
    expect(list(await keysOf('test-police'), 'apiKeys')).toEqual([
      { consumer: 'test-police', administrator: null, issuedAt: expect.stringContaining('2026-11-24'), expiresAt: expect.stringContaining('2027-02-22'), revokedAt: null, inForce: true },
      { consumer: 'test-police', administrator: null, issuedAt: expect.stringContaining('2026-01-01'), expiresAt: expect.stringContaining('2026-11-25'), revokedAt: null, inForce: true },
    ]);
    await hub.ask('system', 'mutation { revokeKeys(holder: { consumer: "test-police" }) }');
    expect(list(await keysOf('test-police'), 'apiKeys').map(({ inForce }) => inForce as unknown)).toEqual([false, false]);
  });

  it('are never told themselves, nor their digests', async () => {
    const answer = await hub.ask('system', documents.apiKeys);
    expect(list(answer, 'apiKeys').length).toBeGreaterThanOrEqual(Object.keys(callers).length + Object.keys(administrators).length);
    for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
      expect(answer.text).not.toContain(keyOf(name));
      expect(answer.text).not.toContain(apiKeyDigest(keyOf(name)));
    }
  });

  it('of nobody are refused', async () => {
    expect(codesOf(await keysOf('nobody'))).toEqual(['BAD_INPUT']);
  });
});
