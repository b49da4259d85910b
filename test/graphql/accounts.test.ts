/**
 * Accounts at the console, as their administrators handle them: who may, what it does, and what nobody is told.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administrators, callers } from '../world/callers.ts';
import type { AdministratorName, CallerName } from '../world/callers.ts';
import { clonedHub } from '../world/hub.ts';
import type { Answer, TestHub } from '../world/hub.ts';

let hub: TestHub;
beforeAll(async () => { hub = await clonedHub(); });
afterAll(() => hub?.close());

const codesOf = ({ errors }: Answer): readonly unknown[] => errors.map(({ extensions }) => extensions['code']);
const open = (name: string, administrator: string): Promise<Answer> => hub.ask('system', `mutation { openAccount(account: {name: "${name}", administrator: "${administrator}"}) { account administrator password until } }`);
const all = '{ accounts { name administrator role departmentCode resetBy closedAt mustChangePassword oneTimeUntil failedAttempts lockedUntil hasCode usedAt sessions } }';

it('an account is opened by a system administrator, for one administrator, under a name that is his for good', async () => {
  const opened = (await open('Zhang.San', 'test-security')).data['openAccount'];
  expect(opened).toMatchObject({ account: 'zhang.san', administrator: 'test-security', password: expect.stringMatching(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/) as unknown });
  expect(codesOf(await open('zhang.san', 'test-auditor'))).toEqual(['CONFLICT']);
  expect(codesOf(await open('other.name', 'test-security'))).toEqual(['CONFLICT']);
  expect(codesOf(await open('zhang.san', 'test-security'))).toEqual(['CONFLICT']);
  for (const name of ['x', 'with space', '张三', '.dot', 'a'.repeat(65)]) expect([name, codesOf(await open(name, 'test-auditor'))]).toEqual([name, ['BAD_INPUT']]);
  expect(codesOf(await open('somebody', 'test-nobody'))).toEqual(['BAD_INPUT']);
  expect((await hub.ask('auditor', all)).data['accounts']).toEqual([{ name: 'zhang.san', administrator: 'test-security', role: 'SECURITY', departmentCode: '620623-ZS', resetBy: 'test-system', closedAt: null, mustChangePassword: true, oneTimeUntil: expect.stringMatching(/^2026-12-01T/) as unknown, failedAttempts: 0, lockedUntil: null, hasCode: false, usedAt: null, sessions: 0 }]);
});

it('each of these is open to those whom it is for, and to nobody else', async () => {
  const doors: readonly [call: string, names: readonly AdministratorName[]][] = [
    [all, ['system', 'auditor']],
    ['mutation { openAccount(account: {name: "zhang.san", administrator: "test-security"}) { password } }', ['system']],
    ['mutation { resetAccount(name: "zhang.san") { password } }', ['system']],
    ['mutation { unlockAccount(name: "zhang.san") }', ['system']],
    ['mutation { closeAccount(name: "nobody") }', ['system']],
    ['mutation { takeOffCode(name: "zhang.san") }', ['security']],
  ];
  for (const [call, names] of doors) {
    for (const name of [...Object.keys(callers), ...Object.keys(administrators)] as (CallerName | AdministratorName)[]) {
      expect([call, name, codesOf(await hub.ask(name, call)).includes('FORBIDDEN')]).toEqual([call, name, !(names as readonly string[]).includes(name)]);
    }
    expect(codesOf(await hub.ask('stranger', call))).toEqual(['UNAUTHENTICATED']);
  }
});

it('a reset gives another password; a closed account is none before it is opened again', async () => {
  const reset = (): Promise<Answer> => hub.ask('system', 'mutation { resetAccount(name: "zhang.san") { password } }');
  const given = [await reset(), await reset()].map(({ data }) => data['resetAccount']?.['password']);
  expect(new Set(given).size).toBe(2);
  expect((await hub.ask('system', 'mutation { closeAccount(name: "zhang.san") }')).data['closeAccount']).toBe('zhang.san');
  expect(codesOf(await reset())).toEqual(['BAD_INPUT']);
  expect(codesOf(await hub.ask('system', 'mutation { unlockAccount(name: "zhang.san") }'))).toEqual(['BAD_INPUT']);
  expect(codesOf(await open('zhang.si', 'test-security'))).toEqual(['CONFLICT']);
  expect(codesOf(await open('zhang.san', 'test-security'))).toEqual([]);
});

it('the log of policy tells who has an account, and nothing of what it is signed in with', async () => {
  const rows = await hub.database.sql<{ kind: string; by: string; body: string }[]>`select kind, by, body::text as body from policy_change where kind like 'account%' or body::text like '%scrypt%' order by seq`;
  expect(new Set(rows.map(({ kind, by }) => `${kind} ${by}`))).toEqual(new Set(['account test-system']));
  expect(rows.some(({ body }) => body.includes('scrypt') || body.includes('digest'))).toBe(false);
});
